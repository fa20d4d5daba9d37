//! The providers that a file knows by id, and what has to be said about each.
//!
//! What a provider takes is found out from itself: its `from_variables` is called with variables
//! that are all set, and the names that it asks for become keys (`AUTH_GITLAB_BASE_URL` becomes
//! `base_url`). So a provider of the catalogue needs no line here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::Context;
use super::oauth::fill;
use crate::dynamic::key::{Key, Section, oauth_options, only_openid_connect};
use crate::dynamic::problem::Problems;
use crate::dynamic::reader::Table;
use crate::error::ConfigError;
use crate::provider::{ProviderDefinition, catalog};

/// What a provider's variables hold while it is asked what it takes: addresses are among them.
const SAMPLE: &str = "https://provider.example";
const ID: &str = "id";
const NAME: &str = "name";
const CLIENT_ID: &str = "client_id";
const CLIENT_SECRET: &str = "client_secret";

/// A provider that a file names by its id.
pub(super) struct Entry {
    id: &'static str,
    pub(super) section: Section,
    settings: Vec<Setting>,
}

struct Setting {
    key: &'static str,
    variable: String,
    is_required: bool,
}

static CATALOGUE: LazyLock<Vec<Entry>> =
    LazyLock::new(|| catalog::IDS.iter().copied().map(Entry::of).collect());

/// The provider with that id.
pub(super) fn look_up(id: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.id == id)
}

fn make(
    id: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<ProviderDefinition, ConfigError> {
    catalog::find(id, variable).map(Into::into)
}

impl Entry {
    fn of(id: &'static str) -> Self {
        let asked = RefCell::new(Vec::new());
        let note = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            Some(SAMPLE.to_owned())
        };
        let made = make(id, &note);
        let is_openid_connect = matches!(
            &made,
            Ok(ProviderDefinition::OAuth(definition)) if definition.endpoints.is_openid_connect()
        );
        let asked = asked.into_inner();
        let is_prefix = |prefix: &&str| asked.iter().all(|name| name.starts_with(*prefix));
        let prefix = asked.iter().filter_map(|name| name.strip_suffix("ID")).find(is_prefix);
        let prefix = prefix.unwrap_or_default().to_owned();
        let settings: Vec<Setting> = asked
            .into_iter()
            .map(|variable| {
                let all_others = |name: &str| (name != variable).then(|| SAMPLE.to_owned());
                let is_required = make(id, &all_others).is_err();
                let key = match variable.strip_prefix(&prefix).unwrap_or(&variable) {
                    "ID" => CLIENT_ID,
                    "SECRET" => CLIENT_SECRET,
                    // Lives as long as the program, as the other keys do.
                    other => &*other.to_lowercase().leak(),
                };
                Setting { key, variable, is_required }
            })
            .collect();
        let about = "A setting of the provider.";
        let provider = Key { name: "type", example: "\"github\"", about };
        let keys = settings.iter().map(|Setting { key, variable, .. }| {
            let example = format!("{{ env = \"{variable}\" }}").leak();
            Key { name: key, example, about }
        });
        let names = [
            Key { name: ID, example: "\"github-enterprise\"", about: "The type by default." },
            Key { name: NAME, example: "\"GitHub Enterprise\"", about: "What people read." },
        ];
        let mut keys: Vec<Key> = std::iter::once(provider).chain(names).chain(keys).collect();
        let is_own = |name| settings.iter().any(|setting| setting.key == name);
        keys.extend(oauth_options(is_openid_connect).filter(|key| !is_own(key.name)));
        let example = "a table `[[providers]]`";
        let section =
            Section { title: id, example, keys: keys.leak(), advice: only_openid_connect };
        Self { id, section, settings }
    }
}

impl<D> Context<'_, D> {
    /// A provider of the catalogue, made from the keys of its entry.
    pub(super) fn of_catalogue(
        &self,
        entry: &Entry,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let mut values = HashMap::new();
        let mut is_complete = true;
        for Setting { key, variable, is_required } in &entry.settings {
            if table.get(key).is_none() {
                if *is_required {
                    table.report_missing(key, problems);
                    is_complete = false;
                }
                continue;
            }
            let value = if *key == CLIENT_SECRET {
                let secret = table.secret(key, &self.registry.secrets, problems);
                secret.map(|secret| secret.value.expose().to_owned())
            } else {
                table.text(key, problems).map(|text| text.value)
            };
            match value {
                Some(value) => drop(values.insert(variable.as_str(), value)),
                None => is_complete = false,
            }
        }
        let own_id = table.text(ID, problems).map(|id| id.value);
        let own_name = table.text(NAME, problems).map(|name| name.value);
        if !is_complete {
            return None;
        }
        match make(entry.id, &|name| values.get(name).cloned()) {
            Ok(mut made) => {
                name(&mut made, own_id, own_name);
                let ProviderDefinition::OAuth(mut definition) = made else { return Some(made) };
                let is_own = |name: &str| entry.settings.iter().any(|setting| setting.key == name);
                fill(table, &mut definition, is_own, problems);
                Some(ProviderDefinition::OAuth(definition))
            }
            Err(error) => {
                problems.refused(table.spot.clone(), &error, "correct it as the message says");
                None
            }
        }
    }
}

