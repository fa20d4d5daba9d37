//! The userinfo endpoint of a provider: how its requests and answers differ from OpenID Connect
//! Core section 5.3.

use super::member_path::pointer;
use super::template::ACCESS_TOKEN;
use crate::jose::SignatureAlgorithm;

/// How the profile is asked for, and which part of the answer it is.
///
/// Values, and the path of the URL, may hold `{client_id}`, `{access_token}` and `{tokens.NAME}`,
/// a member of the token response. Where `{access_token}` stands, no `Authorization` header is
/// sent. A parameter whose value is not there is left out.
///
/// ```
/// use typegate::provider::UserInfoEndpoint;
///
/// let endpoint = UserInfoEndpoint::new()
///     .query("access_token", "{access_token}")
///     .query("openid", "{tokens.openid}")
///     .select("/response/0")
///     .add("email", "{tokens.email}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct UserInfoEndpoint {
    pub(crate) post: bool,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) json: Option<String>,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) select: Option<String>,
    pub(crate) add: Vec<(String, String)>,
    pub(crate) signed: Option<SignatureAlgorithm>,
    pub(crate) callback_fields: Vec<String>,
}

impl UserInfoEndpoint {
    /// A GET with the access token in the `Authorization` header, so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks with POST.
    #[must_use]
    pub fn post(mut self) -> Self {
        self.post = true;
        self
    }

    /// Adds a parameter to the URL.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header, or replaces `Accept`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Asks with POST and that JSON text.
    #[must_use]
    pub fn json(mut self, body: impl Into<String>) -> Self {
        self.json = Some(body.into());
        self.post = true;
        self
    }

    /// Adds a member of a form, which is sent with POST: what a server of token introspection
    /// (RFC 7662) wants. A JSON text that is set besides wins.
    #[must_use]
    pub fn form(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.form.push((name.into(), value.into()));
        self.post = true;
        self
    }

    /// The profile is a part of the answer, which a path names, such as `ocs.data`, or `[0]` where
    /// the answer is a list; a JSON Pointer (RFC 6901) such as `/ocs/data` is a path as well.
    #[must_use]
    pub fn select(mut self, path: impl Into<String>) -> Self {
        self.select = Some(pointer(path.into()));
        self
    }

    /// Adds a member to the profile, mostly one of the token response.
    #[must_use]
    pub fn add(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.add.push((name.into(), value.into()));
        self
    }

    /// The answer is a JWT that the provider signed (OpenID Connect Core section 5.3.2).
    #[must_use]
    pub fn signed(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.signed = Some(algorithm);
        self
    }

    /// Adds a field of the callback's form, read as JSON if it is JSON, such as Apple's `user`.
    ///
    /// It comes through the browser and nobody signed it: take no more than a name from it. What
    /// the provider says under the same name wins.
    #[must_use]
    pub fn callback_field(mut self, name: impl Into<String>) -> Self {
        self.callback_fields.push(name.into());
        self
    }

    /// Whether the access token stands somewhere else than in the `Authorization` header, such as
    /// in the template of the URL, if that is one.
    pub(crate) fn places_access_token(&self, url: Option<&str>) -> bool {
        let values = self
            .query
            .iter()
            .chain(&self.headers)
            .chain(&self.form)
            .map(|(_, value)| value.as_str());
        values.chain(self.json.as_deref()).chain(url).any(|text| text.contains(ACCESS_TOKEN))
    }
}
