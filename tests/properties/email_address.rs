//! E-mail addresses: the address that gets a link is the one that is stored with it, stands in it,
//! and is signed in by it.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use typegate::adapter::{MemoryAdapter, UserStore as _};
use typegate::provider::{Email, EmailMessage};
use typegate::rate_limit::Unlimited;
use typegate::testing::FrozenClock;
use typegate::{Auth, Jwt, Secret};
use url::{Host, Url};

use crate::browser::Browser;
use crate::site::{NOW, ORIGIN, Panics, SECRET, block_on};

struct Site {
    auth: Auth,
    adapter: MemoryAdapter,
    panics: Panics,
    mailbox: Arc<Mutex<Vec<EmailMessage>>>,
}

impl Site {
    fn new() -> Self {
        let (panics, adapter) = (Panics::default(), MemoryAdapter::new());
        let mailbox: Arc<Mutex<Vec<EmailMessage>>> = Arc::default();
        let sent = Arc::clone(&mailbox);
        let send = move |message| {
            sent.lock().unwrap().push(message);
            async { Ok(()) }
        };
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .logger(panics.clone())
            .rate_limit(Unlimited)
            .adapter(adapter.clone())
            .session(Jwt::default())
            .provider(Email::new(send))
            .build()
            .unwrap();
        Self { auth, adapter, panics, mailbox }
    }

    /// Asks for a link; the message, if one was sent.
    fn ask(
        &self,
        browser: &mut Browser<'_, typegate::DefaultSession>,
        email: &str,
    ) -> Option<EmailMessage> {
        let token = browser.csrf_token();
        browser.post("/api/auth/signin/email", &[("csrfToken", &token), ("email", email)])?;
        self.panics.assert_none();
        self.mailbox.lock().unwrap().pop()
    }
}

pub(crate) fn check(data: &[u8]) {
    let Ok(given) = str::from_utf8(data) else { return };
    thread_local!(static SITE: RefCell<(Site, usize)> = RefCell::new((Site::new(), 0)));
    SITE.with_borrow_mut(|(site, inputs)| {
        // Users are kept, and memory is not endless.
        *inputs += 1;
        if inputs.is_multiple_of(1_000) {
            *site = Site::new();
        }
        is_one_address(site, given);
    });
}

fn is_one_address(site: &Site, given: &str) {
    let mut browser = Browser::new(&site.auth);
    let Some(message) = site.ask(&mut browser, given) else { return };
    let sent = message.to;

    // What is sent is one address to whoever reads it.
    let (local, domain) = sent.split_once('@').unwrap();
    assert!(!domain.contains('@') && !local.is_empty(), "{given:?} became {sent:?}");
    assert_eq!(
        Host::parse(domain),
        Ok(Host::Domain(domain.to_owned())),
        "{given:?} became {sent:?}"
    );
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    assert!(domain.split('.').all(is_label), "{given:?} became {sent:?}");
    assert!(!sent.contains(|c: char| c.is_control() || c.is_whitespace()), "{sent:?}");
    assert!(
        given.contains(|c: char| !c.is_ascii())
            || given.trim().eq_ignore_ascii_case(&sent)
            || given.contains(','),
        "{given:?} became {sent:?}"
    );
    let mailbox: lettre::Address = sent.parse().unwrap();
    assert_eq!(mailbox.to_string(), sent, "the mailer reads another address");

    // The link names it, and signs it in.
    let link = Url::parse(&message.url).unwrap();
    let in_link = link.query_pairs().find(|(name, _)| name == "email").unwrap().1.into_owned();
    assert_eq!(in_link, sent);
    let path = &link[url::Position::BeforePath..];
    browser.get(path).unwrap();
    let answer = browser.get("/api/auth/session").unwrap();
    let session: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(session["user"]["email"].as_str(), Some(&*sent));
    let user = block_on(site.adapter.user_by_email(&sent)).unwrap();
    assert_eq!(user.unwrap().email.as_deref(), Some(&*sent));

    // Once made, an address stays as it is.
    assert_eq!(site.ask(&mut browser, &sent).unwrap().to, sent);
    site.panics.assert_none();
}
