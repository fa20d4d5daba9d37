//! Providers of OAuth 2.0, OpenID Connect and OAuth 1.0a that a configuration describes itself.

use serde_json::Value as Json;

use super::Context;
use crate::crypto::secret::ClientSecret;
use crate::dynamic::key;
use crate::dynamic::problem::Problems;
use crate::dynamic::reader::Table;
use crate::error::CallbackError;
use crate::jose::SignatureAlgorithm;
use crate::model::Profile;
use crate::oauth::v1::{OAuth1Client, OAuth1Definition, OAuth1Endpoints};
use crate::oauth::{
    Check, Client, ClientAuthentication, EmailVouching, Endpoints, OAuthDefinition, ProfileMapper,
};
use crate::provider::{Oidc, Provider as _, ProviderDefinition};

impl<D> Context<'_, D> {
    /// A client with a secret, or a public one if there is no secret.
    fn oauth_client(&self, table: &Table<'_>, problems: &mut Problems) -> Option<Client> {
        const METHODS: [(&str, ClientAuthentication); 3] = [
            ("basic", ClientAuthentication::Basic),
            ("post", ClientAuthentication::Post),
            ("secret_jwt", ClientAuthentication::SecretJwt),
        ];
        let id = table.required("client_id", problems);
        let is_public = table.get("client_secret").is_none();
        let secret = table.secret("client_secret", &self.registry.secrets, problems);
        let method = table.word("client_authentication", &METHODS, problems);
        let id = id?.value;
        let client: Client =
            if is_public { Client::public(id).into() } else { Client::new(id, secret?.value) };
        Some(match method {
            Some(method) => client.authentication(method.value),
            None => client,
        })
    }

    pub(super) fn oidc(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        const ALGORITHMS: [(&str, SignatureAlgorithm); 8] = [
            ("RS256", SignatureAlgorithm::Rs256),
            ("RS384", SignatureAlgorithm::Rs384),
            ("RS512", SignatureAlgorithm::Rs512),
            ("PS256", SignatureAlgorithm::Ps256),
            ("ES256", SignatureAlgorithm::Es256),
            ("ES384", SignatureAlgorithm::Es384),
            ("EdDSA", SignatureAlgorithm::EdDsa),
            ("HS256", SignatureAlgorithm::Hs256),
        ];
        let id = table.required("id", problems);
        let name = table.text("name", problems);
        let issuer = table.required("issuer", problems);
        let client = self.oauth_client(table, problems);
        let scope = table.text("scope", problems);
        let checks = checks(table, problems);
        let algorithm = table.word("id_token_algorithm", &ALGORITHMS, problems);
        let fetch = table.boolean("fetch_user_info", problems);
        let goodbye = table.text("federated_sign_out", problems);
        let vouching = vouching(table, problems);
        let link = table.boolean("dangerously_link_by_email", problems);
        let id = id?.value;
        let name = name.map_or_else(|| id.clone(), |name| name.value);
        let mut provider = Oidc::new(id, name, issuer?.value, "", "").client(client?);
        if let Some(scope) = scope {
            provider = provider.scope(scope.value);
        }
        if let Some(checks) = checks {
            provider = provider.checks(checks);
        }
        if let Some(algorithm) = algorithm {
            provider = provider.id_token_algorithm(algorithm.value);
        }
        if let Some(goodbye) = goodbye {
            provider = provider.federated_sign_out(goodbye.value);
        }
        if link.is_some_and(|link| link.value) {
            provider = provider.dangerously_link_by_email();
        }
        let provider = provider
            .email_vouching(vouching)
            .fetch_user_info(fetch.is_some_and(|fetch| fetch.value));
        Some(provider.into_definition().into())
    }

    pub(super) fn oauth2(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let id = table.required("id", problems);
        let name = table.text("name", problems);
        let authorization = table.required("authorization_endpoint", problems);
        let token = table.required("token_endpoint", problems);
        let user_info = table.required("userinfo_endpoint", problems);
        let issuer = table.text("issuer", problems);
        let client = self.oauth_client(table, problems);
        let scope = table.text("scope", problems);
        let checks = checks(table, problems);
        let parameters = table.free_table("authorization_parameters", problems);
        let profile = profile(table, problems);
        let vouching = vouching(table, problems);
        let link = table.boolean("dangerously_link_by_email", problems);
        let id = id?.value;
        let name = name.map_or_else(|| id.clone(), |name| name.value);
        let mut endpoints = Endpoints::oauth2(authorization?.value, token?.value, user_info?.value);
        if let Some(issuer) = issuer {
            endpoints = endpoints.issuer(issuer.value);
        }
        let definition = OAuthDefinition::builder()
            .id(id)
            .name(name)
            .client(client?)
            .endpoints(endpoints)
            .scope(scope.map(|scope| scope.value).unwrap_or_default())
            .checks(checks.unwrap_or_else(|| vec![Check::Pkce, Check::State]))
            .authorization_parameters(parameters)
            .email_vouching(vouching)
            .dangerously_link_by_email(link.is_some_and(|link| link.value))
            .profile(profile)
            .build();
        Some(definition.into())
    }

    pub(super) fn oauth1(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let id = table.required("id", problems);
        let name = table.text("name", problems);
        let key = table.required("client_key", problems);
        let secret = self.required_secret(table, problems);
        let request_token = table.required("request_token_url", problems);
        let authorization = table.required("authorization_url", problems);
        let access_token = table.required("access_token_url", problems);
        let profile_url = table.required("profile_url", problems);
        let profile = profile(table, problems);
        let vouching = vouching(table, problems);
        let link = table.boolean("dangerously_link_by_email", problems);
        let id = id?.value;
        let name = name.map_or_else(|| id.clone(), |name| name.value);
        let definition = OAuth1Definition::builder()
            .id(id)
            .name(name)
            .client(OAuth1Client::new(key?.value, secret?))
            .endpoints(OAuth1Endpoints {
                request_token_url: request_token?.value,
                authorization_url: authorization?.value,
                access_token_url: access_token?.value,
                profile_url: profile_url?.value,
            })
            .profile(profile)
            .email_vouching(vouching)
            .dangerously_link_by_email(link.is_some_and(|link| link.value))
            .build();
        Some(definition.into())
    }

    pub(super) fn required_secret(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ClientSecret> {
        if table.get("client_secret").is_none() {
            table.report_missing("client_secret", problems);
        }
        let secret = table.secret("client_secret", &self.registry.secrets, problems)?;
        Some(secret.value)
    }
}

