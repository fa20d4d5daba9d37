//! Where users are kept.

use super::Reader;
use crate::adapter::DynamicAdapter;
use crate::config::check::Capabilities;
use crate::dynamic::database::{self, DatabaseAddress};
use crate::dynamic::key;
use crate::dynamic::reader::Table;
use crate::dynamic::registry::{self, unregistered};
use crate::rule::Rule;

/// Where users are kept.
pub(in crate::dynamic) enum AdapterChoice {
    None,
    Database(Box<DatabaseAddress>),
    Registered { name: String, adapter: DynamicAdapter },
}

impl<D: 'static> Reader<'_, D> {
    pub(super) fn adapter(&mut self, root: &Table<'_>) -> AdapterChoice {
        let Some(found) = root.get("adapter") else { return AdapterChoice::None };
        self.spots.adapter = Some(found.key_spot.clone());
        // Unless the configuration says something else, so that one mistake is reported once.
        self.facts.adapter = Some(Capabilities {
            sessions: true,
            user_sessions: true,
            verification_tokens: true,
            accounts: true,
        });
        let Some(table) = found.table(&key::ADAPTER, self.problems) else {
            return AdapterChoice::None;
        };
        let database = database::read(&table, &self.registry.secrets, self.problems);
        let name = table.text("registered", self.problems);
        match (table.get("url"), name) {
            (Some(_), Some(name)) => {
                self.problems.rule(Rule::GIVEN_ONCE, name.spot, Some("adapter"));
                AdapterChoice::None
            }
            (None, Some(name)) => {
                let registered = &self.registry.adapters;
                let Some(adapter) = registered.get(&name.value) else {
                    let names = registered.keys().map(String::as_str);
                    unregistered(&name, &registry::ADAPTER, names, self.problems);
                    return AdapterChoice::None;
                };
                self.facts.adapter = Some(Capabilities::of(adapter));
                self.spots.adapter_name = Some(name.value.clone());
                self.spots.adapter = Some(name.spot);
                AdapterChoice::Registered { name: name.value, adapter: adapter.clone() }
            }
            (Some(_), None) => database.map_or(AdapterChoice::None, |database| {
                AdapterChoice::Database(Box::new(database))
            }),
            (None, None) => {
                if table.get("registered").is_none() {
                    self.problems.missing(
                        found.key_spot,
                        "`adapter` has neither `url` nor `registered`",
                        "write `url = \"sqlite://auth.db\"`",
                    );
                }
                AdapterChoice::None
            }
        }
    }
}
