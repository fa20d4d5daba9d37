//! Metrics as Prometheus reads them: `GET /metrics` at an address of its own.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use super::connection::{Deadlines, connection};
use super::occasional::Occasional;
use super::places::Places;
use super::serve::plain;

/// The text format of Prometheus.
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
/// Bounds of durations, in seconds: from a read of an index to the deadline of a provider.
const BOUNDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];
/// How often what was measured is put into its bucket, whether or not somebody asks.
const UPKEEP: Duration = Duration::from_secs(5);
/// How many connections there may be, so that none is taken from visitors.
const MAXIMUM_CONNECTIONS: usize = 16;
/// For how long nobody is accepted after the system had no room for a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Counts from now on, and answers whoever asks, until the runtime ends.
pub(crate) async fn serve(
    address: SocketAddr,
    deadlines: Deadlines,
) -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("metrics cannot be served at {address}, their `metrics_address`: {error}")
    })?;
    let recorder = PrometheusBuilder::new().set_buckets(&BOUNDS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    typegate::describe_metrics();
    tracing::info!("metrics at http://{}/metrics", listener.local_addr()?);
    tokio::spawn(keep_up(handle.clone()));
    tokio::spawn(accept(listener, deadlines, handle));
    Ok(())
}

async fn keep_up(handle: PrometheusHandle) {
    let mut next = tokio::time::interval(UPKEEP);
    loop {
        next.tick().await;
        handle.run_upkeep();
    }
}

async fn accept(listener: TcpListener, deadlines: Deadlines, handle: PrometheusHandle) {
    let places = Places::new(MAXIMUM_CONNECTIONS, MAXIMUM_CONNECTIONS);
    let (by_system, all_taken) = (Occasional::default(), Occasional::default());
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                if let Some(times) = by_system.happened() {
                    tracing::warn!(%error, times, "a connection for metrics could not be accepted");
                }
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(place) = places.take(peer.ip(), false) else {
            if let Some(times) = all_taken.happened() {
                tracing::warn!(
                    times,
                    "refused: there are {MAXIMUM_CONNECTIONS} connections for metrics, which are for \
                     collectors only"
                );
            }
            continue;
        };
        let handle = handle.clone();
        let connection = connection(stream, deadlines, move |request| {
            let is_read = [Method::GET, Method::HEAD].contains(request.method());
            let answer = match request.uri().path() {
                "/metrics" if is_read => text(handle.render()),
                _ => plain(StatusCode::NOT_FOUND, "Not Found"),
            };
            std::future::ready(answer)
        });
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection for metrics ended");
            }
            drop(place);
        });
    }
}

fn text(text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}
