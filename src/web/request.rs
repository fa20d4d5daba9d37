//! A request to the auth routes, taken apart.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};

use super::{Field, Fields};
use crate::web::client_address::{ClientAddress, ClientOrigin};
use crate::web::cookie::RequestCookies;

/// A body that is not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BodyRefused {
    InvalidJson,
}

/// The fields of a body. Types other than JSON and forms have none, as in v4: a browser sends
/// them across sites without asking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(pub(crate) Fields);

const FORM: &str = "application/x-www-form-urlencoded";

/// Whether the body is of that media type.
fn has_type(headers: &HeaderMap, name: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case(name))
}

impl Body {
    pub(crate) fn parse(headers: &HeaderMap, bytes: &[u8]) -> Result<Self, BodyRefused> {
        let is = |name: &str| has_type(headers, name);
        if bytes.is_empty() {
            Ok(Self::default())
        } else if is("application/json") || is("application/ld+json") {
            Fields::from_json(bytes).map(Self).ok_or(BodyRefused::InvalidJson)
        } else if is(FORM) {
            Ok(Self(Fields::from_form(bytes)))
        } else {
            Ok(Self::default())
        }
    }
}

/// One request to the auth routes.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Fields,
    pub(crate) body: Fields,
    /// The other end of the connection, as far as the server told it.
    pub(crate) peer: Option<ClientAddress>,
    /// From where it came, as far as somebody knows.
    pub(crate) origin: ClientOrigin,
}

impl<'a> Request<'a> {
    pub(crate) fn cookies(&self) -> RequestCookies<'a> {
        RequestCookies::new(self.headers)
    }

    pub(crate) fn is_post(&self) -> bool {
        self.method == Method::POST
    }

    /// Whether a page is fetched that nobody asked to see: ahead of a link (`Sec-Purpose` of the
    /// standard "Fetch", `Purpose` of earlier browsers), or by a script of the site, as routers
    /// fetch pages ahead (`Sec-Fetch-Mode` other than `navigate`). A page that is rendered ahead is
    /// shown without being fetched once more, and so is what htmx and Turbo fetch.
    pub(crate) fn is_fetched_ahead(&self) -> bool {
        let text = |name| self.headers.get(name).and_then(|value| value.to_str().ok());
        let is_prefetch = ["sec-purpose", "purpose"]
            .into_iter()
            .filter_map(text)
            .any(|purpose| purpose.trim_start().starts_with("prefetch"));
        let is_rendered = text("sec-purpose").is_some_and(|purpose| purpose.contains("prerender"));
        let by_script = text("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
        let is_shown = ["hx-request", "x-turbo-request-id"]
            .into_iter()
            .any(|name| self.headers.contains_key(name));
        !self.is_post() && !is_rendered && (is_prefetch || by_script && !is_shown)
    }

    /// Whether the fields of the body are those of a form.
    pub(crate) fn is_form(&self) -> bool {
        has_type(self.headers, FORM)
    }

    /// Whether the answer is wanted as JSON in the place of a redirect: the text `"true"` only,
    /// as in v4.
    pub(crate) fn wants_json(&self) -> bool {
        self.body.text("json") == Some("true")
    }

    /// The callback URL asked for: the body's, even if it is empty, before the query's.
    pub(crate) fn callback_url(&self) -> Field<'_> {
        match self.body.field("callbackUrl") {
            Field::Absent => self.query.field("callbackUrl"),
            field => field,
        }
    }
}
