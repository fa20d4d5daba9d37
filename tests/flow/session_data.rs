//! The application's session data: what an extractor gives is what a browser sees, whatever the type.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;
use typegate::hooks::{Callbacks, SessionData};
use typegate::{Auth, Session};

use super::support::{NOW, SECRET, credentials, seal, world};

/// Status and text of the session route, and of a handler that sends its session on.
async fn seen<D: SessionData>(auth: &Auth<D>) -> [(u16, String); 2] {
    async fn page<D: SessionData>(Session(session): Session<D>) -> String {
        // As the engine writes it: a single-precision number as a double.
        serde_json::to_value(&session).unwrap().to_string()
    }
    let app: Router =
        Router::new().route("/page", get(page::<D>)).merge(auth.routes()).with_state(auth.clone());
    let claims = json!({ "name": "Ada", "sub": "1", "iat": NOW, "exp": NOW + 3600 });
    let cookie = format!("next-auth.session-token={}", seal(&claims, SECRET, ""));
    let ask = async |path: &str| {
        let request = Request::get(path).header("cookie", &cookie).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    [ask("/api/auth/session").await, ask("/page").await]
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Odd {
    beyond_javascript: u64,
    least: i64,
    wide: u128,
    doubles: Vec<f64>,
    single: f32,
    letter: char,
    tuple: (u8, Option<String>, ()),
    by_number: BTreeMap<i32, bool>,
    by_truth: BTreeMap<bool, String>,
    roles: Vec<Role>,
    #[serde(with = "as_text")]
    number: u32,
    #[serde(skip)]
    hidden: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<String>,
    null: Option<String>,
    newtype: Newtype,
    in_order: Map<String, Value>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Newtype(Option<u16>);

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Role {
    Admin,
    Member(String),
    Guest { days: u32 },
}

mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u32, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

fn odd() -> Odd {
    let in_order = json!({ "z": 1, "a": { "y": [null, 1e300], "b": 9_007_199_254_740_993_i64 } });
    Odd {
        beyond_javascript: u64::MAX,
        least: i64::MIN,
        wide: 7,
        doubles: vec![0.1, -0.0, 1e-308, 1.797_693_134_862_315_7e308, 9_007_199_254_740_993.0],
        single: 0.1,
        letter: '\u{2028}',
        tuple: (255, Some("\u{0}\"\\".into()), ()),
        by_number: BTreeMap::from([(-1, true), (i32::MAX, false)]),
        by_truth: BTreeMap::from([(true, "yes".into())]),
        roles: vec![Role::Admin, Role::Member("a".into()), Role::Guest { days: 3 }],
        number: 5,
        hidden: String::new(),
        absent: None,
        null: None,
        newtype: Newtype(Some(9)),
        in_order: in_order.as_object().unwrap().clone(),
        rest: BTreeMap::from([("more".into(), json!([{}, []]))]),
    }
}

#[tokio::test]
async fn a_handler_is_given_what_a_browser_sees() {
    let callbacks = Callbacks::new().session(|_| async { Ok(odd()) });
    let world = world!(site => {
        site.provider(credentials()).callbacks(callbacks).build().unwrap()
    });
    let [browser, handler] = seen(&world.auth).await;
    assert_eq!(browser, (200, serde_json::to_value(odd()).unwrap().to_string()));
    assert_eq!(handler, browser);
}

#[tokio::test]
async fn a_handler_is_not_given_what_no_browser_sees() {
    let callbacks = Callbacks::new()
        .session(|_| async { Ok(Odd { hidden: "a secret of the server".into(), ..odd() }) });
    let world = world!(site => {
        site.provider(credentials()).callbacks(callbacks).build().unwrap()
    });
    async fn page(Session(session): Session<Odd>) -> String {
        session.hidden
    }
    let app: Router = Router::new().route("/", get(page)).with_state(world.auth.clone());
    let claims = json!({ "sub": "1", "exp": NOW + 3600 });
    let cookie = format!("next-auth.session-token={}", seal(&claims, SECRET, ""));
    let request = Request::get("/").header("cookie", cookie).body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert_eq!(body, "");
}

/// Deeper than text is read (127 levels), as a tree of comments may be.
#[tokio::test]
async fn a_handler_is_given_what_is_deeply_nested() {
    let deep = || (0..200).fold(json!("leaf"), |inner, _| json!([inner]));
    let callbacks = Callbacks::new().session(move |_| async move { Ok(json!({ "tree": deep() })) });
    let world = world!(site => {
        site.provider(credentials()).callbacks(callbacks).build().unwrap()
    });
    let [browser, handler] = seen(&world.auth).await;
    assert_eq!(browser, (200, json!({ "tree": deep() }).to_string()));
    assert_eq!(handler, browser);
}
