//! The attributes of `#[provider(..)]` that set an option of the definition: one row for each. How
//! one is read, checked and written follows from its kind.

use super::attribute::Kind::{
    Flag, Headers, Json, OneWord, Pairs, Pointer, Scope, Seconds, Text, Texts, Url, Words,
};

/// An attribute, and the option that it sets.
pub(crate) struct Attribute {
    /// The attribute in whose parentheses it stands.
    pub(crate) group: Option<&'static str>,
    pub(crate) name: &'static str,
    /// The constant of the library's module `setting`.
    pub(crate) setting: &'static str,
    pub(crate) kind: Kind,
    /// What is said where there is no issuer, if it needs one.
    pub(crate) needs_issuer: Option<&'static str>,
}

/// What an attribute is written with.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// An address, what it is called, and the values that it may name besides the fields.
    Url(&'static str, &'static [&'static str]),
    /// A text that means itself.
    Text,
    /// Scope tokens.
    Scope,
    /// A path into a JSON answer.
    Pointer,
    /// JSON, with the values that it may name.
    Json(&'static [&'static str]),
    /// A name that stands alone.
    Flag,
    /// A number of seconds, and the most that is accepted.
    Seconds(u32),
    /// Names and texts, and the values that these may name.
    Pairs(&'static [&'static str]),
    /// The same, of headers.
    Headers(&'static [&'static str]),
    /// Any names.
    Texts,
    /// One of these texts.
    OneWord(&'static [&'static str]),
    /// Some of these names.
    Words(&'static [&'static str]),
}

