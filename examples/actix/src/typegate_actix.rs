//! typegate in actix-web, as one file to copy into an application.
//!
//! | what for | write |
//! |---|---|
//! | the auth routes, and the extractors' configuration | `App::new().configure(routes(&auth))` |
//! | the session of a request | [`Session`] or [`MaybeSession`] as an argument of a handler |
//! | a guard of all routes that are not named | `App::new().wrap(guard(&layer))` |
//! | without a guard: sessions in use stay alive | `App::new().wrap(keep_sessions())` |
//!
//! It converts types, and leaves all decisions to typegate. actix-web has the types of `http` 0.2 and
//! keeps a request on one thread; typegate has those of `http` 1.

#![allow(
    dead_code,
    reason = "an application has a guard or `keep_sessions`, and not each extractor"
)]

use actix_web::body::{self, EitherBody, MessageBody};
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::error::{ErrorBadRequest, ErrorInternalServerError, InternalError};
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::future::LocalBoxFuture;
use http::request::Parts;
use http_body::Frame;
use http_body_util::StreamBody;
use typegate::guard::GuardLayer;
use typegate::hooks::SessionData;
use typegate::{Auth, ClientAddress, DefaultSession, DueCookies, SessionRejection, SetCookies};

/// The auth routes, for `App::configure`. Not for `Scope::configure`: their paths begin with
/// [`Auth::base_path`] already.
pub fn routes<D: SessionData>(auth: &Auth<D>) -> impl FnOnce(&mut web::ServiceConfig) + use<D> {
    let auth = auth.clone();
    move |config| {
        config.app_data(auth.clone());
        // A pattern of actix-web would be compared with the decoded path.
        let base = auth.base_path().to_owned();
        let is_below = move |context: &GuardContext<'_>| {
            let rest = context.head().uri.path().strip_prefix(&*base);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let handler = move |request: HttpRequest, payload: web::Payload| {
            let auth = auth.clone();
            async move { answer(&auth, &request, payload).await }
        };
        let scope = web::scope("").guard(fn_guard(is_below));
        config.service(scope.default_service(web::to(handler)));
    }
}

/// Reads the body as it comes; how much of it is typegate's to say.
async fn answer<D>(
    auth: &Auth<D>,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let body = StreamBody::new(payload.map_ok(Frame::data));
    let request = http::Request::from_parts(parts(request)?, body);
    let is_head = request.method() == http::Method::HEAD;
    let mut response = response(auth.handle_streamed(request).await);
    if is_head {
        // Whose length would be that of the empty body.
        response = response.set_body(body::None::new()).map_into_boxed_body();
    }
    Ok(response)
}

/// The session of whoever sent the request. Everybody else is answered as by [`guard`].
///
/// `Option<Session<D>>` is `None` for everybody else. That is actix-web's own reading of any
/// extractor, and it is `None` as well if the database or a callback fails: see [`MaybeSession`].
#[derive(Clone, Debug)]
pub struct Session<D = DefaultSession>(pub D);

/// The session of whoever sent the request, if somebody is signed in. If the database or a callback
/// fails, the answer is 500.
#[derive(Clone, Debug)]
pub struct MaybeSession<D = DefaultSession>(pub Option<D>);

impl<D: SessionData> FromRequest for Session<D> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = asked::<D>(request);
        Box::pin(async move {
            let (auth, parts) = asked?;
            auth.required_session(&parts).await.map(Self).map_err(refuse)
        })
    }
}

impl<D: SessionData> FromRequest for MaybeSession<D> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = asked::<D>(request);
        Box::pin(async move {
            let (auth, parts) = asked?;
            auth.optional_session(&parts).await.map(Self).map_err(refuse)
        })
    }
}

fn asked<D: SessionData>(request: &HttpRequest) -> Result<(Auth<D>, Parts), Error> {
    let auth = request.app_data::<Auth<D>>().cloned();
    let missing = "no `.configure(routes(&auth))` whose sessions are of the extractor's type";
    Ok((auth.ok_or_else(|| ErrorInternalServerError(missing))?, parts(request)?))
}

fn refuse(rejection: SessionRejection) -> Error {
    let answer = response(rejection.response());
    InternalError::from_response("the request needs a session", answer).into()
}

