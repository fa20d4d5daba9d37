//! Providers as the flows use them, and the checks of their definitions.

use std::sync::Arc;

use crate::error::{ConfigError, ConfigErrors};
use crate::oauth::v1::OAuth1RelyingParty;
use crate::oauth::{
    Check, EmailVouching, MAXIMUM_CLOCK_TOLERANCE, OAuthDefinition, RelyingParty, ResponseMode,
    checked_url,
};
use crate::provider::{CredentialsDefinition, EmailDefinition, ProviderDefinition};
use crate::runtime::clock::Clock;
use crate::web::outbound::ErasedHttpClient;
use crate::web::site::{SiteUrl, is_loopback};

/// Parameters of the authorization request that the flow itself sets.
const PROTOCOL_PARAMETERS: &[&str] = typegate_macros::__protocol_parameters!();

/// A provider, ready to be used.
#[derive(Debug)]
pub(crate) enum Provider {
    OAuth(Arc<RelyingParty>),
    OAuth1(Box<OAuth1RelyingParty>),
    Email(Box<EmailDefinition>),
    Credentials(Box<CredentialsDefinition>),
}

/// Whether logout tokens of this provider can be held against an issuer.
pub(crate) fn sends_logout_tokens(definition: &OAuthDefinition) -> bool {
    definition.endpoints.is_openid_connect() && definition.endpoints.issuer.is_some()
}

/// Whether visitors come back from the provider's site.
pub(crate) fn has_callback(definition: &ProviderDefinition) -> bool {
    match definition {
        ProviderDefinition::OAuth(_) | ProviderDefinition::OAuth1(_) => true,
        ProviderDefinition::Email(_) | ProviderDefinition::Credentials(_) => false,
    }
}

/// What a definition asks of the site: the check cookies of an answer by form come from another
/// site, and browsers keep such cookies only with `Secure`, which they take from https and from
/// this machine.
pub(crate) fn check_site(
    definition: &ProviderDefinition,
    site: &SiteUrl,
) -> Result<(), ConfigError> {
    match definition {
        ProviderDefinition::OAuth(definition) => check_oauth_site(definition, site),
        _ => Ok(()),
    }
}

pub(crate) fn check_oauth_site(
    definition: &OAuthDefinition,
    site: &SiteUrl,
) -> Result<(), ConfigError> {
    let needs_secure_cookies =
        definition.response_mode == ResponseMode::FormPost && !definition.checks().is_empty();
    if !needs_secure_cookies || site.is_https() || is_loopback(site.url()) {
        return Ok(());
    }
    Err(ConfigError::new(format!(
        "the provider `{}` answers by a form (`ResponseMode::FormPost`), for which browsers keep the \
         check cookies only if the site is https, and it is {}",
        definition.common.id,
        site.origin()
    )))
}

/// A vendor's own word for `code`; all others of the standard bring tokens through the browser
/// (RFC 9700 section 2.1.2).
fn is_code_by_another_name(parameter: &str, value: &str) -> bool {
    let mut words = value.split(' ');
    parameter == "response_type"
        && !words.any(|word| ["", "code", "id_token", "none", "token"].contains(&word))
}

/// Rule 20 for definitions that are put together at run time.
fn check_linking(id: &str, links: bool, vouching: EmailVouching) -> Result<(), ConfigError> {
    if links && vouching == EmailVouching::Never {
        return Err(ConfigError::new(format!(
            "the provider `{id}` links accounts by e-mail address and does not vouch for addresses \
             (`EmailVouching::Never`): leave `dangerously_link_by_email` out, or say how it vouches"
        )));
    }
    Ok(())
}

