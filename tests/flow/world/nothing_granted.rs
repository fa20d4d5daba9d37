//! People who granted nothing, and vendors who leave members out: they sign in, with nulls.

use serde_json::{Value, json};
use typegate::ClientSecret;
use typegate::provider::catalog::{Apple, Kakao, Line, Naver, TikTok, Yandex};
use typegate::testing::provider::Recording;

fn secret() -> ClientSecret {
    ClientSecret::new("s3cr3t")
}

fn nobody(id: &str) -> Value {
    json!({ "id": id, "name": null, "email": null, "image": null })
}

#[tokio::test]
async fn kakao_without_an_account() {
    for account in [json!(null), json!({}), json!({ "profile": null, "email": null })] {
        let answer = json!({ "id": 7, "properties": null, "kakao_account": account });
        let sign_in = Recording::new().user_info(answer).sign_in(Kakao::new("id", secret())).await;
        sign_in.assert_user(nobody("7"));
    }
}

#[tokio::test]
async fn naver_without_a_nickname() {
    let answer = json!({ "resultcode": "00", "message": "success", "response": { "id": "n-7" } });
    let sign_in = Recording::new().user_info(answer).sign_in(Naver::new("id", secret())).await;
    sign_in.assert_user(nobody("n-7"));
}

#[tokio::test]
async fn line_without_an_address() {
    let claims = json!({ "sub": "U7", "name": "Ann" });
    let recording = Recording::new().claims(claims).issuer("https://access.line.me");
    let sign_in = recording.sign_in(Line::new("id", secret())).await;
    sign_in.assert_user(json!({ "id": "U7", "name": "Ann", "email": null, "image": null }));
}

#[tokio::test]
async fn yandex_with_empty_members() {
    let answer = json!({
        "id": "7", "login": "", "display_name": "", "real_name": "", "default_email": "",
        "emails": [], "is_avatar_empty": true, "default_avatar_id": "0/0-0",
    });
    let sign_in = Recording::new().user_info(answer).sign_in(Yandex::new("id", secret())).await;
    let user = sign_in.user().unwrap_or_else(|| panic!("{sign_in}"));
    assert_eq!((&*user.id, &user.email), ("7", &None));
}

/// Apple posts the name beside the code, which nobody signed.
#[tokio::test]
async fn apple_with_a_user_that_is_broken() {
    for user in
        ["", "{", "null", "[]", "{\"name\":null}", "{\"name\":{\"firstName\":null}}", "a\0b"]
    {
        let recording = Recording::new()
            .issuer("https://appleid.apple.com")
            .claims(json!({ "sub": "001", "email": "ann@privaterelay.example" }))
            .callback_field("user", user);
        let sign_in = recording.sign_in(Apple::with_secret("id", secret())).await;
        let person = sign_in.user().unwrap_or_else(|| panic!("{user}: {sign_in}"));
        let email = person.email.as_deref();
        assert_eq!((&*person.id, email), ("001", Some("ann@privaterelay.example")), "{user}");
    }
}

#[tokio::test]
async fn tiktok_is_asked_with_a_code_challenge() {
    let user = json!({ "data": { "user": { "open_id": "t-7", "display_name": "Ann" } }, "error": { "code": "ok" } });
    let sign_in = Recording::new().user_info(user).sign_in(TikTok::new("key", secret())).await;
    sign_in.assert_authorization(&[("code_challenge_method", "S256")]);
    let form = &sign_in.token_request.as_ref().unwrap().form;
    assert!(form.contains_key("code_verifier"), "{sign_in}");
    assert_eq!(sign_in.user().unwrap().id, "t-7");
}
