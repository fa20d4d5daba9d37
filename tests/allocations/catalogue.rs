//! The whole catalogue, configured by the tests' values.

use serde_json::Value;
use typegate::provider::OAuthDefinition;
use typegate::provider::catalog;

/// The values of the variables that a provider of the catalogue reads, from the tests of the
/// catalogue.
fn variable(id: &str, name: &str) -> Option<String> {
    let data = format!("{}/tests/data/providers/{id}.json", env!("CARGO_MANIFEST_DIR"));
    let data: Value = serde_json::from_slice(&std::fs::read(data).ok()?).ok()?;
    let prefix = format!("AUTH_{}_", id.to_uppercase().replace(['-', '.'], "_"));
    let name = name.strip_prefix(&prefix)?;
    let of = |owner: &Value| Some(owner.get("variables")?.get(name)?.as_str()?.to_owned());
    of(data.get("samples")?.get(0)?).or_else(|| of(&data)).or_else(|| {
        matches!(name, "ID" | "SECRET").then(|| "of the client at the provider".to_owned())
    })
}

pub(crate) fn everybody() -> Vec<OAuthDefinition> {
    let find = |id: &&str| catalog::find(id, &|name| variable(id, name));
    let everybody: Result<Vec<_>, _> = catalog::IDS.iter().map(find).collect();
    everybody.unwrap_or_else(|error| panic!("{error}"))
}