/// Whether something ties a callback to the browser that began (RFC 9700 section 2.1).
fn check_checks(definition: &OAuthDefinition) -> Result<(), ConfigError> {
    let id = &definition.common.id;
    let speaks_openid_connect = definition.endpoints.is_openid_connect();
    let ties = |check: &Check| *check != Check::Nonce || speaks_openid_connect;
    if definition.checks().iter().any(ties) {
        return Ok(());
    }
    let cause = match definition.checks() {
        [] => typegate_macros::__without_checks!(),
        _ => "a nonce comes back in an ID token, and OAuth 2.0 has none",
    };
    let nonce = if speaks_openid_connect { ", nonce" } else { "" };
    Err(ConfigError::new(format!(
        "the provider `{id}` checks nothing of a callback: {cause}: leave `checks` out, or name at \
         least one of pkce, state{nonce}"
    )))
}

/// What a definition of OAuth 2.0 or OpenID Connect must not say, but for its endpoints.
fn check_oauth(definition: &OAuthDefinition, refused: &mut ConfigErrors) {
    let id = &definition.common.id;
    let parameters = definition.authorization_parameters.iter();
    let reserved = parameters
        .filter(|(name, _)| PROTOCOL_PARAMETERS.contains(&name.as_str()))
        .filter(|(name, value)| !is_code_by_another_name(name, value));
    refused.extend(reserved.map(|(name, _)| {
        ConfigError::new(format!(
            "the provider `{id}` sets the authorization parameter `{name}`, which is the flow's own"
        ))
    }));
    refused.keep(check_linking(
        id,
        definition.common.dangerously_link_by_email,
        definition.common.email_vouching,
    ));
    refused.keep(check_checks(definition));
    refused.keep(definition.client.check(id));
    let maximum_age = definition.authorization_parameter("max_age");
    if maximum_age.is_some_and(|text| text.parse::<u32>().is_err()) {
        refused.extend([ConfigError::new(format!(
            "the authorization parameter `max_age` of the provider `{id}` is not a number of seconds"
        ))]);
    }
    if definition.clock_tolerance > MAXIMUM_CLOCK_TOLERANCE {
        refused.extend([ConfigError::new(format!(
            "the provider `{id}` has a clock_tolerance of {} seconds, and {MAXIMUM_CLOCK_TOLERANCE} is \
             the most: set the clock right, or ask the provider to",
            definition.clock_tolerance
        ))]);
    }
    match &definition.post_logout_redirect_uri {
        Some(_) if !definition.endpoints.is_openid_connect() => {
            refused.extend([ConfigError::new(format!(
                "the provider `{id}` has a post_logout_redirect_uri, and plain OAuth 2.0 has no end-session \
                 endpoint"
            ))]);
        }
        Some(address) => drop(refused.keep(checked_url(
            id,
            definition.transport(),
            "address after a sign-out",
            address,
        ))),
        None => {}
    }
}

/// Why an id cannot follow those before it. Ids of which only the case differs are one for whoever
/// ignores it, as many a database does: the rows of one provider would be those of the other.
pub(crate) fn repeated_id<'a>(
    mut earlier: impl Iterator<Item = &'a str>,
    id: &str,
) -> Option<String> {
    let earlier = earlier.find(|earlier| earlier.eq_ignore_ascii_case(id))?.escape_debug();
    let shown = id.escape_debug();
    Some(match earlier.to_string() == id {
        true => format!("two providers have the id `{shown}`"),
        false => {
            format!(
                "two providers have ids of which only the case differs, `{earlier}` and `{shown}`"
            )
        }
    })
}

