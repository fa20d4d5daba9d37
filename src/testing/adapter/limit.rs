//! The limits that an adapter may declare: what tables made by somebody else may be unable to do.

/// What the tables of an adapter cannot do: the cases that ask for it are skipped, and listed.
///
/// Tables that were made for typegate have none of these. Those of NextAuth's other adapters have
/// some, and where safety depends on it, the documentation of the tables says so.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Limit {
    /// Two users may have the same address.
    EmailNotUnique,
    /// An account may be linked twice.
    AccountNotUnique,
    /// A session token may be stored twice.
    SessionTokenNotUnique,
    /// An e-mail link may be stored twice.
    VerificationTokenNotUnique,
    /// Links to two addresses cannot have the same token.
    VerificationTokenUniqueAlone,
    /// Accounts and sessions of users that do not exist are stored.
    NoForeignKeys,
    /// A user needs an address.
    EmailRequired,
    /// A user has one account only.
    OneAccountPerUser,
    /// `expires_at` of an account ends in the year 2038; a later one is none.
    ExpiresAt32Bit,
    /// There are no columns for the tokens of OAuth 1.0a.
    NoOAuth1Tokens,
    /// Texts that differ in letter case or in trailing spaces count as equal where they have to
    /// be unique.
    FoldedUniqueness,
    /// Pictures, scopes or tokens of an account have at most 255 characters.
    ShortTexts,
    /// Session tokens have fewer than 255 characters.
    ShortKeys,
    /// Times are whole seconds.
    WholeSeconds,
    /// Times lie between 1970 and 2038.
    Times32Bit,
    /// Texts cannot have the character U+0000, as in PostgreSQL.
    NoNul,
}
