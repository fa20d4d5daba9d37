//! One entry of `providers`: which kind it is, and what its definition becomes.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value as Json;

use super::authorize_endpoint::AuthorizeEndpoint;
use super::catalogue::{self, CatalogueClient};
use super::document::Value;
use super::key::{self, Section, closest, listed};
use super::problem::{Problems, Spot};
use super::reader::{Found, Given, Table};
use super::registry::Registry;
use crate::config::rule::Rule;
use crate::error::{CallbackError, ConfigError};
use crate::jwt::SignatureAlgorithm;
use crate::model::Profile;
use crate::outbound::{DefaultHttpClient, ErasedHttpClient};
use crate::provider::{
    AuthorizeMissing, Check, Client, ClientAuthentication, Credentials, Endpoints,
    OAuth1Definition, OAuthDefinition, Oidc, ProfileMapper, Provider, ProviderDefinition,
    is_protected,
};
use crate::secret::ClientSecret;
use crate::theme::CredentialField;

/// A provider that was read. Its definition is missing if it has problems, which were reported.
pub(super) struct ReadProvider {
    pub(super) kind: Kind,
    pub(super) definition: Option<ProviderDefinition>,
    /// Where the kind is named.
    pub(super) spot: Spot,
    /// Where the id is, or the kind if the id is the default.
    pub(super) id_spot: Spot,
}

/// What the rules ask about a provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    OAuth,
    Email,
    Credentials,
}

const GENERIC: [&str; 5] = ["oidc", "oauth2", "oauth1", "email", "credentials"];

/// What entries are read with.
pub(super) struct Context<'a, D> {
    registry: &'a Registry<D>,
    /// Made when the first entry needs it.
    client: OnceCell<Arc<dyn ErasedHttpClient>>,
}

impl<'a, D> Context<'a, D> {
    pub(super) fn new(registry: &'a Registry<D>) -> Self {
        let client = registry.http_client.clone().map(OnceCell::from).unwrap_or_default();
        Self { registry, client }
    }

    /// The client of the registry, or the one that an entry needed.
    pub(super) fn into_http_client(self) -> Option<Arc<dyn ErasedHttpClient>> {
        self.client.into_inner()
    }

    fn http_client(&self, problems: &mut Problems) -> Option<Arc<dyn ErasedHttpClient>> {
        if self.client.get().is_none() {
            match DefaultHttpClient::new() {
                Ok(client) => drop(self.client.set(Arc::new(client))),
                Err(error) => {
                    let refused = ConfigError::new("the HTTP client cannot be set up");
                    let fix = "install the certificates of the platform";
                    problems.refused(Spot::default(), &refused.with_source(error), fix);
                }
            }
        }
        self.client.get().cloned()
    }

    /// `None` if the entry is not even a table with a known type.
    pub(super) fn read(&self, entry: &Found<'_>, problems: &mut Problems) -> Option<ReadProvider> {
        let (kind, spot) = self.kind_of(entry, problems)?;
        let (section, needs): (&'static Section, Kind) = match kind.as_str() {
            "oidc" => (&key::OIDC, Kind::OAuth),
            "oauth2" => (&key::OAUTH2, Kind::OAuth),
            "oauth1" => (&key::OAUTH1, Kind::OAuth),
            "email" => (&key::EMAIL, Kind::Email),
            "credentials" => (&key::CREDENTIALS, Kind::Credentials),
            _ if catalogue::look_up(&kind).is_some() => (&key::CATALOGUE, Kind::OAuth),
            _ => {
                let registered = self.registry.providers.get(&kind)?;
                let needs = match registered {
                    ProviderDefinition::OAuth(_) | ProviderDefinition::OAuth1(_) => Kind::OAuth,
                    ProviderDefinition::Email(_) => Kind::Email,
                    ProviderDefinition::Credentials(_) => Kind::Credentials,
                };
                (&key::REGISTERED, needs)
            }
        };
        let mut table = entry.table(section, problems)?;
        // What is missing in an entry is said where its kind is.
        table.spot = spot.clone();
        let id_spot = match section.key("id") {
            Some(_) => table.get("id").map_or_else(|| spot.clone(), |found| found.spot),
            None => spot.clone(),
        };
        let definition = match kind.as_str() {
            "oidc" => self.oidc(&table, problems),
            "oauth2" => self.oauth2(&table, problems),
            "oauth1" => self.oauth1(&table, problems),
            "email" => self.email(&table, problems),
            "credentials" => self.credentials(&table, problems),
            id => match catalogue::look_up(id) {
                Some(make) => self.client(&table, problems).map(make),
                None => self.registry.providers.get(id).cloned(),
            },
        };
        Some(ReadProvider { kind: needs, definition, spot, id_spot })
    }

