//! The reply of a flow, before it is written as an HTTP response.

use bytes::Bytes;
use http::header::{
    self, CACHE_CONTROL, CONTENT_TYPE, EXPIRES, LOCATION, PRAGMA, REFERRER_POLICY, RETRY_AFTER,
    SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use percent_encoding::utf8_percent_encode;

use crate::web::cookie::{SetCookie, URI_COMPONENT};
use crate::web::location::SafeLocation;

/// JavaScript's `encodeURIComponent`.
pub(crate) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, URI_COMPONENT).to_string()
}

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     img-src * data:; base-uri 'none'; frame-ancestors 'none'";

#[derive(Clone, Debug)]
enum Content {
    Empty,
    Json(Vec<u8>),
    Page(String),
    Text(String),
    Redirect(SafeLocation),
}

/// An answer: status, content, and the cookies to set in their order.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: Option<StatusCode>,
    content: Content,
    cookies: Vec<SetCookie>,
    retry_after: Option<u32>,
}

impl Reply {
    fn new(content: Content) -> Self {
        Self { status: None, content, cookies: Vec::new(), retry_after: None }
    }

    pub(crate) fn empty() -> Self {
        Self::new(Content::Empty)
    }

    pub(crate) fn json(body: Vec<u8>) -> Self {
        Self::new(Content::Json(body))
    }

    pub(crate) fn page(html: String) -> Self {
        Self::new(Content::Page(html))
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::new(Content::Text(text.into()))
    }

    pub(crate) fn redirect(target: SafeLocation) -> Self {
        Self::new(Content::Redirect(target))
    }

    /// The status of the answer; of a redirect, the status of its JSON form.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// After how many seconds the request may be sent again.
    pub(crate) fn retry_after(mut self, seconds: Option<u32>) -> Self {
        self.retry_after = seconds;
        self
    }

    pub(crate) fn cookies(mut self, cookies: impl IntoIterator<Item = SetCookie>) -> Self {
        if self.cookies.is_empty() {
            // Of a vector the memory is taken over.
            self.cookies = cookies.into_iter().collect();
        } else {
            self.cookies.extend(cookies);
        }
        self
    }

    /// Puts cookies before those that are there: the csrf and callback-url cookies lead.
    pub(crate) fn leading_cookies(mut self, leading: Vec<SetCookie>) -> Self {
        let others = std::mem::replace(&mut self.cookies, leading);
        self.cookies(others)
    }

    /// Writes the answer. A redirect is 302, or `{"url": …}` where JSON was asked for.
    pub(crate) fn into_response(self, wants_json: bool) -> Response<Bytes> {
        let mut response = match self.content {
            Content::Redirect(target) if wants_json => {
                let body = serde_json::json!({ "url": target.text() }).to_string();
                with_type(body.into(), "application/json; charset=utf-8", self.status)
            }
            Content::Redirect(target) => {
                let mut response = response(Bytes::new());
                *response.status_mut() = StatusCode::FOUND;
                response.headers_mut().insert(LOCATION, target.header_value());
                response
            }
            Content::Json(body) => {
                with_type(body.into(), "application/json; charset=utf-8", self.status)
            }
            Content::Page(html) => {
                let mut response = with_type(html.into(), "text/html; charset=utf-8", self.status);
                response.headers_mut().insert(
                    header::CONTENT_SECURITY_POLICY,
                    HeaderValue::from_static(CONTENT_SECURITY_POLICY),
                );
                response.headers_mut().insert(VARY, HeaderValue::from_static("accept-language"));
                response
            }
            Content::Text(text) => with_type(text.into(), "text/plain; charset=utf-8", self.status),
            Content::Empty => {
                let mut response = response(Bytes::new());
                *response.status_mut() = self.status.unwrap_or_default();
                response
            }
        };
        // At a redirect it would say when to follow that (RFC 9110 section 10.2.3).
        let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after.filter(|_| is_refused) {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-store"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        headers.insert(EXPIRES, HeaderValue::from_static("0"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        for cookie in self.cookies {
            if let Some(value) = cookie.header_value() {
                headers.append(SET_COOKIE, value);
            }
        }
        response
    }
}

/// With room for what every answer has, and cookies.
fn response(body: Bytes) -> Response<Bytes> {
    const USUAL_HEADERS: usize = 12;
    let mut response = Response::new(body);
    *response.headers_mut() = HeaderMap::with_capacity(USUAL_HEADERS);
    response
}

fn with_type(
    body: Bytes,
    content_type: &'static str,
    status: Option<StatusCode>,
) -> Response<Bytes> {
    let mut response = response(body);
    *response.status_mut() = status.unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
