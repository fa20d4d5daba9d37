//! The denial: what somebody who may not pass is answered, by who asks. The guard and the extractor
//! give the same.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, VARY};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};
use url::{Position, Url};

use crate::Auth;
use crate::serve::browser_address::BrowserAddress;
use crate::web::location::SafeLocation;

/// Where htmx sends the whole page, whatever the status: both htmx 1 and 2 look at it before they
/// look at that.
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// What of a request decides about the answer (RFC 9110 section 12.5.5).
const DECIDED_BY: HeaderValue = HeaderValue::from_static(
    "cookie, accept, sec-fetch-mode, hx-request, hx-boosted, hx-current-url",
);

/// v4's code of a page that needs a session, and of somebody who may not sign in.
const SESSION_REQUIRED: &str = "SessionRequired";
const ACCESS_DENIED: &str = "AccessDenied";

/// Who asks, and so what is done with the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Asker {
    /// A browser that shows a page, and follows a redirect to another.
    Page,
    /// htmx, which follows a redirect too, and would put the sign-in page into a part of this one.
    Htmx,
    /// A script or a program, for which the sign-in page is no answer.
    Program,
}

impl Asker {
    fn of(method: &Method, headers: &HeaderMap) -> Self {
        let is = |name: &str, value: &str| {
            headers
                .get(name)
                .is_some_and(|sent| sent.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
        };
        if is("hx-request", "true") {
            return Self::Htmx;
        }
        let reads = matches!(*method, Method::GET | Method::HEAD);
        // Fetch Metadata: browsers say it, and no script can. Older ones say what they accept.
        let is_page = match headers.contains_key("sec-fetch-mode") {
            true => is("sec-fetch-mode", "navigate"),
            false => accepts_pages(headers),
        };
        if reads && is_page { Self::Page } else { Self::Program }
    }
}

/// Whether `Accept` names HTML, and names JSON not before it (RFC 9110 section 12.5.1). `*/*` is
/// what programs send that do not care, and an answer without a page is good enough for them.
fn accepts_pages(headers: &HeaderMap) -> bool {
    let (mut html, mut json) = (0, 0);
    for line in headers.get_all(ACCEPT) {
        for range in line.to_str().unwrap_or_default().split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|parameter| {
                let (name, weight) = parameter.split_once('=')?;
                name.eq_ignore_ascii_case("q").then_some(weight)
            });
            let weight = weight.map_or(1000, thousandths);
            match name.as_str() {
                "text/html" | "application/xhtml+xml" => html = html.max(weight),
                "application/json" => json = json.max(weight),
                _ => {}
            }
        }
    }
    html > 0 && html >= json
}

/// A weight, such as `0.9`; what is none counts as nothing.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f32>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1000"
        )]
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1000.0) as u16,
        _ => 0,
    }
}

/// An answer that lets nobody pass.
#[derive(Clone, Debug)]
pub(crate) struct Denial {
    status: StatusCode,
    location: Option<(HeaderName, SafeLocation)>,
    /// For whoever reads JSON.
    code: Option<&'static str>,
}

impl Denial {
    /// A browser's navigation is redirected to the sign-in page and comes back afterwards (302).
    /// All others get 401: htmx with `HX-Redirect`, by which it sends the whole page to the sign-in
    /// page, programs and scripts with v4's code as JSON.
    pub(crate) fn not_signed_in<D>(auth: &Auth<D>, parts: &Parts) -> Self {
        let to_sign_in = |target: &str| auth.sign_in_location(target);
        let target = || {
            BrowserAddress::of(&parts.uri, &parts.extensions, auth.mounted_at()).path_and_query()
        };
        let (status, location) = match Asker::of(&parts.method, &parts.headers) {
            Asker::Page => (StatusCode::FOUND, Some((LOCATION, to_sign_in(&target())))),
            Asker::Htmx => {
                let page = page_of_htmx(&parts.headers).unwrap_or_else(|| target().into_owned());
                (StatusCode::UNAUTHORIZED, Some((HX_REDIRECT, to_sign_in(&page))))
            }
            Asker::Program => (StatusCode::UNAUTHORIZED, None),
        };
        let code = location.is_none().then_some(SESSION_REQUIRED);
        Self { status, location, code }
    }

