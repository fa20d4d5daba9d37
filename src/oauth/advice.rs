//! Advice about refusals: the settings behind the codes of RFC 6749 sections 4.1.2.1 and 5.2, and the
//! vendors' own names for them, with what was sent.

use super::client_authentication::method_name;
use super::{OAuthDefinition, ProviderMetadata};
use crate::error::Quoted;

/// What a provider was asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) definition: &'a OAuthDefinition,
    /// Where it is known by then.
    pub(super) metadata: Option<&'a ProviderMetadata>,
    /// Nothing where tokens are refreshed.
    pub(super) redirect_uri: Option<&'a str>,
}

impl Asked<'_> {
    /// What to do where the provider answered with that code.
    pub(super) fn advice(&self, code: &str) -> Option<String> {
        let client_id = Quoted(&self.definition.client.id);
        let redirect_uri = self.redirect_uri.map(Quoted);
        Some(match (code, redirect_uri) {
            (
                "invalid_client"
                | "invalid_client_id"
                | "invalid_client_secret"
                | "bad_client_secret"
                | "incorrect_client_credentials",
                _,
            ) => self.of_client(),
            (
                "redirect_uri_mismatch" | "invalid_redirect_uri" | "bad_redirect_uri",
                Some(redirect_uri),
            ) => format!(
                "the redirect URI that was sent is {redirect_uri}: register exactly that one at the \
                 provider"
            ),
            (
                "invalid_grant" | "bad_verification_code" | "invalid_code" | "bad_code",
                Some(redirect_uri),
            ) => format!(
                "a code is good once and for a short time; the redirect URI that was sent with it is \
                 {redirect_uri}, which must be the registered one"
            ),
            ("invalid_grant", None) => "the refresh token has ended, was withdrawn or was used \
                                        before: the person has to sign in again"
                .to_owned(),
            ("unauthorized_client", _) => format!(
                "the provider does not let the client {client_id} do this: allow the {} in the \
                 client's settings there",
                self.grant()
            ),
            ("unsupported_grant_type", _) => format!(
                "the endpoint does not know the {}: see that `token_endpoint` is the right address",
                self.grant()
            ),
            ("unsupported_response_type", _) => {
                "the provider does not know the authorization code \
                                                 flow (`response_type=code`), or does not let this \
                                                 client use it"
                    .to_owned()
            }
            ("invalid_scope", _) => match self.definition.scope() {
                Some(scope) => format!(
                    "the scope that was asked for is {}: set `scope` to what the provider gives this \
                     client",
                    Quoted(scope)
                ),
                None => "no scope was asked for: set `scope`".to_owned(),
            },
            ("server_error" | "temporarily_unavailable", _) => {
                "that is a failure of the provider's own".to_owned()
            }
            _ => return None,
        })
    }

    fn grant(&self) -> &'static str {
        match self.redirect_uri {
            Some(_) => "grant `authorization_code`",
            None => "grant `refresh_token`",
        }
    }

    fn of_client(&self) -> String {
        let client = &self.definition.client;
        let offered = self.metadata.and_then(|metadata| {
            metadata
                .token_endpoint_auth_methods_supported
                .as_ref()
                .map(|offered| offered.join(", "))
        });
        let offered = offered.map(|offered| format!(", the provider offers {}", Quoted(&offered)));
        let method = method_name(client, self.metadata);
        format!(
            "the client {} authenticated by `{method}`{}: compare client id and secret with the \
             provider's, and set `client_authentication` if it wants another way",
            Quoted(&client.id),
            offered.unwrap_or_default()
        )
    }
}
