//! Remarks: what a provider did otherwise than it should, and that costs nobody the sign-in. They wait
//! here, because this room has no log, until whoever asked the provider fetches them.

use std::sync::{Mutex, PoisonError};

/// Of a flood the first ones say it all.
const MAXIMUM_WAITING: usize = 32;

/// What a remark is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum About {
    /// A private key among the published ones.
    PrivateKey,
    /// The discovery document or the keys could not be had again, and older ones are used.
    Outage,
    /// An issuer that differs from the configured one in the slash at its end.
    IssuerSlash,
    /// An endpoint in the discovery document that nobody needs and that cannot be used.
    Endpoint,
    /// The token response.
    TokenResponse,
    /// What the provider says about the person.
    Profile,
}

/// A sentence about a provider. It quotes no more of the provider than an address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Remark {
    pub(crate) about: About,
    pub(crate) text: String,
}

/// The remarks about one provider that nobody has fetched yet.
#[derive(Debug, Default)]
pub(crate) struct Remarks(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Remark>,
    /// What is said only once, and has been.
    said: Vec<String>,
}

impl Remarks {
    pub(crate) fn add(&self, about: About, text: impl Into<String>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.waiting.len() < MAXIMUM_WAITING {
            state.waiting.push(Remark { about, text: text.into() });
        }
    }

    /// The same, the first time only: what the provider always does.
    pub(super) fn add_once(&self, about: About, text: impl Into<String>) {
        let text = text.into();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.said.contains(&text) {
            state.said.push(text.clone());
            drop(state);
            self.add(about, text);
        }
    }

    pub(super) fn take(&self) -> Vec<Remark> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }
}
