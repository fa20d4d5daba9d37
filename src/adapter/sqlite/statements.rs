//! Every statement that SQLite is given. Values reach them as parameters only.

/// Takes the write lock at once. A transaction that reads first and asks for the lock later is
/// refused if another process wrote in between, without waiting.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) const CREATE_MIGRATIONS: &str = "
    CREATE TABLE IF NOT EXISTS typegate_migrations (
        version INTEGER PRIMARY KEY,
        applied INTEGER NOT NULL DEFAULT (unixepoch() * 1000)
    ) STRICT";

pub(super) const LATEST_MIGRATION: &str = "SELECT max(version) FROM typegate_migrations";

pub(super) const RECORD_MIGRATION: &str = "INSERT INTO typegate_migrations (version) VALUES (?1)";

/// The schema's history, oldest first: a version that has been released never changes.
///
/// Tables of these names that something else made are an error rather than taken over: they may
/// keep times as text or lack the unique keys.
pub(super) const MIGRATIONS: &[(i64, &str)] = &[(1, VERSION_1)];

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

pub(super) const INSERT_USER: &str = "
    INSERT INTO users (id, name, email, emailVerified, image) VALUES (?1, ?2, ?3, ?4, ?5)";

pub(super) const USER_BY_ID: &str = "
    SELECT id, name, email, emailVerified, image FROM users WHERE id = ?1";

pub(super) const USER_BY_EMAIL: &str = "
    SELECT id, name, email, emailVerified, image FROM users WHERE email = ?1";

pub(super) const USER_BY_ACCOUNT: &str = "
    SELECT users.id, users.name, users.email, users.emailVerified, users.image
    FROM accounts JOIN users ON users.id = accounts.userId
    WHERE accounts.provider = ?1 AND accounts.providerAccountId = ?2";

/// One statement for every combination of members: the even parameters say whether a member
/// changes, the odd ones after them to what.
pub(super) const UPDATE_USER: &str = "
    UPDATE users SET
        name          = CASE WHEN ?2 THEN ?3 ELSE name END,
        email         = CASE WHEN ?4 THEN ?5 ELSE email END,
        emailVerified = CASE WHEN ?6 THEN ?7 ELSE emailVerified END,
        image         = CASE WHEN ?8 THEN ?9 ELSE image END
    WHERE id = ?1
    RETURNING id, name, email, emailVerified, image";

pub(super) const DELETE_USER: &str = "DELETE FROM users WHERE id = ?1";

/// The token members in the order in which [`ACCOUNT_TEXTS`](super::rows::ACCOUNT_TEXTS) names
/// the texts, `expires_at` last.
pub(super) const INSERT_ACCOUNT: &str = "
    INSERT INTO accounts (
        userId, type, provider, providerAccountId,
        refresh_token, access_token, token_type, scope, id_token, session_state,
        oauth_token, oauth_token_secret, expires_at
    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

pub(super) const ACCOUNTS_OF_USER: &str = "
    SELECT
        type, provider, providerAccountId,
        refresh_token, access_token, token_type, scope, id_token, session_state,
        oauth_token, oauth_token_secret, expires_at
    FROM accounts WHERE userId = ?1 ORDER BY rowid";

pub(super) const DELETE_ACCOUNT: &str = "
    DELETE FROM accounts WHERE provider = ?1 AND providerAccountId = ?2";

pub(super) const INSERT_SESSION: &str = "
    INSERT INTO sessions (sessionToken, userId, expires) VALUES (?1, ?2, ?3)";

pub(super) const SESSION_AND_USER: &str = "
    SELECT
        sessions.expires,
        users.id, users.name, users.email, users.emailVerified, users.image
    FROM sessions JOIN users ON users.id = sessions.userId
    WHERE sessions.sessionToken = ?1";

pub(super) const UPDATE_SESSION: &str = "
    UPDATE sessions SET expires = ?2 WHERE sessionToken = ?1";

pub(super) const DELETE_SESSION: &str = "
    DELETE FROM sessions WHERE sessionToken = ?1 RETURNING userId, expires";

pub(super) const SESSIONS_OF_USER: &str = "
    SELECT sessionToken, expires FROM sessions WHERE userId = ?1 ORDER BY expires DESC";

/// `IS NOT` is true of every token where the parameter is null.
pub(super) const DELETE_SESSIONS_OF_USER: &str = "
    DELETE FROM sessions WHERE userId = ?1 AND sessionToken IS NOT ?2";

pub(super) const DELETE_EXPIRED_SESSIONS: &str = "DELETE FROM sessions WHERE expires < ?1";

pub(super) const INSERT_VERIFICATION_TOKEN: &str = "
    INSERT INTO verification_tokens (identifier, token, expires) VALUES (?1, ?2, ?3)";

pub(super) const USE_VERIFICATION_TOKEN: &str = "
    DELETE FROM verification_tokens WHERE identifier = ?1 AND token = ?2 RETURNING expires";

pub(super) const DELETE_EXPIRED_VERIFICATION_TOKENS: &str = "
    DELETE FROM verification_tokens WHERE expires < ?1";
