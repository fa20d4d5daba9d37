CREATE TABLE "User" (
    "id" text PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))), "name" text,
    "email" text UNIQUE, "emailVerified" text, "image" text
);
CREATE TABLE "Account" (
    "id" text PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    "userId" text NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE,
    "type" text NOT NULL, "provider" text NOT NULL, "providerAccountId" text NOT NULL,
    "refresh_token" text, "access_token" text, "expires_at" integer, "token_type" text,
    "scope" text, "id_token" text, "session_state" text
);
CREATE TABLE "Session" (
    "id" text PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    "userId" text NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE,
    "sessionToken" text NOT NULL UNIQUE, "expires" text NOT NULL
);
CREATE TABLE "VerificationToken" (
    "identifier" text NOT NULL, "token" text NOT NULL UNIQUE, "expires" text NOT NULL
);
