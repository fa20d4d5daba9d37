//! The sign-in link: asked for, sent, used.

use http::{Request, StatusCode, header};
use serde_json::Value;
use typegate::adapter::{
    ExpiredRows as _, SessionStore as _, UserStore as _, VerificationTokenStore as _,
};
use typegate::provider::Email;
use typegate::{NewUser, SessionToken, TokenHash};

use super::world::{BASE, NOW, SECRET, World, error, location, parameter, with};

#[tokio::test]
async fn a_link_signs_a_new_user_in_and_the_next_one_the_same_user() {
    let mut world = World::new();
    let sent_to = world.ask("  Ada@Example.COM ").await;
    assert_eq!(sent_to, format!("{BASE}/verify-request?provider=email&type=email"));
    let mail = world.mail();
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("ada@example.com", "Sign in to localhost:3000")
    );
    let query = format!(
        "{BASE}/callback/email?callbackUrl=http%3A%2F%2Flocalhost%3A3000%2Fwelcome%3Fa%3Db&token="
    );
    assert!(mail.url.starts_with(&query) && mail.url.ends_with("&email=ada%40example.com"));

    let back = world.get(&mail.url).await;
    assert_eq!(location(&back), "http://localhost:3000/welcome?a=b");
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
    let user = world.adapter.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!(user.email_verified.unwrap().as_second(), NOW);

    world.clock.advance(60);
    world.ask("ada@example.com").await;
    let again = world.mail().url;
    world.get(&again).await;
    let same = world.adapter.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!(same.id, user.id);
    assert_eq!(same.email_verified.unwrap().as_second(), NOW + 60);
}

#[tokio::test]
async fn r181_a_link_leads_back_to_the_site_whatever_was_asked_for() {
    for (asked, carried, place) in [
        ("http://localhost:3000\\@evil.example", "", ""),
        ("http://@localhost:3000/x", "", ""),
        ("//evil.example", "//evil.example", "//evil.example"),
        ("/ä b\\", "/ä b%5C", "/%C3%A4%20b%5C"),
    ] {
        let mut world = World::new();
        world.ask_to_come_back("ada@example.com", asked).await;
        let mail = world.mail();
        assert!(mail.url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", mail.url);
        let callback_url = parameter(&mail.url, "callbackUrl");
        assert_eq!(callback_url, format!("http://localhost:3000{carried}"), "{asked:?}");
        // Somebody may change the link on its way.
        let changed = with(&mail.url, "callbackUrl", Some(asked));
        assert_eq!(location(&world.get(&changed).await), format!("http://localhost:3000{place}"));
    }
}

#[tokio::test]
async fn a_link_works_with_sessions_in_cookies_too() {
    let mut world = World::with(|email| email, false);
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    world.get(&url).await;
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
    assert!(world.cookie("next-auth.session-token").unwrap().starts_with("eyJ"));
}

#[tokio::test]
async fn r069_the_mailer_gets_what_was_stored_and_what_the_link_says() {
    let mut world = World::new();
    world.ask("ANN+tag@BÜCHER.example").await;
    let mail = world.mail();
    assert_eq!(mail.to, "ann+tag@xn--bcher-kva.example");
    assert!(mail.url.ends_with("&email=ann%2Btag%40xn--bcher-kva.example"));
    world.get(&mail.url).await;
    assert!(world.adapter.user_by_email(&mail.to).await.unwrap().is_some());
}

#[tokio::test]
async fn r069_links_that_are_asked_for_at_once_keep_apart() {
    let (mut one, mut two) = (World::new(), World::new());
    two.auth = one.auth.clone();
    for _ in 0..5 {
        tokio::join!(one.ask("ada@example.com"), two.ask("bob@example.com"));
        let mails = std::mem::take(&mut *one.mailbox.lock().unwrap());
        assert_eq!(mails.len(), 2);
        for mail in mails {
            assert_eq!(parameter(&mail.url, "email"), mail.to);
            let other =
                if mail.to == "ada@example.com" { "bob@example.com" } else { "ada@example.com" };
            let crossed = with(&mail.url, "email", Some(other));
            assert_eq!(location(&two.get(&crossed).await), error("Verification"));
            one.forget();
            one.get(&mail.url).await;
            assert_eq!(one.session().await["user"]["email"], mail.to);
        }
    }
}

#[tokio::test]
async fn r073_the_link_starts_with_the_configured_origin() {
    let mut world = World::new();
    let csrf = world.get("/api/auth/csrf").await;
    let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
    let request = Request::post("/api/auth/signin/email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example");
    let token = csrf["csrfToken"].as_str().unwrap();
    world.send(request, format!("csrfToken={token}&email=a@b.co")).await;
    assert!(world.mail().url.starts_with(BASE));
}

#[tokio::test]
async fn the_message_speaks_the_language_of_whoever_asks() {
    for (accepted, language, subject, last) in [
        ("de-AT, en;q=0.5", "de", "Bei localhost:3000 anmelden", "nicht angefordert haben"),
        ("ja", "ja", "localhost:3000 \u{306b}\u{30ed}\u{30b0}\u{30a4}\u{30f3}", "\u{5834}\u{5408}"),
        ("tlh", "en", "Sign in to localhost:3000", "If you did not ask for this message"),
    ] {
        let mut world = World::new();
        let csrf = world.get("/api/auth/csrf").await;
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let request = Request::post("/api/auth/signin/email")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT_LANGUAGE, accepted);
        let token = csrf["csrfToken"].as_str().unwrap();
        world.send(request, format!("csrfToken={token}&email=a@b.co")).await;
        let mail = world.mail();
        assert_eq!(mail.subject, subject);
        assert_eq!(mail.text, format!("{subject}\n{}\n\n", mail.url));
        assert!(mail.html.contains(&format!("lang=\"{language}\"")), "{}", mail.html);
        assert!(mail.html.contains(last), "{}", mail.html);
    }
}

