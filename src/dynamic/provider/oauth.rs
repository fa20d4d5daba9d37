//! Providers of OAuth 2.0, OpenID Connect and OAuth 1.0a that a configuration describes itself.

use serde_json::Value as Json;

use super::Context;
use crate::crypto::secret::ClientSecret;
use crate::dynamic::key;
use crate::dynamic::problem::Problems;
use crate::dynamic::reader::Table;
use crate::error::CallbackError;
use crate::model::Profile;
use crate::oauth::definition::setting::{
    self, Flag, OneWord, Pairs, Seconds, Setting, Text, Texts, Url, Words,
};
use crate::oauth::v1::{OAuth1Client, OAuth1Definition, OAuth1Endpoints};
use crate::oauth::{
    Endpoints, OAuthClient, OAuthDefinition, PrivateKey, ProfileError, ProfileMapper,
    ProfileMember as _, StandardClaims,
};
use crate::provider::ProviderDefinition;

impl<D> Context<'_, D> {
    /// A client with a secret or a private key, or a public one if there is neither.
    fn oauth_client(&self, table: &Table<'_>, problems: &mut Problems) -> Option<OAuthClient> {
        let id = table.required("client_id", problems);
        let has_key = table.get("client_private_key").is_some();
        let key_id = table.text("client_private_key_id", problems);
        let audience = table.text("client_private_key_audience", problems);
        if let Some(found) = table.get("client_secret").filter(|_| has_key) {
            problems.value(
                found.key_spot,
                "a client proves itself in one way",
                "remove `client_secret`, or `client_private_key`",
            );
        }
        if has_key {
            let key = table.secret("client_private_key", &self.registry.secrets, problems)?;
            let key = match PrivateKey::read(key.value.expose()) {
                Ok(key) => key,
                Err(error) => {
                    problems.refused(key.spot, &error, "correct it as the message says");
                    return None;
                }
            };
            let key = key_id.map_or(key.clone(), |id| key.key_id(id.value));
            let client = OAuthClient::with_private_key(id?.value, key);
            return Some(match audience {
                Some(audience) => client.audience(audience.value).into(),
                None => client.into(),
            });
        }
        for (key, given) in
            [("client_private_key_id", key_id), ("client_private_key_audience", audience)]
        {
            if let Some(given) = given {
                problems.value(
                    given.spot,
                    format!("`{key}` is about a private key, and there is none"),
                    "add `client_private_key`, or remove it",
                );
            }
        }
        let is_public = table.get("client_secret").is_none();
        let secret = table.secret("client_secret", &self.registry.secrets, problems);
        let id = id?.value;
        Some(if is_public {
            OAuthClient::public(id).into()
        } else {
            OAuthClient::new(id, secret?.value)
        })
    }

    pub(super) fn oidc(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let profile = |_: &mut Problems| ProfileMapper::of::<StandardClaims>();
        self.described(table, &["issuer"], Endpoints::openid_connect(), profile, problems)
    }

    pub(super) fn oauth2(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let required = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"];
        let profile = |problems: &mut Problems| profile(table, problems);
        self.described(table, &required, Endpoints::plain(), profile, problems)
    }

    fn described(
        &self,
        table: &Table<'_>,
        required: &[&str],
        endpoints: Endpoints,
        profile: impl FnOnce(&mut Problems) -> ProfileMapper,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let is_complete = require(table, required, problems);
        let names = names(table, problems);
        let client = self.oauth_client(table, problems);
        let is_complete = is_complete && names.is_some() && client.is_some();
        let (id, name) = names.unwrap_or_default();
        let mut definition = OAuthDefinition::builder()
            .id(id)
            .name(name)
            .client(client.unwrap_or_else(|| OAuthClient::public("").into()))
            .endpoints(endpoints)
            .profile(profile(problems))
            .build();
        fill(table, &mut definition, |_| false, problems);
        is_complete.then(|| definition.into())
    }

    pub(super) fn oauth1(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let endpoints =
            ["request_token_url", "authorization_url", "access_token_url", "profile_url"];
        let is_complete = require(table, &endpoints, problems);
        let names = names(table, problems);
        let key = table.required("client_key", problems);
        let secret = self.required_secret(table, problems);
        let profile = profile(table, problems);
        let mut definition = OAuth1Definition::builder()
            .id(names.as_ref().map_or("", |(id, _)| id))
            .name(names.as_ref().map_or("", |(_, name)| name))
            .client(OAuth1Client::new(key?.value, secret?))
            .endpoints(OAuth1Endpoints::blank())
            .profile(profile)
            .build();
        set(setting::OAUTH1, table, &mut definition, &|_| false, problems);
        set(setting::COMMON, table, &mut definition.common, &|_| false, problems);
        (is_complete && names.is_some()).then(|| definition.into())
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

/// Id and name, of which the id is the default.
fn names(table: &Table<'_>, problems: &mut Problems) -> Option<(String, String)> {
    let id = table.required("id", problems);
    let name = table.text("name", problems);
    let id = id?.value;
    let name = name.map_or_else(|| id.clone(), |name| name.value);
    Some((id, name))
}

/// Whether all of these are there; what is not is reported.
fn require(table: &Table<'_>, keys: &[&str], problems: &mut Problems) -> bool {
    let missing = keys.iter().filter(|key| table.get(key).is_none());
    missing.inspect(|key| table.report_missing(key, problems)).count() == 0
}

/// Sets every option that the table has, save where the key is something else of the provider's own.
pub(super) fn fill(
    table: &Table<'_>,
    definition: &mut OAuthDefinition,
    is_own: impl Fn(&str) -> bool,
    problems: &mut Problems,
) {
    set(setting::OAUTH, table, definition, &is_own, problems);
    set(setting::COMMON, table, &mut definition.common, &is_own, problems);
}

fn set<D>(
    settings: &[Setting<D>],
    table: &Table<'_>,
    part: &mut D,
    is_own: &dyn Fn(&str) -> bool,
    problems: &mut Problems,
) {
    for setting in settings {
        let key = setting.row().key;
        if !table.has(key) || is_own(key) {
            continue;
        }
        match setting {
            Setting::Url(Url { set, .. }) | Setting::Text(Text { set, .. }) => {
                if let Some(text) = table.text(key, problems) {
                    set(part, text.value);
                }
            }
            Setting::Texts(Texts { set, .. }) => {
                let texts = table.texts(key, problems);
                set(part, texts.into_iter().map(|text| text.value).collect());
            }
            Setting::Flag(Flag { set, .. }) => {
                if let Some(flag) = table.boolean(key, problems) {
                    set(part, flag.value);
                }
            }
            Setting::Seconds(Seconds { set, .. }) => {
                if let Some(seconds) = table.seconds(key, problems) {
                    set(part, seconds.value);
                }
            }
            Setting::Pairs(Pairs { set, .. }) => set(part, table.free_table(key, problems)),
            Setting::OneWord(OneWord { words, set, .. }) => {
                let words = words().into_iter().map(|word| (word, word)).collect::<Vec<_>>();
                if let Some(word) = table.word(key, &words, problems) {
                    set(part, word.value);
                }
            }
            Setting::Words(Words { words, set, .. }) => {
                let words = words().into_iter().map(|word| (word, word)).collect::<Vec<_>>();
                let given = table.texts(key, problems).into_iter();
                let given = given.filter_map(|text| text.word(&words, problems));
                let given: Vec<&str> = given.map(|word| word.value).collect();
                set(part, &given);
            }
        }
    }
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
        let value = |pointer: &str| said.pointer(pointer).filter(|value| !value.is_null());
        let id = value(&id).and_then(String::from_value).ok_or_else(|| {
            let reason = format!("the profile has no `{id}` that is a text or an integer");
            CallbackError::new(reason)
        })?;
        let mut left_out = Vec::new();
        let mut text = |pointer: &str| {
            let value = value(pointer)?;
            let text = String::from_value(value);
            if text.is_none() {
                let error = ProfileError::Type(pointer.to_owned().into(), String::EXPECTED);
                left_out.push(error.to_string());
            }
            text
        };
        let (name, image) = (text(&name), text(&image));
        // What is no text is no address either, which the flow says.
        let address = value(&email).map(|value| match value {
            Json::Array(entries) if entries.len() == 1 => entries.first().unwrap_or(value),
            value => value,
        });
        let address =
            address.map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into));
        let mut profile = Profile::new(id).name(name).email(address).image(image);
        profile.left_out = left_out;
        Ok(profile)
    })
}
