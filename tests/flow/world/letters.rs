//! Letters that cannot be read cost a letter: another charset, halves of surrogate pairs, U+0000.

use serde_json::json;
use typegate::adapter::SqliteAdapter;
use typegate::testing::IdentityProvider as Provider;

use super::site::{acme, plain, user_of};
use crate::support::World;

#[tokio::test]
async fn a_name_in_another_charset_is_read_as_node_does() {
    for (name, expected) in [
        (b"Zo\xeb".as_slice(), "Zo\u{fffd}"),
        ("Zoë".as_bytes(), "Zoë"),
        (b"\xf0\x9f\x98", "\u{fffd}"),
        (br"\ud83d", "\u{fffd}"),
        (br"\ud83d\ude00", "\u{1f600}"),
        (br"a\u0000b", "a\u{fffd}b"),
    ] {
        let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
        adapter.migrate().await.unwrap();
        let (mut world, answers) = plain!(acme(), site => site
            .adapter(adapter)
            .session(typegate::Database::default())
            .build()
            .unwrap());
        for mark in [b"".as_slice(), b"\xef\xbb\xbf"] {
            let body =
                [mark, br#"{"id":7,"roles":[],"nickname":"a","name":""#, name, b"\"}"].concat();
            answers.set("/userinfo", 200, body);
            world.browser = world.another_browser();
            assert_eq!(user_of(&mut world, "acme").await["name"], expected, "{name:?}");
        }
    }
}

/// The signature is over the bytes, and holds.
#[tokio::test]
async fn a_claim_in_another_charset_is_read_and_a_subject_is_not() {
    for (claim, good) in [("name", true), ("sub", false)] {
        for text in ["\\ud800", "a\\u0000"] {
            let mut world = World::new();
            world.idp.change(|idp| {
                idp.sign = Some(Box::new(move |header, claims| {
                    let mut claims = claims.clone();
                    claims.insert(claim.into(), "REPLACED".into());
                    let text = json!(claims).to_string().replace("REPLACED", text);
                    Provider::sign(&header.to_string(), &text)
                }));
            });
            if good {
                let name = user_of(&mut world, "idp").await["name"].clone();
                assert!(name.as_str().unwrap().ends_with('\u{fffd}'), "{name}");
            } else {
                world.expect_refusal(text).await;
                let said = world.lines.take();
                assert!(said[0].message.contains("has no usable subject"), "{said:?}");
            }
        }
    }
}

/// Letters of more than one code point, and of both directions.
#[tokio::test]
async fn a_name_of_whatever_letters_is_kept() {
    for name in [
        "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} Ann",
        "אב גד",
        "Zoe\u{308}",
        "안나",
        "e\u{301}",
    ] {
        let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
        adapter.migrate().await.unwrap();
        let (mut world, _) = plain!(acme(), site => site
            .adapter(adapter)
            .session(typegate::Database::default())
            .build()
            .unwrap());
        world.idp.change(|idp| idp.user_info["name"] = name.into());
        assert_eq!(user_of(&mut world, "acme").await["name"], name);
        assert_eq!(world.browser.session().await["user"]["name"], name);
        assert!(world.lines.take().is_empty());
    }
}
