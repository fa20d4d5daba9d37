//! The description of a provider by a derive, one call for each attribute, turned into a
//! definition. Texts may name the provider's own fields: `{base_url}`.

use std::borrow::Cow;

use serde_json::Value;

use super::setting::{Flag, Holds, OneWord, Pairs, Seconds, Text, Texts, Url, Words};
use super::template::{Filled, fill, percent_encoded};
use super::user_info_hook::RawProfileFuture;
use super::{
    ClientAuthentication, Endpoints, OAuthClient, OAuthDefinition, ProfileMapper, Scope,
    UserInfoHook, UserInfoRequest,
};
use crate::error::CallbackError;
use crate::model::{Profile, TokenSet};
use crate::oauth::v1::{OAuth1Client, OAuth1Definition, OAuth1Endpoints};
use crate::theme::ButtonStyle;

/// The fields of a derived provider that its texts may name.
type Fields<'a> = &'a [(&'static str, Option<String>)];
type Map = fn(&Value, &TokenSet) -> Result<Profile, CallbackError>;

/// A definition that a derive describes.
#[derive(Debug)]
pub struct Description<'a, D> {
    definition: D,
    client_id: String,
    fields: Fields<'a>,
}

/// The look of the button. The derive has checked colours and addresses.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, clippy::exhaustive_structs, reason = "written by the derive only")]
pub struct StyleDescription {
    pub logo: Option<&'static str>,
    pub logo_dark: Option<&'static str>,
    pub background: Option<&'static str>,
    pub background_dark: Option<&'static str>,
    pub text: Option<&'static str>,
    pub text_dark: Option<&'static str>,
}

impl<'a> Description<'a, OAuthDefinition> {
    /// Plain OAuth 2.0.
    #[must_use]
    pub fn oauth2(id: &str, name: &str, client: OAuthClient, map: Map, fields: Fields<'a>) -> Self {
        Self::of(id, name, client, Endpoints::plain(), map, fields)
    }

    /// OpenID Connect.
    #[must_use]
    pub fn oidc(id: &str, name: &str, client: OAuthClient, map: Map, fields: Fields<'a>) -> Self {
        Self::of(id, name, client, Endpoints::openid_connect(), map, fields)
    }

    fn of(
        id: &str,
        name: &str,
        client: OAuthClient,
        endpoints: Endpoints,
        map: Map,
        fields: Fields<'a>,
    ) -> Self {
        let client_id = client.id.clone();
        let definition = OAuthDefinition::builder()
            .id(id)
            .name(name)
            .client(client)
            .endpoints(endpoints)
            .profile(ProfileMapper::from_value(map))
            .build();
        Self { definition, client_id, fields }
    }

    /// How the client authenticates, unless the program has said so.
    #[must_use]
    pub fn client_authentication(self, word: &'static str) -> Self {
        match self.definition.client.authentication {
            ClientAuthentication::Automatic => {
                self.word(&super::setting::CLIENT_AUTHENTICATION, word)
            }
            _ => self,
        }
    }

    /// What is asked for, with the separator that the provider wants. It is not asked for at all
    /// if it names a field without a value.
    #[must_use]
    pub fn scope(mut self, text: &'static str) -> Self {
        self.definition.scope = self.filled(text).map_or_else(Scope::none, Scope::from);
        self
    }

    /// Of the catalogue: what NextAuth calls a beta, and why.
    #[must_use]
    pub fn beta(mut self, why: &'static str) -> Self {
        self.definition.common.beta = Some(why);
        self
    }

    /// A way to complete the answer.
    #[must_use]
    pub fn hook(mut self, hook: for<'r> fn(UserInfoRequest<'r>) -> RawProfileFuture<'r>) -> Self {
        self.definition.user_info_hook = Some(UserInfoHook::new(hook));
        self
    }

    /// The look of the button.
    #[must_use]
    pub fn style(mut self, style: &StyleDescription) -> Self {
        self.definition.common.style = style.style();
        self
    }
}

impl<'a> Description<'a, OAuth1Definition> {
    /// OAuth 1.0a.
    #[must_use]
    pub fn oauth1(
        id: &str,
        name: &str,
        client: OAuth1Client,
        map: Map,
        fields: Fields<'a>,
    ) -> Self {
        let client_id = client.key.clone();
        let definition = OAuth1Definition::builder()
            .id(id)
            .name(name)
            .client(client)
            .endpoints(OAuth1Endpoints::blank())
            .profile(ProfileMapper::from_value(map))
            .build();
        Self { definition, client_id, fields }
    }

    /// The look of the button.
    #[must_use]
    pub fn style(mut self, style: &StyleDescription) -> Self {
        self.definition.common.style = style.style();
        self
    }
}