/// Lets requests pass as the guard says, and answers all others. What is due of the session's
/// cookies is sent.
pub fn guard<D, S, B>(
    layer: &GuardLayer<D>,
) -> impl Transform<
    S,
    ServiceRequest,
    Response = ServiceResponse<EitherBody<B>>,
    Error = Error,
    InitError = (),
> + use<D, S, B>
where
    D: SessionData,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let layer = layer.clone();
    from_fn(move |request: ServiceRequest, next: Next<B>| {
        let layer = layer.clone();
        async move {
            let mut parts = parts(request.request())?;
            let due = DueCookies::of(&mut parts.extensions);
            let admitted = layer.admit(&mut parts).await;
            keep(&request, parts.extensions);
            let answer = match admitted {
                Ok(()) => next.call(request).await.map(ServiceResponse::map_into_left_body),
                Err(rejection) => {
                    let answer = response(rejection.response());
                    Ok(request.into_response(answer).map_into_right_body())
                }
            };
            with_cookies(answer, due.take())
        }
    })
}

/// Sends what is due of a session's cookies when a handler has read it. It refuses nobody; behind a
/// [`guard`] it is not needed.
pub fn keep_sessions<S, B>()
-> impl Transform<S, ServiceRequest, Response = ServiceResponse<B>, Error = Error, InitError = ()>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    from_fn(|request: ServiceRequest, next: Next<B>| async move {
        let mut extensions = kept(request.request());
        let due = DueCookies::of(&mut extensions);
        keep(&request, extensions);
        with_cookies(next.call(request).await, due.take())
    })
}

/// What typegate has to remember of a request, among what actix-web remembers of it.
struct Kept(http::Extensions);

fn kept(request: &HttpRequest) -> http::Extensions {
    request.extensions().get::<Kept>().map(|kept| kept.0.clone()).unwrap_or_default()
}

fn keep(request: &ServiceRequest, extensions: http::Extensions) {
    request.extensions_mut().insert(Kept(extensions));
}

/// The head of a request: the authority of HTTP/2 is in its address, and all lines of a header are
/// there.
fn parts(request: &HttpRequest) -> Result<Parts, Error> {
    let head = request.head();
    let mut builder =
        http::Request::builder().method(head.method.as_str()).uri(head.uri.to_string());
    for (name, value) in head.headers() {
        builder = builder.header(name.as_str(), value.as_bytes());
    }
    let (mut parts, ()) = builder.body(()).map_err(ErrorBadRequest)?.into_parts();
    parts.extensions = kept(request);
    // The other end of the connection, whatever a header says.
    if let Some(peer) = head.peer_addr {
        parts.extensions.insert(ClientAddress(peer.ip()));
    }
    Ok(parts)
}

fn response(answer: http::Response<Bytes>) -> HttpResponse {
    let (parts, body) = answer.into_parts();
    let Ok(status) = StatusCode::from_u16(parts.status.as_u16()) else {
        return HttpResponse::InternalServerError().finish();
    };
    let mut builder = HttpResponse::build(status);
    for (name, value) in &parts.headers {
        builder.append_header((name.as_str(), value.as_bytes()));
    }
    builder.body(body)
}

/// Sends the cookies with whatever the answer is, also where it is an error.
fn with_cookies<B>(
    answer: Result<ServiceResponse<B>, Error>,
    cookies: SetCookies,
) -> Result<ServiceResponse<B>, Error> {
    match answer {
        Ok(mut response) => {
            append(cookies, response.headers_mut())?;
            Ok(response)
        }
        Err(error) if cookies.is_empty() => Err(error),
        Err(error) => {
            let mut response = error.error_response();
            append(cookies, response.headers_mut())?;
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// [`SetCookies::append_to`], which looks at the cookies that the answer sets itself.
fn append(cookies: SetCookies, headers: &mut HeaderMap) -> Result<(), Error> {
    let mut whole = http::HeaderMap::new();
    for line in headers.get_all(header::SET_COOKIE) {
        let line = http::HeaderValue::from_bytes(line.as_bytes());
        whole.append(http::header::SET_COOKIE, line.map_err(ErrorInternalServerError)?);
    }
    let own = whole.len();
    cookies.append_to(&mut whole);
    if whole.len() == own {
        return Ok(());
    }
    for name in whole.keys() {
        headers.remove(name.as_str());
    }
    for (name, value) in &whole {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        let name = name.map_err(ErrorInternalServerError)?;
        headers.append(name, value.map_err(ErrorInternalServerError)?);
    }
    Ok(())
}