    /// For somebody who is signed in, and not for them.
    pub(crate) fn not_authorized(parts: &Parts) -> Self {
        let is_program = Asker::of(&parts.method, &parts.headers) == Asker::Program;
        let code = is_program.then_some(ACCESS_DENIED);
        Self { status: StatusCode::FORBIDDEN, location: None, code }
    }

    /// Nobody knows who it is.
    pub(crate) fn failed() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, location: None, code: None }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn response<R: From<Bytes>>(&self) -> Response<R> {
        let body = self.code.map(|code| serde_json::json!({ "error": code }).to_string());
        let is_json = body.is_some();
        let mut response = Response::new(R::from(Bytes::from(body.unwrap_or_default())));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(VARY, DECIDED_BY);
        if is_json {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some((name, location)) = &self.location {
            headers.insert(name, location.header_value());
        }
        response
    }
}

/// The page that a visitor is on, of which htmx asks for a part. The path only, so it is on this
/// site whatever the header says; a page of which htmx replaces all is where it goes itself.
fn page_of_htmx(headers: &HeaderMap) -> Option<String> {
    if headers.contains_key("hx-boosted") {
        return None;
    }
    let current = Url::parse(headers.get("hx-current-url")?.to_str().ok()?).ok()?;
    Some(current[Position::BeforePath..Position::AfterQuery].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_is_told_by_fetch_metadata_or_else_by_what_is_accepted() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (method, lines, expected) in [
            ("GET", &[][..], Asker::Program),
            ("GET", &[("accept", browser)], Asker::Page),
            ("HEAD", &[("accept", "TEXT/HTML")], Asker::Page),
            ("POST", &[("accept", browser)], Asker::Program),
            ("GET", &[("accept", "*/*")], Asker::Program),
            ("GET", &[("accept", "application/json")], Asker::Program),
            ("GET", &[("accept", "application/json, text/html;q=0.5")], Asker::Program),
            ("GET", &[("accept", "text/html, application/json;q=0.5")], Asker::Page),
            ("GET", &[("accept", "text/html;q=0, */*")], Asker::Program),
            ("GET", &[("accept", "text/html;q=2, */*")], Asker::Program),
            ("GET", &[("accept", "text/html;Q=0, */*")], Asker::Program),
            (
                "GET",
                &[("accept", "text/html;Q=0.4, application/json;level=1;Q=0.5")],
                Asker::Program,
            ),
            ("GET", &[("accept", "text/html ; Q=0.6, application/json;q=0.5")], Asker::Page),
            ("GET", &[("accept", "text/htmlx")], Asker::Program),
            ("GET", &[("accept", "*/*"), ("accept", "text/html")], Asker::Page),
            ("GET", &[("accept", "*/*"), ("sec-fetch-mode", "navigate")], Asker::Page),
            ("GET", &[("accept", browser), ("sec-fetch-mode", "cors")], Asker::Program),
            ("GET", &[("accept", browser), ("sec-fetch-mode", "no-cors")], Asker::Program),
            ("GET", &[("accept", browser), ("sec-fetch-mode", "same-origin")], Asker::Program),
            ("POST", &[("sec-fetch-mode", "navigate")], Asker::Program),
            ("GET", &[("accept", browser), ("hx-request", "true")], Asker::Htmx),
            ("POST", &[("sec-fetch-mode", "cors"), ("hx-request", "true")], Asker::Htmx),
            ("GET", &[("accept", browser), ("hx-request", "false")], Asker::Page),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(*name, HeaderValue::from_static(value));
            }
            let method = method.parse().unwrap();
            assert_eq!(Asker::of(&method, &headers), expected, "{method} {lines:?}");
        }
    }
}
