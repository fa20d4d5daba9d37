//! The auth routes as a `tower::Service` over `http` types, for hyper and everything else that
//! speaks it.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use crate::Auth;
use crate::error::ErrorCode;
use crate::flow::note_nested_path;
use crate::flow::route::MAXIMUM_BODY;
use crate::serve::browser_address::original;
use crate::web::Reply;

/// The auth routes as a service. Made by [`Auth::service`].
///
/// A body of more than 64 KiB is answered with 413, and the rest of it is not read.
pub struct AuthService<D>(Auth<D>);

impl<D> Auth<D> {
    /// The auth routes as a service: route everything below [`Auth::base_path`] to it.
    #[must_use]
    pub fn service(&self) -> AuthService<D> {
        AuthService(self.clone())
    }
}

/// Nothing is: an [`Auth`] that is given in the place of its service says so here.
#[diagnostic::on_unimplemented(
    message = "an `Auth` is not a service",
    label = "this is an `Auth`, not its service",
    note = "write `auth.service()`, or in axum `.merge(auth.routes())`"
)]
pub trait Routed {
    #[doc(hidden)]
    fn never<T>() -> T;
}

#[doc(hidden)]
impl<D, B> Service<Request<B>> for Auth<D>
where
    Self: Routed,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Self::never()
    }

    fn call(&mut self, _: Request<B>) -> ResponseFuture {
        Self::never()
    }
}

impl<D> Clone for AuthService<D> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<D> fmt::Debug for AuthService<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthService").field(&self.0).finish()
    }
}

/// The future of a response to the auth routes.
pub type ResponseFuture =
    Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;

impl<D, B> Service<Request<B>> for AuthService<D>
where
    D: 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        let auth = self.0.clone();
        Box::pin(async move { Ok(auth.handle_streamed(request).await.map(Full::new)) })
    }
}

impl<D> Auth<D> {
    /// Answers one request to the auth routes, and reads its body as [`Auth::service`] does: more
    /// than 64 KiB is 413, and the rest is not read; what breaks off is 400. Paths outside are 404.
    ///
    /// For frameworks that keep a request on one thread, such as actix-web: the future can be sent
    /// to another one if the body can. Where there is a connection, put its other end's address into
    /// the request's extensions, as [`ClientAddress`](crate::ClientAddress).
    ///
    /// ```
    /// use http::Request;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, Secret};
    ///
    /// # async fn test() -> Result<(), typegate::BoxError> {
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .build()?;
    /// let request = Request::post("/api/auth/signin/github").body("x".repeat(65 * 1024))?;
    /// assert_eq!(auth.handle_streamed(request).await.status(), 413);
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    pub async fn handle_streamed<B>(&self, request: Request<B>) -> Response<Bytes>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        #[cfg_attr(not(feature = "axum"), expect(unused_mut, reason = "for axum only"))]
        let (mut parts, body) = request.into_parts();
        #[cfg(feature = "axum")]
        crate::serve::axum::note_client_address(&mut parts.extensions);
        let arrived = original(&parts.uri, &parts.extensions).path();
        note_nested_path(&self.config, arrived, parts.uri.path());
        let announced = parts.headers.get(CONTENT_LENGTH);
        let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        let body = match parts.method {
            // Only the body of a POST has a meaning.
            Method::POST if announced.is_some_and(|length| length > MAXIMUM_BODY as u64) => {
                return refused(self, Refused::TooLong);
            }
            Method::POST => match Limited::new(body, MAXIMUM_BODY).collect().await {
                Ok(body) => body.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return refused(self, Refused::TooLong);
                }
                Err(_) => return refused(self, Refused::BrokeOff),
            },
            _ => Bytes::new(),
        };
        let is_head = parts.method == Method::HEAD;
        let response = self.handle_parts(&parts, &body).await;
        response.map(|body| if is_head { Bytes::new() } else { body })
    }
}

/// Why a body was not read.
#[derive(Clone, Copy)]
enum Refused {
    TooLong,
    BrokeOff,
}

fn refused<D>(auth: &Auth<D>, refused: Refused) -> Response<Bytes> {
    let (status, text, reason) = match refused {
        Refused::TooLong => {
            let text = "Body exceeded 64kb limit";
            (StatusCode::PAYLOAD_TOO_LARGE, text, "the body is longer than 64 KiB")
        }
        Refused::BrokeOff => {
            (StatusCode::BAD_REQUEST, "Invalid body", "the body broke off before its end")
        }
    };
    auth.config.log.note(ErrorCode::RequestBody, None, reason);
    Reply::text(text).status(status).into_response(false)
}
