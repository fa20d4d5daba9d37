//! The replay: a whole sign-in, with a recording in place of the provider.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Response;
use http::header::LOCATION;
use serde_json::Value;
use url::Url;

use super::failure::Failure;
use super::place::Places;
use super::recording::{Recorded, Recording};
use super::server::{REQUEST_TOKEN, Server, ServerClient, State};
use super::sign_in::{AuthorizationRequest, LoggedLine, Person, SignIn};
use super::token_response::Tokens;
use crate::Auth;
use crate::adapter::{AccountStore as _, MemoryAdapter};
use crate::crypto::secret::Secret;
use crate::error::BoxError;
use crate::hooks::{Callbacks, SignInAttempt};
use crate::log::{LogEntry, Logger};
use crate::model::User;
use crate::oauth::ResponseMode;
use crate::testing::{Browser, FrozenClock};

/// When all of it happens.
const NOW: i64 = 1_700_000_000;
/// What the browser brings back from an OAuth 1.0a provider.
const VERIFIER: &str = "VERIFIER";
const SECRET: &str = "known to everybody, and good for a test only";

/// A sign-in of whoever the recording is about. Not generic, so that it is compiled once.
pub(super) async fn replay(recording: Recording, definition: Recorded) -> SignIn {
    let mut sign_in = SignIn::default();
    sign_in.outcome = match Stage::new(recording, definition) {
        Ok(stage) => stage.play(&mut sign_in).await,
        Err(failure) => Err(failure),
    };
    sign_in
}

/// Everything that a sign-in needs.
struct Stage {
    auth: Auth,
    rows: MemoryAdapter,
    id: String,
    is_oauth1: bool,
    is_posted: bool,
    callback: Vec<(String, String)>,
    server: Arc<Server>,
    user: Arc<Mutex<Option<User>>>,
    log: Lines,
}

impl Stage {
    fn new(recording: Recording, definition: Recorded) -> Result<Self, Failure> {
        recording.check()?;
        let (id, places, tokens, issuer, posts) = match &definition {
            Recorded::OAuth(definition) => (
                definition.common.id.clone(),
                Places::oauth(definition),
                Tokens::oauth(definition, &recording, NOW)?,
                definition.endpoints.issuer.clone(),
                definition.response_mode == ResponseMode::FormPost,
            ),
            Recorded::OAuth1(definition) => (
                definition.common.id.clone(),
                Places::oauth1(definition),
                Tokens::oauth1(&recording),
                None,
                false,
            ),
        };
        let is_oauth1 = matches!(definition, Recorded::OAuth1(_));
        let (is_posted, callback) =
            (posts || !recording.callback.is_empty(), recording.callback.clone());
        let server = Arc::new(Server {
            places,
            tokens,
            issuer: recording.issuer.clone().or(issuer),
            is_oauth1,
            state: Mutex::new(State {
                user_info: recording.user_info.map(|answer| (answer, false)),
                answers: recording.answers,
                ..State::default()
            }),
        });
        let (rows, log, user) =
            (MemoryAdapter::new(), Lines::default(), Arc::<Mutex<Option<User>>>::default());
        let seen = Arc::clone(&user);
        let builder = Auth::builder()
            .secret(Secret::new(SECRET)?)
            .url(Recording::SITE.parse()?)
            .adapter(rows.clone())
            .clock(FrozenClock::at(NOW))
            .http_client(ServerClient(Arc::clone(&server)))
            .logger(log.clone())
            .callbacks(Callbacks::new().sign_in(move |attempt: SignInAttempt| {
                *locked(&seen) = Some(attempt.user);
                async { Ok(true) }
            }));
        let auth = match definition {
            Recorded::OAuth(definition) => builder.provider(*definition).build()?,
            Recorded::OAuth1(definition) => builder.provider(*definition).build()?,
        };
        Ok(Self { auth, rows, id, is_oauth1, is_posted, callback, server, user, log })
    }

    async fn play(self, sign_in: &mut SignIn) -> Result<Person, Failure> {
        let ended = self.go_there_and_back(sign_in).await;
        sign_in.log = std::mem::take(&mut *locked(&self.log.0));
        {
            let mut state = locked(&self.server.state);
            sign_in.preparation = std::mem::take(&mut state.preparation);
            sign_in.token_request = state.token.take();
            sign_in.profile_requests = std::mem::take(&mut state.profile);
            sign_in.discovery = std::mem::take(&mut state.discovery);
            if let Some(unanswered) = state.unanswered.take() {
                return Err(unanswered);
            }
        }
        let address = ended.map_err(Failure::Service)?;
        // A retired code comes just before today's.
        let error = sign_in.log.iter().rfind(|line| line.is_refusal());
        if let Some(LoggedLine { code, message, .. }) = error.cloned() {
            return Err(Failure::Refused { code, message });
        }
        let user = locked(&self.user).take();
        let Some(user) = user else { return Err(Failure::Ended { address }) };
        // The user is not stored yet when the callback is asked, so the id is the provider's.
        let account = self.rows.account(&self.id, &user.id).await;
        let account = account.map_err(|error| Failure::Service(error.into()))?;
        let Some(account) = account else { return Err(Failure::Ended { address }) };
        match locked(&self.server.state).unused() {
            Some(unused) => Err(Failure::Unused(unused)),
            None => Ok(Person { user, account }),
        }
    }

    /// Where the browser ends.
    async fn go_there_and_back(&self, sign_in: &mut SignIn) -> Result<String, BoxError> {
        let mut browser = Browser::new(self.auth.service());
        let base = self.auth.base_path();
        let csrf = browser.get(&format!("{base}/csrf")).await?;
        let csrf: Value = serde_json::from_slice(csrf.body())?;
        let token = csrf.get("csrfToken").and_then(Value::as_str).unwrap_or_default();
        let start = format!("{base}/signin/{}", self.id);
        let address = location(&browser.post(&start, &[("csrfToken", token)]).await?);
        if !self.server.places.is_authorization(&address) {
            return Ok(address);
        }
        let url = Url::parse(&address)?;
        let pushed = locked(&self.server.state).pushed.take();
        let parameters = pushed.unwrap_or_else(|| url.query_pairs().into_owned().collect());
        let request = AuthorizationRequest { url, parameters };
        let mut fields = self.callback.clone();
        let mut bring = |name: &str, value: &str| fields.push((name.into(), value.into()));
        if self.is_oauth1 {
            bring("oauth_token", REQUEST_TOKEN);
            bring("oauth_verifier", VERIFIER);
        } else {
            bring("code", Recording::CODE);
            if let Some(state) = request.parameter("state") {
                bring("state", state);
            }
            locked(&self.server.state).nonce = request.parameter("nonce").map(Into::into);
        }
        sign_in.authorization = Some(request);
        let back = format!("{base}/callback/{}", self.id);
        let answer = if self.is_posted {
            browser.post(&back, &fields).await?
        } else {
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            browser.get(&format!("{back}?{query}")).await?
        };
        Ok(location(&answer))
    }
}

fn location(answer: &Response<Bytes>) -> String {
    let target = answer.headers().get(LOCATION).and_then(|target| target.to_str().ok());
    target.unwrap_or_default().to_owned()
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<LoggedLine>>>);

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        let (code, message) = (entry.code.into(), entry.message.into());
        locked(&self.0).push(LoggedLine { level: entry.level, code, message });
    }
}

/// A test that fails while it holds a lock should say why, not that it is poisoned.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
