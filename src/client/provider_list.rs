//! The list of providers that a site offers.

use serde::Deserialize;
use serde_json::Value;

use super::exchange::Call;
use super::{ClientError, Shared};

/// One way to sign in, as `GET providers` lists it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[non_exhaustive]
pub struct ProviderEntry {
    /// What [`Client::sign_in`](super::Client::sign_in) takes.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The type of provider.
    #[serde(rename = "type")]
    pub kind: ProviderType,
    /// Where a sign-in starts.
    #[serde(rename = "signinUrl")]
    pub sign_in_url: String,
    /// Where it ends; for credentials, where the form is posted to.
    #[serde(rename = "callbackUrl")]
    pub callback_url: String,
}

/// The type of a provider.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProviderType {
    /// By a form that the site checks itself.
    Credentials,
    /// By a link in a message.
    Email,
    /// By an identity provider.
    OAuth,
    /// By an identity provider that speaks OpenID Connect; v4 calls those `oauth` too.
    Oidc,
    /// By something this client does not know; it is treated like `oauth`.
    #[serde(untagged)]
    Other(String),
}

/// In the order of the site.
pub(super) async fn fetch(shared: &Shared) -> Result<Vec<ProviderEntry>, ClientError> {
    let answer = shared.send(Call::get(shared.page("providers"))).await?;
    let unexpected = answer.unexpected("the answer is not a list of providers");
    let Value::Object(providers) = answer.into_json()? else { return Err(unexpected) };
    providers
        .into_iter()
        .map(|(_, entry)| serde_json::from_value(entry))
        .collect::<Result<_, _>>()
        .map_err(|_| unexpected)
}
