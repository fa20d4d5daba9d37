//! The recorded provider: answers what was recorded, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::failure::Failure;
use super::place::{Place, Places};
use super::recording::{Answer, Recording};
use super::replay::locked;
use super::token_response::Tokens;
use crate::error::BoxError;
use crate::testing::identity_provider::Received;
use crate::web::outbound::HttpClient;

/// The token that the browser takes to an OAuth 1.0a provider.
pub(super) const REQUEST_TOKEN: &str = "REQUEST_TOKEN";

/// The provider.
pub(super) struct Server {
    pub(super) places: Places,
    pub(super) tokens: Tokens,
    pub(super) issuer: Option<String>,
    pub(super) is_oauth1: bool,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) nonce: Option<String>,
    /// The parameters of a pushed authorization request.
    pub(super) pushed: Option<Vec<(String, String)>>,
    /// The answer, and whether somebody asked for it.
    pub(super) user_info: Option<(Value, bool)>,
    /// Each is taken out when it is given.
    pub(super) answers: Vec<Answer>,
    pub(super) unanswered: Option<Failure>,
    pub(super) preparation: Vec<Received>,
    pub(super) token: Option<Received>,
    pub(super) profile: Vec<Received>,
    pub(super) discovery: Vec<Received>,
}

impl State {
    /// An answer that nobody asked for.
    pub(super) fn unused(&self) -> Option<String> {
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
            "pushed_authorization_request_endpoint": at("par"),
            "end_session_endpoint": at("logout"),
        })
    }
}

fn respond(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
}

pub(super) struct ServerClient(pub(super) Arc<Server>);

impl HttpClient for ServerClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        self.0.answer(&request)
    }
}
