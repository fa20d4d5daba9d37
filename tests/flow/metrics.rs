//! Metrics: what is counted, and that nothing a stranger sends becomes a series.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use typegate::Database as Rows;
use typegate::hooks::Callbacks;

use super::support::{Database, NOW, World, credentials, site, world};

/// Counts in this thread from now on.
fn recorder() -> (PrometheusHandle, metrics::LocalRecorderGuard<'static>) {
    let recorder = PrometheusBuilder::new().set_buckets(&[60.0]).unwrap().build_recorder();
    let handle = recorder.handle();
    // A guard borrows its recorder.
    let recorder = Box::leak(Box::new(recorder));
    (handle, metrics::set_default_local_recorder(recorder))
}

/// The samples whose line begins so, sorted.
fn lines(handle: &PrometheusHandle, start: &str) -> Vec<String> {
    let text = handle.render();
    let mut lines: Vec<_> =
        text.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn what_happens_is_counted() {
    let (handle, _guard) = recorder();
    let rows = Database::default();
    let mut world =
        world!(|oidc| oidc, site => site.adapter(rows).session(Rows::default()).build().unwrap());
    world.sign_in("idp").await;
    assert_ne!(world.browser.session().await, json!({}));
    world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(
        lines(&handle, "typegate_sign_ins_total"),
        ["typegate_sign_ins_total{provider=\"idp\"} 1"]
    );
    assert_eq!(lines(&handle, "typegate_sign_outs_total"), ["typegate_sign_outs_total 1"]);
    assert_eq!(
        lines(&handle, "typegate_session_reads_total"),
        ["typegate_session_reads_total{outcome=\"session\"} 1"]
    );
    let requests = lines(&handle, "typegate_requests_total");
    for (action, status) in
        [("callback", "3xx"), ("session", "2xx"), ("signin", "3xx"), ("signout", "3xx")]
    {
        let sample = format!("{{action=\"{action}\",status=\"{status}\"}}");
        assert!(requests.iter().any(|line| line.contains(&sample)), "{sample}: {requests:?}");
    }
    let calls = lines(&handle, "typegate_adapter_seconds_count");
    for method in
        ["create_user_with_account", "create_session", "session_and_user", "delete_session"]
    {
        let sample = format!("{{method=\"{method}\",outcome=\"ok\"}}");
        assert!(calls.iter().any(|line| line.contains(&sample)), "{sample}: {calls:?}");
    }
    let asked = lines(&handle, "typegate_outbound_seconds_count");
    assert_eq!(asked, ["typegate_outbound_seconds_count{host=\"id.example\",outcome=\"2xx\"} 3"]);
    assert_eq!(lines(&handle, "typegate_failures_total"), [""; 0]);
}

/// Whatever there is to sign in with, and also what is refused before anybody looks who asks.
#[tokio::test]
async fn a_site_without_callbacks_is_described_and_its_bad_requests_are_counted() {
    let (handle, _guard) = recorder();
    let clock = typegate::testing::FrozenClock::at(NOW);
    let auth = site!(clock).provider(credentials()).build().unwrap();
    let request = http::Request::post("/api/auth/signin/credentials");
    let request = request.header("content-type", "application/json").body("{".into()).unwrap();
    assert_eq!(auth.handle(request).await.status(), 400);
    let text = handle.render();
    assert!(text.contains("# HELP typegate_requests_total"), "{text}");
    assert_eq!(
        lines(&handle, "typegate_requests_total"),
        ["typegate_requests_total{action=\"signin\",status=\"4xx\"} 1"]
    );
}

#[tokio::test]
async fn a_failure_is_counted_by_code_and_provider() {
    let (handle, _guard) = recorder();
    let callbacks = || Callbacks::new().sign_in(|_| async { Ok(false) });
    let mut world = world!(|oidc| oidc, site => site.callbacks(callbacks()).build().unwrap());
    world.sign_in("idp").await;
    assert_eq!(
        lines(&handle, "typegate_failures_total"),
        ["typegate_failures_total{code=\"ACCESS_DENIED\",provider=\"idp\"} 1"]
    );
    assert_eq!(lines(&handle, "typegate_sign_ins_total"), [""; 0]);
}

#[tokio::test]
async fn r223_strangers_make_no_series() {
    let (handle, _guard) = recorder();
    let mut world = World::new();
    for number in 0..40 {
        world.browser.get(&format!("/api/auth/no-such-action-{number}")).await;
        world.browser.get(&format!("/api/auth/callback/no-such-provider-{number}?code=1")).await;
        world.browser.get(&format!("/api/auth/error?error=Made{number}")).await;
        let body = format!("code=MADE_{number}&level=error");
        world.browser.post("/api/auth/_log", &[("code", &body), ("level", "error")]).await;
        world.browser.jar.plant("next-auth.session-token", &format!("junk-{number}"));
        world.browser.session().await;
    }
    let text = handle.render();
    assert!(text.lines().count() < 40, "{text}");
    assert!(
        !text.contains("no-such") && !text.contains("MADE_") && !text.contains("junk"),
        "{text}"
    );
}