fn checks(table: &Table<'_>, problems: &mut Problems) -> Option<Vec<Check>> {
    const CHECKS: [(&str, Check); 3] =
        [("pkce", Check::Pkce), ("state", Check::State), ("nonce", Check::Nonce)];
    table.get("checks")?;
    let words = table.texts("checks", problems);
    let checks = words.into_iter().filter_map(|word| word.word(&CHECKS, problems));
    Some(checks.map(|check| check.value).collect())
}

fn vouching(table: &Table<'_>, problems: &mut Problems) -> EmailVouching {
    const WORDS: [(&str, EmailVouching); 3] = [
        ("when_verified", EmailVouching::WhenVerified),
        ("always", EmailVouching::Always),
        ("never", EmailVouching::Never),
    ];
    let word = table.word("email_vouching", &WORDS, problems);
    word.map(|word| word.value).unwrap_or_default()
}

/// A function from the provider's JSON to a profile, by the names of members.
fn profile(table: &Table<'_>, problems: &mut Problems) -> ProfileMapper {
    let names = table.table("profile", &key::PROFILE, problems);
    let mut pointer = |member: &str, default: &str| {
        let name = names.as_ref().and_then(|table| table.text(member, problems));
        let name = name.map_or_else(|| default.to_owned(), |name| name.value);
        if name.starts_with('/') {
            name
        } else {
            format!("/{}", name.replace('~', "~0").replace('/', "~1"))
        }
    };
    let (id, name) = (pointer("id", "id"), pointer("name", "name"));
    let (email, image) = (pointer("email", "email"), pointer("image", "picture"));
    ProfileMapper::new(move |said: Json, _| {
        let text =
            |pointer: &str| said.pointer(pointer).and_then(Json::as_str).map(ToOwned::to_owned);
        let id = match said.pointer(&id) {
            Some(Json::String(id)) => id.clone(),
            Some(Json::Number(id)) => id.to_string(),
            _ => {
                let reason = format!("the profile has no `{id}` that is a text or a number");
                return Err(CallbackError::new(reason));
            }
        };
        // What is no text is no address either, which the flow says.
        let address = said.pointer(&email).filter(|value| !value.is_null());
        let address =
            address.map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into));
        Ok(Profile::new(id).name(text(&name)).email(address).image(text(&image)))
    })
}
