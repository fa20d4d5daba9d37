//! The command `serve`: the auth routes as a server of their own.

use std::error::Error;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower_service::Service as _;
use typegate::dynamic::{Configuration, Registry, ServerSettings};
use typegate::{Auth, ClientAddress};

use super::clean_up::clean_up;
use super::connection::{Deadlines, connection};
use super::health::Health;
use super::log::Log;
use super::occasional::Occasional;
use super::places::{Places, Taken};
use super::signals::Signals;

/// How long requests under way may take after the process was told to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the database may take for its farewell.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long nobody is accepted after the system had no room for a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until the process is told to end.
pub(crate) fn serve(configuration: &Path, is_verbose: bool) -> Result<(), Box<dyn Error>> {
    let _log = Log::start(is_verbose)?;
    let configuration = Configuration::from_file(configuration)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let (auth, settings) = configuration.build_server(&Registry::new()).await?;
        let address = settings.address;
        let listener = TcpListener::bind(address).await.map_err(|error| {
            format!("the server cannot listen on {address}, its `address`: {error}")
        })?;
        if let Some(address) = settings.metrics_address {
            super::scrape::serve(address, deadlines(&settings)).await?;
        }
        // Whoever reads that it listens may end it.
        let signals = Signals::listen()?;
        tracing::info!("listening on http://{}{}", listener.local_addr()?, auth.base_path());
        accept(listener, auth, settings, signals).await;
        Ok(())
    });
    // A name that is being looked up would hold the end up.
    runtime.shutdown_background();
    served
}

/// Who is turned away may be a stranger, or everybody: the log says so, whoever it is.
#[derive(Default)]
struct Refusals {
    by_system: Occasional,
    all_taken: Occasional,
    all_of_client_taken: Occasional,
    not_a_proxy: Occasional,
}

impl Refusals {
    fn no_place(&self, taken: Taken, peer: IpAddr) {
        match taken {
            Taken::All => {
                if let Some(times) = self.all_taken.happened() {
                    tracing::warn!(times, "refused: there are `max_connections` connections");
                }
            }
            Taken::OfClient => {
                if let Some(times) = self.all_of_client_taken.happened() {
                    tracing::warn!(
                        %peer,
                        times,
                        "refused: the client has `max_connections_per_client` connections; if it \
                         is a proxy, name it in `trusted_proxies`"
                    );
                }
            }
        }
    }

    fn no_proxy(&self, peer: IpAddr) {
        if let Some(times) = self.not_a_proxy.happened() {
            tracing::warn!(
                %peer,
                times,
                "refused: only proxies that `trusted_proxies` names may ask, and this is none"
            );
        }
    }
}

fn deadlines(settings: &ServerSettings) -> Deadlines {
    Deadlines {
        head: settings.head_deadline,
        request: settings.request_deadline,
        write: settings.write_deadline,
    }
}

async fn accept(listener: TcpListener, auth: Auth, settings: ServerSettings, mut signals: Signals) {
    let settings = Arc::new(settings);
    tokio::spawn(clean_up(Arc::clone(&settings)));
    let connections = GracefulShutdown::new();
    let places = Places::new(settings.max_connections, settings.max_connections_per_client);
    let deadlines = deadlines(&settings);
    let refusals = Arc::new(Refusals::default());
    let health = Arc::new(Health::default());
    let signal = loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    if let Some(times) = refusals.by_system.happened() {
                        tracing::warn!(%error, times, "a connection could not be accepted");
                    }
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            signal = signals.next() => break signal,
        };
        // As it is written in the configuration and in the log.
        let peer = peer.ip().to_canonical();
        let place = match places.take(peer, settings.is_proxy(peer)) {
            Ok(place) => place,
            Err(taken) => {
                refusals.no_place(taken, peer);
                continue;
            }
        };
        let (auth, settings) = (auth.clone(), Arc::clone(&settings));
        let (refusals, health) = (Arc::clone(&refusals), Arc::clone(&health));
        let connection = connection(stream, deadlines, move |request| {
            let (auth, settings) = (auth.clone(), Arc::clone(&settings));
            let (refusals, health) = (Arc::clone(&refusals), Arc::clone(&health));
            async move {
                // Whatever watches over the process is none of the proxies.
                match health.answer(&auth, &settings, &request).await {
                    Some(answer) => answer,
                    None => answer(auth, &settings, &refusals, peer, request).await,
                }
            }
        });
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(place);
        });
    };
    drop(listener);
    tracing::info!(signal, "ending");
    let end = async {
        if tokio::time::timeout(PATIENCE, connections.shutdown()).await.is_err() {
            tracing::warn!("requests under way were given up");
        }
        close_database(&settings).await;
    };
    tokio::select! {
        () = end => {}
        signal = signals.next() => {
            tracing::warn!(signal, "told again: requests under way were given up");
        }
    }
}

/// So that a copy of an SQLite file is whole. Nothing is lost without it.
async fn close_database(settings: &ServerSettings) {
    let failure = match tokio::time::timeout(FAREWELL, settings.close_database()).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.source().map_or_else(|| error.to_string(), ToString::to_string),
        Err(_) => format!("it took longer than {} s", FAREWELL.as_secs()),
    };
    tracing::warn!(
        error = failure,
        "the database was not closed; who copies an SQLite file now copies its `-wal`, too"
    );
}

async fn answer(
    auth: Auth,
    settings: &ServerSettings,
    refusals: &Refusals,
    peer: IpAddr,
    mut request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    if !settings.admits(peer) {
        refusals.no_proxy(peer);
        return plain(StatusCode::FORBIDDEN, "Forbidden");
    }
    request.extensions_mut().insert(ClientAddress(peer));
    match auth.service().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
