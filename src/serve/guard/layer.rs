//! The guard as a `tower` layer, and the service it makes.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use serde::de::DeserializeOwned;
use tower_layer::Layer;
use tower_service::Service;

use super::rules::Rules;
use crate::Auth;
use crate::serve::browser_address::{BrowserAddress, Mounted, unambiguous};
use crate::serve::denial::Denial;
use crate::serve::session_layer::{CookieSlot, Found};

/// Lets requests through if somebody is signed in, and denies by default. Made by
/// [`Guard`](super::Guard).
pub struct GuardLayer<D>(Arc<Guarding<D>>);

struct Guarding<D> {
    auth: Auth<D>,
    rules: Rules<D>,
    mounted: Option<Mounted>,
}

impl<D> GuardLayer<D> {
    pub(super) fn new(auth: Auth<D>, rules: Rules<D>, mounted: Option<Mounted>) -> Self {
        Self(Arc::new(Guarding { auth, rules, mounted }))
    }

    /// Whether this path, as the browser has it, is public.
    #[must_use]
    pub fn is_public(&self, path: &str) -> bool {
        unambiguous(path).is_some_and(|path| self.0.rules.is_public(&path))
    }
}

impl<D> Clone for GuardLayer<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D> fmt::Debug for GuardLayer<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Guarding { rules, mounted, .. } = &*self.0;
        f.debug_struct("GuardLayer")
            .field("rules", rules)
            .field("mounted", mounted)
            .finish_non_exhaustive()
    }
}

impl<D, S> Layer<S> for GuardLayer<D> {
    type Service = GuardService<D, S>;

    fn layer(&self, inner: S) -> GuardService<D, S> {
        GuardService { layer: self.clone(), inner }
    }
}

/// The service behind a [`GuardLayer`].
pub struct GuardService<D, S> {
    layer: GuardLayer<D>,
    inner: S,
}

impl<D, S: Clone> Clone for GuardService<D, S> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), inner: self.inner.clone() }
    }
}

impl<D, S> fmt::Debug for GuardService<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GuardService").field(&self.layer).finish()
    }
}

impl<D, S, B, R> Service<Request<B>> for GuardService<D, S>
where
    D: DeserializeOwned + Clone + Send + Sync + 'static,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<Bytes>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let guarding = Arc::clone(&self.layer.0);
        // The inner service that was polled ready has to be called; its clone waits for the next
        // call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            if let Some(mounted) = &guarding.mounted {
                parts.extensions.insert(mounted.clone());
            }
            let slot = CookieSlot::in_request(&mut parts.extensions);
            let mut response = match guarding.admit(&mut parts, &slot).await {
                Ok(()) => inner.call(Request::from_parts(parts, body)).await?,
                Err(denial) => denial.response(),
            };
            slot.append_to(response.headers_mut());
            Ok(response)
        })
    }
}

impl<D: DeserializeOwned + Clone + Send + Sync + 'static> Guarding<D> {
    async fn admit(&self, parts: &mut Parts, slot: &CookieSlot) -> Result<(), Denial> {
        let mounted = self.auth.mounted_at();
        let address = BrowserAddress::of(&parts.uri, &parts.extensions, mounted);
        let paths: Option<Vec<String>> = address.paths().map(Iterator::collect);
        let paths = paths.as_deref();
        if paths.is_some_and(|paths| paths.iter().all(|path| self.rules.is_public(path))) {
            return Ok(());
        }
        let authorize = |session: &D, parts: &Parts| {
            let is_authorized = self.rules.is_authorized(session, paths);
            is_authorized.then_some(()).ok_or_else(|| Denial::not_authorized(parts))
        };
        // A guard in front may have found it.
        if let Some(session) = Found::of(&self.auth, &parts.extensions) {
            return authorize(session, parts);
        }
        let (session, cookies) = self.auth.session_and_cookies(&parts.headers).await;
        slot.leave(cookies);
        let Some(session) = session.map_err(|_| Denial::failed())? else {
            return Err(Denial::not_signed_in(&self.auth, parts));
        };
        authorize(&session, parts)?;
        Found::note(&self.auth, session, &mut parts.extensions);
        Ok(())
    }
}
