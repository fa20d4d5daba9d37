//! The issuer (RFC 9207, OpenID Connect Discovery 1.0 section 4.3): whether a document, a token or
//! a callback is the provider's, as its definition compares.

use serde_json::Value;

use super::{IssuerComparison, OAuthDefinition, ProviderMetadata, TENANT, is_tenant_id};
use crate::error::{BoxError, OAuthError, Quoted};
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
        let hint = difference(issuer, configured);
        Err(format!(
            "the discovery document is of the issuer {}, the configured one is {}{hint}",
            Quoted(issuer),
            Quoted(configured)
        )
        .into())
    }
}

/// What to do about two issuers whose difference is of a known kind, as the end of a sentence.
pub(super) fn difference(given: &str, expected: &str) -> String {
    known_difference(given, expected).map(|hint| format!("; {hint}")).unwrap_or_default()
}

fn known_difference(given: &str, expected: &str) -> Option<&'static str> {
    let without_scheme = |issuer: &str| issuer.split_once("://").map(|(_, rest)| rest.to_owned());
    if IssuerComparison::IgnoringFinalSlash.is_same(given, expected) {
        Some(
            "they differ in the slash at the end: write the provider's, or set `issuer_comparison` \
             to `ignoring_final_slash`",
        )
    } else if given.contains(TENANT) || expected.contains(TENANT) {
        Some(
            "one document serves all tenants there: write the issuer of one tenant, or `{tenantid}` \
             in its place and set `tenant_claim` (Microsoft's is `tid`)",
        )
    } else if given.starts_with(ENTRA_VERSION_1) && expected.starts_with(ENTRA) {
        Some(
            "Microsoft's endpoints of version 1 were asked: write the issuer with `/v2.0` at its end, \
             and let the authorization and the token endpoint be those of version 2",
        )
    } else if given.starts_with(ENTRA) && expected.starts_with(ENTRA) {
        Some("they are of two tenants, or of two versions of Microsoft's endpoints")
    } else if without_scheme(given) == without_scheme(expected) {
        Some(
            "they differ in http and https: the provider may stand behind a proxy and not know its \
             own address",
        )
    } else if given.eq_ignore_ascii_case(expected) {
        Some("they differ in upper and lower case: write the provider's")
    } else {
        None
    }
}

const ENTRA: &str = "https://login.microsoftonline.com/";
const ENTRA_VERSION_1: &str = "https://sts.windows.net/";

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
        let in_token = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        match given {
            Some(given) if has_tenants && in_token != given => {
                let (given, in_token) = (Quoted(given), Quoted(in_token));
                let reason = format!("is {given}, and the ID token's issuer is {in_token}");
                Err(OAuthError::parameter("iss", reason))
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
