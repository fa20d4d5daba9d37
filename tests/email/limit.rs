//! The limit on how often a link may be asked for.

use std::net::IpAddr;

use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use typegate::ClientAddress;

use super::world::{World, error};

fn sent() -> String {
    "http://localhost:3000/api/auth/verify-request?provider=email&type=email".to_owned()
}

#[tokio::test]
async fn r081_a_mailbox_gets_ten_messages_in_a_quarter_of_an_hour() {
    let mut world = World::new();
    let refused = (StatusCode::TOO_MANY_REQUESTS, error("EmailSignin"));
    // Five for one client, and ten for all that are strangers.
    for number in 0..5 {
        let asked = ask_from(&mut world, stranger(1), "Ada@example.com").await;
        assert_eq!(asked, (StatusCode::OK, sent()), "{number}");
    }
    assert_eq!(ask_from(&mut world, stranger(1), "ada@example.com").await, refused);
    for number in 2..7 {
        // Another spelling is the same mailbox, another browser the same limit.
        world.forget();
        let asked = ask_from(&mut world, stranger(number), " ada@EXAMPLE.com").await;
        assert_eq!(asked, (StatusCode::OK, sent()), "{number}");
    }
    for number in 7..10 {
        assert_eq!(ask_from(&mut world, stranger(number), "ada@example.com").await, refused);
    }
    assert_eq!(
        world.lines.take(),
        [
            "RATE_LIMIT_ERROR too many attempts: 2001:db8:1::/64 has used up, for one account, its 5 \
         sign-in links in 900 s",
            "RATE_LIMIT_ERROR too many attempts: clients that never signed in to it have used up, for \
         one account, their 10 sign-in links in 900 s",
        ]
    );
    assert_eq!(world.mailbox.lock().unwrap().len(), 10);
    assert_eq!(world.ask("bob@example.com").await, sent());
    world.clock.advance(15 * 60);
    assert_eq!(world.ask("ada@example.com").await, sent());
}

/// Asks for a link from an address, as JSON.
async fn ask_from(world: &mut World, client: IpAddr, email: &str) -> (StatusCode, String) {
    let csrf = world.get("/api/auth/csrf").await;
    let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
    let body = json!({ "csrfToken": csrf["csrfToken"], "email": email, "json": "true" });
    let request = Request::post("/api/auth/signin/email")
        .header(header::CONTENT_TYPE, "application/json")
        // A visitor's own word.
        .header("x-forwarded-for", "203.0.113.77")
        .extension(ClientAddress(client));
    let answer = world.send(request, body.to_string()).await;
    let url: Value = serde_json::from_slice(answer.body()).unwrap();
    (answer.status(), url["url"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn r081_the_101st_request_of_a_client_is_refused_with_429_for_json() {
    let mut world = World::new();
    let client = |host: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, host]);
    for number in 0..100 {
        let email = format!("user{number}@example.com");
        assert_eq!(ask_from(&mut world, client(number), &email).await, (StatusCode::OK, sent()));
    }
    let refused = (StatusCode::TOO_MANY_REQUESTS, error("EmailSignin"));
    assert_eq!(ask_from(&mut world, client(1000), "next@example.com").await, refused);
    let other = IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, 1]);
    assert_eq!(ask_from(&mut world, other, "next@example.com").await, (StatusCode::OK, sent()));
}

/// A visitor of a network of their own.
fn stranger(number: u16) -> IpAddr {
    IpAddr::from([0x2001, 0xdb8, number, 0, 0, 0, 0, 7])
}

