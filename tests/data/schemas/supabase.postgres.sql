CREATE TABLE users (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, name text, email text UNIQUE,
    "emailVerified" timestamptz, image text
);
CREATE TABLE sessions (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, expires timestamptz NOT NULL,
    "sessionToken" text NOT NULL UNIQUE, "userId" uuid REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE accounts (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, type text NOT NULL,
    provider text NOT NULL, "providerAccountId" text NOT NULL, refresh_token text,
    access_token text, expires_at bigint, token_type text, scope text, id_token text,
    session_state text, oauth_token_secret text, oauth_token text,
    "userId" uuid REFERENCES users (id) ON DELETE CASCADE,
    UNIQUE (provider, "providerAccountId")
);
CREATE TABLE verification_tokens (
    identifier text, token text PRIMARY KEY, expires timestamptz NOT NULL,
    CONSTRAINT token_identifier_unique UNIQUE (token, identifier)
);
