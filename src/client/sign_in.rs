//! Sign-in without a page.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use form_urlencoded::Serializer;
use http::StatusCode;
use url::Url;

use super::exchange::{Answer, Call};
use super::{ClientError, ProviderType, Shared, csrf, provider_list};
use crate::web::percent_encode;

/// The form members that the client sets itself.
const RESERVED: [&str; 4] = ["callbackUrl", "csrfToken", "json", "redirect"];

/// How a sign-in went.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignIn {
    /// The person has to go to the identity provider: open this address in a browser that has
    /// this client's cookies.
    Redirect(Url),
    /// A message with a link is on its way; this page of the site says so.
    VerifyRequest(Url),
    /// The credentials are good and the client is signed in; the site leads on to this address.
    SignedIn {
        /// The callback URL, as the site allows it.
        url: Url,
    },
    /// The site refused.
    Refused {
        /// Why: a documented code such as `CredentialsSignin` or `AccessDenied`, or what the
        /// application says.
        code: String,
        /// The `code` of Auth.js v5's credentials errors.
        detail: Option<String>,
        /// The status of the answer. A message that could not be sent comes with 200.
        status: StatusCode,
    },
    /// The site has no such provider; this page of it shows those it has.
    ChooseProvider(Url),
}

/// A sign-in that is about to be made; awaiting it makes it.
///
/// Asks for the providers and for a CSRF token, then posts the form, as v4's client does; if the
/// site refuses the token, once more with a new one.
///
/// # Errors
///
/// [`ClientError`] if one of the requests has no usable answer. A refusal is no error:
/// [`SignIn::Refused`].
#[must_use = "a sign-in is made by awaiting it"]
pub struct SignInRequest {
    shared: Arc<Shared>,
    provider: String,
    callback_url: Option<String>,
    fields: Vec<(String, String)>,
    parameters: Vec<(String, String)>,
}

impl SignInRequest {
    pub(super) fn new(shared: Arc<Shared>, provider: String) -> Self {
        Self { shared, provider, callback_url: None, fields: Vec::new(), parameters: Vec::new() }
    }

    /// Where to go after the sign-in: an address of the site or a path; its home page by default.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    /// A field of the form: `email`, or what `authorize` of the credentials provider takes. The
    /// names `csrfToken`, `callbackUrl`, `json` and `redirect` are the client's own and left out.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// A parameter for the identity provider, such as `prompt` or `login_hint`. Sites decide
    /// which they pass on.
    pub fn authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    async fn make(self) -> Result<SignIn, ClientError> {
        let shared = &*self.shared;
        let callback_url = self.callback_url.as_deref().unwrap_or(shared.site.origin());
        let providers = provider_list::fetch(shared).await?;
        let Some(provider) = providers.into_iter().find(|entry| entry.id == self.provider) else {
            let page = format!("signin?callbackUrl={}", percent_encode(callback_url));
            return Ok(SignIn::ChooseProvider(shared.page(&page)));
        };
        let action = match provider.kind {
            ProviderType::Credentials => "callback",
            _ => "signin",
        };
        let mut url = shared.page(&format!("{action}/{}", percent_encode(&provider.id)));
        if !self.parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.parameters);
        }
        let fields = self.fields.into_iter();
        let fields: Vec<_> =
            fields.filter(|(name, _)| !RESERVED.contains(&name.as_str())).collect();
        let (answer, target) = shared.post_with_csrf(&url, &fields, callback_url).await?;
        let outcome = judge(shared, &provider.kind, callback_url, &answer, target)?;
        if matches!(outcome, SignIn::SignedIn { .. }) {
            shared.member.announce();
        }
        Ok(outcome)
    }
}

/// What the answer to the form means.
fn judge(
    shared: &Shared,
    kind: &ProviderType,
    callback_url: &str,
    answer: &Answer,
    target: Url,
) -> Result<SignIn, ClientError> {
    let parameter = |name: &str| {
        target.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let is_oauth = !matches!(kind, ProviderType::Credentials | ProviderType::Email);
    // An identity provider's address may have an `error` of its own, and so may the address where
    // the application wants to go on.
    let is_elsewhere = is_oauth && target.origin() != shared.site.url().origin();
    let wanted = shared.site.url().join(callback_url);
    let is_wanted = answer.status().is_success() && wanted.is_ok_and(|wanted| wanted == target);
    if !is_elsewhere && !is_wanted {
        if let Some(code) = parameter("error") {
            let (detail, status) = (parameter("code"), answer.status());
            return Ok(SignIn::Refused { code, detail, status });
        }
        if answer.status().is_client_error() || answer.status().is_server_error() {
            // A `signIn` callback that refuses by leading to a page of its own.
            let (code, status) = ("AccessDenied".to_owned(), answer.status());
            return Ok(SignIn::Refused { code, detail: None, status });
        }
    }
    Ok(match kind {
        ProviderType::Credentials => SignIn::SignedIn { url: target },
        ProviderType::Email => SignIn::VerifyRequest(target),
        _ => SignIn::Redirect(target),
    })
}

impl Shared {
    /// Posts a form with a CSRF token, once more if the token is refused, and says where the
    /// answer leads.
    pub(super) async fn post_with_csrf(
        &self,
        url: &Url,
        fields: &[(String, String)],
        callback_url: &str,
    ) -> Result<(Answer, Url), ClientError> {
        for _ in 0..2 {
            let token = csrf::fetch(self).await?;
            let own =
                [("csrfToken", token.expose()), ("callbackUrl", callback_url), ("json", "true")];
            let form =
                Serializer::new(String::new()).extend_pairs(fields).extend_pairs(own).finish();
            let answer = self.send(Call::post_form(url.clone(), form)).await?;
            let target = answer.target(self.site.url())?;
            if !self.is_csrf_refusal(&target) {
                return Ok((answer, target));
            }
        }
        Err(ClientError::csrf(url))
    }

    /// v4 leads back to its page with `csrf=true`, v5 to an error.
    fn is_csrf_refusal(&self, target: &Url) -> bool {
        target.origin() == self.site.url().origin()
            && target.query_pairs().any(|pair| {
                pair == ("csrf".into(), "true".into())
                    || pair == ("error".into(), "MissingCSRF".into())
            })
    }
}

impl IntoFuture for SignInRequest {
    type Output = Result<SignIn, ClientError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

impl fmt::Debug for SignInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The fields are passwords, mostly.
        f.debug_struct("SignInRequest").field("provider", &self.provider).finish_non_exhaustive()
    }
}
