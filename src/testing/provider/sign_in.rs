//! The outcome of a replayed sign-in, and the requests that led to it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::AUTHORIZATION;
use serde_json::Value;
use url::Url;

use super::difference::{Difference, compared, differences};
use super::failure::Failure;
use super::recording::members;
use crate::error::{ErrorCode, Flow, Level, Shown, chain};
use crate::model::{Account, JsonObject, User};
use crate::testing::identity_provider::Received;

/// Who signed in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Person {
    /// The user that the profile was mapped to, as the `signIn` callback gets it: the id is the
    /// provider's.
    pub user: User,
    /// The account's row in the database.
    pub account: Account,
}

/// Where the browser was sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthorizationRequest {
    /// The address.
    pub url: Url,
    /// Its parameters, or those of the pushed authorization request (RFC 9126) or OAuth 1.0a's
    /// token.
    pub parameters: Vec<(String, String)>,
}

impl AuthorizationRequest {
    /// The value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A line that the engine logged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoggedLine {
    /// How loud.
    pub level: Level,
    /// The documented code.
    pub code: String,
    /// The error with its causes.
    pub message: String,
}

impl LoggedLine {
    /// Whether it says why somebody is not signed in, and not what is to be known of the
    /// configuration, or what the sign-in did without.
    pub(super) fn is_refusal(&self) -> bool {
        let code = ErrorCode::from_text(&self.code);
        let goes_on = code.is_some_and(|code| matches!(code.shown(), [Shown::GoesOn]));
        let is_configuration = code.map(ErrorCode::flow) == Some(Flow::Configuration);
        self.level != Level::Debug && !goes_on && !is_configuration
    }
}

/// What came of a [`Recording`](super::Recording). `Display` tells all of it.
///
/// The requests are there however far the sign-in came.
#[derive(Debug)]
#[non_exhaustive]
pub struct SignIn {
    /// Where the browser was sent, if it was.
    pub authorization: Option<AuthorizationRequest>,
    /// What was asked before that: a pushed authorization request, or OAuth 1.0a's for a request
    /// token.
    pub preparation: Vec<Received>,
    /// What the token endpoint was asked, if it was.
    pub token_request: Option<Received>,
    /// What was asked about the person, in order: the userinfo endpoint, and what a hook asks.
    pub profile_requests: Vec<Received>,
    /// What was asked to know the provider: the discovery document, and the keys of tokens.
    pub discovery: Vec<Received>,
    /// What was logged.
    pub log: Vec<LoggedLine>,
    /// Who signed in, or why nobody did.
    pub outcome: Result<Person, Failure>,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            authorization: None,
            preparation: Vec::new(),
            token_request: None,
            profile_requests: Vec::new(),
            discovery: Vec::new(),
            log: Vec::new(),
            outcome: Err(Failure::Ended { address: String::new() }),
        }
    }
}

