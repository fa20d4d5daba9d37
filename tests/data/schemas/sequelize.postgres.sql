CREATE TABLE users (
    id uuid PRIMARY KEY, name varchar(255), email varchar(255) UNIQUE, email_verified timestamptz,
    image varchar(255)
);
CREATE TABLE accounts (
    id uuid PRIMARY KEY, type varchar(255) NOT NULL, provider varchar(255) NOT NULL,
    provider_account_id varchar(255) NOT NULL, refresh_token varchar(255),
    access_token varchar(255), expires_at integer, token_type varchar(255), scope varchar(255),
    id_token text, session_state varchar(255), user_id uuid REFERENCES users (id) ON DELETE SET NULL
);
CREATE TABLE sessions (
    id uuid PRIMARY KEY, expires timestamptz NOT NULL, session_token varchar(255) NOT NULL UNIQUE,
    user_id uuid REFERENCES users (id) ON DELETE SET NULL
);
CREATE TABLE verification_tokens (
    token varchar(255) PRIMARY KEY, identifier varchar(255) NOT NULL, expires timestamptz NOT NULL
);
