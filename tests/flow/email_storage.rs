//! A sign-in link while the database fails.

use std::sync::{Arc, Mutex};

use typegate::Jwt;
use typegate::provider::Email;

use super::support::{BASE, Browser, Database, Lines, Operation, site};

#[tokio::test]
async fn r082_what_cannot_be_stored_is_not_sent() {
    let (database, lines) = (Database::default(), Lines::default());
    let clock = typegate::testing::FrozenClock::at(0);
    let sent: Arc<Mutex<Vec<String>>> = Arc::default();
    let mailbox = Arc::clone(&sent);
    let email = Email::new(move |message| {
        mailbox.lock().unwrap().push(message.url);
        async { Ok(()) }
    });
    let auth = site!(clock)
        .adapter(database.clone())
        .session(Jwt::default())
        .provider(email)
        .logger(lines.clone())
        .build()
        .unwrap();
    let mut browser = Browser::new(&auth, &clock);
    let failed = format!("{BASE}/error?error=EmailSignin");
    for operation in [Operation::UserByEmail, Operation::CreateVerificationToken] {
        database.fail_at(&[operation]);
        let answer = browser.post("/api/auth/signin/email", &[("email", "ada@example.com")]).await;
        assert_eq!(answer.location(), failed, "{operation:?}");
        assert!(sent.lock().unwrap().is_empty(), "{operation:?}");
        assert!(lines.codes().contains(&"SIGNIN_EMAIL_ERROR".to_owned()), "{operation:?}");
    }
    // A link is not lost to a database that cannot be asked.
    database.fail_at(&[]);
    browser.post("/api/auth/signin/email", &[("email", "ada@example.com")]).await;
    let url = sent.lock().unwrap().pop().unwrap();
    database.fail_at(&[Operation::UseVerificationToken]);
    assert_eq!(browser.get(&url).await.location(), format!("{BASE}/error?error=Callback"));
    let codes = ["adapter_error_useVerificationToken", "CALLBACK_EMAIL_ERROR"];
    assert_eq!(lines.codes(), codes);
    database.fail_at(&[]);
    assert_eq!(browser.get(&url).await.location(), "http://localhost:3000");
}
