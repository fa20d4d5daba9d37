//! The sessions of each person, and which of them have been ended from another device.
//!
//! This application checks passwords, so its sessions are tokens in cookies, and such a token cannot
//! be taken back: the list says which ones are no longer wanted. It is lost with the process; a real
//! application keeps it in its database. Where sessions live in the database there is nothing to
//! write: `Auth::session_control` lists and ends them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use typegate::hooks::{Callbacks, SessionSource, Trigger};
use typegate::slot::Given;
use typegate::{CallbackError, Claims, DefaultSession, Session, SessionUser, SiteUrl};

use crate::rename::rename;

/// What `GET session` shows: nothing if the session was ended.
pub(crate) type Visitor = Option<AppSession>;

/// NextAuth's session, and what this application adds.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AppSession {
    pub(crate) user: SessionUser,
    pub(crate) expires: String,
    /// The id of the session, which is not its token.
    pub(crate) id: String,
    /// The id of the person.
    pub(crate) person: String,
}

#[derive(Clone, Default)]
pub(crate) struct SessionList(Arc<Mutex<HashMap<String, Entry>>>);

/// A session as its owner sees it.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) device: &'static str,
    pub(crate) began: Timestamp,
    person: String,
    is_ended: bool,
}

impl SessionList {
    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the session of a token is still wanted. One that is not known began before this
    /// process.
    pub(crate) fn is_open(&self, token: &Claims) -> bool {
        let (Some(id), Some(person)) = (token.get::<String>(SESSION_ID), token.subject()) else {
            return false;
        };
        let mut entries = self.entries();
        let entry = entries.entry(id.clone()).or_insert_with(|| Entry {
            id,
            device: "A program or a browser",
            began: Timestamp::now().round(jiff::Unit::Second).unwrap_or_default(),
            person: person.to_owned(),
            is_ended: false,
        });
        !entry.is_ended && entry.person == person
    }

    /// Notes with what the person is here.
    pub(crate) fn seen(&self, id: &str, headers: &HeaderMap) {
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let agent = agent.unwrap_or_default();
        // Others call themselves Chrome and Safari, too.
        let names = ["Firefox", "Edg", "Chrome", "Safari"];
        let shown = ["Firefox", "Edge", "Chrome", "Safari"];
        let known = names.iter().zip(shown).find(|(name, _)| agent.contains(**name));
        if let (Some((_, device)), Some(entry)) = (known, self.entries().get_mut(id)) {
            entry.device = device;
        }
    }

    /// The open sessions of a person, the newest first.
    pub(crate) fn of(&self, person: &str) -> Vec<Entry> {
        let entries = self.entries();
        let open = entries.values().filter(|entry| !entry.is_ended && entry.person == person);
        let mut open: Vec<Entry> = open.cloned().collect();
        open.sort_by(|one, other| (other.began, &other.id).cmp(&(one.began, &one.id)));
        open
    }

    fn end(&self, id: &str, person: &str) {
        let mut entries = self.entries();
        if let Some(entry) = entries.get_mut(id).filter(|entry| entry.person == person) {
            entry.is_ended = true;
        }
    }
}

const SESSION_ID: &str = "session_id";

pub(crate) fn callbacks(sessions: SessionList) -> Callbacks<Visitor, Given> {
    Callbacks::new()
        .jwt(|request| async move {
            let mut token = request.token;
            if matches!(request.trigger, Trigger::SignIn | Trigger::SignUp) {
                let mut bytes = [0; 16];
                let filled = SystemRandom::new().fill(&mut bytes);
                filled.map_err(|_| CallbackError::new("the system gives no randomness"))?;
                token.insert(SESSION_ID, URL_SAFE_NO_PAD.encode(bytes));
            }
            if let Some(data) = request.update {
                rename(&mut token, &data);
            }
            Ok(token)
        })
        .session(move |request| {
            let sessions = sessions.clone();
            async move { Ok(shown(&sessions, request.source, request.session)) }
        })
        .into()
}

/// As in NextAuth, the session that a callback gets was made before the token changed.
fn shown(sessions: &SessionList, source: SessionSource, session: DefaultSession) -> Visitor {
    let SessionSource::Token(token) = source else { return None };
    if !sessions.is_open(&token) {
        return None;
    }
    let DefaultSession { mut user, expires, .. } = session;
    user.name = token.get("name");
    let (id, person) = (token.get(SESSION_ID)?, token.subject()?.to_owned());
    Some(AppSession { user, expires, id, person })
}

#[derive(Deserialize)]
pub(crate) struct Ending {
    id: String,
}

/// Ends another session of the same person.
pub(crate) async fn end(
    State(sessions): State<SessionList>,
    State(site): State<SiteUrl>,
    Session(visitor): Session<Visitor>,
    headers: HeaderMap,
    Form(Ending { id }): Form<Ending>,
) -> Response {
    if !is_own_form(&headers, &site) {
        return (StatusCode::FORBIDDEN, "the form was not this site's").into_response();
    }
    if let Some(session) = visitor {
        sessions.end(&id, &session.person);
    }
    Redirect::to("/").into_response()
}

/// The cookie's `SameSite` keeps other sites out, and this other ports of this machine.
pub(crate) fn is_own_form(headers: &HeaderMap, site: &SiteUrl) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin == Some(site.origin())
}
