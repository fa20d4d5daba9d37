//! Profiles: what only decorates costs nobody the sign-in, and an id is an id.

use serde_json::{Value, json};
use typegate::adapter::{MemoryAdapter, UserStore as _};

use super::site::{Answers, acme, plain, user_of, warning, warnings};
use crate::support::{BASE, World};

const CODE: &str = "PROFILE_MEMBER_ERROR";

#[tokio::test]
async fn a_member_that_decorates_and_cannot_be_read_is_left_out_and_named() {
    let (mut world, _) = plain!(acme());
    world.idp.change(|idp| {
        idp.user_info = json!({
            "id": 7, "name": ["Ann"], "nickname": false, "login": "ann", "avatar": "7",
            "picture": { "url": "https://acme.example/7.png" }, "locale": {}, "roles": "staff",
        });
    });
    let user = user_of(&mut world, "acme").await;
    assert_eq!(user, json!({ "name": "ann", "email": null, "image": null }));
    let message = |member: &str, what: &str| {
        warning(CODE, "acme", &format!("the profile's member `{member}` is not {what}"))
    };
    assert_eq!(
        warnings(&world.lines),
        [
            message("name", "a text"),
            message("nickname", "a text"),
            message("picture", "a text"),
            message("avatar", "an integer that fits u64"),
            message("locale", "a text"),
            message("roles", "a list"),
        ]
    );
}

/// A type that says that a member is always there does not make it so.
#[tokio::test]
async fn a_member_that_decorates_and_is_missing_costs_nobody_the_sign_in() {
    let (mut world, _) = plain!(acme());
    world.idp.change(|idp| idp.user_info = json!({ "id": "7" }));
    let user = user_of(&mut world, "acme").await;
    assert_eq!(user, json!({ "name": null, "email": null, "image": null }));
    assert_eq!(
        warnings(&world.lines),
        [
            warning(CODE, "acme", "the profile has no member `nickname` or `login`"),
            warning(CODE, "acme", "the profile has no member `roles`"),
        ]
    );
}

#[tokio::test]
async fn a_claim_that_decorates_and_cannot_be_read_is_left_out_and_named() {
    let mut world = World::new();
    world.idp.change(|idp| {
        idp.claims.insert("name", Some(json!(false)));
        idp.claims.insert("nickname", Some(json!("Jane")));
        idp.claims.insert("picture", Some(json!(["https://id.example/jane.png"])));
    });
    let user = user_of(&mut world, "idp").await;
    assert_eq!(user, json!({ "name": "Jane", "email": "jane@example.com", "image": null }));
    assert_eq!(
        warnings(&world.lines),
        [
            warning(CODE, "idp", "the profile's member `name` is not a text"),
            warning(CODE, "idp", "the profile's member `picture` is not a text"),
        ]
    );
}

/// The address decides whose account it is: what is no address is none, and says so.
#[tokio::test]
async fn an_address_of_another_type_is_none_or_the_only_one_of_a_list() {
    let taken = "the profile's member `email` is not a text, but a list of one, which is taken";
    let left_out = "the profile's member `email` is left out: the text is not one plain e-mail \
                    address";
    for (email, expected, said) in [
        (json!(["Ann@example.com"]), Some("ann@example.com"), Some((CODE, taken))),
        (json!(false), None, Some(("PROFILE_EMAIL_ERROR", left_out))),
        (json!({ "value": "ann@example.com" }), None, Some(("PROFILE_EMAIL_ERROR", left_out))),
        (json!(["a@example.com", "b@example.com"]), None, Some(("PROFILE_EMAIL_ERROR", left_out))),
        (json!([["a@example.com"]]), None, Some(("PROFILE_EMAIL_ERROR", left_out))),
        (json!([]), None, Some(("PROFILE_EMAIL_ERROR", left_out))),
        (json!(7), None, Some(("PROFILE_EMAIL_ERROR", left_out))),
        (json!(""), None, None),
        (json!(null), None, None),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| drop(idp.claims.insert("email", Some(email.clone()))));
        assert_eq!(user_of(&mut world, "idp").await["email"].as_str(), expected, "{email}");
        let said: Vec<_> =
            said.into_iter().map(|(code, text)| warning(code, "idp", text)).collect();
        assert_eq!(warnings(&world.lines), said, "{email}");
    }
}

