//! The site's address as people write it: one form of it goes to providers, or it is refused.

use typegate::SiteUrl;
use typegate::testing::FrozenClock;

use crate::support::{Browser, IdentityProvider, NOW, client_of, parameter, site};

#[tokio::test]
async fn an_address_has_one_form_wherever_it_goes() {
    for (written, redirect_uri) in [
        ("https://Example.COM:443/", "https://example.com/api/auth/callback/idp"),
        ("example.com", "https://example.com/api/auth/callback/idp"),
        ("https://example.com", "https://example.com/api/auth/callback/idp"),
        ("HTTPS://example.com:8443", "https://example.com:8443/api/auth/callback/idp"),
        ("http://[::1]:3000", "http://[::1]:3000/api/auth/callback/idp"),
        ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example/api/auth/callback/idp"),
    ] {
        let clock = FrozenClock::at(NOW);
        let idp = IdentityProvider::new(&clock);
        let auth = site!(clock, written)
            .provider(idp.oidc())
            .http_client(client_of(&[&idp]))
            .build()
            .unwrap();
        let base = redirect_uri.strip_suffix("/callback/idp").unwrap();
        let origin = url::Url::parse(base).unwrap().origin().ascii_serialization();
        let mut browser = Browser::at(&origin, &auth, &clock);
        let away = browser.post(&format!("{base}/signin/idp"), &[]).await;
        assert_eq!(parameter(away.location(), "redirect_uri"), redirect_uri, "{written}");
        let back = idp.authorize(away.location());
        browser.get(&back).await;
        assert_eq!(
            browser.get(&format!("{base}/session")).await.json()["user"]["name"],
            "Jane Doe"
        );
    }
}

#[test]
fn what_is_no_address_of_a_site_is_refused() {
    for written in ["\"https://example.com\"", "https://", "ftp://example.com", "https:///", ""] {
        assert!(written.parse::<SiteUrl>().is_err(), "{written}");
    }
}
