//! The one provider of the catalogue that speaks OAuth 1.0a.

use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use typegate::ErrorCode;
use typegate::provider::catalog::TwitterLegacy;
use typegate::testing::provider::{Recording, SignIn};

async fn sign_in(profile: Value) -> SignIn {
    let recording = Recording::new()
        .token_response(json!({"user_id": "7", "screen_name": "ada"}))
        .user_info(profile);
    recording.sign_in(TwitterLegacy::new("CLIENT_KEY", "CLIENT_SECRET".into())).await
}

#[tokio::test]
async fn twitter_by_oauth_1_is_that_of_nextauth_v4() {
    let picture = "https://pbs.twimg.com/profile_images/880136122604507136/xHrnqf1T_normal.jpg";
    let sign_in = sign_in(json!({
        "id": 2_244_994_945_u64,
        "id_str": "2244994945",
        "name": "Twitter Dev",
        "screen_name": "TwitterDev",
        "profile_image_url_https": picture,
        "email": "Dev@Example.com",
    }))
    .await;
    sign_in.assert_user(json!({
        "id": "2244994945",
        "name": "Twitter Dev",
        "email": "dev@example.com",
        "image": "https://pbs.twimg.com/profile_images/880136122604507136/xHrnqf1T.jpg",
    }));
    sign_in.assert_account(json!({"providerAccountId": "2244994945", "oauth_token": "token"}));
    let address = "https://api.twitter.com/oauth/authenticate?oauth_token=REQUEST_TOKEN";
    assert_eq!(sign_in.authorization.as_ref().unwrap().url.as_str(), address);
    let requests =
        sign_in.preparation.iter().chain(&sign_in.token_request).chain(&sign_in.profile_requests);
    let seen: Vec<String> = requests
        .map(|request| {
            let signature = request.headers[AUTHORIZATION].to_str().unwrap();
            assert!(signature.contains("oauth_consumer_key=\"CLIENT_KEY\""), "{signature}");
            assert!(signature.contains("oauth_signature_method=\"HMAC-SHA1\""), "{signature}");
            format!("{} {}", request.method, request.url)
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
        sign_in(profile).await.assert_user(json!({"id": "7", "image": picture}));
    }
}

#[tokio::test]
async fn the_number_is_no_id() {
    let sign_in = sign_in(json!({"id": 7, "name": "Ada"})).await;
    sign_in.assert_refused(ErrorCode::OAuthParseProfile, "`id_str`");
}
