//! The schema in SQLite: typegate's own tables, and the queries that list existing ones.

pub(super) const CREATE_MIGRATIONS: &str = "
    CREATE TABLE IF NOT EXISTS typegate_migrations (
        version INTEGER PRIMARY KEY,
        applied INTEGER NOT NULL DEFAULT (unixepoch() * 1000)
    ) STRICT";

pub(super) const HAS_MIGRATIONS: &str =
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'typegate_migrations'";

pub(super) const LATEST_MIGRATION: &str = "SELECT max(version) FROM typegate_migrations";

pub(super) const RECORD_MIGRATION: &str = "INSERT INTO typegate_migrations (version) VALUES (?1)";

/// The schema's history, oldest first: a version that has been released never changes.
///
/// Tables of these names that something else made are an error rather than taken over: they may
/// keep times as text or lack the unique keys.
pub(super) const MIGRATIONS: &[(i64, &str)] = &[(1, VERSION_1), (2, VERSION_2), (3, VERSION_3)];

/// The latest of them.
pub(super) const RELEASE: i64 = match MIGRATIONS {
    [.., (version, _)] => *version,
    [] => 0,
};

/// Times are milliseconds since 1970, except for `expires_at`, which providers give in seconds.
const VERSION_1: &str = "
    CREATE TABLE users (
        id            TEXT NOT NULL PRIMARY KEY,
        name          TEXT,
        email         TEXT UNIQUE,
        emailVerified INTEGER,
        image         TEXT
    ) STRICT;

    CREATE TABLE accounts (
        userId             TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        type               TEXT NOT NULL,
        provider           TEXT NOT NULL,
        providerAccountId  TEXT NOT NULL,
        refresh_token      TEXT,
        access_token       TEXT,
        expires_at         INTEGER,
        token_type         TEXT,
        scope              TEXT,
        id_token           TEXT,
        session_state      TEXT,
        oauth_token        TEXT,
        oauth_token_secret TEXT,
        PRIMARY KEY (provider, providerAccountId)
    ) STRICT;
    CREATE INDEX accounts_userId ON accounts (userId);

    CREATE TABLE sessions (
        sessionToken TEXT NOT NULL PRIMARY KEY,
        userId       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        expires      INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_userId ON sessions (userId);

    CREATE TABLE verification_tokens (
        identifier TEXT NOT NULL,
        token      TEXT NOT NULL,
        expires    INTEGER NOT NULL,
        PRIMARY KEY (identifier, token)
    ) STRICT, WITHOUT ROWID;";

/// What the rate limit counts and remembers.
const VERSION_2: &str = "
    CREATE TABLE typegate_attempts (
        id       TEXT NOT NULL PRIMARY KEY,
        attempts INTEGER NOT NULL,
        ends     INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

/// What a clean-up looks for.
const VERSION_3: &str = "
    CREATE INDEX sessions_expires ON sessions (expires);
    CREATE INDEX verification_tokens_expires ON verification_tokens (expires);
    CREATE INDEX typegate_attempts_ends ON typegate_attempts (ends);";

/// Every column of a database: table, name, type, length, whether it may be null, whether SQLite
/// fills it, and no character set, which is one for all. There are no schemas to choose from, so the first parameter says nothing.
pub(super) const COLUMNS: &str = "
    SELECT
        owner.name, found.name, found.type, NULL, found.\"notnull\" = 0,
        found.dflt_value IS NOT NULL OR found.hidden > 0
            OR (found.pk = 1 AND upper(found.type) = 'INTEGER'),
        NULL
    FROM sqlite_schema owner JOIN pragma_table_xinfo(owner.name) found
    WHERE owner.type = 'table' AND $1 IS NULL";

/// Every index that is for all rows and of columns alone: table, columns in their order, whether it is a unique key.
pub(super) const KEYS: &str = "
    SELECT owner, group_concat(part), \"unique\"
    FROM (
        SELECT owner.name AS owner, list.name AS list, list.\"unique\", part.name AS part
        FROM sqlite_schema owner
        JOIN pragma_index_list(owner.name) list ON list.partial = 0
        JOIN pragma_index_info(list.name) part
        WHERE owner.type = 'table' AND $1 IS NULL
        ORDER BY owner.name, list.name, part.seqno
    )
    GROUP BY owner, list HAVING count(*) = count(part)";

/// Every table; whoever may write to the file may do all.
pub(super) const RIGHTS: &str = "
    SELECT name, NULL, NULL, NULL, NULL FROM sqlite_schema WHERE type = 'table' AND $1 IS NULL";

/// A write, to be rolled back. A transaction that asks for the lock is refused by no file: one that
/// may only be read gets one that reads.
pub(super) const PROBE: &str = "CREATE TABLE typegate_probe (id TEXT)";
