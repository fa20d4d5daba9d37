//! The spans that an exporter in memory got.

use std::sync::OnceLock;

use opentelemetry::KeyValue;
use opentelemetry::trace::{TraceContextExt as _, TraceId};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing::info_span;
use tracing::span::EnteredSpan;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::telemetry;

/// The spans of one test, which is a trace of its own in the one exporter.
pub(super) struct Received {
    exporter: InMemorySpanExporter,
    traces: SdkTracerProvider,
    trace: TraceId,
    _test: EnteredSpan,
}

impl Received {
    /// Of all that this thread does from now on.
    pub(super) fn by_this_test() -> Self {
        // A subscriber of one thread alone would miss spans: whether one is wanted is remembered for all.
        static STARTED: OnceLock<(InMemorySpanExporter, SdkTracerProvider)> = OnceLock::new();
        let (exporter, traces) = STARTED.get_or_init(|| {
            let exporter = InMemorySpanExporter::default();
            (exporter.clone(), telemetry::start(exporter))
        });
        let test = info_span!("test").entered();
        let trace = test.context().span().span_context().trace_id();
        Self { exporter: exporter.clone(), traces: traces.clone(), trace, _test: test }
    }

    fn spans(&self) -> Vec<SpanData> {
        self.traces.force_flush().unwrap();
        let mut spans = self.exporter.get_finished_spans().unwrap();
        spans.retain(|span| span.span_context.trace_id() == self.trace);
        spans
    }

    /// The last span of that name.
    pub(super) fn last(&self, name: &str) -> SpanData {
        let spans = self.spans();
        let found = spans.iter().rfind(|span| span.name == name).cloned();
        found.unwrap_or_else(|| panic!("no span {name} among {spans:#?}"))
    }

    /// The spans that have this one as their parent, in the order in which they began.
    pub(super) fn below(&self, parent: &SpanData) -> Vec<SpanData> {
        let mut spans = self.spans();
        spans.retain(|span| span.parent_span_id == parent.span_context.span_id());
        spans.sort_by_key(|span| span.start_time);
        spans
    }

    /// No name, attribute or event has any of these in it.
    pub(super) fn has_none_of(&self, secrets: &[&str]) {
        let spans = self.spans();
        assert!(spans.len() > 1);
        for span in spans {
            let events = span.events.iter().flat_map(|event| {
                event.attributes.iter().map(said).chain([event.name.to_string()])
            });
            let all = span.attributes.iter().map(said).chain(events).chain([span.name.to_string()]);
            for text in all.filter(|text| is_telling(text)) {
                let found = secrets.iter().find(|secret| text.contains(**secret));
                assert_eq!(found, None, "in `{text}` of {}", span.name);
            }
        }
    }
}

fn said(attribute: &KeyValue) -> String {
    format!("{}={}", attribute.key, attribute.value)
}

/// Where in the source a span is, which thread it was in and how long it took are the layer's own words.
fn is_telling(attribute: &str) -> bool {
    let own = ["busy_ns=", "code.", "idle_ns=", "target=", "thread."];
    !own.iter().any(|name| attribute.starts_with(name))
}

/// The attributes but for the layer's own.
pub(super) fn attributes(attributes: &[KeyValue]) -> Vec<String> {
    attributes.iter().map(said).filter(|text| is_telling(text)).collect()
}

/// The attributes of the event with that text.
pub(super) fn event(span: &SpanData, text: &str) -> Vec<String> {
    let found = span.events.iter().find(|event| event.name == text);
    let found = found.unwrap_or_else(|| panic!("no event `{text}` in {span:#?}"));
    attributes(&found.attributes)
}
