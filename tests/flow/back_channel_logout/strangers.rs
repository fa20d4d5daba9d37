//! Logout tokens of strangers, since anybody can send something to end sessions.

use serde_json::json;
use typegate::adapter::MemoryAdapter;
use typegate::testing::LogoutFault;

use super::super::support::{decoy_rsa_key, rsa_key};
use super::{
    FAILED, INVALID, SUBJECT, application, is_signed_in, sent_form, sent_token, signed_in,
};

/// Whoever floods the log hides nothing that only a provider can cause.
#[tokio::test]
async fn r161_junk_fills_no_log() {
    let world = signed_in().await;
    for minute in 0..2 {
        for number in 0..1000 {
            let answer = match number % 3 {
                0 => sent_form(&world, "").await,
                1 => sent_token(&world, "a.b.c").await,
                _ => {
                    let fault = LogoutFault::BrokenSignature;
                    let token = world.idp.logout_token(SUBJECT).fault(fault).sign();
                    sent_token(&world, &token).await
                }
            };
            assert_eq!(answer, INVALID);
        }
        let lines = world.lines.take();
        assert_eq!(lines.len(), 11, "{minute}");
        assert!(lines.iter().all(|line| line.code == "LOGOUT_TOKEN_ERROR"));
        assert!(lines[10].message.contains("than are logged in a minute"), "{:?}", lines[10]);
        let token = world.idp.logout_token(SUBJECT).fault(LogoutFault::MissingEvents).sign();
        assert_eq!(sent_token(&world, &token).await, INVALID);
        assert_eq!(world.lines.codes(), ["BACK_CHANNEL_LOGOUT_ERROR"]);
        world.clock.advance(60);
    }
    // Nor does a provider that is down, asked again and again on behalf of strangers.
    let world = application(MemoryAdapter::new());
    world.idp.break_endpoint("/keys", 503, "{}");
    for _ in 0..100 {
        let token = world.idp.logout_token(SUBJECT).sign();
        assert_eq!(sent_token(&world, &token).await, FAILED);
    }
    assert_eq!(world.lines.codes(), ["BACK_CHANNEL_LOGOUT_ERROR"; 11]);
}

/// Junk that anybody can send does not stop a sign-in right after the provider renewed its keys.
#[tokio::test]
async fn r034_strangers_do_not_use_up_the_fetches_of_people_who_sign_in() {
    let mut world = signed_in().await;
    let junk = world.idp.logout_token(SUBJECT).fault(LogoutFault::UnknownKey).sign();
    assert_eq!(sent_token(&world, &junk).await, INVALID);
    world.idp.change(|idp| {
        idp.keys = json!({ "keys": [decoy_rsa_key("one"), rsa_key("two")] });
        idp.header["kid"] = "two".into();
    });
    world.clock.advance(1);
    assert_eq!(sent_token(&world, &junk).await, INVALID);
    world.browser = world.another_browser();
    world.sign_in("idp").await;
    assert!(is_signed_in(&mut world.browser).await);
}

/// A signature that does not fit may be that of a key that was changed under its id, and is mostly a
/// stranger's.
#[tokio::test]
async fn r206_junk_with_a_known_key_fetches_keys_once_a_minute() {
    let world = signed_in().await;
    for _ in 0..2 {
        world.idp.paths();
        for _ in 0..50 {
            let token = world.idp.logout_token(SUBJECT).fault(LogoutFault::BrokenSignature).sign();
            assert_eq!(sent_token(&world, &token).await, INVALID);
        }
        assert_eq!(world.idp.paths(), ["/keys"]);
        world.clock.advance(60);
    }
}
