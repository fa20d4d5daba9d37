//! Links in messages as they come back: with what mail programs, trackers and scanners make of them.

use http::Method;
use typegate::Jwt;
use typegate::adapter::MemoryAdapter;

use crate::support::{BASE, Mailbox, ORIGIN, World, error, world};

/// A world in which a link to that address was asked for.
async fn asked(email: &str) -> (World, String) {
    let mailbox = Mailbox::default();
    let provider = mailbox.provider();
    let mut world = world!(site => {
        site.adapter(MemoryAdapter::new()).session(Jwt::default()).provider(provider).build().unwrap()
    });
    let fields = [("email", email), ("callbackUrl", "/next")];
    world.browser.post("/api/auth/signin/email", &fields).await;
    (world, mailbox.link())
}

#[tokio::test]
async fn what_is_added_to_a_link_or_looks_at_it_first_is_harmless() {
    let change: [fn(String) -> String; 4] = [
        |link| link,
        |link| format!("{link}&utm_source=mail&utm_medium=email&mc_eid=a%26b"),
        |link| link.replace("%40", "@"),
        |link| format!("{link}#:~:text=Sign%20in"),
    ];
    for change in change {
        let (mut world, link) = asked("ann@example.com").await;
        let link = change(link);
        let link = link.split('#').next().unwrap();
        world.browser.request(Method::HEAD, link, None, "").await;
        let answer = world.browser.get(link).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{link}");
        assert_eq!(world.browser.session().await["user"]["email"], "ann@example.com");
        // Opened once more, by somebody else.
        let answer = world.another_browser().get(link).await;
        assert_eq!(answer.location(), format!("{BASE}/error?error=Verification"), "{link}");
    }
}

/// The markup of a message in the place of its text: what is left names no token.
#[tokio::test]
async fn a_link_that_was_mangled_signs_nobody_in_and_uses_nothing_up() {
    let (mut world, link) = asked("ann+news@example.com").await;
    for (mangled, outline) in [
        (link.replace('&', "&amp;"), error("configuration")),
        // A plus that was decoded once is a blank, so it is another address.
        (link.replace("%2B", "+"), error("Verification")),
        (link.split('&').next().unwrap().to_owned(), error("configuration")),
        (format!("{link}x"), String::new()),
    ] {
        let answer = world.another_browser().get(&mangled).await;
        let place = &answer.outline()[0];
        if outline.is_empty() {
            assert!(!place.ends_with("/next"), "{mangled}: {place}");
        } else {
            assert_eq!(*place, outline, "{mangled}");
        }
    }
    let answer = world.browser.get(&link).await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
}
