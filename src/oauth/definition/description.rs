//! What does a derive say of a provider? Data that is made at compile time, and one function that
//! turns it into a definition.

use serde_json::Value;

use super::template::percent_encoded;
use super::user_info_hook::RawProfileFuture;
use super::{
    Check, Client, ClientAuthentication, Endpoints, OAuthDefinition, ProfileMapper, ResponseMode,
    Scope, TokenEndpoint, UserInfoEndpoint, UserInfoHook, UserInfoRequest,
};
use crate::error::CallbackError;
use crate::jose::SignatureAlgorithm;
use crate::model::{Profile, TokenSet};
use crate::oauth::EmailVouching;
use crate::theme::ButtonStyle;

/// Names and values of parameters.
pub(crate) type Pairs = &'static [(&'static str, &'static str)];
type Text = Option<&'static str>;
/// The fields of a derived provider that its texts may name.
pub(crate) type Options<'a> = &'a [(&'static str, Option<String>)];

/// The attributes of a derived provider. Texts may name the provider's own fields: `{base_url}`.
#[derive(Clone, Copy)]
#[expect(missing_docs, clippy::exhaustive_structs, reason = "written by the derive only")]
pub struct OAuthDescription {
    pub id: &'static str,
    pub name: &'static str,
    pub openid_connect: bool,
    pub issuer: Text,
    pub document: Text,
    pub tenant_claim: Text,
    pub key_set: Text,
    pub authorization: Text,
    pub authorization_parameters: Pairs,
    pub token: Text,
    pub token_query: Pairs,
    pub token_headers: Pairs,
    pub token_form: Pairs,
    pub only_declared_form: bool,
    pub token_select: Text,
    pub pushed_authorization: Text,
    pub end_session: Text,
    pub user_info: Text,
    pub user_info_post: bool,
    pub user_info_query: Pairs,
    pub user_info_headers: Pairs,
    pub user_info_json: Text,
    pub user_info_select: Text,
    pub user_info_add: Pairs,
    pub user_info_signed: Option<SignatureAlgorithm>,
    pub callback_fields: &'static [&'static str],
    pub fetch_user_info: bool,
    pub user_info_hook: Option<for<'a> fn(UserInfoRequest<'a>) -> RawProfileFuture<'a>>,
    pub scope: Text,
    pub response_mode: ResponseMode,
    pub checks: &'static [Check],
    pub authentication: ClientAuthentication,
    pub id_token_algorithm: SignatureAlgorithm,
    pub email_vouching: EmailVouching,
    pub beta: Text,
    pub profile: fn(&Value, &TokenSet) -> Result<Profile, CallbackError>,
    pub style: StyleDescription,
}

/// The look of the button. The derive has checked colours and addresses.
#[derive(Clone, Copy)]
#[expect(missing_docs, clippy::exhaustive_structs, reason = "written by the derive only")]
pub struct StyleDescription {
    pub logo: Text,
    pub logo_dark: Text,
    pub background: Text,
    pub background_dark: Text,
    pub text: Text,
    pub text_dark: Text,
}

impl OAuthDescription {
    /// The definition of one client.
    #[must_use]
    pub fn definition(&self, client: Client, options: Options<'_>) -> OAuthDefinition {
        let mut all = options.to_vec();
        all.push(("client_id", Some(client.id.clone())));
        let url = |text: Text| text.map(|text| filled_url(text, &all));
        let filled = |text: &str| filled(text, options);
        let pairs = |pairs: Pairs| -> Vec<(String, String)> {
            let filled = |&(name, value): &(&str, &str)| Some((name.to_owned(), filled(value)?));
            pairs.iter().filter_map(filled).collect()
        };
        let endpoints = Endpoints {
            issuer: url(self.issuer),
            document: url(self.document),
            authorization: url(self.authorization),
            token: url(self.token),
            user_info: url(self.user_info),
            pushed_authorization: url(self.pushed_authorization),
            end_session: url(self.end_session),
            key_set: url(self.key_set),
            tenant_claim: self.tenant_claim.map(Into::into),
            ..if self.openid_connect { Endpoints::openid_connect() } else { Endpoints::plain() }
        };
        let authentication = match client.authentication {
            ClientAuthentication::Automatic => self.authentication,
            chosen => chosen,
        };
        let mut definition = OAuthDefinition::builder()
            .id(self.id)
            .name(self.name)
            .client(client.authentication(authentication))
            .endpoints(endpoints)
            .token_endpoint(TokenEndpoint {
                query: pairs(self.token_query),
                headers: pairs(self.token_headers),
                form: pairs(self.token_form),
                only_declared_form: self.only_declared_form,
                select: self.token_select.map(Into::into),
            })
            .user_info_endpoint(UserInfoEndpoint {
                post: self.user_info_post,
                query: pairs(self.user_info_query),
                headers: pairs(self.user_info_headers),
                json: self.user_info_json.map(Into::into),
                select: self.user_info_select.map(Into::into),
                add: pairs(self.user_info_add),
                signed: self.user_info_signed,
                callback_fields: self.callback_fields.iter().map(|&name| name.into()).collect(),
            })
            .scope(Scope(self.scope.and_then(filled)))
            .response_mode(self.response_mode)
            .checks(self.checks)
            .profile(ProfileMapper::from_value(self.profile))
            .id_token_algorithm(self.id_token_algorithm)
            .email_vouching(self.email_vouching)
            .fetch_user_info(self.fetch_user_info)
            .authorization_parameters(pairs(self.authorization_parameters))
            .build();
        definition.user_info_hook = self.user_info_hook.map(UserInfoHook::new);
        definition.style = self.style.style();
        definition.beta = self.beta;
        definition
    }
}

impl StyleDescription {
    /// The style, if anything is set.
    #[must_use]
    pub fn style(&self) -> Option<ButtonStyle> {
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

/// Fills in fields; nothing if one that is named has no value. Other braces stay: they are
/// placeholders of a request, or JSON.
fn filled(text: &str, options: Options<'_>) -> Option<String> {
    let mut text = text.to_owned();
    for (name, value) in options {
        let placeholder = format!("{{{name}}}");
        if text.contains(&placeholder) {
            text = text.replace(&placeholder, value.as_deref()?);
        }
    }
    Some(text)
}

/// Fills in fields: one that a URL starts with is a URL itself, and there is one slash behind it;
/// every other is a part of the URL and is escaped.
fn filled_url(text: &str, options: Options<'_>) -> String {
    let mut text = text.to_owned();
    for (name, value) in options {
        let (placeholder, value) = (format!("{{{name}}}"), value.as_deref().unwrap_or_default());
        if let Some(rest) = text.strip_prefix(&placeholder) {
            let base = if rest.starts_with('/') { value.trim_end_matches('/') } else { value };
            text = format!("{base}{rest}");
        }
        text = text.replace(&placeholder, &percent_encoded(value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_into_urls_with_one_slash_and_escaped() {
        let options = [
            ("base_url", Some("https://git.example/".to_owned())),
            ("tenant", Some("a/b".to_owned())),
            ("missing", None),
        ];
        assert_eq!(
            filled_url("{base_url}/oauth/token", &options),
            "https://git.example/oauth/token"
        );
        assert_eq!(filled_url("{base_url}", &options), "https://git.example/");
        assert_eq!(filled_url("https://x.example/{tenant}/", &options), "https://x.example/a%2Fb/");
        assert_eq!(filled("{tenant}{client_id}", &options).as_deref(), Some("a/b{client_id}"));
        assert_eq!(filled("{missing}", &options), None);
    }
}