/// The rules that a definition breaks, all at once.
pub(crate) fn check_provider(definition: &ProviderDefinition) -> Result<(), ConfigError> {
    let id = definition.id();
    let is_segment = !id.is_empty()
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
        && id.bytes().any(|b| b != b'.');
    let mut refused = ConfigErrors::default();
    if !is_segment {
        refused.extend([ConfigError::new(format!(
            "the provider id `{}` is not a segment of an address: use letters, digits and -_.~",
            id.escape_debug()
        ))]);
    }
    match definition {
        ProviderDefinition::OAuth(definition) => {
            check_oauth(definition, &mut refused);
            refused.keep(RelyingParty::check_endpoints(definition));
        }
        ProviderDefinition::OAuth1(definition) => {
            refused.keep(check_linking(
                &definition.common.id,
                definition.common.dangerously_link_by_email,
                definition.common.email_vouching,
            ));
            if definition.client.key.is_empty() {
                refused.extend([ConfigError::new(format!(
                    "the provider `{}` has an empty client key",
                    definition.common.id
                ))]);
            }
            refused.keep(OAuth1RelyingParty::check_endpoints(definition));
        }
        ProviderDefinition::Email(definition) if definition.maximum_age == 0 => {
            refused.extend([ConfigError::new(format!(
                "the links of the provider `{}` have a `max_age` of 0 seconds, so each would have \
                 expired when it is sent: write how long they are good",
                definition.id
            ))]);
        }
        ProviderDefinition::Credentials(definition) => {
            if let Some((mistaken, there)) = definition.mistaken_account_field() {
                refused.extend([ConfigError::new(format!(
                    "the provider `{}` has `.account_field({mistaken:?})`, and its form has no such \
                     field, so tries would not be counted by account: there are `{}`",
                    definition.id,
                    there.join("`, `")
                ))]);
            }
        }
        ProviderDefinition::Email(_) => {}
    }
    refused.or(())
}

/// Whether a provider may end sessions: its logout tokens can be held against an issuer.
pub(crate) fn is_logout_sender(definition: &ProviderDefinition) -> bool {
    match definition {
        ProviderDefinition::OAuth(definition) => sends_logout_tokens(definition),
        _ => false,
    }
}

