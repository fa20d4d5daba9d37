//! Which providers does a file know by id? The one place to look one up.

use crate::provider::{GitHub, Provider, ProviderDefinition};
use crate::secret::ClientSecret;

/// The client that a provider of the catalogue is made with.
pub(super) struct CatalogueClient {
    pub(super) id: String,
    pub(super) secret: ClientSecret,
}

type Make = fn(CatalogueClient) -> ProviderDefinition;

/// Id, and what makes its definition.
const CATALOGUE: &[(&str, Make)] =
    &[("github", |client| GitHub::new(client.id, client.secret).into_definition().into())];

/// What makes the provider with that id.
pub(super) fn look_up(id: &str) -> Option<Make> {
    CATALOGUE.iter().find(|(known, _)| *known == id).map(|(_, make)| *make)
}

/// The ids that are known.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().map(|(id, _)| *id)
}
