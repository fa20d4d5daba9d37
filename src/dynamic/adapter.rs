//! An adapter of the application's own, whose capabilities are stated at run time.

use std::fmt;
use std::sync::Arc;

use crate::adapter::{
    ErasedSessionStore, ErasedUserStore, ErasedVerificationTokenStore, SessionStore, UserStore,
    VerificationTokenStore,
};
use crate::config::rule::Capabilities;

/// An adapter as a configuration refers to it: by name, knowing what it keeps.
///
/// ```
/// use typegate::adapter::MemoryAdapter;
/// use typegate::dynamic::{Adapter, Registry};
///
/// let adapter = Adapter::of(MemoryAdapter::new()).keeps_sessions().keeps_verification_tokens();
/// let registry = Registry::new().adapter("memory", adapter);
/// ```
#[derive(Clone)]
pub struct Adapter {
    pub(super) users: Arc<dyn ErasedUserStore>,
    pub(super) sessions: Option<Arc<dyn ErasedSessionStore>>,
    pub(super) tokens: Option<Arc<dyn ErasedVerificationTokenStore>>,
}

impl Adapter {
    /// Takes an adapter that keeps users and accounts; say what else it keeps.
    pub fn of<A: UserStore>(adapter: A) -> AdapterOf<A> {
        let adapter = Arc::new(adapter);
        let users: Arc<dyn ErasedUserStore> = Arc::clone(&adapter) as _;
        AdapterOf { adapter, stores: Self { users, sessions: None, tokens: None } }
    }

    pub(super) fn capabilities(&self) -> Capabilities {
        Capabilities {
            sessions: self.sessions.is_some(),
            verification_tokens: self.tokens.is_some(),
        }
    }
}

/// An [`Adapter`] under construction.
#[must_use]
pub struct AdapterOf<A> {
    adapter: Arc<A>,
    stores: Adapter,
}

impl<A: SessionStore> AdapterOf<A> {
    /// It keeps sessions.
    pub fn keeps_sessions(mut self) -> Self {
        self.stores.sessions = Some(Arc::clone(&self.adapter) as _);
        self
    }
}

impl<A: VerificationTokenStore> AdapterOf<A> {
    /// It keeps the stored half of e-mail links.
    pub fn keeps_verification_tokens(mut self) -> Self {
        self.stores.tokens = Some(Arc::clone(&self.adapter) as _);
        self
    }
}

impl<A> From<AdapterOf<A>> for Adapter {
    fn from(adapter: AdapterOf<A>) -> Self {
        adapter.stores
    }
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adapter").field(&self.capabilities()).finish()
    }
}

impl<A> fmt::Debug for AdapterOf<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AdapterOf").field(&self.stores.capabilities()).finish()
    }
}
