//! Spans: what a trace of an application has of typegate in it. They are at the level debug, and none
//! is made where nobody listens to that.
//!
//! Their fields come from the configuration and from tables of this crate, as the labels of metrics do,
//! and the host of whoever is asked: paths, queries, headers and bodies have secrets in them.

use http::{Method, Response, StatusCode, Uri};
use tracing::Span;
use tracing::field::Empty;

const STATUS: &str = "http.response.status_code";
/// Where `tracing-opentelemetry` looks for the outcome of a span.
const OUTCOME: &str = "otel.status_code";

/// The span of a request to the auth routes: for which action it is, and for which provider of the
/// configuration.
///
/// It has no kind and no name of OpenTelemetry's: the server's span is the application's, around it.
pub(crate) fn request<'a>(named: impl FnOnce() -> (&'static str, Option<&'a str>)) -> Span {
    if !tracing::span_enabled!(target: "typegate", tracing::Level::DEBUG) {
        return Span::none();
    }
    let (action, provider) = named();
    tracing::debug_span!(
        target: "typegate",
        "typegate_request",
        action,
        provider,
        { STATUS } = Empty,
        { OUTCOME } = Empty
    )
}

/// The request was answered.
pub(crate) fn answered(span: &Span, status: StatusCode) {
    record(span, status, status.is_server_error());
}

/// The span of a method of the adapter.
pub(crate) fn adapter_call(method: &'static str) -> Span {
    tracing::debug_span!(target: "typegate", "typegate_adapter", method, { OUTCOME } = Empty)
}

/// The method of the adapter returned.
pub(crate) fn returned<T, E>(span: &Span, answer: &Result<T, E>) {
    if answer.is_err() {
        span.record(OUTCOME, "ERROR");
    }
}

/// The span of a request to another server, under OpenTelemetry's names for those.
pub(crate) fn outbound(method: &Method, uri: &Uri) -> Span {
    tracing::debug_span!(
        target: "typegate",
        "typegate_outbound",
        otel.kind = "client",
        http.request.method = method.as_str(),
        server.address = uri.host(),
        { STATUS } = Empty,
        { OUTCOME } = Empty
    )
}

/// The other server answered, or did not.
pub(crate) fn came_back<B, E>(span: &Span, answer: &Result<Response<B>, E>) {
    match answer.as_ref().map(Response::status) {
        Ok(status) => record(span, status, status.is_client_error() || status.is_server_error()),
        Err(_) => {
            span.record(OUTCOME, "ERROR");
        }
    }
}

fn record(span: &Span, status: StatusCode, is_failure: bool) {
    // Signed, or `tracing-opentelemetry` makes text of it.
    span.record(STATUS, i64::from(status.as_u16()));
    if is_failure {
        span.record(OUTCOME, "ERROR");
    }
}
