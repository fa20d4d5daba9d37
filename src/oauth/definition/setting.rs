//! The options of a definition by name: one row for each that a derive's attribute or a key of a
//! configuration file can say. Both fill the record through these rows and know no option of their
//! own.

use super::member_path::pointer;
use super::word::Word;
use super::{
    Check, ClientAuthentication, Common, EmailVouching, IssuerComparison, OAuthDefinition,
    PushedAuthorization, ResponseMode, add_parameters,
};
use crate::jose::SignatureAlgorithm;
use crate::oauth::v1::{OAuth1Definition, SignatureMethod};

/// What is said about an option, once.
#[cfg(feature = "dynamic")]
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The key in a configuration file.
    pub(crate) key: &'static str,
    /// A value as one would write it there.
    pub(crate) example: &'static str,
    pub(crate) about: &'static str,
    pub(crate) needs: Needs,
}

/// Which providers an option is for.
#[cfg(feature = "dynamic")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Needs {
    Nothing,
    OpenIdConnect,
}

macro_rules! kinds {
    ($($(#[$docs:meta])* $kind:ident: $value:ty;)*) => {$(
        $(#[$docs])*
        #[derive(Clone, Copy, Debug)]
        pub struct $kind<D: 'static> {
            #[cfg(feature = "dynamic")]
            pub(crate) row: Row,
            pub(crate) set: fn(&mut D, $value),
        }
    )*};
}

kinds! {
    /// An address.
    Url: String;
    /// Any text.
    Text: String;
    /// Any texts.
    Texts: Vec<String>;
    /// Yes or no.
    Flag: bool;
    /// A number of seconds.
    Seconds: u32;
    /// Names and values.
    Pairs: Vec<(String, String)>;
}

/// One of a few words.
#[derive(Clone, Copy, Debug)]
pub struct OneWord<D: 'static> {
    #[cfg(feature = "dynamic")]
    pub(crate) row: Row,
    pub(crate) words: fn() -> Vec<&'static str>,
    pub(crate) set: fn(&mut D, &str),
}

/// Some of a few words.
#[derive(Clone, Copy, Debug)]
pub struct Words<D: 'static> {
    #[cfg(feature = "dynamic")]
    pub(crate) row: Row,
    pub(crate) words: fn() -> Vec<&'static str>,
    pub(crate) set: fn(&mut D, &[&str]),
}

/// A row, whatever it sets.
#[cfg(feature = "dynamic")]
#[derive(Debug)]
pub(crate) enum Setting<D: 'static> {
    Url(Url<D>),
    Text(Text<D>),
    Texts(Texts<D>),
    Flag(Flag<D>),
    Seconds(Seconds<D>),
    Pairs(Pairs<D>),
    OneWord(OneWord<D>),
    Words(Words<D>),
}

#[cfg(feature = "dynamic")]
impl<D> Setting<D> {
    pub(crate) fn row(&self) -> &Row {
        match self {
            Self::Url(setting) => &setting.row,
            Self::Text(setting) => &setting.row,
            Self::Texts(setting) => &setting.row,
            Self::Flag(setting) => &setting.row,
            Self::Seconds(setting) => &setting.row,
            Self::Pairs(setting) => &setting.row,
            Self::OneWord(setting) => &setting.row,
            Self::Words(setting) => &setting.row,
        }
    }
}

/// A record that a part can be set of.
pub trait Holds<Part> {
    #[doc(hidden)]
    fn part(&mut self) -> &mut Part;
}

impl<D> Holds<D> for D {
    fn part(&mut self) -> &mut D {
        self
    }
}

impl Holds<Common> for OAuthDefinition {
    fn part(&mut self) -> &mut Common {
        &mut self.common
    }
}

impl Holds<Common> for OAuth1Definition {
    fn part(&mut self) -> &mut Common {
        &mut self.common
    }
}

fn names<W: Word>() -> Vec<&'static str> {
    W::WORDS.iter().map(|(word, _)| *word).collect()
}

/// Words are checked where they are read; one that slips through changes nothing.
fn set<W: Word>(option: &mut W, word: &str) {
    if let Some(value) = W::of(word) {
        *option = value;
    }
}

