//! One entry of `providers`: which kind it is, and what its definition becomes.

mod catalogue;
mod credentials;
mod email;
mod oauth;
#[cfg(test)]
mod tests;

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use super::authorize_endpoint::AuthorizeEndpoint;
use super::document::Value;
use super::key::{self, Section};
use super::problem::{Problems, Spot};
use super::reader::Found;
use super::registry::Registry;
use crate::config::{SiteSettings, check_provider, check_site};
use crate::error::spelling::{closest, listed};
use crate::error::{ConfigError, ConfigErrors};
use crate::provider::{ProviderDefinition, catalog};
use crate::web::outbound::{DefaultHttpClient, ErasedHttpClient};

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

impl Kind {
    fn of(definition: &ProviderDefinition) -> Self {
        match definition {
            ProviderDefinition::OAuth(_) | ProviderDefinition::OAuth1(_) => Self::OAuth,
            ProviderDefinition::Email(_) => Self::Email,
            ProviderDefinition::Credentials(_) => Self::Credentials,
        }
    }
}

const GENERIC: [&str; 5] = ["oidc", "oauth2", "oauth1", "email", "credentials"];

/// What entries are read with.
pub(super) struct Context<'a, D> {
    registry: &'a Registry<D>,
    /// Made when the first entry needs it.
    client: OnceCell<Arc<dyn ErasedHttpClient>>,
    endpoints: RefCell<Vec<NamedEndpoint>>,
}

/// Where the credentials of the provider with that id are checked, if no function checks them.
pub(super) type NamedEndpoint = (String, Arc<AuthorizeEndpoint>);

/// What is known once all entries are read.
pub(super) struct Shared {
    /// The client of the registry, or the one that an entry needed.
    pub(super) http_client: Option<Arc<dyn ErasedHttpClient>>,
    pub(super) endpoints: Vec<NamedEndpoint>,
}

impl<'a, D> Context<'a, D> {
    pub(super) fn new(registry: &'a Registry<D>) -> Self {
        let client = registry.http_client.clone().map(OnceCell::from).unwrap_or_default();
        Self { registry, client, endpoints: RefCell::default() }
    }

    pub(super) fn into_shared(self) -> Shared {
        let endpoints = self.endpoints.into_inner();
        Shared { http_client: self.client.into_inner(), endpoints }
    }

    fn http_client(&self, problems: &mut Problems) -> Option<Arc<dyn ErasedHttpClient>> {
        if self.client.get().is_none() {
            match DefaultHttpClient::new() {
                Ok(client) => drop(self.client.set(Arc::new(client))),
                Err(error) => {
                    let refused = ConfigError::new("the HTTP client cannot be set up");
                    let fix = "mend what is named; where certificates are missing, install the platform's";
                    problems.refused(Spot::default(), &refused.with_source(error), fix);
                }
            }
        }
        self.client.get().cloned()
    }

    /// `None` if the entry is not even a table with a known type.
    pub(super) fn read(&self, entry: &Found<'_>, problems: &mut Problems) -> Option<ReadProvider> {
        let (kind, spot) = self.kind_of(entry, problems)?;
        let registered = self.registry.providers.get(&kind);
        let known = catalogue::look_up(&kind);
        let (section, needs): (&'static Section, Kind) = match kind.as_str() {
            "oidc" => (&*key::OIDC, Kind::OAuth),
            "oauth2" => (&*key::OAUTH2, Kind::OAuth),
            "oauth1" => (&*key::OAUTH1, Kind::OAuth),
            "email" => (&key::EMAIL, Kind::Email),
            "credentials" => (&key::CREDENTIALS, Kind::Credentials),
            // What the application registered comes first: a new entry of the catalogue changes
            // nothing for it.
            _ => match (registered, known) {
                (Some(definition), _) => (&key::REGISTERED, Kind::of(definition)),
                (None, Some(known)) => (&known.section, Kind::OAuth),
                (None, None) => return None,
            },
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
            _ => match (registered, known) {
                (None, Some(known)) => self.of_catalogue(known, &table, problems),
                (registered, _) => registered.cloned(),
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
        let registered = self.registry.providers.keys().map(String::as_str);
        let general: Vec<&str> = GENERIC.into_iter().chain(registered).collect();
        let one_of = || {
            let listed = listed(general.iter().copied());
            format!("{listed}, or the id of a provider of the catalogue, such as `github`")
        };
        let Some(kind) = entries.iter().find(|entry| entry.key == "type") else {
            problems.missing(
                entry.spot.clone().hidden(),
                format!("`{}` has no `type`", entry.spot.path),
                format!("write `type =` with one of {}", one_of()),
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
        let known: Vec<&str> =
            general.iter().copied().chain(catalog::IDS.iter().copied()).collect();
        if known.contains(&text.as_str()) {
            return Some((text.clone(), spot));
        }
        let fix = match closest(text, known.into_iter()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", one_of()),
        };
        problems.value(spot, format!("there is no provider `{}`", text.escape_debug()), fix);
        None
    }
}

/// What code would have been told about a definition.
pub(super) fn check(
    definition: &ProviderDefinition,
    site: &SiteSettings,
) -> Result<(), ConfigError> {
    let mut refused = ConfigErrors::default();
    if let SiteSettings::Fixed(url) = site {
        refused.keep(check_site(definition, url));
    }
    refused.keep(check_provider(definition));
    refused.or(())
}
