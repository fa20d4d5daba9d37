//! The issuer of a response: no provider can be taken for another (mix-up, RFC 9700 section 4.4).

use typegate::testing::FrozenClock;

use super::support::{
    Browser, IdentityProvider, NOW, ORIGIN, World, client_of, error, parameter, site,
    with_parameter,
};

#[tokio::test]
async fn r013_the_issuer_of_the_callback_is_compared_to_the_letter() {
    let good = "https://id.example";
    for (announced, values, accepted) in [
        (false, &[][..], true),
        (true, &[], false),
        (false, &[good], true),
        (true, &[good], true),
        (false, &["https://id.example/"], false),
        (false, &["https://ID.example"], false),
        (false, &["https://evil.example"], false),
        (false, &[""], false),
        (false, &[good, good], false),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| {
            idp.document["authorization_response_iss_parameter_supported"] = announced.into();
        });
        let back = world.start("idp").await;
        let answer = world.browser.get(&with_parameter(&back, "iss", values)).await;
        let asked = world.idp.paths().contains(&"/token".to_owned());
        assert_eq!(asked, accepted, "{values:?}");
        let place = if accepted { format!("302 {ORIGIN}/next") } else { error("OAuthCallback") };
        assert_eq!(answer.outline()[0], place, "{values:?}");
    }
    // GitHub's issuer is fixed.
    let mut world = World::new();
    let back = world.start("github").await;
    let answer = world.browser.get(&with_parameter(&back, "iss", &[good])).await;
    assert_eq!(answer.outline()[0], error("OAuthCallback"));
}

/// Whoever sets a provider up reads which of the two to change.
#[tokio::test]
async fn r013_a_mismatch_names_both_issuers() {
    let both = "and the provider's issuer is `https://id.example`";
    let long = format!("https://evil.example/{}", "x".repeat(200));
    let cut: String = long.chars().take(120).collect();
    for (given, shown, hint) in [
        ("https://evil.example", "`https://evil.example`", ""),
        ("", "``", ""),
        ("https://evil.example/\u{1b}[2J\r\n", r"`https://evil.example/\u{1b}[2J\r\n`", ""),
        ("https://id.example/", "`https://id.example/`", "; they differ in the slash at the end"),
        ("http://id.example", "`http://id.example`", "; they differ in http and https"),
        (&long, &format!("`{cut}…`"), ""),
    ] {
        let mut world = World::new();
        let back = world.start("idp").await;
        world.browser.get(&with_parameter(&back, "iss", &[given])).await;
        let said = world.lines.take().pop().unwrap().message;
        let expected = format!("the callback parameter `iss` is {shown}, {both}{hint}");
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[tokio::test]
async fn r014_a_code_goes_to_the_provider_of_its_path_only() {
    let clock = FrozenClock::at(NOW);
    let honest = IdentityProvider::new(&clock);
    let attacker = IdentityProvider::at("https://evil.example", &clock);
    let auth = site!(clock)
        .provider(honest.oidc_as("honest"))
        .provider(attacker.oidc_as("attacker"))
        .http_client(client_of(&[&honest, &attacker]))
        .build()
        .unwrap();
    let mut browser = Browser::new(&auth, &clock);
    // The visitor started at the attacker, who sent them on to the honest provider.
    let started = browser.post("/api/auth/signin/attacker", &[]).await;
    let state = parameter(started.location(), "state");
    let honest_request = browser.post("/api/auth/signin/honest", &[]).await;
    let back = honest.authorize(honest_request.location());
    let own = parameter(&back, "state");
    attacker.requests();
    honest.requests();
    // The attempt of one does not open the other's door, whichever way round.
    for (path, state) in [("/honest?", &state), ("/attacker?", &own)] {
        let relayed = with_parameter(&back, "state", &[state]).replace("/honest?", path);
        assert_eq!(browser.get(&relayed).await.outline()[0], error("OAuthCallback"), "{path}");
        assert!(attacker.requests().is_empty() && honest.requests().is_empty(), "{path}");
    }
}