macro_rules! settings {
    ($all:ident of $record:ty: $(
        $name:ident: $kind:ident $(<$word:ty>)? = $key:literal $(($needs:ident))?,
            $example:literal, $about:literal,
            |$definition:ident, $value:ident| $set:expr;
    )*) => {
        $(
            #[doc = $about]
            pub const $name: $kind<$record> = $kind {
                #[cfg(feature = "dynamic")]
                row: Row {
                    key: $key,
                    example: $example,
                    about: $about,
                    needs: settings!(@needs $($needs)?),
                },
                $(words: names::<$word>,)?
                set: |$definition, $value| { $set; },
            };
        )*

        #[cfg(feature = "dynamic")]
        pub(crate) static $all: &[Setting<$record>] = &[$(Setting::$kind($name)),*];
    };
    (@needs) => { Needs::Nothing };
    (@needs $needs:ident) => { Needs::$needs };
}

settings! { COMMON of Common:
    EMAIL_VOUCHING: OneWord<EmailVouching> = "email_vouching", "\"when_verified\"",
        "Whether the provider vouches for addresses: `when_verified`, by the claim `email_verified` (the default); `always`, if it gives none without proof; or `never`.",
        |common, word| set(&mut common.email_vouching, word);
    DANGEROUSLY_LINK_BY_EMAIL: Flag = "dangerously_link_by_email", "false",
        "Whether an account is linked to the user with the same address, if the provider vouches for it. Whoever has the address there then signs in as that user.",
        |common, link| common.dangerously_link_by_email = link;
}

