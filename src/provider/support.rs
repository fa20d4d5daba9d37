//! Support for derives: what the code that they write refers to. Nothing here is for people: it
//! changes with every release, and the module's public name holds the version.

use std::borrow::Cow;

pub use serde_json::Value;

pub use super::{
    Check, ClientAuthentication, EmailVouching, IntoClientId, IntoClientSecret, OAuth1Client,
    OAuth1Definition, OAuth1Endpoints, OAuth1Kind, OAuthClient, OAuthDefinition, OAuthKind,
    PrivateKey, ProfileError, ProfileMapper, Provider, ProviderField, ProviderKind, RawProfile,
    ResponseMode, SignatureMethod, SpeaksOpenIdConnect, StandardClaims, UserInfoRequest,
    VouchesForEmail,
};
pub use crate::crypto::secret::ClientSecret;
pub use crate::error::callback::CallbackError;
pub use crate::error::config::ConfigError;
pub use crate::model::Profile;
pub use crate::oauth::definition::description::{Description, StyleDescription};
use crate::oauth::definition::raw_profile;
pub use crate::oauth::definition::raw_profile::{
    AccountId, ProfileMember, ProfileProof, ProfileText,
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
