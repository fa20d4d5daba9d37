//! Support for derives: what the code that they write refers to. Nothing here is for people: it
//! changes with every release, and the module's public name holds the version.

use std::borrow::Cow;
use std::future::Future;

pub use serde_json::Value;

pub use super::{
    Check, ClientAuthentication, EmailVouching, IntoClientId, IntoClientSecret, OAuth1Client,
    OAuth1Definition, OAuth1Endpoints, OAuth1Kind, OAuthClient, OAuthDefinition, OAuthKind,
    PrivateKey, ProfileError, ProfileMapper, Provider, ProviderField, ProviderKind, RawProfile,
    ResponseMode, SignatureMethod, SpeaksOpenIdConnect, StandardClaims, UserInfoRequest,
    VouchesForEmail,
};
pub use crate::crypto::secret::ClientSecret;
use crate::error::BoxError;
pub use crate::error::callback::CallbackError;
pub use crate::error::config::ConfigError;
pub use crate::model::Profile;
pub use crate::oauth::definition::description::{Description, StyleDescription};
use crate::oauth::definition::raw_profile;
pub use crate::oauth::definition::raw_profile::{
    AccountId, ProfileMember, ProfileProof, ProfileText, TextMember,
};
pub use crate::oauth::definition::setting;
pub use crate::rule::slot::{GivenValue, NotGiven};
pub use crate::rule::{given, once};
pub use crate::runtime::environment::{environment, given, needed};

/// A name out of parts.
#[must_use]
pub fn composed(parts: &[Option<Cow<'_, str>>]) -> Option<String> {
    raw_profile::composed(parts)
}

/// An address out of parts.
#[must_use]
pub fn complete(parts: &[Option<Cow<'_, str>>]) -> Option<String> {
    raw_profile::complete(parts)
}

/// Whether an address is proved for which several members have to say so.
#[must_use]
pub fn all_say_so(members: &[Option<bool>]) -> Option<bool> {
    let doubts = |said: bool| members.contains(&Some(said));
    if doubts(false) {
        Some(false)
    } else {
        members.iter().copied().collect::<Option<Vec<_>>>().map(|_| true)
    }
}

/// A function that somebody named, and what it is asked. `call` on it is that of [`Fits`] or
/// [`FitsAsHook`] where that is possible, because it takes the value; otherwise that of
/// [`DoesNotFit`], which takes a reference. So a function of another form has a type of its own by
/// which the compiler can be told what to say.
#[derive(Debug)]
pub struct Asked<F, A>(pub F, pub A);

/// What a function returned.
#[derive(Debug)]
pub struct Called<R>(pub R);

/// A function that takes the argument.
pub trait Fits {
    /// What it returns.
    type Answer;

    /// Calls it.
    fn call(self) -> Called<Self::Answer>;
}

impl<F: Fn(A) -> R, A, R> Fits for Asked<F, A> {
    type Answer = R;

    fn call(self) -> Called<R> {
        Called((self.0)(self.1))
    }
}

/// A function that completes a profile.
pub trait FitsAsHook {
    /// The future that it returns.
    type Answer;

    /// Calls it.
    fn call(self) -> Called<Self::Answer>;
}

impl<F: Fn(A) -> R, A, R: Future<Output = Result<Value, BoxError>>> FitsAsHook for Asked<F, A> {
    type Answer = R;

    fn call(self) -> Called<R> {
        Called((self.0)(self.1))
    }
}

/// Every other function. Code with it does not compile.
pub trait DoesNotFit {
    /// The function.
    type Function;

    /// Calls nothing.
    fn call(&self) -> Self::Function;
}

impl<F: Copy, A> DoesNotFit for Asked<F, A> {
    type Function = F;

    fn call(&self) -> F {
        self.0
    }
}