settings! { OAUTH of OAuthDefinition:
    ISSUER: Url = "issuer", "\"https://id.acme.example\"",
        "OpenID Connect: whose ID tokens are taken, and below which the discovery document is. OAuth 2.0: what an `iss` in the callback is compared with (RFC 9207).",
        |definition, url| definition.endpoints.issuer = Some(url);
    DISCOVERY_DOCUMENT: Url = "discovery_document" (OpenIdConnect), "\"https://id.acme.example/metadata.json\"",
        "Where the discovery document is, if not below the issuer.",
        |definition, url| definition.endpoints.discovery_document = Some(url);
    TENANT_CLAIM: Text = "tenant_claim" (OpenIdConnect), "\"tid\"",
        "The claim whose value stands for `{tenantid}` in an issuer of many tenants.",
        |definition, name| definition.endpoints.tenant_claim = Some(name);
    AUTHORIZATION_ENDPOINT: Url = "authorization_endpoint", "\"https://acme.example/authorize\"",
        "Where people are sent. With OpenID Connect in the place of the discovered one.",
        |definition, url| definition.endpoints.authorization_endpoint = Some(url);
    TOKEN_ENDPOINT: Url = "token_endpoint", "\"https://acme.example/token\"",
        "Where codes are exchanged. With OpenID Connect in the place of the discovered one.",
        |definition, url| definition.endpoints.token_endpoint = Some(url);
    USERINFO_ENDPOINT: Url = "userinfo_endpoint", "\"https://acme.example/me\"",
        "Answers with the profile. With OpenID Connect in the place of the discovered one.",
        |definition, url| definition.endpoints.userinfo_endpoint = Some(url);
    PUSHED_AUTHORIZATION_REQUEST_ENDPOINT: Url = "pushed_authorization_request_endpoint", "\"https://acme.example/par\"",
        "Where authorization requests are pushed to (RFC 9126).",
        |definition, url| definition.endpoints.pushed_authorization_request_endpoint = Some(url);
    END_SESSION_ENDPOINT: Url = "end_session_endpoint" (OpenIdConnect), "\"https://acme.example/logout\"",
        "Where people sign out, in the place of the discovered one.",
        |definition, url| definition.endpoints.end_session_endpoint = Some(url);
    JWKS_URI: Url = "jwks_uri" (OpenIdConnect), "\"https://acme.example/jwks\"",
        "Where the keys of ID tokens are, in the place of the discovered address.",
        |definition, url| definition.endpoints.jwks_uri = Some(url);
    AUTHORIZATION_FRAGMENT: Text = "authorization_fragment", "\"wechat_redirect\"",
        "What stands behind `#` in the address to which people are sent, for a server that insists on it.",
        |definition, text| definition.authorization_fragment = Some(text);
    CLIENT_AUTHENTICATION: OneWord<ClientAuthentication> = "client_authentication", "\"basic\"",
        "How a client with a secret proves itself: `basic`, `post`, `secret_jwt` or `none`; by default what the provider announces, or basic.",
        |definition, word| set(&mut definition.client.authentication, word);
    SCOPE: Text = "scope", "\"openid profile email\"",
        "What is asked for. OpenID Connect: `openid profile email` by default.",
        |definition, text| definition.scope = text.into();
    CHECKS: Words<Check> = "checks", "[\"pkce\", \"state\"]",
        "The protections: `pkce`, `state` and, with OpenID Connect, `nonce`; all of them by default.",
        |definition, words| {
            let checks: Vec<Check> = words.iter().filter_map(|word| Check::of(word)).collect();
            definition.checks = checks.into();
        };
    RESPONSE_MODE: OneWord<ResponseMode> = "response_mode", "\"query\"",
        "How the answer comes back: `query`, the default, or `form_post`.",
        |definition, word| set(&mut definition.response_mode, word);
    PUSHED_AUTHORIZATION: OneWord<PushedAuthorization> = "pushed_authorization", "\"when_required\"",
        "Whether the authorization request is pushed: `when_required`, the default, or `always`.",
        |definition, word| set(&mut definition.pushed_authorization, word);
    AUTHORIZATION_PARAMETERS: Pairs = "authorization_parameters", "{ prompt = \"consent\" }",
        "Further parameters of the authorization request. One of the same name that the provider has already is replaced, its others stay.",
        |definition, parameters| add_parameters(&mut definition.authorization_parameters, parameters);
    TOKEN_QUERY: Pairs = "token_query", "{ v = \"5.131\" }",
        "Further parameters of the token endpoint's address.",
        |definition, pairs| definition.token_endpoint.query = pairs;
    TOKEN_HEADERS: Pairs = "token_headers", "{ x-api-version = \"2\" }",
        "Further headers of the token request.",
        |definition, pairs| definition.token_endpoint.headers = pairs;
    TOKEN_FORM: Pairs = "token_form", "{ client_key = \"{client_id}\" }",
        "Further members of the token request's form.",
        |definition, pairs| definition.token_endpoint.form = pairs;
    TOKEN_ONLY_DECLARED_FORM: Flag = "token_only_declared_form", "false",
        "Whether the form of the token request has the members of `token_form` and no others.",
        |definition, only| definition.token_endpoint.only_declared_form = only;
    TOKEN_SELECT: Text = "token_select", "\"authed_user\"",
        "Which part of the token endpoint's answer has the tokens: a path, or a JSON Pointer (RFC 6901).",
        |definition, path| definition.token_endpoint.select = Some(pointer(path));
    FETCH_USER_INFO: Flag = "fetch_user_info" (OpenIdConnect), "true",
        "Whether the userinfo endpoint is asked for what the ID token does not say; false by default.",
        |definition, fetch| definition.fetch_user_info = fetch;
    USERINFO_POST: Flag = "userinfo_post", "false",
        "Whether the userinfo endpoint is asked by POST.",
        |definition, post| definition.user_info_endpoint.post = post;
    USERINFO_QUERY: Pairs = "userinfo_query", "{ fields = \"id,name,email\" }",
        "Further parameters of the userinfo endpoint's address.",
        |definition, pairs| definition.user_info_endpoint.query = pairs;
    USERINFO_HEADERS: Pairs = "userinfo_headers", "{ client-id = \"{client_id}\" }",
        "Further headers of the userinfo request.",
        |definition, pairs| definition.user_info_endpoint.headers = pairs;
    USERINFO_JSON: Text = "userinfo_json", "'{\"query\":\"{ me { id } }\"}'",
        "A JSON text that the userinfo endpoint is asked with, by POST.",
        |definition, body| {
            definition.user_info_endpoint.json = Some(body);
            definition.user_info_endpoint.post = true;
        };
    USERINFO_FORM: Pairs = "userinfo_form", "{ token = \"{access_token}\" }",
        "Members of a form that the userinfo endpoint is asked with, by POST.",
        |definition, pairs| {
            definition.user_info_endpoint.form = pairs;
            definition.user_info_endpoint.post = true;
        };
    USERINFO_SELECT: Text = "userinfo_select", "\"data.user\"",
        "Which part of the userinfo endpoint's answer is the profile: a path, such as `[0]` of a list, or a JSON Pointer (RFC 6901).",
        |definition, path| definition.user_info_endpoint.select = Some(pointer(path));
    USERINFO_ADD: Pairs = "userinfo_add", "{ email = \"{tokens.email}\" }",
        "Further members of the profile, mostly of the token response.",
        |definition, pairs| definition.user_info_endpoint.add = pairs;
    USERINFO_SIGNED: OneWord<SignatureAlgorithm> = "userinfo_signed" (OpenIdConnect), "\"RS256\"",
        "The algorithm by which the userinfo endpoint signs its answer, if it does.",
        |definition, word| definition.user_info_endpoint.signed = SignatureAlgorithm::of(word);
    CALLBACK_FIELDS: Texts = "callback_fields", "[\"user\"]",
        "Fields of the callback's form that become members of the profile. Nobody signed them.",
        |definition, names| definition.user_info_endpoint.callback_fields = names;
    ID_TOKEN_ALGORITHM: OneWord<SignatureAlgorithm> = "id_token_algorithm" (OpenIdConnect), "\"RS256\"",
        "The algorithm of ID tokens: `RS256`, `RS384`, `RS512`, `PS256`, `ES256`, `ES384`, `EdDSA` or `HS256`; by default those that the discovery document offers but `HS256`, or `RS256`.",
        |definition, word| definition.id_token_algorithm = SignatureAlgorithm::of(word);
    ISSUER_COMPARISON: OneWord<IssuerComparison> = "issuer_comparison" (OpenIdConnect), "\"ignoring_final_slash\"",
        "Which issuer is the provider's: `exact`, the configured one to the letter (the default); `ignoring_final_slash`, with or without a slash at its end; or `as_discovered`, the one that the discovery document names.",
        |definition, word| set(&mut definition.issuer_comparison, word);
    CLOCK_TOLERANCE: Seconds = "clock_tolerance" (OpenIdConnect), "60",
        "How many seconds the provider's clock and this machine's may differ; 10 by default, 600 at most.",
        |definition, seconds| definition.clock_tolerance = seconds;
    POST_LOGOUT_REDIRECT_URI: Url = "post_logout_redirect_uri" (OpenIdConnect), "\"https://app.example.com/goodbye\"",
        "Whoever signs out here signs out there as well, and comes back to this address, which is registered there.",
        |definition, url| definition.post_logout_redirect_uri = Some(url);
    DANGEROUSLY_ALLOW_HTTP: Flag = "dangerously_allow_http", "false",
        "Whether issuer and endpoints may be http on other machines, for development, such as `http://keycloak:8080` in a network of containers. Whoever is on the way can read every token and sign in as anybody, and the log warns of it at the start.",
        |definition, allow| definition.dangerously_allow_http = allow;
}

