//! The issuer (RFC 9207, OpenID Connect Discovery 1.0 section 4.3): whether a document, a token or
//! a callback is the provider's, as its definition compares.

use serde_json::Value;

use super::{IssuerComparison, OAuthDefinition, ProviderMetadata, TENANT, is_tenant_id};
use crate::error::{BoxError, OAuthError};
use crate::model::JsonObject;

/// How a provider's issuers are compared.
#[derive(Clone, Debug)]
pub(super) struct ExpectedIssuer {
    pub(super) configured: String,
    pub(super) comparison: IssuerComparison,
}

impl ExpectedIssuer {
    /// The issuer of a discovery document, if it is the provider's.
    pub(super) fn of_document<'d>(&self, document: &'d JsonObject) -> Result<&'d str, BoxError> {
        let Self { configured, comparison } = self;
        let issuer = document.get("issuer").and_then(Value::as_str);
        let issuer = issuer.ok_or("the discovery document names no issuer")?;
        let is_ours = match comparison {
            IssuerComparison::AsDiscovered => !issuer.is_empty(),
            _ => comparison.is_same(issuer, configured) || is_of_tenant(issuer, configured),
        };
        if is_ours {
            return Ok(issuer);
        }
        let shown = issuer.escape_debug();
        let hint = match IssuerComparison::IgnoringFinalSlash.is_same(issuer, configured) {
            true => {
                "; they differ in the slash at the end: write the document's, or set \
                     `issuer_comparison` to `ignoring_final_slash`"
            }
            false => "",
        };
        Err(format!(
            "the discovery document is of the issuer `{shown}`, the configured one is \
             `{configured}`{hint}"
        )
        .into())
    }
}

/// Whether an issuer is that of one tenant, where the expected one has a placeholder.
fn is_of_tenant(issuer: &str, expected: &str) -> bool {
    let Some((before, after)) = expected.split_once(TENANT) else { return false };
    let tenant = issuer.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    tenant.is_some_and(is_tenant_id)
}

impl OAuthDefinition {
    /// Whether a callback's `iss` is the issuer that is known (RFC 9207 section 2.4). Where one
    /// document serves many tenants, it is that of any of them.
    pub(super) fn is_issuer(&self, given: &str, known: &str) -> bool {
        self.issuer_comparison.is_same(given, known) || is_of_tenant(given, known)
    }

    /// The issuer that a callback is held against before anything was discovered.
    pub(super) fn issuer_of_callbacks(&self) -> Option<&str> {
        match self.issuer_comparison {
            IssuerComparison::AsDiscovered => None,
            _ => self.endpoints.issuer.as_deref(),
        }
    }
}

impl ProviderMetadata {
    /// A callback that names a tenant is of the sign-in with that tenant's ID token.
    pub(super) fn check_tenant(
        &self,
        given: Option<&str>,
        claims: &JsonObject,
    ) -> Result<(), OAuthError> {
        let has_tenants = self.issuer.as_deref().is_some_and(|issuer| issuer.contains(TENANT));
        match given {
            Some(given)
                if has_tenants && claims.get("iss").and_then(Value::as_str) != Some(given) =>
            {
                Err(OAuthError::CallbackParameter("iss", "is not the ID token's issuer"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_of_one_tenant_only_where_a_tenant_is_expected() {
        let many = "https://login.example/{tenantid}/v2.0";
        assert!(is_of_tenant("https://login.example/0aF-1/v2.0", many));
        assert!(!is_of_tenant("https://login.example//v2.0", many));
        assert!(!is_of_tenant("https://login.example/a/b/v2.0", many));
        assert!(!is_of_tenant("https://login.example/0aF-1/v2.0/", many));
        assert!(!is_of_tenant("https://other.example/0aF-1/v2.0", many));
        assert!(!is_of_tenant("https://login.example/v2.0", "https://login.example/v1.0"));
    }
}
