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
use crate::flow::route::MAXIMUM_BODY;
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
        Box::pin(async move {
            #[cfg_attr(not(feature = "axum"), expect(unused_mut, reason = "for axum only"))]
            let (mut parts, body) = request.into_parts();
            #[cfg(feature = "axum")]
            crate::serve::axum::note_client_address(&mut parts.extensions);
            let announced = parts.headers.get(CONTENT_LENGTH);
            let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
            let body = match parts.method {
                // Only the body of a POST has a meaning.
                Method::POST if announced.is_some_and(|length| length > MAXIMUM_BODY as u64) => {
                    return Ok(refused(&auth, Refused::TooLong));
                }
                Method::POST => match Limited::new(body, MAXIMUM_BODY).collect().await {
                    Ok(body) => body.to_bytes(),
                    Err(error) if error.is::<LengthLimitError>() => {
                        return Ok(refused(&auth, Refused::TooLong));
                    }
                    Err(_) => return Ok(refused(&auth, Refused::BrokeOff)),
                },
                _ => Bytes::new(),
            };
            let is_head = parts.method == Method::HEAD;
            let response = auth.handle_parts(&parts, &body).await;
            Ok(response.map(|body| Full::new(if is_head { Bytes::new() } else { body })))
        })
    }
}

/// Why a body was not read.
#[derive(Clone, Copy)]
enum Refused {
    TooLong,
    BrokeOff,
}

fn refused<D>(auth: &Auth<D>, refused: Refused) -> Response<Full<Bytes>> {
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
    Reply::text(text).status(status).into_response(false).map(Full::new)
}
