//! A whole sign-in, with the recording in the place of the provider.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::LOCATION;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::failure::Failure;
use super::place::{Place, Places};
use super::recording::{Answer, HasProfile, Recording};
use super::sign_in::{AuthorizationRequest, LoggedLine, Person, SignIn};
use super::token_response::Tokens;
use crate::Auth;
use crate::adapter::{AccountStore as _, MemoryAdapter};
use crate::error::{BoxError, Level};
use crate::hooks::{Callbacks, SignInAttempt};
use crate::log::{LogEntry, Logger};
use crate::model::User;
use crate::outbound::HttpClient;
use crate::provider::{Provider, ProviderDefinition, ResponseMode};
use crate::secret::Secret;
use crate::testing::identity_provider::Received;
use crate::testing::{Browser, FrozenClock};

/// When all of it happens.
const NOW: i64 = 1_700_000_000;
/// What an OAuth 1.0a provider gives before and after somebody agreed.
const REQUEST_TOKEN: &str = "REQUEST_TOKEN";
const VERIFIER: &str = "VERIFIER";
const SECRET: &str = "known to everybody, and good for a test only";

impl Recording {
    /// Signs somebody in with the provider, as a browser does.
    pub fn sign_in<P>(self, provider: P) -> impl Future<Output = SignIn>
    where
        P: Provider,
        P::Kind: HasProfile,
    {
        self.replay(provider.into_definition().into())
    }

    // Apart, so that it is compiled once.
    async fn replay(self, definition: ProviderDefinition) -> SignIn {
        let mut sign_in = SignIn::default();
        sign_in.outcome = match Stage::new(self, definition) {
            Ok(stage) => stage.play(&mut sign_in).await,
            Err(failure) => Err(failure),
        };
        sign_in
    }
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
    fn new(recording: Recording, definition: ProviderDefinition) -> Result<Self, Failure> {
        recording.check()?;
        let id = definition.id().to_owned();
        let (places, tokens, issuer, posts) = match &definition {
            ProviderDefinition::OAuth(definition) => (
                Places::oauth(definition),
                Tokens::oauth(definition, &recording, NOW)?,
                definition.endpoints.issuer.clone(),
                definition.response_mode == ResponseMode::FormPost,
            ),
            ProviderDefinition::OAuth1(definition) => {
                (Places::oauth1(definition), Tokens::oauth1(&recording), None, false)
            }
            // `HasProfile` lets no other through.
            _ => return Err(Failure::Unused("no provider with a profile".into())),
        };
        let is_oauth1 = matches!(definition, ProviderDefinition::OAuth1(_));
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
            ProviderDefinition::OAuth(definition) => builder.provider(*definition).build()?,
            ProviderDefinition::OAuth1(definition) => builder.provider(*definition).build()?,
            _ => return Err(Failure::Unused("no provider with a profile".into())),
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
        // The first is today's code, retired ones follow.
        let error = sign_in.log.iter().find(|line| line.level == Level::Error);
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

/// The provider.
struct Server {
    places: Places,
    tokens: Tokens,
    issuer: Option<String>,
    is_oauth1: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    nonce: Option<String>,
    /// The parameters of a pushed authorization request.
    pushed: Option<Vec<(String, String)>>,
    /// The answer, and whether somebody asked for it.
    user_info: Option<(Value, bool)>,
    /// Each is taken out when it is given.
    answers: Vec<Answer>,
    unanswered: Option<Failure>,
    preparation: Vec<Received>,
    token: Option<Received>,
    profile: Vec<Received>,
    discovery: Vec<Received>,
}

impl State {
    fn unused(&self) -> Option<String> {
        if let Some((_, false)) = self.user_info {
            return Some("a userinfo answer".into());
        }
        self.answers.first().map(|answer| format!("an answer of {}", answer.url))
    }
}

impl Server {
    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let url = Url::parse(&request.uri().to_string())?;
        let mut state = locked(&self.state);
        let place = self.places.find(&url);
        let received = Received::new(request, url);
        let body = match (place, request.method()) {
            (Some(Place::Document), &Method::GET) => {
                state.discovery.push(received);
                self.document().to_string()
            }
            (Some(Place::Keys), &Method::GET) => {
                state.discovery.push(received);
                self.tokens.key_set().to_string()
            }
            (Some(Place::Pushed), &Method::POST) => {
                let form = form_urlencoded::parse(request.body()).into_owned();
                state.pushed = Some(form.collect());
                state.preparation.push(received);
                let body = json!({ "request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 60 });
                return Ok(respond(StatusCode::CREATED, body.to_string()));
            }
            (Some(Place::RequestToken), &Method::POST) => {
                state.preparation.push(received);
                format!(
                    "oauth_token={REQUEST_TOKEN}&oauth_token_secret=s&oauth_callback_confirmed=true"
                )
            }
            (Some(Place::Token), &Method::POST) => {
                state.token = Some(received);
                if self.is_oauth1 {
                    self.tokens.form()
                } else {
                    self.tokens.response(state.nonce.as_deref()).to_string()
                }
            }
            _ => return self.profile(&mut state, place, received),
        };
        Ok(respond(StatusCode::OK, body))
    }

    /// Whoever asks who somebody is: the userinfo endpoint, and what a hook asks besides.
    fn profile(
        &self,
        state: &mut State,
        place: Option<Place>,
        received: Received,
    ) -> Result<Response<Bytes>, BoxError> {
        let (method, url) = (received.method.clone(), received.url.to_string());
        state.profile.push(received);
        if let (Some(Place::UserInfo), Some((answer, asked))) = (place, &mut state.user_info)
            && !std::mem::replace(asked, true)
        {
            return Ok(respond(StatusCode::OK, self.tokens.user_info(answer)));
        }
        if let Some(at) = state.answers.iter().position(|answer| answer.url == url) {
            let Answer { status, body, .. } = state.answers.remove(at);
            return Ok(respond(status, body));
        }
        let call = match place {
            Some(Place::UserInfo) => "`.user_info(json!({..}))`",
            _ => "`.answer(url, &json!({..}))`",
        };
        state.unanswered.get_or_insert(Failure::Unanswered { method, url, call });
        Err("the recording has no answer".into())
    }

    fn document(&self) -> Value {
        let at = |path: &str| format!("{}/{path}", Recording::DISCOVERED);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("keys"),
        })
    }
}

fn respond(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
}

struct ServerClient(Arc<Server>);

impl HttpClient for ServerClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        self.0.answer(&request)
    }
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
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
