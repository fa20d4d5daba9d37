//! A recording: what a provider once said about somebody.

use std::future::Future;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::failure::Failure;
use super::replay::replay;
use super::sign_in::SignIn;
use crate::model::JsonObject;
use crate::oauth::OAuthDefinition;
use crate::oauth::v1::OAuth1Definition;
use crate::provider::{OAuth1Kind, OAuthKind, Provider, ProviderKind};

/// A kind of provider that says who somebody is.
#[diagnostic::on_unimplemented(
    message = "only OAuth providers can be recorded, and the kind of this one is `{Self}`",
    label = "there is no profile to play back",
    note = "test e-mail and credentials providers through `Auth::service` and \
            `typegate::testing::Browser`"
)]
pub trait HasProfile: ProviderKind {
    #[doc(hidden)]
    fn recorded(definition: Self::Definition) -> Recorded;
}

/// A definition that can be played back to.
#[doc(hidden)]
#[derive(Debug)]
pub enum Recorded {
    OAuth(Box<OAuthDefinition>),
    OAuth1(Box<OAuth1Definition>),
}

#[diagnostic::do_not_recommend]
impl HasProfile for OAuthKind {
    fn recorded(definition: OAuthDefinition) -> Recorded {
        Recorded::OAuth(Box::new(definition))
    }
}

#[diagnostic::do_not_recommend]
impl HasProfile for OAuth1Kind {
    fn recorded(definition: OAuth1Definition) -> Recorded {
        Recorded::OAuth1(Box::new(definition))
    }
}

/// What a provider said about somebody, to be played back. See the [module](super).
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is played back until `sign_in` is called"]
pub struct Recording {
    pub(super) user_info: Option<Value>,
    pub(super) claims: Option<Value>,
    pub(super) tokens: Option<Value>,
    pub(super) issuer: Option<String>,
    pub(super) callback: Vec<(String, String)>,
    pub(super) answers: Vec<Answer>,
}

/// An answer to a request for one address.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) url: String,
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

#[typegate_macros::__unquoted]
impl Recording {
    /// The site that people sign in to.
    pub const SITE: &'static str = "https://app.example.com";
    /// Where the endpoints are that a provider leaves to discovery: `/authorize`, `/token`,
    /// `/userinfo`, `/keys`, `/par`, `/logout`.
    pub const DISCOVERED: &'static str = "https://discovered.example";
    /// The code that the browser brings back.
    pub const CODE: &'static str = "CODE";
    /// The access token, where the recorded token response has none.
    pub const ACCESS_TOKEN: &'static str = "ACCESS_TOKEN";

    /// Nothing was said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the userinfo endpoint answered, or the profile URL of an OAuth 1.0a provider.
    pub fn user_info(mut self, answer: Value) -> Self {
        self.user_info = Some(answer);
        self
    }

    /// The claims of the ID token. Those that tie a token to one sign-in (`aud`, `azp`, `exp`,
    /// `iat`, `nbf`, `nonce`, `at_hash`, `c_hash`) are replaced by ones that hold now, so a token
    /// can be recorded as it was; `iss` is added where it is missing.
    pub fn claims(mut self, claims: Value) -> Self {
        self.claims = Some(claims);
        self
    }

    /// Members of the token response. If there is no `access_token` among them, one is added, and
    /// the ID token of an OpenID Connect provider is always made anew.
    pub fn token_response(mut self, members: Value) -> Self {
        self.tokens = Some(members);
        self
    }

    /// The issuer that the discovery document names, where it is not the provider's own: a tenant's
    /// behind a placeholder.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// A field that comes back through the browser, such as Apple's `user`; the callback is a POST
    /// then.
    pub fn callback_field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.callback.push((name.into(), value.into()));
        self
    }

    /// What another address answers, once, such as one that a hook asks for. The address is
    /// compared as a whole, with its query.
    pub fn answer(self, url: impl Into<String>, answer: &Value) -> Self {
        self.raw_answer(url, StatusCode::OK, answer.to_string())
    }

    /// The same with a status and a body that need not be JSON.
    pub fn raw_answer(
        mut self,
        url: impl Into<String>,
        status: StatusCode,
        body: impl Into<Bytes>,
    ) -> Self {
        self.answers.push(Answer { url: url.into(), status, body: body.into() });
        self
    }

    /// Signs somebody in with the provider, as a browser does.
    pub fn sign_in<P: Provider>(self, provider: P) -> impl Future<Output = SignIn>
    where
        P::Kind: HasProfile,
    {
        replay(self, P::Kind::recorded(provider.into_definition()))
    }

    /// All three are JSON objects, if they are there.
    pub(super) fn check(&self) -> Result<(), Failure> {
        for (what, value) in [
            ("userinfo answer", &self.user_info),
            ("claims", &self.claims),
            ("token response", &self.tokens),
        ] {
            if let Some(value) = value
                && !value.is_object()
            {
                return Err(Failure::NoObject { what, found: kind(value) });
            }
        }
        Ok(())
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The members of what has been checked to be an object.
pub(super) fn members(value: Option<&Value>) -> JsonObject {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}
