//! The command `serve`: the auth routes as a server of their own.

use std::error::Error;
use std::io::IsTerminal as _;
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
use jiff::Timestamp;
use tokio::net::TcpListener;
use tower_service::Service as _;
use tracing::Level;
use typegate::dynamic::{Configuration, Registry, ServerSettings};
use typegate::{Auth, ClientAddress};

use super::connection::{Deadlines, connection};
use super::occasional::Occasional;
use super::places::{Places, Taken};

/// How long requests under way may take after the process was told to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long nobody is accepted after the system had no room for a connection.
const PAUSE: Duration = Duration::from_millis(100);
/// How often what has ended is removed from the database.
const CLEAN_UP: Duration = Duration::from_secs(60 * 60);
/// How long it has to have ended: a clock that is wrong by hours, for a while, signs nobody out.
const GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// Serves until the process is told to end.
pub(crate) fn serve(configuration: &Path, is_verbose: bool) -> Result<(), Box<dyn Error>> {
    let level = if is_verbose { Level::DEBUG } else { Level::INFO };
    let mut log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr);
    if !std::io::stderr().is_terminal() {
        log = log.with_ansi(false);
    }
    log.init();
    let configuration = Configuration::from_file(configuration)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (auth, settings) = configuration.build_server(&Registry::new()).await?;
        let address = settings.address;
        let listener = TcpListener::bind(address).await.map_err(|error| {
            format!("the server cannot listen on {address}, its `address`: {error}")
        })?;
        tracing::info!("listening on http://{}{}", listener.local_addr()?, auth.base_path());
        accept(listener, auth, settings).await
    })
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

/// Removes from the database what ended a day ago. Nobody else does, and strangers make rows there.
async fn clean_up(settings: Arc<ServerSettings>) {
    let mut next = tokio::time::interval(CLEAN_UP);
    loop {
        next.tick().await;
        // Nothing ended before the beginning of the calendar.
        let end = Timestamp::now().checked_sub(GRACE).unwrap_or(Timestamp::MIN);
        match settings.delete_expired(end).await {
            Ok(Some(deleted)) => tracing::debug!(?deleted, "what had ended was removed"),
            Ok(None) => return,
            Err(error) => {
                let cause = error.source().map(ToString::to_string);
                tracing::warn!(%error, cause, "what has ended could not be removed");
            }
        }
    }
}

async fn accept(
    listener: TcpListener,
    auth: Auth,
    settings: ServerSettings,
) -> Result<(), Box<dyn Error>> {
    let settings = Arc::new(settings);
    tokio::spawn(clean_up(Arc::clone(&settings)));
    let connections = GracefulShutdown::new();
    let places = Places::new(settings.max_connections, settings.max_connections_per_client);
    let deadlines = Deadlines {
        head: settings.head_deadline,
        request: settings.request_deadline,
        write: settings.write_deadline,
    };
    let refusals = Arc::new(Refusals::default());
    let mut end = std::pin::pin!(told_to_end()?);
    loop {
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
            () = &mut end => break,
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
        let (auth, settings, refusals) =
            (auth.clone(), Arc::clone(&settings), Arc::clone(&refusals));
        let connection = connection(stream, deadlines, move |request| {
            let (auth, settings, refusals) =
                (auth.clone(), Arc::clone(&settings), Arc::clone(&refusals));
            async move { answer(auth, &settings, &refusals, peer, request).await }
        });
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(place);
        });
    }
    drop(listener);
    tracing::info!("ending");
    if tokio::time::timeout(PATIENCE, connections.shutdown()).await.is_err() {
        tracing::warn!("requests under way were given up");
    }
    Ok(())
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

/// Ctrl-C, or the signal by which process managers end a process.
#[cfg(unix)]
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