pub(crate) const CHECKS: &[&str] = &["pkce", "state", "nonce"];
const AUTHENTICATIONS: &[&str] = &["basic", "post", "secret_jwt", "none"];
const RESPONSE_MODES: &[&str] = &["query", "form_post"];
const COMPARISONS: &[&str] = &["exact", "ignoring_final_slash", "as_discovered"];
const PUSHED: &[&str] = &["when_required", "always"];
const VOUCHING: &[&str] = &["when_verified", "always", "never"];
const ALGORITHMS: &[&str] =
    &["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "HS256"];

const CLIENT: &[&str] = &["client_id"];
const ISSUER: &[&str] = &["client_id", "tenantid"];
const TOKEN: &[&str] =
    &["client_id", "client_secret", "code", "redirect_uri", "code_verifier", "callback.NAME"];
const USERINFO: &[&str] = &["client_id", "client_secret", "access_token", "tokens.NAME"];

/// By how many seconds clocks may differ at most.
pub(crate) const MAXIMUM_CLOCK_TOLERANCE: u32 = 600;

pub(crate) const AUTHORIZATION_ENDPOINT: &str = "authorization_endpoint";
pub(crate) const TOKEN_ENDPOINT: &str = "token_endpoint";
pub(crate) const USERINFO_ENDPOINT: &str = "userinfo_endpoint";

/// The attributes that are an address or a group with one.
pub(crate) const GROUPS: [&str; 3] = [AUTHORIZATION_ENDPOINT, TOKEN_ENDPOINT, USERINFO_ENDPOINT];

const fn row(name: &'static str, setting: &'static str, kind: Kind) -> Attribute {
    Attribute { group: None, name, setting, kind, needs_issuer: None }
}

const fn of(
    group: &'static str,
    name: &'static str,
    setting: &'static str,
    kind: Kind,
) -> Attribute {
    Attribute { group: Some(group), name, setting, kind, needs_issuer: None }
}

impl Attribute {
    /// How it is written.
    pub(crate) fn written(&self) -> String {
        match (self.group, self.name) {
            (Some(group), "url") => group.to_owned(),
            (Some(group), name) if matches!(self.kind, Flag) => format!("{group}({name})"),
            (Some(group), name) if matches!(self.kind, Pairs(_) | Headers(_) | Json(_) | Texts) => {
                format!("{group}({name}(..))")
            }
            (Some(group), name) => format!("{group}({name} = \"..\")"),
            (None, name) if matches!(self.kind, Words(_)) => format!("{name}(pkce, state)"),
            (None, name) => name.to_owned(),
        }
    }

    const fn only_with_issuer(self, message: &'static str) -> Self {
        Self { needs_issuer: Some(message), ..self }
    }
}

pub(crate) static ATTRIBUTES: &[Attribute] = &[
    row("issuer", "ISSUER", Url("issuer", ISSUER)),
    row("callback_issuer", "ISSUER", Url("callback issuer", CLIENT)),
    row("discovery_document", "DISCOVERY_DOCUMENT", Url("discovery document", CLIENT))
        .only_with_issuer(
            "a discovery document belongs to an issuer: add `issuer = \"https://..\"`",
        ),
    row("tenant_claim", "TENANT_CLAIM", Text).only_with_issuer(
        "`tenant_claim` is about the issuer: add `issuer = \"https://../{tenantid}/..\"`",
    ),
    row("jwks_uri", "JWKS_URI", Url("key set", CLIENT)).only_with_issuer(
        "keys verify ID tokens, and OAuth 2.0 has none: add `issuer = \"https://..\"` for OpenID \
         Connect, or remove `jwks_uri`",
    ),
    of(
        AUTHORIZATION_ENDPOINT,
        "url",
        "AUTHORIZATION_ENDPOINT",
        Url("authorization endpoint", CLIENT),
    ),
    of(AUTHORIZATION_ENDPOINT, "params", "AUTHORIZATION_PARAMETERS", Pairs(CLIENT)),
    of(AUTHORIZATION_ENDPOINT, "fragment", "AUTHORIZATION_FRAGMENT", Text),
    of(TOKEN_ENDPOINT, "url", "TOKEN_ENDPOINT", Url("token endpoint", CLIENT)),
    of(TOKEN_ENDPOINT, "query", "TOKEN_QUERY", Pairs(TOKEN)),
    of(TOKEN_ENDPOINT, "headers", "TOKEN_HEADERS", Headers(TOKEN)),
    of(TOKEN_ENDPOINT, "form", "TOKEN_FORM", Pairs(TOKEN)),
    of(TOKEN_ENDPOINT, "only_declared_form", "TOKEN_ONLY_DECLARED_FORM", Flag),
    of(TOKEN_ENDPOINT, "select", "TOKEN_SELECT", Pointer),
    row(
        "pushed_authorization_request_endpoint",
        "PUSHED_AUTHORIZATION_REQUEST_ENDPOINT",
        Url("pushed authorization request endpoint", CLIENT),
    ),
    row("pushed_authorization", "PUSHED_AUTHORIZATION", OneWord(PUSHED)),
    row("end_session_endpoint", "END_SESSION_ENDPOINT", Url("end-session endpoint", CLIENT))
        .only_with_issuer(
            "OAuth 2.0 has no end-session endpoint: add `issuer = \"https://..\"` for OpenID \
             Connect, or remove `end_session_endpoint`",
        ),
    of(USERINFO_ENDPOINT, "url", "USERINFO_ENDPOINT", Url("userinfo endpoint", USERINFO)),
    of(USERINFO_ENDPOINT, "post", "USERINFO_POST", Flag),
    of(USERINFO_ENDPOINT, "query", "USERINFO_QUERY", Pairs(USERINFO)),
    of(USERINFO_ENDPOINT, "headers", "USERINFO_HEADERS", Headers(USERINFO)),
    of(USERINFO_ENDPOINT, "json", "USERINFO_JSON", Json(USERINFO)),
    of(USERINFO_ENDPOINT, "form", "USERINFO_FORM", Pairs(USERINFO)),
    of(USERINFO_ENDPOINT, "select", "USERINFO_SELECT", Pointer),
    of(USERINFO_ENDPOINT, "add", "USERINFO_ADD", Pairs(USERINFO)),
    of(USERINFO_ENDPOINT, "signed", "USERINFO_SIGNED", OneWord(ALGORITHMS)).only_with_issuer(
        "what signs the answer is the issuer's key: add `issuer = \"https://..\"`",
    ),
    of(USERINFO_ENDPOINT, "fetch", "FETCH_USER_INFO", Flag)
        .only_with_issuer("OAuth 2.0 always asks the userinfo endpoint: remove `fetch`"),
    of(USERINFO_ENDPOINT, "callback_fields", "CALLBACK_FIELDS", Texts),
    row("scope", "SCOPE", Scope),
    row("checks", "CHECKS", Words(CHECKS)),
    row("response_mode", "RESPONSE_MODE", OneWord(RESPONSE_MODES)),
    row("client_authentication", "CLIENT_AUTHENTICATION", OneWord(AUTHENTICATIONS)),
    row("id_token_algorithm", "ID_TOKEN_ALGORITHM", OneWord(ALGORITHMS)).only_with_issuer(
        "OAuth 2.0 has no ID tokens: add `issuer = \"https://..\"` for OpenID Connect, or remove \
         `id_token_algorithm`",
    ),
    row("issuer_comparison", "ISSUER_COMPARISON", OneWord(COMPARISONS)).only_with_issuer(
        "`issuer_comparison` is about the issuer: add `issuer = \"https://..\"` for OpenID Connect, \
         or remove it",
    ),
    row("clock_tolerance", "CLOCK_TOLERANCE", Seconds(MAXIMUM_CLOCK_TOLERANCE)).only_with_issuer(
        "plain OAuth 2.0 has no ID tokens, whose times this is about: add `issuer = \"https://..\"` for OpenID \
         Connect, or remove `clock_tolerance`",
    ),
    row("email_vouching", "EMAIL_VOUCHING", OneWord(VOUCHING)),
    row("dangerously_allow_http", "DANGEROUSLY_ALLOW_HTTP", Flag),
];
