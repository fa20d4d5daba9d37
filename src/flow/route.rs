//! Routing: the first segment below the base path is the action, the second the provider.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::config::{Config, Provider, Site};
use crate::error::ErrorCode;
use crate::flow::{self, Begun, Context, Refused};
use crate::runtime::metric;
use crate::web::{Body, BodyRefused, Fields, Reply, Request};

/// The action of OpenID Connect Back-Channel Logout, which NextAuth v4 lacks.
const BACK_CHANNEL_LOGOUT: &str = "backchannel-logout";

/// The first segments below the base path that requests have, by which they are counted and traced.
const ACTIONS: [&str; 10] = [
    "signin",
    "signout",
    "error",
    "verify-request",
    "csrf",
    "session",
    "providers",
    "callback",
    "_log",
    BACK_CHANNEL_LOGOUT,
];

/// Whether the rest of a path, below the base path, is that of a route that is there, beside the error
/// page.
pub(super) fn is_route(rest: &str, is_provider: impl Fn(&str) -> bool) -> bool {
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
    let (action, second) = (segments.next().unwrap_or_default(), segments.next());
    segments.next().is_none()
        && match action {
            "csrf" | "session" | "providers" | "signout" | "verify-request" | "_log" => {
                second.is_none()
            }
            "signin" => second.is_none_or(is_provider),
            "callback" | BACK_CHANNEL_LOGOUT => second.is_some_and(is_provider),
            _ => false,
        }
}

/// Whether a GET of the action is a page.
pub(super) fn is_page(action: &str) -> bool {
    matches!(action, "signin" | "signout" | "error" | "verify-request")
}

/// The maximum length of a body, in bytes.
pub(crate) const MAXIMUM_BODY: usize = 64 * 1024;

/// The path below the base path, if the request is for the auth routes. Whole segments are
/// compared: `/api/authors` is not below `/api/auth`.
pub(crate) fn below<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(base)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Answers a request whose body has been read.
pub(crate) async fn handle(config: &Arc<Config>, parts: &Parts, body: &[u8]) -> Response<Bytes> {
    let Some(rest) = below(config.site.mount().served(), parts.uri.path()) else {
        flow::note_missed_path(config, parts.uri.path(), flow::Seen::ByRoutes);
        return Reply::empty().status(StatusCode::NOT_FOUND).into_response(false);
    };
    let [action, second] = segments(rest);
    let response = respond(config, parts, body, action.as_deref(), second.as_deref()).await;
    metric::answered(&ACTIONS, action.as_deref(), response.status());
    response
}

/// What a request is for, as far as words of this crate and of the configuration say it: the action, or
/// `other`, and the provider.
pub(crate) fn named<'c>(config: &'c Config, parts: &Parts) -> (&'static str, Option<&'c str>) {
    let rest = below(config.site.mount().served(), parts.uri.path()).unwrap_or_default();
    let [action, second] = segments(rest);
    let known = ACTIONS.into_iter().find(|known| action.as_deref() == Some(known));
    let provider = second.and_then(|id| config.provider(&id));
    (known.unwrap_or("other"), provider.map(Provider::id))
}

/// The action and the provider, as the rest of a path has them.
fn segments(rest: &str) -> [Option<Cow<'_, str>>; 2] {
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty()).map(decode_segment);
    [segments.next(), segments.next()]
}

async fn respond(
    config: &Arc<Config>,
    parts: &Parts,
    body: &[u8],
    action: Option<&str>,
    second: Option<&str>,
) -> Response<Bytes> {
    let site = match config.site.of_request(parts) {
        Ok(site) => site,
        Err(error) => {
            config.log.failure(ErrorCode::NextAuthUrl, None, &error);
            return Reply::text("Bad Request").status(StatusCode::BAD_REQUEST).into_response(false);
        }
    };
    config.check_host(&site.url);
    let parsed = if parts.method == Method::POST {
        Body::parse(&parts.headers, body)
    } else {
        Ok(Body::default())
    };
    let Body(body) = match parsed {
        Ok(body) => body,
        Err(BodyRefused::InvalidJson) => {
            config.log.note(ErrorCode::RequestBody, None, "the body is no JSON");
            return Reply::text("Invalid JSON")
                .status(StatusCode::BAD_REQUEST)
                .into_response(false);
        }
    };
    let query = Fields::from_form(parts.uri.query().unwrap_or_default().as_bytes());
    let origin = config.client_address.origin(&parts.headers, &parts.extensions);
    let peer = parts.extensions.get().copied();
    let request =
        Request { method: &parts.method, headers: &parts.headers, query, body, peer, origin };
    let reply = answer(config, &site, &request, action, second).await;
    reply.into_response(request.wants_json())
}

