//! The stores of an adapter that a configuration uses.

use std::sync::Arc;

use super::check::Facts;
use super::resolved::Sessions;
use super::strategy::{Database, Jwt};
use crate::adapter::{
    DynamicAdapter, ErasedAccountStore, ErasedUserSessionStore, ErasedUserStore,
    ErasedVerificationTokenStore,
};

/// Where everything is kept that is kept.
pub(crate) struct Stores {
    pub(crate) users: Option<Arc<dyn ErasedUserStore>>,
    /// There if a provider sends links.
    pub(crate) tokens: Option<Arc<dyn ErasedVerificationTokenStore>>,
    pub(crate) sessions: Sessions,
    /// There if providers end sessions.
    pub(crate) ended: Option<Arc<dyn ErasedUserSessionStore>>,
    /// There if the application asked for session control.
    pub(crate) controlled: Option<Arc<dyn ErasedUserSessionStore>>,
    /// There if the application asked for the tokens of accounts.
    pub(crate) accounts: Option<Arc<dyn ErasedAccountStore>>,
}

/// What the stores are taken from where types know nothing of it.
pub(crate) struct UnresolvedStores {
    pub(crate) adapter: Option<DynamicAdapter>,
    pub(crate) jwt: Jwt,
    pub(crate) database: Database,
}

impl UnresolvedStores {
    /// Those that a configuration of these facts uses.
    pub(crate) fn of(self, facts: &Facts) -> Stores {
        let Self { adapter, jwt, database } = self;
        let stored = facts.are_sessions_stored();
        let sessions = match adapter.as_ref().and_then(|adapter| adapter.sessions.clone()) {
            Some(store) if stored => Sessions::Database(database, store),
            _ => Sessions::Jwt(Box::new(jwt)),
        };
        let user_sessions = adapter.as_ref().and_then(|adapter| adapter.user_sessions.clone());
        let user_sessions = user_sessions.filter(|_| stored);
        let accounts = adapter.as_ref().and_then(|adapter| adapter.accounts.clone());
        Stores {
            users: adapter.as_ref().map(|adapter| Arc::clone(&adapter.users)),
            ended: user_sessions.clone().filter(|_| facts.has_back_channel_logout),
            controlled: user_sessions.filter(|_| facts.has_session_control),
            accounts: accounts.filter(|_| facts.has_account_tokens),
            tokens: adapter
                .and_then(|adapter| adapter.verification_tokens)
                .filter(|_| facts.has_email),
            sessions,
        }
    }
}
