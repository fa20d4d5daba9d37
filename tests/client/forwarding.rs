//! Forwarding: one server asks another on behalf of a visitor.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use typegate::client::CurrentSession;

use crate::support::{FakeSite, Site};

#[tokio::test]
async fn the_visitors_cookies_are_passed_on_as_they_are() {
    let site = FakeSite::with_session("Ada");
    let line = "a=1; next-auth.session-token=x.y%7Cz==; q=\"d\"";
    let mut headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(line))]);
    headers.insert("authorization", HeaderValue::from_static("Bearer x"));
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let visitor = site.client().on_behalf_of(&headers);
    assert!(visitor.session().await.unwrap().is_authenticated());
    let seen = site.take_seen().remove(0);
    // A body or a content type of the incoming request never turns the question into a POST.
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("GET", ""));
    assert_eq!(seen.header("cookie"), Some(line));
    assert_eq!((seen.header("authorization"), seen.header("content-type")), (None, None));
}

#[tokio::test]
async fn two_visitors_and_the_client_itself_are_three_people() {
    let site = Site::new();
    let own = site.signed_in().await;
    let cookies = own.cookies();
    let cookies: Vec<serde_json::Value> =
        serde_json::from_value(serde_json::to_value(&cookies).unwrap()).unwrap();
    let line: Vec<_> = cookies
        .iter()
        .map(|c| format!("{}={}", c["name"].as_str().unwrap(), c["value"].as_str().unwrap()))
        .collect();
    let headers =
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&line.join("; ")).unwrap())]);
    let server = site.client();
    let (ada, stranger) = (server.on_behalf_of(&headers), server.on_behalf_of(&HeaderMap::new()));
    assert!(ada.session().await.unwrap().is_authenticated());
    assert_eq!(stranger.session().await.unwrap(), CurrentSession::Unauthenticated);
    assert_eq!(server.session().await.unwrap(), CurrentSession::Unauthenticated);
    // What a visitor does with the forwarded session is the visitor's.
    ada.sign_out().await.unwrap();
    assert!(!ada.session().await.unwrap().is_authenticated());
    assert!(own.session().await.unwrap().is_authenticated());
}
