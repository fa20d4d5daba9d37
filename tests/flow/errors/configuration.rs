//! Errors of the configuration that types do not see.

use typegate::error::Shown;
use typegate::provider::catalog::GitHub;
use typegate::provider::catalog::Twitter;
use typegate::testing::FrozenClock;
use typegate::{Auth, ClientAddressSource, Diagnostics, Secret, TrustedProxy};

use super::super::support::{Parts, SECRET, World, world};
use super::{Outcome, scenarios};

scenarios! {
    a_secret_is_empty {
        logs: [NoSecret],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "openssl rand -base64 32",
        drive: async { Secret::new("").unwrap_err().into() },
    }
    a_secret_is_short {
        logs: [NoSecret],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "has 6 bytes",
        drive: async { Secret::new("secret").unwrap_err().into() },
    }
    a_trusted_proxy_names_no_host {
        logs: [NextAuthUrl],
        shown: Shown::Status(400),
        provider: None,
        says: "the host `b.example` in `X-Forwarded-Host` is not one of the site's",
        drive: async {
            let mut world = behind_a_proxy();
            world.browser.headers.push((
                http::HeaderName::from_static("x-forwarded-host"),
                http::HeaderValue::from_static("a.example, b.example"),
            ));
            let answer = world.browser.get("/api/auth/session").await;
            Outcome::answered(world, answer)
        },
    }
    pages_are_to_explain_errors {
        logs: [DebugEnabled],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "on this machine",
        drive: async {
            let diagnostics = Diagnostics::new().explain_errors_on_loopback();
            let world = world!(site => site.diagnostics(diagnostics).build().unwrap());
            Outcome::Built(Box::new(world))
        },
    }
    a_sign_in_page_is_on_another_site {
        logs: [DoubtfulSetting],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "another site",
        drive: async {
            let pages = typegate::Pages::new().sign_in("https://login.example/in");
            let world = world!(site => site.pages(pages).build().unwrap());
            Outcome::Built(Box::new(world))
        },
    }
    twitter_signs_in_by_oauth_2 {
        logs: [TwitterOAuth2Beta],
        shown: Shown::NotInAnswer,
        provider: Some("twitter"),
        says: "does not give the e-mail address",
        drive: async {
            let twitter = Twitter::new("id", "canary-of-a-client-secret".into());
            let world = world!(site => site.provider(twitter).build().unwrap());
            Outcome::Built(Box::new(world))
        },
    }
}

fn behind_a_proxy() -> World {
    let parts = Parts::new();
    let clock: FrozenClock = parts.clock.clone();
    let auth: Auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(
            TrustedProxy::hosts(["app.example.com"]).sent_by(["192.0.2.0/24".parse().unwrap()]),
        )
        .client_address(ClientAddressSource::forwarded_for(1))
        .clock(clock)
        .provider(GitHub::new("id", "secret".into()))
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    parts.into_world(auth)
}