    fn kind_of(&self, entry: &Found<'_>, problems: &mut Problems) -> Option<(String, Spot)> {
        let Value::Table(entries) = &entry.node.value else {
            let kind = entry.node.value.kind();
            problems.value(
                entry.spot.clone().hidden(),
                format!("a provider is a table, and this is {kind}"),
                "write a table `[[providers]]` with `type = \"github\"`",
            );
            return None;
        };
        let mut known: Vec<&str> = GENERIC.to_vec();
        catalogue::ids().for_each(|id| known.push(id));
        known.extend(self.registry.providers.keys().map(String::as_str));
        let Some(kind) = entries.iter().find(|entry| entry.key == "type") else {
            problems.missing(
                entry.spot.clone().hidden(),
                format!("`{}` has no `type`", entry.spot.path),
                format!("write `type =` with one of {}", listed(known.iter().copied())),
            );
            return None;
        };
        let spot = Spot {
            span: kind.value.span.clone(),
            path: format!("{}.type", entry.spot.path),
            is_shown: true,
        };
        let Value::Text(text) = &kind.value.value else {
            problems.value(
                spot.hidden(),
                "the `type` of a provider is a text",
                "write it in quotes",
            );
            return None;
        };
        if known.contains(&text.as_str()) {
            return Some((text.clone(), spot));
        }
        let fix = match closest(text, known.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", listed(known.iter().copied())),
        };
        problems.value(spot, format!("there is no provider `{}`", text.escape_debug()), fix);
        None
    }

    fn client(&self, table: &Table<'_>, problems: &mut Problems) -> Option<CatalogueClient> {
        let id = table.required("client_id", problems);
        let secret = self.required_secret(table, problems);
        Some(CatalogueClient { id: id?.value, secret: secret? })
    }

    fn required_secret(&self, table: &Table<'_>, problems: &mut Problems) -> Option<ClientSecret> {
        if table.get("client_secret").is_none() {
            table.report_missing("client_secret", problems);
        }
        let secret = table.secret("client_secret", &self.registry.secrets, problems)?;
        Some(secret.value)
    }

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

    fn oidc(&self, table: &Table<'_>, problems: &mut Problems) -> Option<ProviderDefinition> {
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
        if link.is_some_and(|link| link.value) {
            provider = provider.dangerously_link_by_email();
        }
        let provider = provider.fetch_user_info(fetch.is_some_and(|fetch| fetch.value));
        Some(provider.into_definition().into())
    }

    fn oauth2(&self, table: &Table<'_>, problems: &mut Problems) -> Option<ProviderDefinition> {
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
            .dangerously_link_by_email(link.is_some_and(|link| link.value))
            .profile(profile)
            .build();
        Some(definition.into())
    }

    fn oauth1(&self, table: &Table<'_>, problems: &mut Problems) -> Option<ProviderDefinition> {
        let id = table.required("id", problems);
        let name = table.text("name", problems);
        let key = table.required("client_key", problems);
        let secret = self.required_secret(table, problems);
        let request_token = table.required("request_token_url", problems);
        let authorization = table.required("authorization_url", problems);
        let access_token = table.required("access_token_url", problems);
        let profile_url = table.required("profile_url", problems);
        let profile = profile(table, problems);
        let link = table.boolean("dangerously_link_by_email", problems);
        let id = id?.value;
        let name = name.map_or_else(|| id.clone(), |name| name.value);
        let definition = OAuth1Definition::builder()
            .id(id)
            .name(name)
            .client_key(key?.value)
            .client_secret(secret?)
            .request_token_url(request_token?.value)
            .authorization_url(authorization?.value)
            .access_token_url(access_token?.value)
            .profile_url(profile_url?.value)
            .profile(profile)
            .dangerously_link_by_email(link.is_some_and(|link| link.value))
            .build();
        Some(definition.into())
    }

    fn email(&self, table: &Table<'_>, problems: &mut Problems) -> Option<ProviderDefinition> {
        let id = table.text("id", problems);
        let name = table.text("name", problems);
        let age = table.seconds("max_age", problems);
        let send = table.required("send", problems)?;
        let registered = &self.registry.send;
        let Some(sender) = registered.get(&send.value) else {
            let names = registered.keys().map(String::as_str);
            unregistered(&send, "function that sends links", "send", names, problems);
            return None;
        };
        let mut provider = sender.clone();
        if let Some(id) = id {
            provider = provider.id(id.value);
        }
        if let Some(name) = name {
            provider = provider.name(name.value);
        }
        if let Some(age) = age {
            provider = provider.max_age(age.value);
        }
        Some(provider.into_definition().into())
    }

