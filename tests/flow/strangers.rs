//! Strangers who guess, and the people at whose accounts they guess: what is counted for whom.

use std::net::IpAddr;

use http::HeaderName;
use typegate::provider::Credentials;
use typegate::{Auth, ClientAddressSource, Secret, User};

use super::support::{ORIGIN, SECRET, World, credentials, world};

const CALLBACK: &str = "/api/auth/callback/credentials";
const RIGHT: &str = "1815";

/// The README's program: nothing is said about limits.
fn plain() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

/// The n-th address of the internet, each in a network of its own.
fn stranger(number: u32) -> IpAddr {
    let [a, b, c, d] = number.to_be_bytes();
    [0x2001, 0xdb8, u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]), 0, 0, 0, 7].into()
}

/// The status of one try, as a JSON caller sees it: 200, 401 or 429.
async fn try_password(world: &mut World, username: &str, password: &str) -> u16 {
    let fields = [("username", username), ("password", password), ("json", "true")];
    world.browser.post(CALLBACK, &fields).await.status().as_u16()
}

/// How many of so many wrong passwords reach the application.
async fn guesses(world: &mut World, number: u32, each: impl Fn(&mut World, u32)) -> u32 {
    let mut guesses = 0;
    for guess in 0..number {
        each(world, guess);
        match try_password(world, "ada", &format!("wrong {guess}")).await {
            401 => guesses += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    guesses
}

#[tokio::test]
async fn r194_passwords_are_limited_where_the_server_does_not_tell_who_connects() {
    let mut world = plain();
    world.browser.peer = None;
    assert_eq!(guesses(&mut world, 102, |_, _| {}).await, 30);
    // Another account is not locked.
    assert_eq!(try_password(&mut world, "grace", "x").await, 401);
}

#[tokio::test]
async fn r194_a_rewrite_that_passes_the_visitors_header_on_does_not_unlimit_passwords() {
    let source = ClientAddressSource::forwarded_for(1);
    for source in [source, ClientAddressSource::connection()] {
        let mut world =
            world!(site => site.provider(credentials()).client_address(source).build().unwrap());
        world.browser.peer = Some([127, 0, 0, 1].into());
        let spoofed = |world: &mut World, guess: u32| {
            let name = HeaderName::from_static("x-forwarded-for");
            let value = format!("198.51.{}.{}", guess / 250, guess % 250 + 1);
            world.browser.headers = vec![
                (name, value.parse().unwrap()),
                (HeaderName::from_static("x-forwarded-host"), "localhost:3000".parse().unwrap()),
            ];
        };
        assert_eq!(guesses(&mut world, 102, spoofed).await, 30);
    }
}

#[tokio::test]
async fn r194_one_account_is_not_tried_from_500_addresses() {
    let mut world = plain();
    let elsewhere = |world: &mut World, guess: u32| world.browser.peer = Some(stranger(guess));
    assert_eq!(guesses(&mut world, 500, elsewhere).await, 30);
    // However its name is written.
    for username in ["ADA", " ada ", "ａｄａ", "ada\u{200b}", "ádà"] {
        assert_eq!(try_password(&mut world, username, RIGHT).await, 429, "{username:?}");
    }
}

#[tokio::test]
async fn r194_the_owner_gets_in_whatever_strangers_do() {
    let mut world = plain();
    let home: IpAddr = [198, 51, 100, 7].into();
    world.browser.peer = Some(home);
    assert_eq!(try_password(&mut world, "ada", RIGHT).await, 200);
    let elsewhere = |world: &mut World, guess: u32| world.browser.peer = Some(stranger(guess));
    assert_eq!(guesses(&mut world, 500, elsewhere).await, 30);
    world.browser.peer = Some(home);
    assert_eq!(try_password(&mut world, "ada", "a typing error").await, 401);
    assert_eq!(try_password(&mut world, "Ada", RIGHT).await, 401);
    let answer = world.browser.sign_in_with_credentials().await;
    assert_eq!(answer.location(), ORIGIN);
}

#[tokio::test]
async fn r194_a_decoy_does_not_hide_the_account() {
    let mut world = plain();
    let mut guesses = 0;
    for guess in 0..60 {
        world.browser.peer = Some(stranger(guess));
        let decoy = format!("decoy {guess}");
        let password = format!("wrong {guess}");
        // Fields that `authorize` does not look at, in another encoding and spelling.
        let csrf = world.browser.csrf_token().await;
        let body = serde_json::json!({
            "email": decoy, "login": decoy, "USERNAME": decoy, "username": "ADA",
            "password": password, "csrfToken": csrf, "json": "true",
        });
        let answer = world.browser.post_json(CALLBACK, &body).await;
        guesses += u32::from(answer.status() == 401);
    }
    assert_eq!(guesses, 30);
}

/// Nor does it make a client known to an account that it never signed in to.
#[tokio::test]
async fn r194_an_account_that_is_only_named_is_not_signed_in_to() {
    type Form = std::collections::HashMap<String, String>;
    let authorize = |form: Form| async move {
        let is_right = |name, password| {
            form.get("username").is_some_and(|given| given == name)
                && form.get("password").is_some_and(|given| given == password)
        };
        Ok((is_right("eve", "mine") || is_right("ada", RIGHT)).then(|| User::new("1")))
    };
    let mut world = world!(site => site
        .provider(Credentials::new(authorize).text_field("username", "Name").password_field())
        .build()
        .unwrap());
    let mut send = async |number: u32, fields: &[(&str, &str)]| {
        world.browser.peer = Some(stranger(number));
        let mut fields = fields.to_vec();
        fields.push(("json", "true"));
        world.browser.post(CALLBACK, &fields).await.status().as_u16()
    };
    let mut guesses = 0;
    for number in 0..20 {
        // Eve's own password opens her own account, whatever else the form names, and in whichever
        // order.
        for decoy in ["email", "account", "user_name", "user-name"] {
            let own = [("username", "eve"), ("password", "mine"), (decoy, "ada")];
            send(number, &own).await;
        }
        for decoy in ["", "email", "account", "user_name", "user-name"] {
            for _ in 0..3 {
                let guess = [("username", "ada"), ("password", "wrong"), (decoy, "eve")];
                guesses += u32::from(send(number, &guess).await == 401);
            }
        }
    }
    assert!(guesses <= 30, "{guesses} guesses");
}

#[tokio::test]
async fn r194_who_signs_in_by_several_fields_is_known_by_all_of_them() {
    type Form = std::collections::HashMap<String, String>;
    let authorize = |form: Form| async move {
        let is_right = form.get("password").is_some_and(|given| given == RIGHT);
        Ok(is_right.then(|| User::new("1")))
    };
    let mut world = world!(site => site
        .provider(Credentials::new(authorize).account_field("branch").account_field("clerk"))
        .build()
        .unwrap());
    let mut send = async |number: u32, password: &str| {
        world.browser.peer = Some(stranger(number));
        let fields = [("branch", "7"), ("clerk", "ada"), ("password", password), ("json", "true")];
        world.browser.post(CALLBACK, &fields).await.status().as_u16()
    };
    assert_eq!(send(1000, RIGHT).await, 200);
    for number in 0..60 {
        send(number, "wrong").await;
    }
    assert_eq!(send(60, RIGHT).await, 429);
    assert_eq!(send(1000, RIGHT).await, 200);
}

#[tokio::test]
async fn r225_a_field_that_no_form_has_is_refused_or_passed_over() {
    #[derive(serde::Deserialize)]
    struct Badge {
        badge: String,
    }
    let typed = async |form: Badge| Ok(Some(User::new(form.badge)));
    let config = || {
        Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url("https://app.example.com".parse().unwrap())
    };
    let mistaken = Credentials::new(typed).text_field("seat", "Seat").account_field("bagde");
    let error = config().provider(mistaken).build().err().unwrap().to_string();
    assert!(error.contains(r#".account_field("bagde")"#), "{error}");
    assert!(error.contains("there are `badge`, `seat`"), "{error}");
    for good in ["badge", "seat"] {
        let named = Credentials::new(typed).text_field("seat", "Seat").account_field(good);
        config().provider(named).build().unwrap();
    }

    // A map tells no fields.
    type Form = std::collections::HashMap<String, String>;
    let untyped = async |_: Form| Ok(None);
    let mut world = world!(site => site
        .provider(Credentials::new(untyped).account_field("user_nmae"))
        .build()
        .unwrap());
    let mut refused = 0;
    for number in 0..60 {
        world.browser.peer = Some(stranger(number));
        let fields = [("username", "ada"), ("password", "wrong"), ("json", "true")];
        refused += u32::from(world.browser.post(CALLBACK, &fields).await.status() == 429);
    }
    assert!(refused > 0, "every try of 60 strangers at one account was let through");
}

#[tokio::test]
async fn r194_the_log_says_once_what_cannot_be_counted() {
    let header = || (HeaderName::from_static("x-forwarded-for"), "198.51.100.9".parse().unwrap());
    let forwarded = ClientAddressSource::forwarded_for(1);
    for (source, peer, headers, line) in [
        (None, None, vec![], "into_make_service_with_connect_info"),
        (None, Some("127.0.0.1"), vec![header()], "ClientAddressSource::forwarded_for(1)"),
        (None, Some("127.0.0.1"), vec![header()], "as a rewrite of Next.js does, write nothing"),
        (
            Some(forwarded.clone()),
            Some("127.0.0.1"),
            vec![],
            "`client_address` names `x-forwarded-for`, which is absent",
        ),
        (Some(forwarded), Some("192.0.2.1"), vec![header()], "ClientAddressSource::sent_by"),
    ] {
        let mut world = match source {
            None => plain(),
            Some(source) => world!(site => site
                .provider(credentials())
                .client_address(source)
                .build()
                .unwrap()),
        };
        world.browser.peer = peer.map(|peer| peer.parse().unwrap());
        world.browser.headers = headers;
        for _ in 0..3 {
            assert_eq!(try_password(&mut world, "ada", RIGHT).await, 200);
        }
        let lines = world.lines.take();
        let [said] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!(said.code, "RATE_LIMIT_INCOMPLETE");
        assert!(said.message.contains(line), "{}", said.message);
    }
}
