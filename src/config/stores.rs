//! The stores of an adapter that a configuration uses.

use std::sync::Arc;

use super::resolved::Sessions;
use crate::adapter::{
    ErasedAccountStore, ErasedUserSessionStore, ErasedUserStore, ErasedVerificationTokenStore,
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
