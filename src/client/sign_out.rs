//! Sign-out without a page.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use http::StatusCode;
use url::Url;

use super::{ClientError, Shared};

/// A sign-out that is about to be made; awaiting it makes it, and gives the address to which the
/// site leads on.
///
/// # Errors
///
/// [`ClientError`] if one of the requests has no usable answer: the session may still be there.
#[must_use = "a sign-out is made by awaiting it"]
pub struct SignOutRequest {
    shared: Arc<Shared>,
    callback_url: Option<String>,
}

impl SignOutRequest {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, callback_url: None }
    }

    /// Where to go after the sign-out: an address of the site or a path; its home page by default.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    async fn make(self) -> Result<Url, ClientError> {
        let shared = &*self.shared;
        let callback_url = self.callback_url.as_deref().unwrap_or(shared.site.origin());
        let url = shared.page("signout");
        let (answer, target) = shared.post_with_csrf(&url, &[], callback_url).await?;
        // v4's client does not look at it, and says goodbye to somebody who is still signed in.
        if answer.status() >= StatusCode::BAD_REQUEST {
            return Err(answer.unexpected("the site did not sign out"));
        }
        shared.member.announce();
        Ok(target)
    }
}

impl IntoFuture for SignOutRequest {
    type Output = Result<Url, ClientError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

impl fmt::Debug for SignOutRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignOutRequest")
    }
}