impl<D> Description<'_, D> {
    /// Sets an address.
    #[must_use]
    pub fn url<P>(mut self, setting: &Url<P>, text: &'static str) -> Self
    where
        D: Holds<P>,
    {
        let url = self.filled_url(text);
        (setting.set)(self.definition.part(), url);
        self
    }

    /// Sets a text. One that names a field without a value is left out.
    #[must_use]
    pub fn text<P>(mut self, setting: &Text<P>, text: &'static str) -> Self
    where
        D: Holds<P>,
    {
        if let Some(text) = self.filled(text) {
            (setting.set)(self.definition.part(), text);
        }
        self
    }

    /// Sets texts.
    #[must_use]
    pub fn texts<P>(mut self, setting: &Texts<P>, texts: &[&str]) -> Self
    where
        D: Holds<P>,
    {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        (setting.set)(self.definition.part(), texts);
        self
    }

    /// Sets what is a yes where it stands.
    #[must_use]
    pub fn flag<P>(mut self, setting: &Flag<P>) -> Self
    where
        D: Holds<P>,
    {
        (setting.set)(self.definition.part(), true);
        self
    }

    /// Sets a number of seconds.
    #[must_use]
    pub fn seconds<P>(mut self, setting: &Seconds<P>, seconds: u32) -> Self
    where
        D: Holds<P>,
    {
        (setting.set)(self.definition.part(), seconds);
        self
    }

    /// Sets names and values. One that names a field without a value is left out.
    #[must_use]
    pub fn pairs<P>(mut self, setting: &Pairs<P>, pairs: &[(&'static str, &'static str)]) -> Self
    where
        D: Holds<P>,
    {
        let filled = pairs
            .iter()
            .filter_map(|(name, value)| Some(((*name).to_owned(), self.filled(value)?)));
        let filled = filled.collect();
        (setting.set)(self.definition.part(), filled);
        self
    }

    /// Sets one of a few words.
    #[must_use]
    pub fn word<P>(mut self, setting: &OneWord<P>, word: &'static str) -> Self
    where
        D: Holds<P>,
    {
        debug_assert!((setting.words)().contains(&word), "the derive took `{word}`");
        (setting.set)(self.definition.part(), word);
        self
    }

    /// Sets some of a few words.
    #[must_use]
    pub fn words<P>(mut self, setting: &Words<P>, words: &[&'static str]) -> Self
    where
        D: Holds<P>,
    {
        debug_assert!(words.iter().all(|word| (setting.words)().contains(word)), "{words:?}");
        (setting.set)(self.definition.part(), words);
        self
    }

    /// The definition.
    #[must_use]
    pub fn definition(self) -> D {
        self.definition
    }

    fn field(&self, name: &str) -> Option<&Option<String>> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// A text with its fields; nothing if one that is named has no value. Other braces stay: they
    /// are placeholders of a request, or JSON.
    fn filled(&self, text: &str) -> Option<String> {
        fill(text, |name| match self.field(name) {
            None => Filled::Stays,
            Some(None) => Filled::Missing,
            Some(Some(value)) => Filled::By(Cow::Borrowed(value)),
        })
    }

    /// An address with its fields: one that it starts with is an address itself, and there is one
    /// slash behind it; every other is a part of the address and is escaped.
    fn filled_url(&self, text: &str) -> String {
        let value = |name: &str| match name {
            "client_id" => Some(self.client_id.as_str()),
            name => Some(self.field(name)?.as_deref().unwrap_or_default()),
        };
        let base = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let base = base.and_then(|(name, rest)| Some((value(name)?, rest)));
        let (base, rest) = match base {
            Some((base, rest)) if rest.starts_with('/') => (base.trim_end_matches('/'), rest),
            Some((base, rest)) => (base, rest),
            None => ("", text),
        };
        let rest = fill(rest, |name| match value(name) {
            None => Filled::Stays,
            Some(value) => Filled::By(Cow::Owned(percent_encoded(value))),
        });
        format!("{base}{}", rest.unwrap_or_default())
    }
}

impl StyleDescription {
    /// The style, if anything is set.
    #[must_use]
    fn style(&self) -> Option<ButtonStyle> {
        let style = ButtonStyle {
            logo: self.logo.and_then(|text| text.parse().ok()),
            logo_dark: self.logo_dark.and_then(|text| text.parse().ok()),
            background: self.background.and_then(|text| text.parse().ok()),
            background_dark: self.background_dark.and_then(|text| text.parse().ok()),
            text: self.text.and_then(|text| text.parse().ok()),
            text_dark: self.text_dark.and_then(|text| text.parse().ok()),
        };
        (style != ButtonStyle::default()).then_some(style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_into_urls_with_one_slash_and_escaped() {
        let fields = [
            ("base_url", Some("https://git.example/".to_owned())),
            ("tenant", Some("a/b".to_owned())),
            ("braces", Some("{tenant}".to_owned())),
            ("missing", None),
        ];
        let map: Map = |_, _| Err(CallbackError::new("nobody"));
        let client = OAuthClient::public("c d").into();
        let description = Description::oauth2("acme", "Acme", client, map, &fields);
        let url = |text| description.filled_url(text);
        assert_eq!(url("{base_url}/oauth/token"), "https://git.example/oauth/token");
        assert_eq!(url("{base_url}"), "https://git.example/");
        assert_eq!(url("https://x.example/{tenant}/"), "https://x.example/a%2Fb/");
        assert_eq!(
            url("https://x.example/{client_id}/{access_token}"),
            "https://x.example/c%20d/{access_token}"
        );
        assert_eq!(url("https://x.example/{missing}"), "https://x.example/");
        let text = |text| description.filled(text);
        assert_eq!(text("{tenant}{client_id}").as_deref(), Some("a/b{client_id}"));
        assert_eq!(text("{braces}").as_deref(), Some("{tenant}"), "a value is no template");
        assert_eq!(text("{missing}"), None);
    }
}
