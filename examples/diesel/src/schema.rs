//! The tables, as the application's own migrations would make them.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

/// Every key that decides who somebody is is unique, and the rows of a user go with the user.
///
/// Texts are compared byte by byte, which is SQLite's default; elsewhere it is a collation, such as
/// `"C"` in PostgreSQL. Times are milliseconds since 1970.
pub const TABLES: &str = "
    PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS users (
        id             TEXT PRIMARY KEY NOT NULL DEFAULT (lower(hex(randomblob(16)))),
        name           TEXT,
        email          TEXT UNIQUE,
        email_verified BIGINT,
        image          TEXT
    );
    CREATE TABLE IF NOT EXISTS accounts (
        provider            TEXT NOT NULL,
        provider_account_id TEXT NOT NULL,
        user_id             TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        account_type        TEXT NOT NULL,
        tokens              TEXT NOT NULL,
        PRIMARY KEY (provider, provider_account_id)
    );
    CREATE INDEX IF NOT EXISTS accounts_user_id ON accounts (user_id);
    CREATE TABLE IF NOT EXISTS sessions (
        session_token TEXT PRIMARY KEY NOT NULL,
        user_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        expires       BIGINT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS sessions_user_id ON sessions (user_id);
    CREATE TABLE IF NOT EXISTS verification_tokens (
        identifier TEXT NOT NULL,
        token      TEXT NOT NULL,
        expires    BIGINT NOT NULL,
        PRIMARY KEY (identifier, token)
    );";

table! {
    users (id) {
        id -> Text,
        name -> Nullable<Text>,
        email -> Nullable<Text>,
        email_verified -> Nullable<BigInt>,
        image -> Nullable<Text>,
    }
}

table! {
    accounts (provider, provider_account_id) {
        provider -> Text,
        provider_account_id -> Text,
        user_id -> Text,
        account_type -> Text,
        tokens -> Text,
    }
}

table! {
    sessions (session_token) {
        session_token -> Text,
        user_id -> Text,
        expires -> BigInt,
    }
}

table! {
    verification_tokens (identifier, token) {
        identifier -> Text,
        token -> Text,
        expires -> BigInt,
    }
}

joinable!(accounts -> users (user_id));
joinable!(sessions -> users (user_id));
allow_tables_to_appear_in_same_query!(users, accounts, sessions);