    fn credentials(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let mut provider = Credentials::<AuthorizeMissing>::default();
        if let Some(id) = table.text("id", problems) {
            provider = provider.id(id.value);
        }
        if let Some(name) = table.text("name", problems) {
            provider = provider.name(name.value);
        }
        for field in table.list("fields", problems) {
            if let Some(field) = credential_field(&field, problems) {
                provider = provider.field(field);
            }
        }
        let secret = table.secret("endpoint_secret", &self.registry.secrets, problems);
        let authorize = table.text("authorize", problems);
        let endpoint = table.text("endpoint", problems);
        match (authorize, endpoint) {
            (Some(_), Some(endpoint)) => {
                let cause = "both `authorize` and `endpoint` check the credentials";
                problems.value(endpoint.spot, cause, "remove one of the two");
                None
            }
            (Some(name), None) => {
                if let Some(found) = table.get("endpoint_secret") {
                    let cause = "`endpoint_secret` has no effect without `endpoint`";
                    problems.value(found.key_spot, cause, "remove it");
                }
                let registered = &self.registry.authorize;
                let Some(function) = registered.get(&name.value) else {
                    let names = registered.keys().map(String::as_str);
                    unregistered(
                        &name,
                        "function that checks credentials",
                        "authorize",
                        names,
                        problems,
                    );
                    return None;
                };
                Some(provider.checked_by(function).into_definition().into())
            }
            (None, Some(endpoint)) => {
                let url = url::Url::parse(&endpoint.value).ok().filter(is_protected);
                let Some(url) = url else {
                    problems.value(
                        endpoint.spot,
                        "the endpoint gets passwords, and is not an https URL (http is accepted \
                         for loopback hosts only)",
                        "write `endpoint = \"http://127.0.0.1:8081/authorize\"`",
                    );
                    return None;
                };
                let client = self.http_client(problems)?;
                let secret = secret.map(|secret| secret.value);
                let endpoint = AuthorizeEndpoint { url, secret, client };
                Some(endpoint.provider(provider).into_definition().into())
            }
            (None, None) if table.get("authorize").is_none() && table.get("endpoint").is_none() => {
                problems.rule(Rule::AUTHORIZE_GIVEN, table.spot.clone(), None);
                None
            }
            (None, None) => None,
        }
    }
}

fn credential_field(field: &Found<'_>, problems: &mut Problems) -> Option<CredentialField> {
    let mut table = field.table(&key::FIELD, problems)?;
    table.spot = field.spot.clone().hidden();
    let key = table.required("key", problems);
    let label = table.text("label", problems);
    let input_type = table.text("type", problems);
    let placeholder = table.text("placeholder", problems);
    let mut field = CredentialField::new(key?.value);
    if let Some(label) = label {
        field = field.label(label.value);
    }
    if let Some(input_type) = input_type {
        field = field.input_type(input_type.value);
    }
    if let Some(placeholder) = placeholder {
        field = field.placeholder(placeholder.value);
    }
    Some(field)
}

fn checks(table: &Table<'_>, problems: &mut Problems) -> Option<Vec<Check>> {
    const CHECKS: [(&str, Check); 3] =
        [("pkce", Check::Pkce), ("state", Check::State), ("nonce", Check::Nonce)];
    table.get("checks")?;
    let words = table.texts("checks", problems);
    let checks = words.into_iter().filter_map(|word| word.word(&CHECKS, problems));
    Some(checks.map(|check| check.value).collect())
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
        Ok(Profile::new(id).name(text(&name)).email(text(&email)).image(text(&image)))
    })
}

/// A name that the application did not register.
pub(super) fn unregistered<'a>(
    name: &Given<String>,
    what: &str,
    method: &str,
    names: impl Iterator<Item = &'a str> + Clone,
    problems: &mut Problems,
) {
    let fix = match (closest(&name.value, names.clone()), names.clone().next()) {
        (Some(known), _) => format!("did you mean `{known}`?"),
        (None, Some(_)) => format!("registered are {}", listed(names)),
        (None, None) => format!("register it in code: `Registry::{method}(name, ..)`"),
    };
    let shown = name.value.escape_debug();
    problems.value(
        name.spot.clone(),
        format!("no {what} is registered under the name `{shown}`"),
        fix,
    );
}

/// What code would have been told about a definition.
pub(super) fn check(definition: &ProviderDefinition) -> Result<(), ConfigError> {
    crate::config::Provider::resolve(definition.clone(), 0).map(|_| ())
}
