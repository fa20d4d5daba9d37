//! Health: whether the process lives (`/healthz`), and whether it can serve (`/readyz`), for whatever
//! watches over it. Neither is below the path of the auth routes.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use tokio::time::Instant;
use typegate::Auth;
use typegate::dynamic::ServerSettings;

use super::occasional::Occasional;
use super::serve::plain;

const LIVES: &str = "/healthz";
const IS_READY: &str = "/readyz";
/// For how long an answer of the database counts: anybody may ask.
const COUNTS_FOR: Duration = Duration::from_secs(1);
/// How long the database may take for one.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is known about the database.
#[derive(Default)]
pub(crate) struct Health {
    last: Mutex<Option<(Instant, bool)>>,
    /// One caller asks, and the others wait for it.
    asking: tokio::sync::Mutex<()>,
    outages: Occasional,
}

impl Health {
    /// The answer, if the request is for one of the two.
    pub(crate) async fn answer<B>(
        &self,
        auth: &Auth,
        settings: &ServerSettings,
        request: &Request<B>,
    ) -> Option<Response<Full<Bytes>>> {
        let path = request.uri().path();
        let is_auth_route = path
            .strip_prefix(auth.base_path())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if is_auth_route || ![Method::GET, Method::HEAD].contains(request.method()) {
            return None;
        }
        match path {
            LIVES => Some(plain(StatusCode::OK, "alive\n")),
            IS_READY if self.is_ready(settings).await => Some(plain(StatusCode::OK, "ready\n")),
            // Why is for the log: anybody may ask.
            IS_READY => Some(plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")),
            _ => None,
        }
    }

    async fn is_ready(&self, settings: &ServerSettings) -> bool {
        if let Some(known) = self.known() {
            return known;
        }
        let _asking = self.asking.lock().await;
        if let Some(known) = self.known() {
            return known;
        }
        let failure = match tokio::time::timeout(PATIENCE, settings.ask_database()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
        };
        if let Some(error) = &failure
            && let Some(times) = self.outages.happened()
        {
            tracing::warn!(error, times, "not ready: the database does not answer");
        }
        let is_ready = failure.is_none();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), is_ready));
        is_ready
    }

    fn known(&self) -> Option<bool> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(at, _)| at.elapsed() < COUNTS_FOR).map(|(_, is_ready)| is_ready)
    }
}
