//! Metrics: what those who run a site count. They go through the facade of the crate `metrics`, to
//! whatever recorder the program has installed; without the feature `metrics` nothing is counted, and
//! none of this costs anything.
//!
//! Labels come from the configuration and from tables of this crate, never from a request: whoever
//! sends one could make series without end. Only hosts may be a provider's word, in its discovery
//! document, so there are so many of them and no more.

use std::future::Future;
#[cfg(feature = "metrics")]
use std::{
    collections::BTreeSet,
    sync::{Mutex, OnceLock, PoisonError},
};

use http::StatusCode;

/// A metric as operators see it.
#[cfg(feature = "metrics")]
#[derive(Clone, Copy, Debug)]
struct Metric {
    name: &'static str,
    kind: Kind,
    #[cfg(test)]
    labels: &'static str,
    help: &'static str,
}

#[cfg(feature = "metrics")]
#[derive(Clone, Copy, Debug)]
enum Kind {
    Counter,
    Histogram,
}

/// The list: a constant for each name, and the table that is described to the recorder and printed in
/// the documentation.
macro_rules! metrics {
    ($($constant:ident: $kind:ident $name:literal by $labels:literal, $help:literal;)*) => {
        $(#[cfg(feature = "metrics")] const $constant: &str = $name;)*

        #[cfg(feature = "metrics")]
        const METRICS: &[Metric] = &[$(Metric {
            name: $name,
            kind: Kind::$kind,
            #[cfg(test)]
            labels: $labels,
            help: $help,
        }),*];
    };
}

metrics! {
    REQUESTS: Counter "typegate_requests_total" by "`action`, `status`",
        "Requests to the auth routes. `action` is the first segment below the base path, or `other`; `status` its class, such as `2xx`.";
    SIGN_INS: Counter "typegate_sign_ins_total" by "`provider`", "People who signed in.";
    SIGN_OUTS: Counter "typegate_sign_outs_total" by "", "People who signed out.";
    REFUSED_ATTEMPTS: Counter "typegate_refused_attempts_total" by "`provider`",
        "Attempts to sign in, and requests for links, that the rate limit refused.";
    FAILURES: Counter "typegate_failures_total" by "`code`, `provider`",
        "What is logged under a documented code, also the lines that the log leaves out. `provider` is \
         empty where a failure is about none.";
    SESSION_READS: Counter "typegate_session_reads_total" by "`outcome`",
        "Session cookies that were read, by a route, an extractor or the guard: `session`, or `none` if \
         there is no such session (any more).";
    ADAPTER_SECONDS: Histogram "typegate_adapter_seconds" by "`method`, `outcome`",
        "How long a method of the adapter took: `ok` or `error`.";
    OUTBOUND_SECONDS: Histogram "typegate_outbound_seconds" by "`host`, `outcome`",
        "How long a provider took to answer. `host` is the first hundred that were asked, or `other`; \
         `outcome` the class of the status, such as `2xx`, or `none` if there was no answer.";
}

/// Tells the recorder of the crate `metrics` what typegate counts, with units. `build()` does so; a
/// program that installs its recorder later calls this again. A recorder that is told nothing counts all
/// the same.
///
/// ```
/// // What the recorder of the crate `metrics-exporter-prometheus` prints as `# HELP`.
/// typegate::describe_metrics();
/// ```
#[cfg(feature = "metrics")]
pub fn describe_metrics() {
    for metric in METRICS {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.help),
            Kind::Histogram => {
                metrics::describe_histogram!(metric.name, metrics::Unit::Seconds, metric.help);
            }
        }
    }
}

pub(crate) fn describe() {
    #[cfg(feature = "metrics")]
    describe_metrics();
}

/// A request to an action was answered. It is counted without an allocation: a session is read here.
/// `actions` are those that are counted by their names.
pub(crate) fn answered(actions: &'static [&'static str], action: Option<&str>, status: StatusCode) {
    #[cfg(feature = "metrics")]
    {
        let known = action.and_then(|action| actions.iter().position(|known| *known == action));
        let series = REQUEST_SERIES.get_or_init(|| request_series(actions));
        let series = series.get(known.unwrap_or(actions.len()));
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(key) = series.and_then(|classes| classes.get(class)) {
            metrics::with_recorder(|recorder| recorder.register_counter(key, &METADATA))
                .increment(1);
        }
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (actions, action, status);
}

#[cfg(feature = "metrics")]
static METADATA: metrics::Metadata<'static> =
    metrics::Metadata::new(module_path!(), metrics::Level::INFO, Some(module_path!()));

#[cfg(feature = "metrics")]
static REQUEST_SERIES: OnceLock<Vec<[metrics::Key; 5]>> = OnceLock::new();

/// The series of each action, and of all else behind them, by the first digit of the status.
#[cfg(feature = "metrics")]
fn request_series(actions: &'static [&'static str]) -> Vec<[metrics::Key; 5]> {
    let key = |action, status| {
        let labels = [("action", action), ("status", status)];
        let labels = labels.map(|(name, value)| metrics::Label::from_static_parts(name, value));
        metrics::Key::from_parts(REQUESTS, labels.to_vec())
    };
    let actions = actions.iter().copied().chain(["other"]);
    actions.map(|action| STATUS_CLASSES.map(|status| key(action, status))).collect()
}

