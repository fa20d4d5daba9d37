//! From what was read to the engine: the very one that the typed builder makes.

use std::sync::Arc;

use super::adapter::Adapter;
use super::problem::{Problems, Spot};
use super::settings::{AdapterChoice, Read, report_whole};
use crate::config::{Auth, Config, Sessions};

/// `None` after a report.
pub(super) async fn build<D>(read: Read, problems: &mut Problems) -> Option<Auth<D>> {
    let adapter = match read.adapter {
        AdapterChoice::None => None,
        AdapterChoice::Registered(adapter) => Some(adapter),
        AdapterChoice::Url { url, migrate, spot } => {
            Some(open(&url, migrate, spot, problems).await?)
        }
    };
    let stored = read.facts.are_sessions_stored();
    let sessions = match adapter.as_ref().and_then(|adapter| adapter.sessions.clone()) {
        Some(store) if stored => Sessions::Database(read.database, store),
        _ => Sessions::Jwt(Box::new(read.jwt)),
    };
    let users = adapter.as_ref().map(|adapter| Arc::clone(&adapter.users));
    let tokens = adapter.and_then(|adapter| adapter.tokens).filter(|_| read.facts.has_email);
    match Config::resolve(read.settings, users, tokens, sessions) {
        Ok(config) => Some(Auth::from_config(config)),
        Err(error) => {
            report_whole(&error, problems);
            None
        }
    }
}

#[cfg(feature = "sqlite")]
async fn open(url: &str, migrate: bool, spot: Spot, problems: &mut Problems) -> Option<Adapter> {
    use crate::adapter::SqliteAdapter;
    use crate::error::{AdapterError, ConfigError, chain};

    let opened = async {
        let adapter = SqliteAdapter::connect(url).await?;
        if migrate {
            adapter.migrate().await?;
        }
        Ok::<_, AdapterError>(adapter)
    };
    match opened.await {
        Ok(adapter) => {
            Some(Adapter::of(adapter).keeps_sessions().keeps_verification_tokens().into())
        }
        Err(error) => {
            let reason = chain(&error);
            let error = ConfigError::new(format!("the database cannot be used: {reason}"));
            problems.refused(
                spot,
                &error,
                "is the address right, and may this process write there?",
            );
            None
        }
    }
}

/// Not reached: the reader has reported that the feature is missing.
#[cfg(not(feature = "sqlite"))]
#[expect(clippy::unused_async, reason = "as the other")]
async fn open(_: &str, _: bool, _: Spot, _: &mut Problems) -> Option<Adapter> {
    None
}
