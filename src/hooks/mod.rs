//! Hooks: functions of the application that the flows call. Callbacks decide; events are told.

pub(crate) mod callbacks;
pub(crate) mod events;
mod token_refresher;

use std::future::Future;

pub(crate) use self::callbacks::ErasedCallbacks;
pub use self::callbacks::{
    Callbacks, RedirectRequest, SessionRequest, SessionSource, SignInAttempt, SignInDecision,
    TokenRequest, Trigger,
};
pub(crate) use self::events::ErasedEvents;
pub use self::events::{AccountLinked, Events, SessionRead, SignedIn, SignedOut};
pub(crate) use self::token_refresher::RefreshTokens;
pub use self::token_refresher::TokenRefresher;
use crate::error::CallbackError;
use crate::runtime::containment::{Contained, contained};

type Callback<A, T> = Contained<A, T, CallbackError>;

/// The function with its panics contained and its time limited.
fn erase<A, T, R>(function: impl Fn(A) -> R + Send + Sync + 'static) -> Callback<A, T>
where
    A: Send + 'static,
    T: Send + 'static,
    R: Future<Output = Result<T, CallbackError>> + Send + 'static,
{
    contained(function, CallbackError::new)
}