/// Somebody signed in with a provider of the configuration.
pub(crate) fn signed_in(provider: &str) {
    #[cfg(feature = "metrics")]
    metrics::counter!(SIGN_INS, "provider" => provider.to_owned()).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = provider;
}

/// Somebody signed out.
pub(crate) fn signed_out() {
    #[cfg(feature = "metrics")]
    metrics::counter!(SIGN_OUTS).increment(1);
}

/// The rate limit refused an attempt with a provider of the configuration.
pub(crate) fn attempt_refused(provider: Option<&str>) {
    #[cfg(feature = "metrics")]
    metrics::counter!(REFUSED_ATTEMPTS, "provider" => provider.unwrap_or_default().to_owned())
        .increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = provider;
}

/// Something is logged under a code, perhaps about a provider of the configuration.
pub(crate) fn failed(code: &'static str, provider: Option<&str>) {
    #[cfg(feature = "metrics")]
    metrics::counter!(
        FAILURES,
        "code" => code,
        "provider" => provider.unwrap_or_default().to_owned()
    )
    .increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = (code, provider);
}

/// A session cookie was read.
pub(crate) fn session_read(is_session: bool) {
    #[cfg(feature = "metrics")]
    {
        // Apart, because labels that are literals are no allocation.
        let counter = match is_session {
            true => metrics::counter!(SESSION_READS, "outcome" => "session"),
            false => metrics::counter!(SESSION_READS, "outcome" => "none"),
        };
        counter.increment(1);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = is_session;
}

/// Awaits a method of the adapter.
#[cfg(feature = "metrics")]
pub(crate) async fn adapter_call<T, E>(
    method: &'static str,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let start = std::time::Instant::now();
    let answer = call.await;
    let outcome = if answer.is_ok() { "ok" } else { "error" };
    metrics::histogram!(ADAPTER_SECONDS, "method" => method, "outcome" => outcome)
        .record(start.elapsed());
    answer
}

/// Awaits a method of the adapter.
#[cfg(not(feature = "metrics"))]
pub(crate) fn adapter_call<F: Future>(_: &'static str, call: F) -> F {
    call
}

/// Awaits the answer of another server.
#[cfg(feature = "metrics")]
pub(crate) async fn outbound<B, E>(
    uri: &http::Uri,
    call: impl Future<Output = Result<http::Response<B>, E>>,
) -> Result<http::Response<B>, E> {
    let start = std::time::Instant::now();
    let answer = call.await;
    let outcome = match &answer {
        Ok(answer) => status_class(answer.status()),
        Err(_) => "none",
    };
    let host = HOSTS.label(uri.host().unwrap_or_default());
    metrics::histogram!(OUTBOUND_SECONDS, "host" => host, "outcome" => outcome)
        .record(start.elapsed());
    answer
}

#[cfg(feature = "metrics")]
fn status_class(status: StatusCode) -> &'static str {
    let class = usize::from(status.as_u16() / 100).saturating_sub(1);
    STATUS_CLASSES.get(class).copied().unwrap_or("other")
}

#[cfg(feature = "metrics")]
const STATUS_CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

#[cfg(feature = "metrics")]
static HOSTS: Hosts = Hosts(Mutex::new(BTreeSet::new()));

/// The hosts that were asked first.
#[cfg(feature = "metrics")]
struct Hosts(Mutex<BTreeSet<String>>);

#[cfg(feature = "metrics")]
impl Hosts {
    const MAXIMUM: usize = 100;

    /// The host itself, or what stands for those that came too late.
    fn label(&self, host: &str) -> String {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(host) {
            if known.len() >= Self::MAXIMUM {
                return "other".to_owned();
            }
            known.insert(host.to_owned());
        }
        host.to_owned()
    }
}

/// Awaits the answer of another server.
#[cfg(not(feature = "metrics"))]
pub(crate) fn outbound<F: Future>(_: &http::Uri, call: F) -> F {
    call
}

#[cfg(all(test, feature = "metrics"))]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn r223_a_provider_that_names_new_hosts_makes_no_series_without_end() {
        let hosts = Hosts(Mutex::default());
        let label = |number: usize| hosts.label(&format!("h{number}.example"));
        for number in 0..Hosts::MAXIMUM {
            assert_eq!(label(number), format!("h{number}.example"));
        }
        assert_eq!((label(Hosts::MAXIMUM), label(0)), ("other".into(), "h0.example".into()));
        assert_eq!(hosts.0.lock().unwrap().len(), Hosts::MAXIMUM);
    }

    /// `TYPEGATE_WRITE_DOCS=1 cargo test --features metrics` writes it anew.
    #[test]
    fn the_documentation_lists_every_metric() {
        let mut table = String::from("| metric | kind | labels | counts |\n|---|---|---|---|\n");
        for Metric { name, kind, labels, help } in METRICS {
            let kind = match kind {
                Kind::Counter => "counter",
                Kind::Histogram => "histogram",
            };
            writeln!(table, "| `{name}` | {kind} | {labels} | {help} |").unwrap();
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operation.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (start, end) = ("<!-- metrics -->\n", "\n<!-- end of metrics -->");
        let (before, rest) = page.split_once(start).unwrap();
        let (written, after) = rest.split_once(end).unwrap();
        if std::env::var_os("TYPEGATE_WRITE_DOCS").is_some() {
            std::fs::write(path, format!("{before}{start}{table}{end}{after}")).unwrap();
        } else {
            assert_eq!(written, table, "docs/operation.md is out of date");
        }
    }
}