#[tokio::test]
async fn r189_strangers_do_not_keep_an_owner_from_their_links() {
    let mut world = World::new();
    let home = IpAddr::from([198, 51, 100, 7]);
    assert_eq!(ask_from(&mut world, home, "ada@example.com").await, (StatusCode::OK, sent()));
    let link = world.mail().url;
    world.open_from(&link, home).await;
    world.forget();
    for number in 0..500 {
        ask_from(&mut world, stranger(number), "ada@example.com").await;
    }
    // The owner's first request was a stranger's, too.
    assert_eq!(world.mailbox.lock().unwrap().len(), 10);
    for _ in 0..5 {
        assert_eq!(ask_from(&mut world, home, "Ada@Example.com").await.1, sent());
    }
    assert_eq!(ask_from(&mut world, home, "ada@example.com").await.1, error("EmailSignin"));
    // For weeks, whatever strangers do.
    for _ in 0..29 {
        world.clock.advance(24 * 60 * 60);
        for number in 0..20 {
            ask_from(&mut world, stranger(number), "ada@example.com").await;
        }
        assert_eq!(ask_from(&mut world, home, "ada@example.com").await.1, sent());
    }
}

#[tokio::test]
async fn r189_a_session_of_the_owners_is_no_stranger() {
    for database in [true, false] {
        let mut world = World::with(|email| email, database);
        let home = stranger(1000);
        assert_eq!(ask_from(&mut world, home, "ada@example.com").await.1, sent());
        world.get(&world.mail().url).await;
        let session = world.session().await;
        assert_eq!(session["user"]["email"], "ada@example.com");
        let kept = world.clone_cookies();
        world.forget();
        for number in 0..20 {
            ask_from(&mut world, stranger(number), "ada@example.com").await;
        }
        // From a network where nobody ever signed in, with and without the session.
        let elsewhere = stranger(2000);
        assert_eq!(
            ask_from(&mut world, elsewhere, "ada@example.com").await.1,
            error("EmailSignin")
        );
        world.set_cookies(kept);
        assert_eq!(ask_from(&mut world, elsewhere, "ada@example.com").await.1, sent());
        // It is of no use for another mailbox.
        world.forget();
        for number in 0..20 {
            ask_from(&mut world, stranger(number), "bob@example.com").await;
        }
        assert_eq!(
            ask_from(&mut world, elsewhere, "bob@example.com").await.1,
            error("EmailSignin")
        );
    }
}

/// Some servers tell `ada+evil` from `ada`. Their owners share what strangers have, and nothing
/// else.
#[tokio::test]
async fn r189_whoever_has_a_similar_address_is_a_stranger() {
    for database in [true, false] {
        let mut world = World::with(|email| email, database);
        let home = stranger(1000);
        assert_eq!(ask_from(&mut world, home, "ada@example.com").await.1, sent());
        let link = world.mail().url;
        world.open_from(&link, home).await;
        let owner = world.clone_cookies();
        world.forget();
        assert_eq!(ask_from(&mut world, stranger(1), "ada+evil@example.com").await.1, sent());
        let link = world.mail().url;
        world.open_from(&link, stranger(1)).await;
        assert_eq!(world.session().await["user"]["email"], "ada+evil@example.com");
        // With a session and from a network that are known, of the other address.
        let before = world.mailbox.lock().unwrap().len();
        for number in 1..40 {
            ask_from(&mut world, stranger(number), "ada@example.com").await;
            ask_from(&mut world, stranger(1), "ada@example.com").await;
        }
        assert_eq!(world.mailbox.lock().unwrap().len() - before, 8, "{database}");
        for _ in 0..10 {
            ask_from(&mut world, stranger(1), "ada+evil@example.com").await;
            ask_from(&mut world, stranger(2000), "ada+evil@example.com").await;
        }
        world.set_cookies(owner);
        assert_eq!(ask_from(&mut world, stranger(3000), "ada@example.com").await.1, sent());
        world.forget();
        assert_eq!(ask_from(&mut world, home, "ada@example.com").await.1, sent());
    }
}

#[tokio::test]
async fn r194_a_mailbox_is_one_however_its_address_is_written() {
    for spellings in [
        ["victim+1@example.com", "victim+2@example.com", "Victim@example.com"],
        ["v.ictim@gmail.com", "vic.tim+x@googlemail.com", "victim@gmail.com"],
    ] {
        let mut world = World::new();
        for number in 0..100 {
            let address = spellings[usize::from(number) % 3];
            ask_from(&mut world, stranger(number), address).await;
        }
        assert_eq!(world.mailbox.lock().unwrap().len(), 10);
    }
}