settings! { OAUTH1 of OAuth1Definition:
    REQUEST_TOKEN_URL: Url = "request_token_url", "\"https://trails.example/request_token\"",
        "Required. Gives request tokens (RFC 5849 section 2.1).",
        |definition, url| definition.endpoints.request_token_url = url;
    AUTHORIZATION_URL: Url = "authorization_url", "\"https://trails.example/authorize\"",
        "Required. Where people are sent (RFC 5849 section 2.2).",
        |definition, url| definition.endpoints.authorization_url = url;
    ACCESS_TOKEN_URL: Url = "access_token_url", "\"https://trails.example/access_token\"",
        "Required. Exchanges request tokens (RFC 5849 section 2.3).",
        |definition, url| definition.endpoints.access_token_url = url;
    PROFILE_URL: Url = "profile_url", "\"https://trails.example/me.json\"",
        "Required. Answers with the profile.",
        |definition, url| definition.endpoints.profile_url = url;
    SIGNATURE: OneWord<SignatureMethod> = "signature", "\"HMAC-SHA1\"",
        "How requests are signed: `HMAC-SHA1`, the default, or `PLAINTEXT`.",
        |definition, word| set(&mut definition.signature, word);
    VERSION: Text = "version", "\"1.0\"",
        "The text of `oauth_version`; `1.0A` by default, as NextAuth sends.",
        |definition, version| definition.version = version;
}
