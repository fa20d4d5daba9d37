//! A provider's own way to complete what it says about a person.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use url::Url;

use crate::error::{BoxError, chain};
use crate::model::TokenSet;
use crate::oauth::{About, Remarks};
use crate::web::outbound::{ErasedHttpClient, ask};

/// How long is waited for what can be done without.
const DEADLINE: Duration = Duration::from_secs(5);

/// What a hook returns.
pub(super) type RawProfileFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Value, BoxError>> + Send + 'a>>;
type CompleteProfile = dyn for<'a> Fn(UserInfoRequest<'a>) -> RawProfileFuture<'a> + Send + Sync;

/// A provider's own way to complete what the userinfo endpoint answered.
#[derive(Clone)]
pub struct UserInfoHook(Arc<CompleteProfile>);

impl UserInfoHook {
    /// Takes a function that returns the completed answer.
    #[must_use]
    pub fn new<F>(complete: F) -> Self
    where
        F: for<'a> Fn(UserInfoRequest<'a>) -> RawProfileFuture<'a> + Send + Sync + 'static,
    {
        Self(Arc::new(complete))
    }

    pub(crate) fn complete<'a>(&self, request: UserInfoRequest<'a>) -> RawProfileFuture<'a> {
        (self.0)(request)
    }
}

impl fmt::Debug for UserInfoHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfoHook")
    }
}

/// What a [`UserInfoHook`] works with.
///
/// An error of the hook ends the sign-in. What only decorates is asked for so that it does not:
///
/// ```
/// use bytes::Bytes;
/// use http::Request;
/// use typegate::BoxError;
/// use typegate::provider::{UserInfoHook, UserInfoRequest};
///
/// async fn with_team(mut user: UserInfoRequest<'_>) -> Result<serde_json::Value, BoxError> {
///     let question = Request::get("https://acme.example/team").body(Bytes::new());
///     let Some(answer) = user.ask_for("team", question).await else { return Ok(user.raw) };
///     match serde_json::from_slice::<serde_json::Value>(answer.body()) {
///         Ok(team) if answer.status().is_success() => user.raw["team"] = team,
///         _ => user.leave_out("team", "the answer is no JSON"),
///     }
///     Ok(user.raw)
/// }
///
/// let hook = UserInfoHook::new(|user| Box::pin(with_team(user)));
/// ```
#[non_exhaustive]
pub struct UserInfoRequest<'a> {
    /// What the userinfo endpoint answered, or the ID token's claims.
    pub raw: Value,
    /// The tokens.
    pub tokens: &'a TokenSet,
    /// The userinfo endpoint, for what lies beside it.
    pub endpoint: Option<&'a Url>,
    /// Whether the address is worth another question: accounts are linked by it.
    pub(crate) links_by_email: bool,
    pub(crate) client: &'a dyn ErasedHttpClient,
    pub(crate) remarks: &'a Remarks,
}

impl UserInfoRequest<'_> {
    /// Sends a request through the configured HTTP client.
    ///
    /// # Errors
    ///
    /// What the client says, with the request that it was.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let tokens = self.tokens;
        let sent = [tokens.access_token(), tokens.refresh_token(), tokens.id_token()];
        let sent: Vec<&str> = sent.into_iter().flatten().collect();
        Ok(ask(self.client, request, &sent, |answer| Ok(answer.clone())).await?)
    }

    /// Sends a request for a member of the profile that can be done without, such as a picture: the
    /// answer, of whatever status. If there is none within five seconds, the member is
    /// [left out](Self::leave_out).
    pub async fn ask_for(
        &self,
        member: &str,
        request: Result<Request<Bytes>, http::Error>,
    ) -> Option<Response<Bytes>> {
        let send = async { self.send(request?).await };
        let reason = match tokio::time::timeout(DEADLINE, send).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => chain(&*error),
            Err(_) => format!("there was no answer within {} seconds", DEADLINE.as_secs()),
        };
        self.leave_out(member, &reason);
        None
    }

    /// Says in the log, under `PROFILE_MEMBER_ERROR`, that the profile is without a member, and why.
    /// Whoever signs in does so without it.
    pub fn leave_out(&self, member: &str, reason: &str) {
        let text = format!("the profile's member `{member}` is left out: {reason}");
        self.remarks.add(About::Profile, text);
    }
}

impl fmt::Debug for UserInfoRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfoRequest")
    }
}