/// Whom an answer makes, as the bytes that the provider sends.
async fn account_of(answer: &str) -> Option<String> {
    let rows = MemoryAdapter::new();
    let (mut world, answers): (World, Answers) = plain!(acme(), site => site.adapter(rows.clone()).session(typegate::Jwt::default()).build().unwrap());
    answers.set("/userinfo", 200, answer);
    let answer = world.sign_in("acme").await;
    let user = world.browser.session().await;
    if user == json!({}) {
        assert_eq!(answer.location(), format!("{BASE}/signin"));
        assert_eq!(world.lines.codes(), ["OAUTH_PARSE_PROFILE_ERROR"]);
        return None;
    }
    let email = user["user"]["email"].as_str().unwrap();
    let user = rows.user_by_email(email).await.unwrap().unwrap();
    Some(rows.accounts(&user.id).pop().unwrap().provider_account_id)
}

#[tokio::test]
async fn an_id_is_exact_or_refused() {
    for (id, expected) in [
        ("7", Some("7")),
        ("7.0", Some("7")),
        ("7e0", Some("7")),
        ("\"7\"", Some("7")),
        ("0", Some("0")),
        ("9007199254740993", Some("9007199254740993")),
        ("18446744073709551615", Some("18446744073709551615")),
        ("123456789012345678901234567890", Some("123456789012345678901234567890")),
        ("-9223372036854775809", Some("-9223372036854775809")),
        ("9007199254740993.0", None),
        ("9007199254740990.7", None),
        ("4503599627370496.3", None),
        ("7.0000000000000001", None),
        ("1e-400", None),
        ("1e21", None),
        ("7.5", None),
        ("1e400", None),
        ("null", None),
        ("true", None),
        ("[7]", None),
        ("{}", None),
        ("\"\"", None),
        ("\"\\ud800\"", None),
        ("\"7\\u0000\"", None),
    ] {
        let answer = format!(r#"{{"id":{id},"nickname":"a","roles":[],"email":"a@example.com"}}"#);
        assert_eq!(account_of(&answer).await.as_deref(), expected, "{id}");
    }
    let missing = r#"{"nickname":"a","roles":[],"email":"a@example.com"}"#;
    assert_eq!(account_of(missing).await, None);
}

/// Any JSON value: a fixed sequence (xorshift), so that a failure can be repeated.
struct Values(u64);

impl Values {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 24) % below
    }

    fn value(&mut self, depth: u64) -> Value {
        match self.next(if depth == 0 { 7 } else { 9 }) {
            0 => Value::Null,
            1 => (self.next(2) == 0).into(),
            2 => self.next(u64::MAX).into(),
            3 => (-(self.next(1 << 60) as f64) / 7.0).into(),
            4 => "".into(),
            5 => format!("text {}\u{0}\u{fffd}", self.next(1000)).into(),
            6 => "x".repeat(self.next(300) as usize).into(),
            7 => (0..self.next(3)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let members =
                    (0..self.next(3)).map(|index| (index.to_string(), self.value(depth - 1)));
                Value::Object(members.collect())
            }
        }
    }
}

/// Of a derived provider, of one of the catalogue, and of the standard claims.
#[tokio::test]
async fn no_json_value_in_a_member_that_decorates_ends_a_sign_in() {
    let mut values = Values(0x2545_f491_4f6c_dd1d);
    let (mut plain, _) = plain!(acme());
    let mut world = World::new();
    for round in 0..150 {
        let members =
            ["name", "nickname", "login", "email", "picture", "avatar", "locale", "roles"];
        let odd: Vec<_> = members.iter().map(|name| (*name, values.value(2))).collect();
        plain.idp.change(|idp| {
            idp.user_info = json!({ "id": round });
            for (name, value) in &odd {
                idp.user_info[*name] = value.clone();
            }
        });
        plain.browser = plain.another_browser();
        assert!(user_of(&mut plain, "acme").await.is_object(), "{odd:?}");

        let claims =
            ["name", "nickname", "preferred_username", "email", "picture", "email_verified"];
        let odd: Vec<_> = claims.iter().map(|name| (*name, values.value(2))).collect();
        world.idp.change(|idp| {
            idp.claims = odd.iter().map(|(name, value)| (*name, Some(value.clone()))).collect();
        });
        world.browser = world.another_browser();
        assert!(user_of(&mut world, "idp").await.is_object(), "{odd:?}");

        let members = ["login", "name", "email", "avatar_url", "email_verified"];
        let odd: Vec<_> = members.iter().map(|name| (*name, values.value(2))).collect();
        world.github.change(|github| {
            github.user_info = json!({ "id": round });
            for (name, value) in &odd {
                github.user_info[*name] = value.clone();
            }
            github.resources.insert("/user/emails", values.value(3));
        });
        world.browser = world.another_browser();
        assert!(user_of(&mut world, "github").await.is_object(), "{odd:?}");
    }
}
