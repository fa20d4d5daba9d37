//! The logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4), or what a fault makes of
//! it.

use std::fmt;

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::IdentityProvider;
use super::behaviour::{State, set};
use super::fault::Fault;
use super::grant::object;
use super::id_token::{signed, spoil};
use crate::model::JsonObject;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

macro_rules! faults {
    ($($(#[$docs:meta])* $name:ident $(= $shared:ident)?,)*) => {
        /// One rule of OpenID Connect Back-Channel Logout 1.0 section 2.6 that a
        /// [`LogoutToken`] breaks. An application that meets one of them must answer 400 and end
        /// no session.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum LogoutFault {
            $($(#[$docs])* $name,)*
        }

        impl LogoutFault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What the same does to an ID token.
            fn shared(self) -> Option<Fault> {
                match self {
                    $($(Self::$name => Some(Fault::$shared),)?)*
                    _ => None,
                }
            }
        }
    };
}

faults! {
    /// It is of another issuer.
    WrongIssuer = WrongIssuer,
    /// It names no issuer.
    MissingIssuer = MissingIssuer,
    /// It is for another client.
    WrongAudience = WrongAudience,
    /// It is for nobody.
    MissingAudience = MissingAudience,
    /// It has expired.
    Expired = Expired,
    /// It never expires.
    MissingExpiry = MissingExpiry,
    /// It does not say when it was issued.
    MissingIssuedAt = MissingIssuedAt,
    /// It is of tomorrow.
    IssuedInTheFuture = IssuedInTheFuture,
    /// Its subject is the empty text.
    EmptySubject = EmptySubject,
    /// Its subject is a number.
    NumericSubject = NumericSubject,
    /// It is not signed (`alg` is `none`).
    Unsigned = Unsigned,
    /// Its signature is that of another token.
    BrokenSignature = BrokenSignature,
    /// It is signed by HS256, with the public key as the secret.
    PublicKeyAsSecret = PublicKeyAsSecret,
    /// It brings its own key along.
    KeyInTheHeader = KeyInTheHeader,
    /// It names a key that is not published.
    UnknownKey = UnknownKey,
    /// It has a critical header parameter that nobody knows.
    CriticalHeader = CriticalHeader,
    /// It names neither a subject nor a session.
    NamesNobody,
    /// It has no `jti`.
    MissingTokenId,
    /// It has no `events`.
    MissingEvents,
    /// It tells of another event.
    OtherEvent,
    /// Its event is a text, not an object.
    EventIsNoObject,
    /// It has a `nonce`.
    WithNonce,
    /// Its `typ` is that of an access token.
    OtherType,
    /// It is an ID token: signed by the same key for the same client, about the same person.
    IsAnIdToken,
}

/// A logout token before it is signed; see [`IdentityProvider::logout_token`].
#[must_use = "a logout token does nothing until it is sent"]
pub struct LogoutToken<'a> {
    provider: &'a IdentityProvider,
    header: Value,
    claims: JsonObject,
    fault: Option<LogoutFault>,
}

impl<'a> LogoutToken<'a> {
    pub(super) fn new(
        provider: &'a IdentityProvider,
        state: &mut State,
        issuer: &str,
        now: i64,
        subject: &str,
    ) -> Self {
        state.issued += 1;
        let mut header = state.behaviour.header.clone();
        set(&mut header, "typ", "logout+jwt");
        let claims = object(json!({
            "iss": issuer,
            "sub": subject,
            "aud": state.behaviour.client_id,
            "iat": now,
            "exp": now + 120,
            "jti": format!("logout-{}", state.issued),
            "events": { EVENT: {} },
        }));
        Self { provider, header, claims, fault: None }
    }

    /// Replaces a claim, or leaves it out.
    pub fn claim(mut self, name: &str, value: impl Into<Option<Value>>) -> Self {
        match value.into() {
            Some(value) => drop(self.claims.insert(name.into(), value)),
            None => drop(self.claims.remove(name)),
        }
        self
    }

    /// Replaces the `typ` of its header (section 2.4); `logout+jwt` unless told otherwise.
    pub fn token_type(mut self, token_type: impl Into<Value>) -> Self {
        set(&mut self.header, "typ", token_type);
        self
    }

    /// Breaks a rule.
    pub fn fault(mut self, fault: LogoutFault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// The token in its compact form.
    #[must_use]
    pub fn sign(&self) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        let now = self.claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
        let mut claim = |name: &str, value: Option<Value>| match value {
            Some(value) => drop(claims.insert(name.into(), value)),
            None => drop(claims.remove(name)),
        };
        match self.fault {
            Some(LogoutFault::NamesNobody) => claim("sub", None),
            Some(LogoutFault::MissingTokenId) => claim("jti", None),
            Some(LogoutFault::MissingEvents) => claim("events", None),
            Some(LogoutFault::OtherEvent) => {
                claim("events", Some(json!({ "urn:example:event": {} })));
            }
            Some(LogoutFault::EventIsNoObject) => claim("events", Some(json!({ EVENT: "yes" }))),
            Some(LogoutFault::WithNonce) => claim("nonce", Some("n-0S6_WzA2Mj".into())),
            Some(LogoutFault::OtherType) => set(&mut header, "typ", "at+jwt"),
            Some(LogoutFault::IsAnIdToken) => {
                claim("events", None);
                claim("jti", None);
                claim("nonce", Some("n-0S6_WzA2Mj".into()));
                set(&mut header, "typ", "JWT");
            }
            _ => {}
        }
        let fault = self.fault.and_then(LogoutFault::shared);
        if let Some(fault) = fault {
            spoil(&mut claims, fault, now);
        }
        let state = self.provider.state();
        if let Some(sign) = &state.behaviour.sign {
            return sign(&header, &claims);
        }
        signed(&state.behaviour, header, fault, &Value::Object(claims).to_string())
    }

    /// The request that brings it to an application (section 2.5), whose address for it ends with
    /// `/backchannel-logout/` and the provider's id.
    ///
    /// # Errors
    ///
    /// If the address is none that a request can have.
    pub fn request(&self, address: &str) -> Result<Request<Bytes>, http::Error> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.append_pair("logout_token", &self.sign()).finish();
        Request::post(address)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into())
    }
}

impl fmt::Debug for LogoutToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutToken")
            .field("claims", &self.claims)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}
