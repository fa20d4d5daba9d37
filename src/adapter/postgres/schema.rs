//! The schema in PostgreSQL: typegate's own tables, and the queries that list existing ones.

/// Another process may be at work for longer than a visitor waits for a statement.
pub(super) const PATIENCE: &str = "SET LOCAL statement_timeout = '60s'";

/// One process at a time.
pub(super) const LOCK: &str = "SELECT pg_advisory_xact_lock(7309453218735612001)";

/// Asked first: whoever may not make tables is refused `IF NOT EXISTS`, too.
pub(super) const HAS_MIGRATIONS: &str = "
    SELECT coalesce(
        to_regclass(quote_ident(current_schema()) || '.typegate_migrations') IS NOT NULL, false
    )";

pub(super) const CREATE_MIGRATIONS: &str = "
    CREATE TABLE IF NOT EXISTS typegate_migrations (
        version integer PRIMARY KEY,
        applied timestamptz NOT NULL DEFAULT now()
    )";

pub(super) const LATEST_MIGRATION: &str =
    "SELECT CAST(max(version) AS bigint) FROM typegate_migrations";

pub(super) const RECORD_MIGRATION: &str = "INSERT INTO typegate_migrations (version) VALUES ($1)";

/// The schema's history, oldest first: a version that has been released never changes.
///
/// Tables of these names that something else made are an error rather than taken over.
pub(super) const MIGRATIONS: &[(i32, &str)] = &[(1, VERSION_1), (2, VERSION_2), (3, VERSION_3)];

/// The latest of them.
pub(super) const RELEASE: i64 = match MIGRATIONS {
    [.., (version, _)] => *version as i64,
    [] => 0,
};

/// Keys have the collation `C`: bytes are compared, and an update of the operating system's
/// collations leaves the indexes right.
const VERSION_1: &str = r#"
    CREATE TABLE users (
        id              text COLLATE "C" PRIMARY KEY,
        name            text,
        email           text COLLATE "C" UNIQUE,
        "emailVerified" timestamptz,
        image           text
    );

    CREATE TABLE accounts (
        "userId"            text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        type                text NOT NULL,
        provider            text COLLATE "C" NOT NULL,
        "providerAccountId" text COLLATE "C" NOT NULL,
        refresh_token       text,
        access_token        text,
        expires_at          bigint,
        token_type          text,
        scope               text,
        id_token            text,
        session_state       text,
        oauth_token         text,
        oauth_token_secret  text,
        PRIMARY KEY (provider, "providerAccountId")
    );
    CREATE INDEX "accounts_userId" ON accounts ("userId");

    CREATE TABLE sessions (
        "sessionToken" text COLLATE "C" PRIMARY KEY,
        "userId"       text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        expires        timestamptz NOT NULL
    );
    CREATE INDEX "sessions_userId" ON sessions ("userId");

    CREATE TABLE verification_tokens (
        identifier text COLLATE "C" NOT NULL,
        token      text COLLATE "C" NOT NULL,
        expires    timestamptz NOT NULL,
        PRIMARY KEY (identifier, token)
    );"#;

/// What the rate limit counts and remembers.
const VERSION_2: &str = r#"
    CREATE TABLE typegate_attempts (
        id       text COLLATE "C" PRIMARY KEY,
        attempts bigint NOT NULL,
        ends     bigint NOT NULL
    );"#;

/// What a clean-up looks for.
const VERSION_3: &str = r#"
    CREATE INDEX sessions_expires ON sessions (expires);
    CREATE INDEX verification_tokens_expires ON verification_tokens (expires);
    CREATE INDEX typegate_attempts_ends ON typegate_attempts (ends);"#;

/// Every column of a schema: table, name, type, length, whether it may be null, whether the
/// database fills it, and no character set, which is one for all.
pub(super) const COLUMNS: &str = "
    SELECT
        table_name::text, column_name::text, data_type::text,
        character_maximum_length::bigint,
        (is_nullable = 'YES')::int::bigint,
        (column_default IS NOT NULL OR is_identity = 'YES' OR is_generated <> 'NEVER')::int::bigint,
        NULL::text
    FROM information_schema.columns
    WHERE table_schema = coalesce($1, current_schema()::text)";

/// Every index of a schema that is for all rows and of columns alone: table, columns in their order,
/// whether it is a unique key.
pub(super) const KEYS: &str = "
    SELECT
        owner.relname::text,
        string_agg(attribute.attname::text, ',' ORDER BY part.place),
        key.indisunique::int::bigint
    FROM pg_index key
    JOIN pg_class owner ON owner.oid = key.indrelid
    JOIN pg_namespace space ON space.oid = owner.relnamespace
    CROSS JOIN unnest(key.indkey::smallint[]) WITH ORDINALITY part (number, place)
    JOIN pg_attribute attribute
        ON attribute.attrelid = owner.oid AND attribute.attnum = part.number
    WHERE key.indpred IS NULL AND key.indexprs IS NULL AND part.place <= key.indnkeyatts
        AND space.nspname = coalesce($1, current_schema()::text)
    GROUP BY owner.relname, key.indexrelid, key.indisunique";

/// Every table of a schema, and what the account may do: in some column, because a grant may be for
/// those alone that are written.
pub(super) const RIGHTS: &str = "
    SELECT
        owner.relname::text,
        has_any_column_privilege(owner.oid, 'SELECT')::int::bigint,
        has_any_column_privilege(owner.oid, 'INSERT')::int::bigint,
        has_any_column_privilege(owner.oid, 'UPDATE')::int::bigint,
        has_table_privilege(owner.oid, 'DELETE')::int::bigint
    FROM pg_class owner
    JOIN pg_namespace space ON space.oid = owner.relnamespace
    WHERE owner.relkind IN ('r', 'p', 'v', 'f')
        AND space.nspname = coalesce($1, current_schema()::text)";

#[cfg(feature = "dynamic")]
pub(super) const MAY_MAKE_TABLES: &str = "
    SELECT coalesce(
        has_schema_privilege(coalesce($1, current_schema()::text), 'CREATE'), false
    )::int::bigint";

/// A replica, or a role or a database that is set to read only.
pub(super) const TAKES_WRITES: &str = "SELECT current_setting('transaction_read_only') = 'off'";