impl Provider {
    /// Makes a provider of a definition that [`check_provider`] lets through. Metadata and keys are
    /// kept for `lifetime` seconds.
    pub(crate) fn new(
        definition: ProviderDefinition,
        lifetime: i64,
        http_client: &Arc<dyn ErasedHttpClient>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, ConfigError> {
        let peers = || (Arc::clone(http_client), Arc::clone(clock));
        Ok(match definition {
            ProviderDefinition::OAuth(definition) => {
                let (http_client, clock) = peers();
                let relying_party = RelyingParty::new(definition, lifetime, http_client, clock)?;
                Self::OAuth(Arc::new(relying_party))
            }
            ProviderDefinition::OAuth1(definition) => {
                let (http_client, clock) = peers();
                Self::OAuth1(Box::new(OAuth1RelyingParty::new(definition, http_client, clock)?))
            }
            ProviderDefinition::Email(definition) => Self::Email(definition),
            ProviderDefinition::Credentials(definition) => Self::Credentials(definition),
        })
    }

    /// The provider, if it may end sessions.
    pub(crate) fn logout_sender(&self) -> Option<&RelyingParty> {
        match self {
            Self::OAuth(relying_party) if sends_logout_tokens(relying_party.definition()) => {
                Some(relying_party)
            }
            _ => None,
        }
    }

    /// How the provider vouches for e-mail addresses.
    pub(crate) fn email_vouching(&self) -> EmailVouching {
        match self {
            Self::OAuth(relying_party) => relying_party.definition().common.email_vouching,
            Self::OAuth1(relying_party) => relying_party.definition().common.email_vouching,
            Self::Email(_) | Self::Credentials(_) => EmailVouching::Never,
        }
    }

    /// Whether tokens of the provider may travel without protection.
    pub(crate) fn allows_http(&self) -> bool {
        match self {
            Self::OAuth(relying_party) => relying_party.definition().dangerously_allow_http,
            _ => false,
        }
    }

    /// The id, and what to know of a provider that NextAuth calls a beta.
    pub(crate) fn beta(&self) -> Option<(&str, &'static str)> {
        let Self::OAuth(relying_party) = self else { return None };
        let common = &relying_party.definition().common;
        match common.beta {
            Some(beta) => Some((&common.id, beta)),
            None => None,
        }
    }

    pub(crate) fn id(&self) -> &str {
        match self {
            Self::OAuth(relying_party) => &relying_party.definition().common.id,
            Self::OAuth1(relying_party) => &relying_party.definition().common.id,
            Self::Email(definition) => &definition.id,
            Self::Credentials(definition) => &definition.id,
        }
    }

    pub(crate) fn links_by_email(&self) -> bool {
        match self {
            Self::OAuth(relying_party) => {
                relying_party.definition().common.dangerously_link_by_email
            }
            Self::OAuth1(relying_party) => {
                relying_party.definition().common.dangerously_link_by_email
            }
            Self::Email(_) | Self::Credentials(_) => false,
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::OAuth(relying_party) => &relying_party.definition().common.name,
            Self::OAuth1(relying_party) => &relying_party.definition().common.name,
            Self::Email(definition) => &definition.name,
            Self::Credentials(definition) => &definition.name,
        }
    }

    /// v4's word for the kind.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::OAuth(_) | Self::OAuth1(_) => "oauth",
            Self::Email(_) => "email",
            Self::Credentials(_) => "credentials",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Profile;
    use crate::oauth::v1::{OAuth1Client, OAuth1Definition, OAuth1Endpoints};
    use crate::oauth::{
        ClientAuthentication, Endpoints, GeneratedSecret, OAuthClient, PrivateKey, ProfileMapper,
    };

    fn refusal(client: impl Into<OAuthClient>) -> Option<String> {
        let definition = OAuthDefinition::builder()
            .id("acme")
            .name("Acme")
            .client(client)
            .endpoints(Endpoints::discovered("https://id.acme.example"))
            .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
            .build();
        check_provider(&definition.into()).err().map(|error| error.to_string())
    }

    #[test]
    fn r192_linking_by_address_needs_a_provider_that_vouches() {
        let refusal = |links, vouching| {
            let definition = OAuthDefinition::builder()
                .id("acme")
                .name("Acme")
                .client(OAuthClient::public("id"))
                .endpoints(Endpoints::discovered("https://id.acme.example"))
                .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
                .email_vouching(vouching)
                .dangerously_link_by_email(links)
                .build();
            check_provider(&definition.into()).err().map(|error| error.to_string())
        };
        let never = refusal(true, EmailVouching::Never).unwrap();
        assert!(never.contains("`acme`") && never.contains("does not vouch"), "{never}");
        assert_eq!(refusal(false, EmailVouching::Never), None);
        assert_eq!(refusal(true, EmailVouching::WhenVerified), None);
        assert_eq!(refusal(true, EmailVouching::Always), None);
    }

    #[test]
    fn r204_a_provider_without_a_check_that_holds_is_refused() {
        let refusal = |endpoints: Endpoints, checks: &[Check]| {
            let definition = OAuthDefinition::builder()
                .id("acme")
                .name("Acme")
                .client(OAuthClient::public("id"))
                .endpoints(endpoints)
                .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
                .checks(checks)
                .build();
            check_provider(&definition.into()).err().map(|error| error.to_string())
        };
        let oidc = || Endpoints::discovered("https://id.acme.example");
        let plain = || {
            Endpoints::oauth2()
                .authorization_endpoint("https://acme.example/authorize")
                .token_endpoint("https://acme.example/token")
                .userinfo_endpoint("https://acme.example/me")
                .build()
        };
        for endpoints in [oidc(), plain()] {
            let none = refusal(endpoints, &[]).unwrap();
            assert!(none.contains("sign a visitor in to the attacker's account"), "{none}");
        }
        let nonce = refusal(plain(), &[Check::Nonce]).unwrap();
        assert!(nonce.contains("a nonce comes back in an ID token"), "{nonce}");
        assert_eq!(refusal(oidc(), &[Check::Nonce]), None);
        for one in [Check::Pkce, Check::State] {
            assert_eq!(refusal(plain(), &[one]), None);
        }
    }

    #[test]
    fn an_address_with_a_placeholder_is_refused_where_nothing_is_put_in_its_place() {
        let profile = || ProfileMapper::new(|(): (), _| Ok(Profile::new("1")));
        let told = |endpoints| {
            let definition = OAuthDefinition::builder()
                .id("acme")
                .name("Acme")
                .client(OAuthClient::public("id"))
                .endpoints(endpoints)
                .profile(profile())
                .build();
            check_provider(&definition.into()).err().map(|error| error.to_string())
        };
        let url = "https://acme.example/{tenant}/x";
        let issuer = || Endpoints::discovered("https://acme.example");
        for endpoints in [
            Endpoints::discovered(url),
            issuer().discovery_document(url),
            issuer().authorization_endpoint(url),
            issuer().token_endpoint(url),
            issuer().pushed_authorization_request_endpoint(url),
            issuer().end_session_endpoint(url),
            issuer().jwks_uri(url),
        ] {
            let told = told(endpoints).unwrap();
            assert!(told.contains("/{tenant}/") && told.contains("placeholder"), "{told}");
        }
        assert_eq!(told(issuer().userinfo_endpoint("https://acme.example/{access_token}")), None);
        let tenants = Endpoints::discovered("https://acme.example/{tenantid}").tenant_claim("tid");
        assert_eq!(told(tenants), None);
        let trails = OAuth1Definition::builder()
            .id("trails")
            .name("Trails")
            .client(OAuth1Client::new("key", "s3cr3t".into()))
            .endpoints(OAuth1Endpoints {
                request_token_url: "https://trails.example/request_token".into(),
                authorization_url: url.into(),
                access_token_url: "https://trails.example/access_token".into(),
                profile_url: "https://trails.example/me.json".into(),
            })
            .profile(profile())
            .build();
        let told = check_provider(&trails.into()).unwrap_err().to_string();
        assert!(told.contains("/{tenant}/") && told.contains("placeholder"), "{told}");
    }

    #[test]
    fn a_client_without_what_it_authenticates_with_is_refused() {
        let empty = refusal(OAuthClient::new("id", "".into())).unwrap();
        assert!(empty.contains("empty client secret"), "{empty}");
        assert!(
            refusal(OAuthClient::new("", "s3cr3t".into())).unwrap().contains("empty client id")
        );
        let methods = [
            ClientAuthentication::Basic,
            ClientAuthentication::Post,
            ClientAuthentication::SecretJwt,
        ];
        for method in methods {
            let client = OAuthClient::from(OAuthClient::public("id")).authentication(method);
            let refusal = refusal(client).unwrap();
            assert!(refusal.contains("has none"), "{refusal}");
        }
        let with = |client: OAuthClient| client.authentication(ClientAuthentication::SecretJwt);
        let short = refusal(with(OAuthClient::new("id", "s3cr3t".into()))).unwrap();
        assert!(short.contains("has 6 bytes") && !short.contains("s3cr3t"), "{short}");
        assert_eq!(refusal(with(OAuthClient::new("id", "x".repeat(32).into()))), None);
        let pem = include_str!("../../tests/data/keys/p256.pem");
        let key = PrivateKey::from_pem(pem).unwrap();
        let secret =
            GeneratedSecret::signed_by("team", key.clone()).for_audience("https://id.acme.example");
        let generated = || OAuthClient::with_generated_secret("id", secret.clone());
        assert!(refusal(with(generated())).unwrap().contains("signed token already"));
        assert_eq!(refusal(generated()), None);
        assert_eq!(refusal(OAuthClient::with_private_key("id", key)), None);
        assert_eq!(refusal(OAuthClient::public("id")), None);
        assert_eq!(refusal(OAuthClient::new("id", "s3cr3t".into())), None);
    }
}