/// A second provider of one type needs an id of its own.
fn name(made: &mut ProviderDefinition, id: Option<String>, name: Option<String>) {
    let common = match made {
        ProviderDefinition::OAuth(definition) => &mut definition.common,
        ProviderDefinition::OAuth1(definition) => &mut definition.common,
        _ => return,
    };
    if let Some(id) = id {
        common.id = id;
    }
    if let Some(name) = name {
        common.name = name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_that_the_provider_asks_for() {
        let keys = |id: &str| -> Vec<(&str, bool)> {
            let settings = &look_up(id).unwrap().settings;
            settings.iter().map(|setting| (setting.key, setting.is_required)).collect()
        };
        assert_eq!(
            keys("github"),
            [("client_id", true), ("client_secret", true), ("base_url", false), ("api_url", false)]
        );
        #[cfg(feature = "catalog")]
        {
            let auth0 = [("client_id", true), ("client_secret", true), ("issuer", true)];
            assert_eq!(keys("auth0"), auth0);
        }
    }

    #[test]
    fn options_of_openid_connect_are_keys_of_providers_that_speak_it() {
        let has = |id: &str, key: &str| look_up(id).unwrap().section.key(key).is_some();
        for key in ["jwks_uri", "discovery_document", "id_token_algorithm", "fetch_user_info"] {
            assert!(!has("github", key), "{key}");
            #[cfg(feature = "catalog")]
            assert!(has("google", key) && has("apple", key) && !has("discord", key), "{key}");
        }
        assert!(has("github", "userinfo_endpoint") && has("github", "scope"));
    }

    #[test]
    fn every_provider_makes_a_definition_of_the_sample() {
        for id in catalog::IDS.iter().copied() {
            let made = make(id, &|_| Some(SAMPLE.to_owned()));
            assert!(matches!(made, Ok(ProviderDefinition::OAuth(_))), "{id}");
        }
    }

    #[cfg(feature = "catalog")]
    #[test]
    fn r192_the_catalogue_vouches_only_where_a_provider_says_so() {
        use serde_json::json;

        use crate::model::TokenSet;
        use crate::oauth::EmailVouching;

        let definition = |id| match make(id, &|_| Some(SAMPLE.to_owned())) {
            Ok(ProviderDefinition::OAuth(definition)) => Some(definition),
            _ => None,
        };
        let mut seen = 0;
        for id in catalog::IDS.iter().copied() {
            let Some(definition) = definition(id) else { continue };
            let never = ["azure-ad", "microsoft-entra-id"].contains(&id);
            let expected = if never { EmailVouching::Never } else { EmailVouching::WhenVerified };
            assert_eq!(definition.common.email_vouching, expected, "{id}");
            seen += 1;
        }
        assert!(seen > 70, "{seen}");
        let said = |id, raw: serde_json::Value| {
            let tokens = TokenSet::from_members(serde_json::Map::new());
            definition(id).unwrap().common.profile.map(&raw, &tokens).unwrap().email_verified
        };
        let discord = |verified: serde_json::Value| json!({ "id": "1", "username": "a", "discriminator": "0", "verified": verified });
        assert_eq!(said("discord", discord(json!(true))), Some(true));
        assert_eq!(said("discord", discord(json!(false))), Some(false));
        assert_eq!(said("discord", discord(json!(null))), None);
        let kakao = |verified: bool, valid: bool| {
            let account = json!({ "is_email_verified": verified, "is_email_valid": valid });
            json!({ "id": 1, "kakao_account": account })
        };
        assert_eq!(said("kakao", kakao(true, true)), Some(true));
        assert_eq!(said("kakao", kakao(true, false)), Some(false));
        let attributes = json!({ "is_email_verified": true });
        let patreon = json!({ "data": { "id": "1", "attributes": attributes } });
        assert_eq!(said("patreon", patreon), Some(true));
        assert_eq!(said("github", json!({ "id": 1, "login": "a" })), None);
    }

    /// The members of a file for a provider with all that it requires.
    #[cfg(feature = "catalog")]
    fn minimal(entry: &Entry) -> String {
        let required = entry.settings.iter().filter(|setting| setting.is_required);
        let lines = required.map(|Setting { key, .. }| match *key {
            CLIENT_ID => "client_id = 'app'\n".to_owned(),
            CLIENT_SECRET => "client_secret = { registered = 'client' }\n".to_owned(),
            key if key.ends_with("_id") => format!("{key} = '1234567'\n"),
            key => format!("{key} = 'https://x.example'\n"),
        });
        format!("type = '{}'\n{}", entry.id, lines.collect::<String>())
    }

    /// Whatever can be said of a provider that is described in a file can be said of each of the
    /// catalogue.
    #[cfg(feature = "catalog")]
    #[test]
    fn a_file_replaces_every_option_of_every_provider() {
        use crate::dynamic::provider::tests::read;
        use crate::oauth::definition::setting::{COMMON, Needs, OAUTH};

        let options = OAUTH.iter().map(|setting| setting.row());
        let options: Vec<_> = options.chain(COMMON.iter().map(|setting| setting.row())).collect();
        for id in catalog::IDS.iter().copied() {
            let entry = look_up(id).unwrap();
            let bare = minimal(entry);
            let before = read(&bare);
            let vouches = !before.contains("email_vouching: Never");
            let is_openid_connect = before.contains("protocol: OpenIdConnect");
            for option in &options {
                let is_own = entry.settings.iter().any(|setting| setting.key == option.key);
                let fits = is_openid_connect || option.needs == Needs::Nothing;
                // Rule 20: whoever does not vouch for addresses links nobody by them.
                let links = option.key == "dangerously_link_by_email" && !vouches;
                if is_own || !fits || links {
                    continue;
                }
                // What asks an endpoint goes with the endpoint.
                let minimal = match option.key {
                    "pushed_authorization" => format!(
                        "{bare}pushed_authorization_request_endpoint = 'https://x.example'\n"
                    ),
                    _ => bare.clone(),
                };
                let before = read(&minimal);
                // Two values, of which the provider has one already at most.
                let other =
                    option.example.replace("https://", "https://other.").replace("60", "61");
                let values = [
                    option.example,
                    &*other,
                    "true",
                    "false",
                    "\"always\"",
                    "\"form_post\"",
                    "\"HS256\"",
                    "\"exact\"",
                    "\"/other\"",
                    "[\"other\"]",
                    "{ other = \"1\" }",
                ];
                let fits = |value: &&&str| match option.example {
                    "true" | "false" => ["true", "false"].contains(*value),
                    _ => true,
                };
                let is_replaced = values.iter().filter(fits).any(|value| {
                    let file = format!("{minimal}{} = {value}\n", option.key);
                    crate::dynamic::provider::tests::quietly_read(&file)
                        .is_some_and(|record| record != before)
                });
                assert!(is_replaced, "{id}: {}", option.key);
            }
        }
    }

    /// A key of the provider's own means what the provider says, and not the option of that name.
    #[cfg(feature = "catalog")]
    #[test]
    fn a_key_of_the_providers_own_is_no_option() {
        use crate::dynamic::provider::tests::read;
        use crate::provider::Provider as _;
        use crate::provider::catalog::{Mastodon, WeChat};

        let file = "type = 'mastodon'\nclient_id = 'app'\nissuer = 'https://x.example'\n\
                    client_secret = { registered = 'client' }";
        let in_code = Mastodon::builder()
            .client_id("app")
            .client_secret("s3cr3t")
            .issuer("https://x.example")
            .build()
            .into_definition();
        let shown = |definition| format!("{:#?}", ProviderDefinition::from(definition));
        assert_eq!(read(file), shown(in_code));
        let file = "type = 'wechat'\nclient_id = 'app'\nscope = 'snsapi_login'\n\
                    client_secret = { registered = 'client' }";
        let in_code = WeChat::new("app", "s3cr3t".into()).scope("snsapi_login").into_definition();
        assert_eq!(read(file), shown(in_code));
    }

    #[test]
    fn every_provider_says_what_it_takes() {
        for id in catalog::IDS.iter().copied() {
            let Entry { settings, .. } = look_up(id).unwrap();
            assert!(settings.iter().any(|setting| setting.key == CLIENT_ID), "{id}");
        }
    }
}
