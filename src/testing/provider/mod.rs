//! Recordings of providers: whether one signs the right person in. Call this from the tests of your
//! own.
//!
//! A [`Recording`] is what a provider once said about somebody: the userinfo answer, the claims of
//! the ID token, members of the token response. [`Recording::sign_in`] plays it back to a provider,
//! derived, written by hand or from the catalogue, in a whole sign-in through the real engine, and
//! returns a [`SignIn`]: the user, the account's row, and every request that was made.
//!
//! ```
//! use serde_json::json;
//! use typegate::testing::provider::Recording;
//! use typegate::{ClientSecret, ErrorCode, OAuthProvider, RawProfile};
//!
//! #[derive(OAuthProvider)]
//! #[provider(
//!     id = "acme",
//!     name = "Acme",
//!     authorization_endpoint = "https://id.acme.example/authorize",
//!     token_endpoint = "https://id.acme.example/token",
//!     userinfo_endpoint = "https://api.acme.example/me",
//!     scope = "profile",
//!     profile = AcmeUser
//! )]
//! struct Acme {
//!     client_id: String,
//!     client_secret: ClientSecret,
//! }
//!
//! #[derive(RawProfile)]
//! struct AcmeUser {
//!     #[profile(id)]
//!     id: u64,
//!     #[profile(name)]
//!     display_name: Option<String>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let recording = Recording::new().user_info(json!({"id": 7, "display_name": "Ada"}));
//! let sign_in = recording.sign_in(Acme::new("client id", ClientSecret::new("s3cr3t"))).await;
//! sign_in.assert_user(json!({"id": "7", "name": "Ada"}));
//! sign_in.assert_account(json!({"provider": "acme", "providerAccountId": "7"}));
//! sign_in.assert_authorization(&[("scope", "profile"), ("code_challenge_method", "S256")]);
//! assert_eq!(sign_in.client_authentication(), Some("client_secret_basic"));
//! assert_eq!(sign_in.profile_requests[0].url.as_str(), "https://api.acme.example/me");
//!
//! let recording = Recording::new().user_info(json!({"display_name": "Nobody"}));
//! let sign_in = recording.sign_in(Acme::new("client id", ClientSecret::new("s3cr3t"))).await;
//! sign_in.assert_refused(ErrorCode::OAuthParseProfile, "the profile has no member `id`");
//! # }
//! ```
//!
//! Nothing is sent anywhere, and the clock stands still. An endpoint that is asked something the
//! recording has no answer for is reported with its address, and so is an answer that nobody asked
//! for. Endpoints that the provider leaves to discovery are below [`Recording::DISCOVERED`].

mod difference;
mod failure;
mod place;
mod recording;
mod replay;
mod server;
mod sign_in;
mod token_response;

pub use self::difference::Difference;
pub use self::failure::Failure;
pub use self::recording::{HasProfile, Recording};
pub use self::sign_in::{AuthorizationRequest, LoggedLine, Person, SignIn};

#[cfg(test)]
mod tests;
