//! The token endpoint of a provider: how its requests differ from RFC 6749 section 4.1.3.

use super::member_path::pointer;

/// What a provider wants in the token request beyond the standard, and where its answer keeps the
/// tokens.
///
/// Values may hold `{client_id}`, `{client_secret}`, `{code}`, `{redirect_uri}`, `{code_verifier}` and
/// `{callback.NAME}`, a parameter with which the browser came back and that nobody signed; a parameter
/// whose value is not there is left out.
///
/// ```
/// use typegate::provider::TokenEndpoint;
///
/// let endpoint = TokenEndpoint::new().query("v", "5.131").form("client_key", "{client_id}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TokenEndpoint {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) only_declared_form: bool,
    pub(crate) select: Option<String>,
}

impl TokenEndpoint {
    /// The standard, so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter to the URL.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a member to the form.
    #[must_use]
    pub fn form(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.form.push((name.into(), value.into()));
        self
    }

    /// The form has the declared members and no others: neither the standard ones nor the
    /// client's credentials.
    #[must_use]
    pub fn only_declared_form(mut self) -> Self {
        self.only_declared_form = true;
        self
    }

    /// The tokens are a part of the answer, which a path names, such as `authed_user`; a JSON
    /// Pointer (RFC 6901) such as `/authed_user` is one as well.
    #[must_use]
    pub fn select(mut self, path: impl Into<String>) -> Self {
        self.select = Some(pointer(path.into()));
        self
    }
}
