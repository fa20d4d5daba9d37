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
/// database fills it.
pub(super) const COLUMNS: &str = "
    SELECT
        table_name::text, column_name::text, data_type::text,
        character_maximum_length::bigint,
        (is_nullable = 'YES')::int::bigint,
        (column_default IS NOT NULL OR is_identity = 'YES' OR is_generated <> 'NEVER')::int::bigint
    FROM information_schema.columns
    WHERE table_schema = coalesce($1, current_schema()::text)";

/// Every unique key of a schema that holds for all rows: table, columns.
pub(super) const UNIQUE_KEYS: &str = "
    SELECT owner.relname::text, string_agg(attribute.attname::text, ',')
    FROM pg_index key
    JOIN pg_class owner ON owner.oid = key.indrelid
    JOIN pg_namespace space ON space.oid = owner.relnamespace
    JOIN pg_attribute attribute
        ON attribute.attrelid = owner.oid AND attribute.attnum = ANY (key.indkey)
    WHERE key.indisunique AND key.indpred IS NULL
        AND space.nspname = coalesce($1, current_schema()::text)
    GROUP BY owner.relname, key.indexrelid";
