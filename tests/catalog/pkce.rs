//! The providers that are asked without PKCE, each with its reason.

use std::collections::BTreeMap;

use super::case::cases;
use super::{provider, recording};

const NOT_DOCUMENTED: &str = "the vendor's page of this flow knows no code challenge, and neither \
                              NextAuth nor Auth.js sends one";

/// Whoever is not in this list is asked with PKCE. An application turns it on for itself by
/// `Adjust::checks`.
const WITHOUT_PKCE: [(&str, &str); 12] = [
    ("apple", NOT_DOCUMENTED),
    ("atlassian", NOT_DOCUMENTED),
    ("azure-devops", "the token request is an assertion of RFC 7523, which has no verifier"),
    ("click-up", NOT_DOCUMENTED),
    ("eveonline", "PKCE is for clients without a secret there; web applications send Basic"),
    ("figma", NOT_DOCUMENTED),
    ("linkedin", "PKCE is for native clients that LinkedIn has approved"),
    ("reddit", NOT_DOCUMENTED),
    ("slack", "PKCE has to be turned on for the app, which makes it a public client for good"),
    ("threads", NOT_DOCUMENTED),
    ("vk", "VK's old server knows no code challenge, and NextAuth v4 sends none"),
    ("wechat", NOT_DOCUMENTED),
];

#[tokio::test]
async fn r005_pkce_is_on_wherever_the_provider_takes_it() {
    let reasons = BTreeMap::from(WITHOUT_PKCE);
    let mut without = Vec::new();
    for case in cases("providers") {
        let sample = case.samples.first().unwrap();
        let provider = provider(&case, sample, typegate::provider::catalog::find).unwrap();
        let sign_in = recording(&case, sample).sign_in(provider).await;
        let asked = sign_in.authorization.as_ref().unwrap_or_else(|| panic!("{sign_in}"));
        let form = &sign_in.token_request.as_ref().unwrap_or_else(|| panic!("{sign_in}")).form;
        if asked.parameter("code_challenge").is_some() {
            assert_eq!(asked.parameter("code_challenge_method"), Some("S256"), "{}", case.id);
            assert!(form.contains_key("code_verifier"), "{}", case.id);
        } else {
            assert!(!form.contains_key("code_verifier"), "{}", case.id);
            assert!(asked.parameter("state").is_some(), "{}", case.id);
            without.push(case.id);
        }
    }
    let listed: Vec<&str> = reasons.into_keys().collect();
    assert_eq!(without, listed, "providers without PKCE, and those that have a reason");
}
