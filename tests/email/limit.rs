//! How often a link may be asked for.

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
    for _ in 0..10 {
        assert_eq!(world.ask("Ada@example.com").await, sent());
    }
    // Another spelling is the same mailbox, another browser the same limit.
    world.forget();
    assert_eq!(world.ask(" ada@EXAMPLE.com").await, error("EmailSignin"));
    assert_eq!(world.lines.take(), ["RATE_LIMIT_ERROR too many attempts"]);
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
    assert_eq!(world.mailbox.lock().unwrap().len(), 1 + 10);
    assert_eq!(ask_from(&mut world, home, "ada@example.com").await, (StatusCode::OK, sent()));
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
