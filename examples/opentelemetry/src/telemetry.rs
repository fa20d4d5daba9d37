//! What `tracing` is told, as spans of OpenTelemetry.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter};
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

/// From here on spans go to the exporter, and lines to the terminal as before. To be shut down at the
/// end of the program.
pub fn start(exporter: impl SpanExporter + 'static) -> SdkTracerProvider {
    let service = Resource::builder().with_service_name("traced-application").build();
    let traces =
        SdkTracerProvider::builder().with_resource(service).with_batch_exporter(exporter).build();
    // typegate's spans, and the steps of a sign-in in them, are at the level debug.
    let traced =
        Targets::new().with_default(LevelFilter::INFO).with_target("typegate", LevelFilter::DEBUG);
    let spans = tracing_opentelemetry::layer().with_tracer(traces.tracer("traced-application"));
    tracing_subscriber::registry()
        .with(spans.with_filter(traced))
        .with(fmt::layer().with_filter(LevelFilter::INFO))
        .init();
    traces
}

/// The span of a request, under OpenTelemetry's names, in which those of typegate are. The path is the
/// route's: that of the request, and its query, may have secrets in them.
pub async fn server_span(request: Request, next: Next) -> Response {
    let method = request.method().as_str();
    let route = request.extensions().get().map_or("", MatchedPath::as_str);
    let span = info_span!(
        "request",
        otel.kind = "server",
        otel.name = format!("{method} {route}"),
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty
    );
    let response = next.run(request).instrument(span.clone()).await;
    // Signed, or text is made of it.
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    response
}