async fn answer(
    config: &Arc<Config>,
    site: &Site<'_>,
    request: &Request<'_>,
    action: Option<&str>,
    second: Option<&str>,
) -> Reply {
    let is_post = request.is_post();
    let is_get = request.method == Method::GET;
    let wants_page = is_get && action.is_some_and(is_page);
    let configuration_error = |code, error: &dyn std::fmt::Display| {
        config.log.note(code, None, &error.to_string());
        flow::configuration_error(config, &site.url, request, wants_page, code)
    };
    let Some(action) = action else {
        let reason = "the request names no action: is the whole base path routed to the handler?";
        return configuration_error(ErrorCode::MissingApiRoute, &reason);
    };
    // These answer without cookies, and before anything is decided.
    match action {
        "providers" if is_get => return flow::providers(config, site),
        "_log" if is_post => return Box::pin(flow::log_line(config, request)).await,
        _ => {}
    }
    let provider = second.and_then(|id| config.provider(id));
    // Sent by a provider, not by a browser: without cookies, too.
    if action == BACK_CHANNEL_LOGOUT
        && is_post
        && let (Some(logout), Some(users)) = (&config.back_channel_logout, &config.users)
        && let Some(relying_party) = provider.and_then(Provider::logout_sender)
    {
        let logout = flow::back_channel_logout(config, request, logout, users, relying_party);
        return Box::pin(logout).await;
    }
    if !is_supported(action, is_get, is_post, provider) {
        return unsupported(config, request.method);
    }
    let Begun { mut context, cookies } = match Context::begin(config, request, site).await {
        Ok(begun) => begun,
        Err(error @ Refused::CallbackUrl) => {
            return configuration_error(ErrorCode::InvalidCallbackUrl, &error);
        }
        Err(error @ Refused::Random(_)) => {
            return configuration_error(ErrorCode::RandomGenerator, &error);
        }
    };
    if let Some(provider @ (Provider::OAuth(_) | Provider::OAuth1(_))) = provider
        && action == "callback"
    {
        flow::recall_language(&mut context, provider.id());
    }
    // Boxed, or every request would carry room for what other actions never need.
    let reply = match action {
        "csrf" => flow::csrf_token(&context),
        "session" if is_get => flow::session(&context, flow::SessionAction::Read).await,
        "session" => flow::session(&context, flow::SessionAction::Update).await,
        "signin" if is_get => flow::sign_in_page(&context, second),
        "signin" => Box::pin(flow::sign_in(&context, provider)).await,
        "signout" if is_get => flow::sign_out_page(&context),
        "signout" => Box::pin(flow::sign_out(&context)).await,
        "error" => flow::error_page(&context, second),
        "verify-request" => flow::verify_request_page(&context),
        _ => match provider {
            Some(Provider::OAuth(relying_party)) => {
                Box::pin(flow::oauth_callback(&context, &**relying_party)).await
            }
            Some(Provider::OAuth1(relying_party)) => {
                Box::pin(flow::oauth_callback(&context, &**relying_party)).await
            }
            Some(Provider::Email(definition)) => {
                Box::pin(flow::email_callback(&context, definition)).await
            }
            Some(Provider::Credentials(definition)) if is_post => {
                Box::pin(flow::credentials_callback(&context, definition)).await
            }
            Some(Provider::Credentials(_)) => {
                let reason = "credentials are posted, and this is another method";
                config.log.note(ErrorCode::UnsupportedAction, second, reason);
                Reply::text("Error: Callback for provider type credentials not supported")
                    .status(StatusCode::INTERNAL_SERVER_ERROR)
            }
            None => unsupported(config, request.method),
        },
    };
    reply.leading_cookies(cookies)
}

fn is_supported(action: &str, is_get: bool, is_post: bool, provider: Option<&Provider>) -> bool {
    match action {
        "csrf" | "error" | "verify-request" => is_get,
        "session" | "signin" | "signout" => is_get || is_post,
        "callback" => (is_get || is_post) && provider.is_some(),
        _ => false,
    }
}

/// v4's text for what it does not do; the method is the only thing of the request in it.
fn unsupported(config: &Config, method: &Method) -> Reply {
    let reason = "there is no such action, method or provider";
    config.log.note(ErrorCode::UnsupportedAction, None, reason);
    let name = method.as_str();
    Reply::text(format!("Error: This action with HTTP {name} is not supported by NextAuth.js"))
        .status(StatusCode::BAD_REQUEST)
}

/// One segment, decoded once. A segment that decodes to something with a slash matches nothing.
fn decode_segment(segment: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_by_its_name_is_there() {
        for action in ACTIONS {
            let has_route = |rest: &str| is_route(rest, |id| id == "acme");
            let is_there = is_page(action) || has_route(action);
            assert!(is_there || has_route(&format!("{action}/acme")), "{action}");
        }
    }

    #[test]
    fn r139_whole_segments_are_compared() {
        assert_eq!(below("/api/auth", "/api/auth"), Some(""));
        assert_eq!(below("/api/auth", "/api/auth/csrf"), Some("csrf"));
        assert_eq!(below("/api/auth", "/api/authors"), None);
        assert_eq!(below("/api/auth", "/API/AUTH/csrf"), None);
        assert_eq!(below("/api/auth", "//api/auth/csrf"), None);
    }
}
