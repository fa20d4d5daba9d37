//! NextAuth's four records, and what a sign-in knows before they exist.

mod account;
pub(crate) mod email_address;
pub(crate) mod identifier;
mod session;
mod user;
mod verification_token;

pub use account::{Account, AccountType, NewAccount, TokenSet};
pub(crate) use session::SessionUserMembers;
pub use session::{DefaultSession, NewSession, SessionRecord, SessionUser};
pub use user::{NewUser, Profile, User, UserUpdate};
pub use verification_token::VerificationToken;

/// A JSON object that keeps the order of its members.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