impl SignIn {
    /// The user, if somebody signed in.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.outcome.as_ref().ok().map(|person| &person.user)
    }

    /// The account's row, if somebody signed in.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.outcome.as_ref().ok().map(|person| &person.account)
    }

    /// How the client proved itself at the token endpoint, in the words of OpenID Connect
    /// Discovery's `token_endpoint_auth_methods_supported`; an OAuth 1.0a signature has no word
    /// there.
    #[must_use]
    pub fn client_authentication(&self) -> Option<&'static str> {
        let request = self.token_request.as_ref()?;
        let header = request.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        if let Some(header) = header {
            return header.starts_with("Basic ").then_some("client_secret_basic");
        }
        let form = &request.form;
        Some(match form.get("client_assertion") {
            Some(assertion) if is_symmetric(assertion) => "client_secret_jwt",
            Some(_) => "private_key_jwt",
            None if form.contains_key("client_secret") => "client_secret_post",
            None => "none",
        })
    }

    /// How the user differs from the expected one. Nulls are members that are missing; there may
    /// be no others than the expected ones.
    #[must_use]
    pub fn user_differences(&self, expected: &Value) -> Vec<Difference> {
        let user = self.user().and_then(|user| serde_json::to_value(user).ok());
        compared("the user", members(user.as_ref()), expected, false)
    }

    /// How the account's row differs in the members that are listed: `type`, `provider`,
    /// `providerAccountId` and those of the token response.
    #[must_use]
    pub fn account_differences(&self, expected: &Value) -> Vec<Difference> {
        let row = self.account().map(row).unwrap_or_default();
        compared("the account", row, expected, true)
    }

    /// How the authorization request differs in the parameters that are listed.
    #[must_use]
    pub fn authorization_differences(&self, expected: &[(&str, &str)]) -> Vec<Difference> {
        let parameters = self.authorization.as_ref().map(|request| &request.parameters);
        let found = parameters.into_iter().flatten();
        let found = found.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        differences("the authorization request's", &found, &texts(expected), true)
    }

    /// How the token request's form differs in the members that are listed.
    #[must_use]
    pub fn token_request_differences(&self, expected: &[(&str, &str)]) -> Vec<Difference> {
        let form = self.token_request.as_ref().map(|request| &request.form);
        let found = form.into_iter().flatten();
        let found = found.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        differences("the token request's", &found, &texts(expected), true)
    }

    /// Fails the test unless that user signed in, see
    /// [`user_differences`](Self::user_differences).
    ///
    /// # Panics
    ///
    /// If nobody signed in, or somebody else.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "tests write the value in place")]
    pub fn assert_user(&self, expected: Value) {
        self.assert_signed_in();
        self.assert_none(&self.user_differences(&expected));
    }

    /// Fails the test unless the account's row has these members, see
    /// [`account_differences`](Self::account_differences).
    ///
    /// # Panics
    ///
    /// If nobody signed in, or a member differs.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "tests write the value in place")]
    pub fn assert_account(&self, expected: Value) {
        self.assert_signed_in();
        self.assert_none(&self.account_differences(&expected));
    }

    /// Fails the test unless the authorization request has these parameters.
    ///
    /// # Panics
    ///
    /// If one is missing or has another value.
    #[track_caller]
    pub fn assert_authorization(&self, expected: &[(&str, &str)]) {
        self.assert_none(&self.authorization_differences(expected));
    }

    /// Fails the test unless the token request's form has these members.
    ///
    /// # Panics
    ///
    /// If one is missing or has another value.
    #[track_caller]
    pub fn assert_token_request(&self, expected: &[(&str, &str)]) {
        self.assert_none(&self.token_request_differences(expected));
    }

    /// Fails the test unless the sign-in was refused with that code, and the message has that
    /// text.
    ///
    /// # Panics
    ///
    /// If somebody signed in, or it was refused for another reason.
    #[track_caller]
    pub fn assert_refused(&self, code: ErrorCode, text: &str) {
        let expected = code.as_str();
        let is_refused = matches!(self.outcome, Err(Failure::Refused { .. }));
        let fits = |line: &LoggedLine| line.code == expected && line.message.contains(text);
        assert!(
            is_refused && self.log.iter().any(fits),
            "\nexpected was {expected} with `{text}`\n{self}"
        );
    }

    #[track_caller]
    fn assert_signed_in(&self) {
        assert!(self.outcome.is_ok(), "\n{self}");
    }

    #[track_caller]
    fn assert_none(&self, differences: &[Difference]) {
        let lines: String = differences.iter().map(|one| format!("{one}\n")).collect();
        assert!(differences.is_empty(), "\n{lines}{self}");
    }
}

impl fmt::Display for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(Person { user, .. }) => {
                writeln!(f, "signed in: {}", serde_json::to_value(user).unwrap_or_default())?;
            }
            Err(failure) => writeln!(f, "nobody is signed in: {}", chain(failure))?,
        }
        for request in &self.preparation {
            writeln!(f, "asked: {} {}", request.method, request.url)?;
        }
        match &self.authorization {
            Some(request) => writeln!(f, "the browser was sent to {}", request.url)?,
            None => writeln!(f, "the browser was not sent to the provider")?,
        }
        for request in self.token_request.iter().chain(&self.profile_requests) {
            writeln!(f, "asked: {} {}", request.method, request.url)?;
        }
        for LoggedLine { code, message, .. } in &self.log {
            writeln!(f, "logged: {code}: {message}")?;
        }
        Ok(())
    }
}

/// The row as adapters of NextAuth keep it.
fn row(account: &Account) -> JsonObject {
    let mut row = JsonObject::new();
    let kind = serde_json::to_value(account.account_type).unwrap_or_default();
    row.insert("type".into(), kind);
    row.insert("provider".into(), account.provider.clone().into());
    row.insert("providerAccountId".into(), account.provider_account_id.clone().into());
    row.extend(account.tokens.members().clone());
    row
}

fn texts(pairs: &[(&str, &str)]) -> JsonObject {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
}

/// Whether a statement of the client's is signed with its secret.
fn is_symmetric(assertion: &str) -> bool {
    let header = assertion.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header: Option<Value> = header.and_then(|header| serde_json::from_slice(&header).ok());
    let algorithm = header.as_ref().and_then(|header| header.get("alg")).and_then(Value::as_str);
    algorithm.is_some_and(|name| name.starts_with("HS"))
}
