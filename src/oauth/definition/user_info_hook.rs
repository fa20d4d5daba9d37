//! A provider's own way to complete what it says about a person.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use url::Url;

use crate::error::BoxError;
use crate::model::TokenSet;
use crate::web::outbound::ErasedHttpClient;

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
}

impl UserInfoRequest<'_> {
    /// Sends a request through the configured HTTP client.
    ///
    /// # Errors
    ///
    /// What the client says.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        self.client.send(request).await
    }
}

impl fmt::Debug for UserInfoRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfoRequest")
    }
}
