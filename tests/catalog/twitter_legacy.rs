//! The one provider of the catalogue that speaks OAuth 1.0a.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use serde_json::{Value, json};
use typegate::hooks::Callbacks;
use typegate::provider::catalog::TwitterLegacy;
use typegate::testing::{FakeHttpClient, FrozenClock};
use typegate::{Auth, Secret};

use crate::flow::support::{Browser, Lines, NOW, SECRET};

/// A whole sign-in: the user that the callbacks see, and the requests that Twitter got.
async fn sign_in(profile: Value) -> (Option<Value>, Vec<Request<Bytes>>) {
    let requests = Arc::<Mutex<Vec<Request<Bytes>>>>::default();
    let user = Arc::<Mutex<Option<Value>>>::default();
    let (asked, seen) = (Arc::clone(&requests), Arc::clone(&user));
    let client = FakeHttpClient::new(move |request| {
        let body = match request.uri().path() {
            "/oauth/request_token" => {
                "oauth_token=temporary&oauth_token_secret=s&oauth_callback_confirmed=true"
                    .to_owned()
            }
            "/oauth/access_token" => {
                "oauth_token=7-token&oauth_token_secret=t&user_id=7&screen_name=ada".to_owned()
            }
            _ => profile.to_string(),
        };
        asked.lock().unwrap().push(request.clone());
        Ok(Response::new(body.into()))
    });
    let (clock, lines) = (FrozenClock::at(NOW), Lines::default());
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .clock(clock.clone())
        .http_client(client)
        .logger(lines.clone())
        .callbacks(Callbacks::new().sign_in(move |attempt| {
            *seen.lock().unwrap() = Some(serde_json::to_value(&attempt.user).unwrap());
            async { Ok(true) }
        }))
        .provider(TwitterLegacy::new("CLIENT_KEY", "CLIENT_SECRET"))
        .build()
        .unwrap();
    let mut browser = Browser::new(&auth, &clock);
    let answer = browser.post("/api/auth/signin/twitter", &[]).await;
    let address = "https://api.twitter.com/oauth/authenticate?oauth_token=temporary";
    assert_eq!(answer.location(), address, "{:?}", lines.take());
    browser.get("/api/auth/callback/twitter?oauth_token=temporary&oauth_verifier=v").await;
    let log = lines.take();
    let (user, requests) = (user.lock().unwrap().take(), requests.lock().unwrap().clone());
    assert_eq!(log.is_empty(), user.is_some(), "{log:?}");
    (user, requests)
}

#[tokio::test]
async fn twitter_by_oauth_1_is_that_of_nextauth_v4() {
    let picture = "https://pbs.twimg.com/profile_images/880136122604507136/xHrnqf1T_normal.jpg";
    let (user, requests) = sign_in(json!({
        "id": 2_244_994_945_u64,
        "id_str": "2244994945",
        "name": "Twitter Dev",
        "screen_name": "TwitterDev",
        "profile_image_url_https": picture,
        "email": "Dev@Example.com",
    }))
    .await;
    let expected = json!({
        "id": "2244994945",
        "name": "Twitter Dev",
        "email": "dev@example.com",
        "image": "https://pbs.twimg.com/profile_images/880136122604507136/xHrnqf1T.jpg",
    });
    assert_eq!(user, Some(expected));
    let seen: Vec<String> = requests
        .iter()
        .map(|request| {
            let signature = request.headers()[AUTHORIZATION].to_str().unwrap();
            assert!(signature.contains("oauth_consumer_key=\"CLIENT_KEY\""), "{signature}");
            assert!(signature.contains("oauth_signature_method=\"HMAC-SHA1\""), "{signature}");
            format!("{} {}", request.method(), request.uri())
        })
        .collect();
    let api = "https://api.twitter.com";
    let expected = [
        format!("POST {api}/oauth/request_token"),
        format!("POST {api}/oauth/access_token"),
        format!("GET {api}/1.1/account/verify_credentials.json?include_email=true"),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_picture_that_is_no_thumbnail_stays_as_it_is() {
    for picture in ["https://abs.twimg.com/sticky/default_normal.svg", "https://t.example/a.png"] {
        let profile = json!({"id_str": "7", "profile_image_url_https": picture});
        let (user, _) = sign_in(profile).await;
        assert_eq!(user.unwrap()["image"], picture);
    }
}

#[tokio::test]
async fn the_number_is_no_id() {
    let (user, _) = sign_in(json!({"id": 7, "name": "Ada"})).await;
    assert_eq!(user, None);
}
