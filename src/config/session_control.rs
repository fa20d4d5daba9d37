//! The list of sessions in the hands of the application.

use std::fmt;
use std::sync::Arc;

use super::Config;
use crate::adapter::ErasedUserSessionStore;

/// Lists sessions and revokes them: what a page of "my devices" needs, and whoever has to sign
/// somebody out.
///
/// It exists where sessions live in the database of an adapter that lists them, and comes from
/// [`build_with_session_control`]; elsewhere that does not compile, and [`SessionsListable`] says
/// why. It is cheap to clone, to be stored anywhere.
///
/// A revoked session is over at once, at every process that shares the database.
///
/// ```
/// use http::HeaderMap;
/// use typegate::adapter::MemoryAdapter;
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, Secret};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (auth, sessions) = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("client id", "client secret"))
///     .adapter(MemoryAdapter::new())
///     .build_with_session_control()?;
///
/// let headers = HeaderMap::new(); // of a request
/// match sessions.of_request(&headers).await? {
///     Some(mine) => {
///         for session in mine.list().await? {
///             println!("{} until {}, this one: {}", session.id, session.expires, session.is_current);
///         }
///         mine.revoke_others().await?;
///     }
///     None => println!("nobody is signed in"),
/// }
/// # drop(auth);
/// # Ok(())
/// # }
/// ```
///
/// [`SessionsListable`]: crate::rule::SessionsListable
/// [`build_with_session_control`]: crate::builder::AuthBuilder::build_with_session_control
#[derive(Clone)]
pub struct SessionControl {
    pub(crate) config: Arc<Config>,
    pub(crate) store: Arc<dyn ErasedUserSessionStore>,
}

impl fmt::Debug for SessionControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionControl").finish_non_exhaustive()
    }
}
