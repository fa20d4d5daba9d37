//! Hooks: functions of the application that the flows call. Callbacks decide; events are told.

mod answer;
pub(crate) mod callbacks;
pub(crate) mod events;
mod token_refresher;

pub use self::answer::{
    Asynchronous, JwtAnswer, NoAnswer, RedirectAnswer, SessionAnswer, SessionData, SignInAnswer,
};
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
pub(crate) fn erase<A, T, R>(function: impl Fn(A) -> R + Send + Sync + 'static) -> Callback<A, T>
where
    A: Send + 'static,
    T: Send + 'static,
    R: Asynchronous<Answer: Into<Result<T, CallbackError>>> + Send + 'static,
{
    let ask = move |argument| {
        let answer = function(argument);
        async move { answer.await.into() }
    };
    contained(ask, CallbackError::new)
}
