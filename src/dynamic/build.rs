//! From what was read to the engine: the very one that the typed builder makes.

use std::sync::Arc;

use super::problem::Problems;
use super::server::ServerSettings;
use super::settings::{AdapterChoice, Read, report_whole};
use crate::config::{Auth, Config, Sessions, Stores};

/// The engine, and the server that goes with it. `None` after a report.
pub(super) async fn build<D>(
    mut read: Read,
    problems: &mut Problems,
) -> Option<(Auth<D>, ServerSettings)> {
    let adapter = match read.adapter {
        AdapterChoice::None => None,
        AdapterChoice::Registered(adapter) => Some(adapter),
        AdapterChoice::Database(address) => {
            let opened = address.open(read.shared_limit.take(), problems).await?;
            read.settings.rate_limit = opened.rate_limit.or(read.settings.rate_limit);
            read.server.clean_up = Some(opened.clean_up);
            Some(opened.adapter)
        }
    };
    let stored = read.facts.are_sessions_stored();
    let sessions = match adapter.as_ref().and_then(|adapter| adapter.sessions.clone()) {
        Some(store) if stored => Sessions::Database(read.database, store),
        _ => Sessions::Jwt(Box::new(read.jwt)),
    };
    let user_sessions = adapter.as_ref().and_then(|adapter| adapter.user_sessions.clone());
    let user_sessions = user_sessions.filter(|_| stored);
    let facts = &read.facts;
    let stores = Stores {
        users: adapter.as_ref().map(|adapter| Arc::clone(&adapter.users)),
        ended: user_sessions.clone().filter(|_| facts.has_back_channel_logout),
        controlled: user_sessions.filter(|_| facts.has_session_control),
        accounts: adapter
            .as_ref()
            .and_then(|adapter| adapter.accounts.clone())
            .filter(|_| facts.has_account_tokens),
        tokens: adapter.and_then(|adapter| adapter.verification_tokens).filter(|_| facts.has_email),
        sessions,
    };
    match Config::resolve(read.settings, stores) {
        Ok(config) => Some((Auth::from_config(config), read.server)),
        Err(error) => {
            report_whole(&error, problems);
            None
        }
    }
}
