//! A provider as the flows use it, and what its definition must not say.

use crate::error::ConfigError;
use crate::provider::{
    ClientAuthentication, CredentialsDefinition, EmailDefinition, OAuth1Definition, OAuth1Server,
    OAuthDefinition, ProviderDefinition, Server,
};

/// Parameters of the authorization request that the flow itself sets.
const PROTOCOL_PARAMETERS: [&str; 10] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
];

/// A provider, ready to be used.
#[derive(Debug)]
pub(crate) enum Provider {
    OAuth { definition: Box<OAuthDefinition>, server: Box<Server> },
    OAuth1 { definition: Box<OAuth1Definition>, server: Box<OAuth1Server> },
    Email(Box<EmailDefinition>),
    Credentials(Box<CredentialsDefinition>),
}

/// A vendor's own word for `code`; all others of the standard bring tokens through the browser
/// (RFC 9700 section 2.1.2).
fn is_code_by_another_name(parameter: &str, value: &str) -> bool {
    let mut words = value.split(' ');
    parameter == "response_type"
        && !words.any(|word| ["", "code", "id_token", "none", "token"].contains(&word))
}

impl Provider {
    /// Checks what a definition says and readies it for use.
    pub(crate) fn resolve(
        definition: ProviderDefinition,
        lifetime: i64,
    ) -> Result<Self, ConfigError> {
        let id = definition.id();
        let is_segment = !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
            && id.bytes().any(|b| b != b'.');
        if !is_segment {
            return Err(ConfigError::new(format!(
                "the provider id `{}` is not a segment of an address: use letters, digits and -_.~",
                id.escape_debug()
            )));
        }
        match definition {
            ProviderDefinition::OAuth(definition) => {
                let reserved = definition.authorization_parameters.iter();
                let mut reserved =
                    reserved.filter(|(name, _)| PROTOCOL_PARAMETERS.contains(&name.as_str()));
                if let Some((name, _)) =
                    reserved.find(|(name, value)| !is_code_by_another_name(name, value))
                {
                    return Err(ConfigError::new(format!(
                        "the provider `{}` sets the authorization parameter `{name}`, which is the \
                         flow's own",
                        definition.id
                    )));
                }
                if definition.client.id.is_empty() {
                    return Err(ConfigError::new(format!(
                        "the provider `{}` has an empty client id",
                        definition.id
                    )));
                }
                let needs_secret = matches!(
                    definition.client.authentication,
                    ClientAuthentication::Basic | ClientAuthentication::Post
                );
                if needs_secret && definition.client.secret.is_none() {
                    return Err(ConfigError::new(format!(
                        "the provider `{}` authenticates its client with a secret and has none: \
                         use Client::new, or ClientAuthentication::None",
                        definition.id
                    )));
                }
                let server = Box::new(Server::new(&definition, lifetime)?);
                Ok(Self::OAuth { definition, server })
            }
            ProviderDefinition::OAuth1(definition) => {
                if definition.client_key.is_empty() {
                    return Err(ConfigError::new(format!(
                        "the provider `{}` has an empty client key",
                        definition.id
                    )));
                }
                let server = Box::new(OAuth1Server::new(&definition)?);
                Ok(Self::OAuth1 { definition, server })
            }
            ProviderDefinition::Email(definition) => Ok(Self::Email(definition)),
            ProviderDefinition::Credentials(definition) => Ok(Self::Credentials(definition)),
        }
    }

    pub(crate) fn id(&self) -> &str {
        match self {
            Self::OAuth { definition, .. } => &definition.id,
            Self::OAuth1 { definition, .. } => &definition.id,
            Self::Email(definition) => &definition.id,
            Self::Credentials(definition) => &definition.id,
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::OAuth { definition, .. } => &definition.name,
            Self::OAuth1 { definition, .. } => &definition.name,
            Self::Email(definition) => &definition.name,
            Self::Credentials(definition) => &definition.name,
        }
    }

    /// v4's word for the kind.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::OAuth { .. } | Self::OAuth1 { .. } => "oauth",
            Self::Email(_) => "email",
            Self::Credentials(_) => "credentials",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Profile;
    use crate::provider::{Client, Endpoints, ProfileMapper};

    fn refusal(client: Client) -> Option<String> {
        let definition = OAuthDefinition::builder()
            .id("acme")
            .name("Acme")
            .client(client)
            .endpoints(Endpoints::discovered("https://id.acme.example"))
            .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
            .build();
        Provider::resolve(definition.into(), 0).err().map(|error| error.to_string())
    }

    #[test]
    fn a_client_without_what_it_authenticates_with_is_refused() {
        assert!(refusal(Client::new("", "s3cr3t")).unwrap().contains("empty client id"));
        for method in [ClientAuthentication::Basic, ClientAuthentication::Post] {
            let refusal = refusal(Client::public("id").authentication(method)).unwrap();
            assert!(refusal.contains("has none"), "{refusal}");
        }
        assert_eq!(refusal(Client::public("id")), None);
        assert_eq!(refusal(Client::new("id", "s3cr3t")), None);
    }
}