#[tokio::test]
async fn r074_the_database_holds_a_hash_only() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let token = parameter(&world.mail().url, "token");
    assert_eq!(token.len(), 64);
    let take = |text: String| {
        let adapter = world.adapter.clone();
        async move {
            let hash = TokenHash::new(text);
            adapter.use_verification_token("ada@example.com", &hash).await.unwrap()
        }
    };
    assert!(take(token.clone()).await.is_none());
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{token}{SECRET}").as_bytes());
    let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(take(hash).await.is_some());
}

#[tokio::test]
async fn r075_a_link_is_good_once() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let (mut one, mut two) = (world, World::new());
    two.auth = one.auth.clone();
    let (first, second) = tokio::join!(one.get(&url), two.get(&url));
    let mut places = [location(&first), location(&second)];
    places.sort();
    assert_eq!(places, [error("Verification"), "http://localhost:3000/welcome?a=b".to_owned()]);
}

#[tokio::test]
async fn r076_r078_token_and_address_belong_together_and_both_are_needed() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let token = parameter(&url, "token");
    let (first, rest) = token.split_at(1);
    let encoded_twice = format!("%{:02x}{rest}", first.as_bytes()[0]);
    for (name, value, expected) in [
        ("email", None, "Verification"),
        ("email", Some(""), "Verification"),
        ("email", Some("bob@example.com"), "Verification"),
        ("email", Some("ADA@example.com"), "Verification"),
        ("email", Some("ada%40example.com"), "Verification"),
        ("token", Some("zz"), "Verification"),
        ("token", Some(&*token.to_ascii_uppercase()), "Verification"),
        ("token", Some(&*format!("{token} ")), "Verification"),
        ("token", Some(&*encoded_twice), "Verification"),
        ("token", Some(" "), "configuration"),
        ("token", None, "configuration"),
    ] {
        let answer = world.get(&with(&url, name, value)).await;
        assert_eq!(location(&answer), error(expected), "{name} {value:?}");
    }
    for (more, expected) in [
        ("email=ada%40example.com", "Verification"),
        ("email=bob%40example.com", "Verification"),
        (&format!("token={token}"), "configuration"),
    ] {
        let repeated = world.get(&format!("{url}&{more}")).await;
        assert_eq!(location(&repeated), error(expected), "{more}");
    }
    for name in ["email", "token"] {
        let list = url.replace(&format!("&{name}="), &format!("&{name}[]="));
        assert_ne!(list, url);
        let expected = if name == "email" { "Verification" } else { "configuration" };
        assert_eq!(location(&world.get(&list).await), error(expected), "{list}");
    }
    // None of these used the link up.
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn r077_a_link_ends_to_the_second() {
    const DAY: i64 = 24 * 60 * 60;
    for (setting, age, good) in [
        (Some(600), 599, true),
        (Some(600), 600, true),
        (Some(600), 601, false),
        (None, DAY - 1, true),
        (None, DAY, true),
        (None, DAY + 1, false),
    ] {
        let change = |email: Email| match setting {
            Some(seconds) => email.max_age(seconds).into(),
            None => email,
        };
        let mut world = World::with(change, true);
        world.ask("ada@example.com").await;
        let url = world.mail().url;
        world.clock.advance(age);
        let place = location(&world.get(&url).await);
        assert_eq!(place == error("Verification"), !good, "{age}");
        assert_eq!(location(&world.get(&url).await), error("Verification"));
        // Used or not, it is gone.
        let rest = world.adapter.delete_expired(jiff::Timestamp::MAX).await.unwrap();
        assert_eq!(rest.verification_tokens, 0);
    }
}

