//! Templates: texts of a definition with `{name}` in the place of a value.

use std::borrow::Cow;

use serde_json::Value;

use super::{OAuthClient, TokenEndpoint};
use crate::crypto::secret::ClientSecret;
use crate::model::TokenSet;
use crate::web::Fields;

/// What stands in the place of a `{name}`.
pub(super) enum Filled<'a> {
    By(Cow<'a, str>),
    /// It is known and has no value: the whole text is left out.
    Missing,
    /// It is no placeholder: a text may be JSON.
    Stays,
}

/// Fills the placeholders of a text: those that are the provider's own fields when it is
/// configured, those that a request knows when it is made.
pub(super) fn fill<'a>(text: &str, mut value: impl FnMut(&str) -> Filled<'a>) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        rest = after;
        match after.split_once('}').map(|(name, after)| (value(name), after)) {
            Some((Filled::By(value), after)) => {
                filled.push_str(&value);
                rest = after;
            }
            Some((Filled::Missing, _)) => return None,
            Some((Filled::Stays, _)) | None => filled.push('{'),
        }
    }
    filled.push_str(rest);
    Some(filled)
}

/// The values that a request knows. `{client_id}` is always there, `{client_secret}` if
/// the provider gave one.
#[derive(Clone, Copy)]
pub(crate) struct Placeholders<'a> {
    pub(crate) client: &'a OAuthClient,
    /// `{code}`, `{redirect_uri}`, `{code_verifier}` and `{callback.NAME}` of a token request.
    pub(crate) exchange: Option<Exchange<'a>>,
    /// `{access_token}` and `{tokens.NAME}` after it.
    pub(crate) tokens: Option<&'a TokenSet>,
}

/// What the token request exchanges.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) code_verifier: Option<&'a str>,
    /// What the browser brought back, which nobody signed.
    pub(crate) callback: &'a Fields,
}

impl<'a> Exchange<'a> {
    /// A `{callback.NAME}` of the token request whose value no header, no form and no database can
    /// be trusted with.
    pub(crate) fn unfit_callback_parameter(&self, endpoint: &'a TokenEndpoint) -> Option<&'a str> {
        let TokenEndpoint { query, headers, form, .. } = endpoint;
        let values = [query, headers, form].into_iter().flatten().map(|(_, value)| value);
        let mut names = values.flat_map(|value| {
            let rests = value.split("{callback.").skip(1);
            rests.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
        });
        names.find(|name| {
            self.callback.text(name).is_some_and(|text| text.contains(char::is_control))
        })
    }
}

/// The access token is in the text, so it need not be sent in a header as well.
pub(crate) const ACCESS_TOKEN: &str = "{access_token}";

impl<'a> Placeholders<'a> {
    /// Fills a text; nothing if a value that it names is not there. What is no placeholder stays
    /// as it is: a value may be JSON.
    pub(crate) fn fill(&self, text: &str) -> Option<String> {
        self.fill_with(text, |value| value.to_owned())
    }

    /// Fills a text, each value passed through a function that escapes it.
    pub(crate) fn fill_with(&self, text: &str, escape: fn(&str) -> String) -> Option<String> {
        fill(text, |name| match (is_placeholder(name), self.value(name)) {
            (false, _) => Filled::Stays,
            (true, None) => Filled::Missing,
            (true, Some(value)) => Filled::By(escape(&value).into()),
        })
    }

    /// Fills the values of parameters and leaves out those whose value is not there.
    pub(crate) fn fill_all(
        &self,
        parameters: &'a [(String, String)],
    ) -> impl Iterator<Item = (&'a str, String)> {
        parameters.iter().filter_map(|(name, value)| Some((name.as_str(), self.fill(value)?)))
    }

    fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let borrowed = match name {
            "client_id" => Some(self.client.id.as_str()),
            "client_secret" => self.client.secret().map(ClientSecret::expose),
            "code" => self.exchange.map(|exchange| exchange.code),
            "redirect_uri" => self.exchange.map(|exchange| exchange.redirect_uri),
            "code_verifier" => self.exchange.and_then(|exchange| exchange.code_verifier),
            "access_token" => self.tokens.and_then(TokenSet::access_token),
            _ if name.starts_with("callback.") => {
                self.exchange?.callback.text(name.strip_prefix("callback.")?)
            }
            _ => {
                let member = self.tokens?.members().get(name.strip_prefix("tokens.")?)?;
                return match member {
                    Value::String(text) => Some(Cow::Borrowed(text)),
                    Value::Number(number) => Some(Cow::Owned(number.to_string())),
                    _ => None,
                };
            }
        };
        borrowed.map(Cow::Borrowed)
    }
}

/// One part of a URL.
pub(crate) fn percent_encoded(text: &str) -> String {
    crate::web::percent_encode(text)
}

fn is_placeholder(name: &str) -> bool {
    let known = ["client_id", "client_secret", "code", "redirect_uri", "code_verifier"];
    name == "access_token"
        || known.contains(&name)
        || ["tokens.", "callback."].iter().any(|group| name.starts_with(group))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_filled_in_and_everything_else_stays() {
        let client = OAuthClient::new("id", "s3cr3t".into());
        let tokens = TokenSet::from_response(
            json!({"access_token": "a/b", "uid": 7, "email": "e", "none": null})
                .as_object()
                .unwrap(),
            0,
        );
        let known = Placeholders { client: &client, exchange: None, tokens: Some(&tokens) };
        let fill = |text| known.fill(text);
        assert_eq!(fill("{client_id}:{client_secret}").as_deref(), Some("id:s3cr3t"));
        assert_eq!(fill("{tokens.uid}-{tokens.email}").as_deref(), Some("7-e"));
        assert_eq!(
            fill(r#"{"id_token":{"email":null}}"#).as_deref(),
            Some(r#"{"id_token":{"email":null}}"#)
        );
        assert_eq!(fill("{"), Some("{".into()));
        for absent in ["{tokens.other}", "{tokens.none}", "{code}", "{code_verifier}"] {
            assert_eq!(fill(absent), None, "{absent}");
        }
        let escaped = known.fill_with("/t/{access_token}", percent_encoded);
        assert_eq!(escaped.as_deref(), Some("/t/a%2Fb"));
    }
}
