//! The schema in MySQL: typegate's own tables, and the queries that list existing ones.

use std::time::Duration;

/// Another process may be at work for longer than a visitor waits for a statement.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// One process at a time: 1 if it is this one's turn, within 30 seconds. The lock is of the whole
/// server, so its name has the database's.
pub(super) const LOCK: &str =
    "SELECT CAST(GET_LOCK(LEFT(CONCAT('typegate ', DATABASE()), 64), 30) AS SIGNED)";

/// Asked first: whoever may not make tables is refused `IF NOT EXISTS`, too.
pub(super) const HAS_MIGRATIONS: &str = "
    SELECT count(*) FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_name = 'typegate_migrations'";

pub(super) const CREATE_MIGRATIONS: &str = "
    CREATE TABLE IF NOT EXISTS typegate_migrations (
        version INT PRIMARY KEY,
        applied TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    )";

pub(super) const LATEST_MIGRATION: &str =
    "SELECT CAST(max(version) AS SIGNED) FROM typegate_migrations";

pub(super) const RECORD_MIGRATION: &str = "INSERT INTO typegate_migrations (version) VALUES (?)";

/// One step of the schema's history, a table or an index each, because the server commits after
/// every one.
pub(super) struct Migration {
    pub(super) version: i32,
    create: &'static str,
    is_table: bool,
}

impl Migration {
    const fn table(version: i32, create: &'static str) -> Self {
        Self { version, create, is_table: true }
    }

    const fn index(version: i32, create: &'static str) -> Self {
        Self { version, create, is_table: false }
    }
}

/// The schema's history, oldest first: a version that has been released never changes.
///
/// Tables of these names that something else made are an error rather than taken over.
pub(super) const MIGRATIONS: [Migration; 8] = [
    Migration::table(1, USERS),
    Migration::table(2, ACCOUNTS),
    Migration::table(3, SESSIONS),
    Migration::table(4, VERIFICATION_TOKENS),
    Migration::table(5, ATTEMPTS),
    // What a clean-up looks for.
    Migration::index(6, "CREATE INDEX sessions_expires ON sessions (expires)"),
    Migration::index(
        7,
        "CREATE INDEX verification_tokens_expires ON verification_tokens (expires)",
    ),
    Migration::index(8, "CREATE INDEX typegate_attempts_ends ON typegate_attempts (ends)"),
];

/// The latest of them.
pub(super) const RELEASE: i64 = {
    let [.., last] = MIGRATIONS;
    last.version as i64
};

impl Migration {
    /// Compares bytes, trailing spaces included. The one name that both servers know,
    /// `utf8mb4_bin`, ignores trailing spaces.
    pub(super) fn sql(&self, is_mariadb: bool) -> String {
        let collation = if is_mariadb { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" };
        let (create, mark) = (self.create, self.mark());
        if !self.is_table {
            return format!("{create} COMMENT '{mark}'");
        }
        format!(
            "{create} ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation} \
             COMMENT = '{mark}'"
        )
    }

    /// The comment of the table or index. It is there as soon as that is, so it tells who made it even
    /// if the process ended before it could record the version.
    pub(super) fn mark(&self) -> String {
        format!("typegate migration {}", self.version)
    }
}

/// How many tables and indexes have that mark.
pub(super) const MARKED: &str = "
    SELECT
        (SELECT count(*) FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_comment = ?)
        + (SELECT count(*) FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND index_comment = ?)";

const USERS: &str = "
    CREATE TABLE users (
        id            VARCHAR(255) NOT NULL PRIMARY KEY,
        name          TEXT,
        email         VARCHAR(255) UNIQUE,
        emailVerified DATETIME(3),
        image         MEDIUMTEXT
    )";

const ACCOUNTS: &str = "
    CREATE TABLE accounts (
        userId             VARCHAR(255) NOT NULL,
        type               VARCHAR(255) NOT NULL,
        provider           VARCHAR(255) NOT NULL,
        providerAccountId  VARCHAR(255) NOT NULL,
        refresh_token      MEDIUMTEXT,
        access_token       MEDIUMTEXT,
        expires_at         BIGINT,
        token_type         TEXT,
        scope              TEXT,
        id_token           MEDIUMTEXT,
        session_state      TEXT,
        oauth_token        TEXT,
        oauth_token_secret TEXT,
        PRIMARY KEY (provider, providerAccountId),
        INDEX accounts_userId (userId),
        FOREIGN KEY (userId) REFERENCES users (id) ON DELETE CASCADE
    )";

const SESSIONS: &str = "
    CREATE TABLE sessions (
        sessionToken VARCHAR(255) NOT NULL PRIMARY KEY,
        userId       VARCHAR(255) NOT NULL,
        expires      DATETIME(3) NOT NULL,
        INDEX sessions_userId (userId),
        FOREIGN KEY (userId) REFERENCES users (id) ON DELETE CASCADE
    )";

const VERIFICATION_TOKENS: &str = "
    CREATE TABLE verification_tokens (
        identifier VARCHAR(255) NOT NULL,
        token      VARCHAR(255) NOT NULL,
        expires    DATETIME(3) NOT NULL,
        PRIMARY KEY (identifier, token)
    )";

/// What the rate limit counts and remembers.
const ATTEMPTS: &str = "
    CREATE TABLE typegate_attempts (
        id       VARCHAR(64) NOT NULL PRIMARY KEY,
        attempts BIGINT NOT NULL,
        ends     BIGINT NOT NULL
    )";

/// Every column of a database: table, name, type, length, whether it may be null, whether the
/// server fills it, character set.
pub(super) const COLUMNS: &str = "
    SELECT
        CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(data_type AS CHAR),
        CAST(character_maximum_length AS SIGNED),
        CAST(is_nullable = 'YES' AS SIGNED),
        CAST(column_default IS NOT NULL OR extra <> '' AS SIGNED),
        CAST(character_set_name AS CHAR)
    FROM information_schema.columns
    WHERE table_schema = coalesce($1, DATABASE())";

/// Every index of a database that is of columns alone: table, columns in their order, whether it is a unique key.
pub(super) const KEYS: &str = "
    SELECT
        CAST(table_name AS CHAR),
        CAST(GROUP_CONCAT(column_name ORDER BY seq_in_index) AS CHAR),
        CAST(MIN(non_unique = 0) AS SIGNED)
    FROM information_schema.statistics
    WHERE table_schema = coalesce($1, DATABASE())
    GROUP BY table_name, index_name
    HAVING COUNT(*) = COUNT(column_name)";

/// How far the clock of the session is from UTC, in seconds.
pub(super) const ZONE: &str =
    "SELECT CAST(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW()) AS SIGNED)";

/// Every table of a database that the account may do something with, and what: in some column. The
/// server says of columns what comes of all grants and roles together, and nothing of deleting.
pub(super) const RIGHTS: &str = "
    SELECT
        CAST(table_name AS CHAR),
        CAST(MAX(privileges LIKE '%select%') AS SIGNED),
        CAST(MAX(privileges LIKE '%insert%') AS SIGNED),
        CAST(MAX(privileges LIKE '%update%') AS SIGNED),
        CAST(NULL AS SIGNED)
    FROM information_schema.columns
    WHERE table_schema = coalesce($1, DATABASE())
    GROUP BY table_name";

/// A replica, as it should be set. Some accounts may write there all the same, and what they write
/// is lost.
pub(super) const TAKES_WRITES: &str =
    "SELECT CAST(CAST(@@global.read_only AS CHAR) IN ('0', 'OFF') AS SIGNED)";