#[tokio::test]
async fn r079_head_does_not_use_a_link_up() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let path = url.strip_prefix("http://localhost:3000").unwrap().to_owned();
    for method in ["HEAD", "OPTIONS", "PUT"] {
        let request = Request::builder().method(method).uri(&path);
        let answer = world.send(request, String::new()).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn r080_known_and_unknown_addresses_get_the_same_answer() {
    let mut world = World::new();
    let mut known = NewUser::default();
    known.email = Some("known@example.com".to_owned());
    world.adapter.create_user(known).await.unwrap();
    assert_eq!(world.ask("known@example.com").await, world.ask("unknown@example.com").await);
}

#[tokio::test]
async fn r082_a_message_that_was_not_sent_leaves_no_usable_token() {
    let mut world = World::new();
    *world.broken_mailer.lock().unwrap() = true;
    assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
    assert!(world.mailbox.lock().unwrap().is_empty());
    *world.broken_mailer.lock().unwrap() = false;
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn bad_addresses_get_no_message() {
    let mut world = World::new();
    for bad in ["", "plain", "a@b", "a@b.co@c.co", "\"a\"@b.co", "a@b.co\nbcc: x@y.z", "<a@b.co>"] {
        assert_eq!(world.ask(bad).await, error("EmailSignin"), "{bad:?}");
    }
    assert!(world.mailbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_application_may_have_its_own_rule_for_addresses() {
    let only_ours =
        |text: &str| text.strip_suffix("@corp").map(|name| format!("{name}@corp.example"));
    let mut world = World::with(|email| email.normalise(only_ours).into(), true);
    world.ask("ada@corp").await;
    assert_eq!(world.mail().to, "ada@corp.example");
    assert_eq!(world.ask("ada@other.example").await, error("EmailSignin"));
}

#[tokio::test]
async fn r102_signing_in_as_another_user_ends_the_earlier_session() {
    let mut world = World::new();
    let mut tokens = Vec::new();
    for address in ["ada@example.com", "bob@example.com"] {
        world.ask(address).await;
        let url = world.mail().url;
        world.get(&url).await;
        assert_eq!(world.session().await["user"]["email"], address);
        tokens.push(SessionToken::new(world.cookie("next-auth.session-token").unwrap()));
    }
    assert_ne!(tokens[0].expose(), tokens[1].expose());
    assert!(world.adapter.session_and_user(&tokens[0]).await.unwrap().is_none());
    assert!(world.adapter.session_and_user(&tokens[1]).await.unwrap().is_some());
}

/// Recorded on next-auth 4.24.15.
#[test]
fn the_link_and_the_stored_hash_are_v4s() {
    let data: Value = serde_json::from_str(include_str!("../data/email.json")).unwrap();
    for (name, secret) in [("request", "secret"), ("request_with_own_secret", "ps")] {
        let case = &data[name];
        let text = |name: &str| case[name].as_str().unwrap();
        let pepper = format!("{}{secret}", text("token"));
        let digest = ring::digest::digest(&ring::digest::SHA256, pepper.as_bytes());
        let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, text("stored"));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("callbackUrl", "http://localhost:3000/welcome?a=b c&d=é")
            .append_pair("token", text("token"))
            .append_pair("email", text("identifier"))
            .finish();
        assert!(text("url").ends_with(&query), "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn r164_a_sender_that_panics_or_hangs_is_a_message_that_was_not_sent() {
    for hangs in [true, false] {
        let send = move |message: typegate::provider::EmailMessage| async move {
            assert!(hangs, "{}", message.url);
            std::future::pending::<Result<(), typegate::CallbackError>>().await
        };
        let mut world = World::with(|_| Email::new(send), true);
        assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
        let lines = world.lines.take().concat();
        let reason = if hangs { "it did not answer within 30 s" } else { "it panicked" };
        assert!(lines.contains(reason) && !lines.contains("token="), "{lines}");
    }
    let rule = |_: &str| -> Option<String> { panic!("for the test") };
    let mut world = World::with(|email| email.normalise(rule).into(), true);
    assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
    assert!(world.lines.take().concat().contains("it panicked"));
}

#[tokio::test]
async fn r071_a_rule_of_the_applications_own_lets_no_second_line_through() {
    for bad in ["a@b.co\r\nBcc: x@y.co", "a@b.co\0", "a@b.co,x@y.co", "\"a\"@b.co", "a@b@c.co"] {
        let mut world = World::with(|email| email.normalise(|_| Some(bad.to_owned())).into(), true);
        assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"), "{bad:?}");
        assert!(world.mailbox.lock().unwrap().is_empty());
    }
}
