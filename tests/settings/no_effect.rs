//! Settings at which nobody stays signed in, which believe nobody, or which are never looked at.

use std::sync::{Arc, Mutex};

use typegate::adapter::MemoryAdapter;
use typegate::builder::AuthBuilder;
use typegate::dynamic::{Configuration, Registry};
use typegate::hooks::Events;
use typegate::provider::Email;
use typegate::provider::catalog::GitHub;
use typegate::{
    Auth, ClientAddressSource, Database, Jwt, LogEntry, Logger, Pages, Secret, TrustedProxy,
};

use crate::support::{SECRET, reasons};

fn base() -> AuthBuilder {
    Auth::builder_at_run_time()
        .secret(Secret::new(SECRET).unwrap())
        .provider(GitHub::new("id", "s3cr3t".into()))
}

fn of_site() -> AuthBuilder {
    base().url("https://app.example.com".parse().unwrap())
}

fn email() -> Email {
    Email::new(|_| async { Ok(()) })
}

fn is_refused(builder: AuthBuilder, words: &[&str]) {
    let found = reasons(builder.build());
    assert_eq!(found.len(), words.len(), "{found:?}");
    for (reason, word) in found.iter().zip(words) {
        assert!(reason.contains(word), "{word}: {reason}");
    }
}

#[test]
fn r196_a_session_or_a_link_that_ends_when_it_begins_is_an_error() {
    is_refused(of_site().session(Jwt::default().max_age(0)), &["`max_age` is 0 seconds"]);
    let both = Jwt::default().max_age(0).absolute_max_age(0);
    is_refused(of_site().session(both), &["`max_age`", "`absolute_max_age`"]);
    let rows = of_site().adapter(MemoryAdapter::new());
    is_refused(rows.session(Database::default().max_age(0)), &["`max_age` is 0 seconds"]);
    let links = of_site().adapter(MemoryAdapter::new()).provider(email().max_age(0));
    is_refused(links, &["`email`"]);
    let shortest = Jwt::default().max_age(1).absolute_max_age(1);
    assert!(reasons(of_site().session(shortest).build()).is_empty());
}

#[test]
fn r196_a_session_that_ends_when_it_begins_is_found_in_a_file() {
    let text = "url = \"https://app.example.com\"\nsecret = { registered = \"secret\" }\n\
         [session]\nmax_age = 0\nabsolute_max_age = 0\n\
         [[providers]]\ntype = \"github\"\nclient_id = \"id\"\n\
         client_secret = { registered = \"secret\" }\n";
    let registry = Registry::new().secret("secret", SECRET);
    let report = Configuration::from_toml("typegate.toml", text).unwrap().check(&registry);
    let found: Vec<_> = report.violations().iter().map(|found| found.key()).collect();
    assert_eq!(found, ["session.max_age", "session.absolute_max_age"], "{report}");
}

#[test]
fn r196_a_header_of_no_proxy_is_an_error() {
    for source in [ClientAddressSource::forwarded_for(0), ClientAddressSource::forwarded(0)] {
        is_refused(
            of_site().client_address(source),
            &["is the number of proxies of one's own, from 1 to 255"],
        );
    }
    let source = ClientAddressSource::forwarded_for(1);
    let hosts = || TrustedProxy::hosts(["app.example.com"]);
    is_refused(
        base().trust_proxy(hosts().proxies(0)).client_address(source.clone()),
        &["`proxies` is the number of proxies of one's own, from 1 to 255"],
    );
    let builder = base().trust_proxy(hosts().proxies(1)).client_address(source);
    assert!(reasons(builder.build()).is_empty());
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        if entry.code == "DOUBTFUL_SETTING" {
            self.0.lock().unwrap().push(entry.message.to_owned());
        }
    }
}

/// What the log says of a configuration that is built.
fn doubts(builder: AuthBuilder) -> Vec<String> {
    let lines = Lines::default();
    builder.logger(lines.clone()).build().unwrap();
    std::mem::take(&mut lines.0.lock().unwrap())
}

#[test]
fn a_page_that_is_never_shown_is_said_at_the_start() {
    let pages = || Pages::new().verify_request("/check-mail").new_user("/welcome");
    let found = doubts(of_site().pages(pages()));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("verify-request page") && found[0].contains("no e-mail provider"));
    assert!(found[1].contains("new-user page") && found[1].contains("without an adapter"));
    let complete = of_site().adapter(MemoryAdapter::new()).provider(email()).pages(pages());
    assert!(doubts(complete).is_empty());
}

#[test]
fn an_event_that_never_happens_is_said_at_the_start() {
    let events = || {
        let events = Events::new().sign_in(async |_| Ok(())).create_user(async |_| Ok(()));
        events.link_account(async |_| Ok(()))
    };
    let found = doubts(of_site().events(events()));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("`create_user` never happens") && found[0].contains("an adapter"));
    assert!(found[1].contains("`link_account`"));
    assert!(doubts(of_site().adapter(MemoryAdapter::new()).events(events())).is_empty());
}

#[test]
fn an_end_that_is_never_moved_is_said_at_the_start() {
    let rows = |strategy: Database| of_site().adapter(MemoryAdapter::new()).session(strategy);
    let never = Database::default().max_age(3600).update_age(3600).into();
    let found = doubts(rows(never));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("3600 seconds after the sign-in however busy"), "{found:?}");
    // NextAuth's `update_age` of a day, which nobody wrote.
    assert_eq!(doubts(rows(Database::default().max_age(3600).into())).len(), 1);
    assert!(doubts(rows(Database::default().max_age(3600).update_age(60).into())).is_empty());
    assert!(doubts(rows(Database::default())).is_empty());
}
