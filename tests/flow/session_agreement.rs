//! Agreement on sessions: the session route, the guard and the extractor say the same about every
//! one.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};
use tower::ServiceExt as _;
use typegate::adapter::{DatabaseOptions, SchemaProfile, SqliteAdapter};
use typegate::guard::Guard;
use typegate::{Auth, ErrorCode, Session};

use super::support::{Folder, NOW, SECRET, World, seal, world};

const NAME: &str = "next-auth.session-token";

/// What each says to whoever brings this cookie: `true` is somebody who is signed in.
async fn verdicts(auth: &Auth, cookie: &str) -> [(&'static str, bool); 5] {
    async fn page(session: Option<Session>) -> String {
        session.is_some().to_string()
    }
    async fn needed(_: Session) {}
    let guard = Guard::new(auth.clone()).build().unwrap();
    let app: Router = Router::new()
        .route("/optional", get(page))
        .route("/needed", get(needed))
        .route("/guarded", get(page).layer(guard))
        .merge(auth.routes())
        .with_state(auth.clone());
    let ask = async |path: &str| {
        let request = Request::get(path).header("cookie", format!("{NAME}={cookie}"));
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    let (status, body) = ask("/api/auth/session").await;
    assert_eq!(status, 200);
    let route = body != "{}";
    let (status, optional) = ask("/optional").await;
    assert_eq!(status, 200, "{body}");
    let (needed, _) = ask("/needed").await;
    assert!(matches!(needed, 200 | 401), "{needed}: {body}");
    let (guarded, inside) = ask("/guarded").await;
    assert!(matches!(guarded, 200 | 401), "{guarded}: {body}");
    let headers = http::HeaderMap::from_iter([(
        http::header::COOKIE,
        format!("{NAME}={cookie}").parse().unwrap(),
    )]);
    [
        ("route", route),
        ("optional extractor", optional == "true"),
        ("extractor", needed == 200),
        ("guard", guarded == 200 && inside == "true"),
        ("session", auth.session(&headers).await.unwrap().is_some()),
    ]
}

async fn agree(auth: &Auth, cookie: &str, what: &str) -> bool {
    let verdicts = verdicts(auth, cookie).await;
    let is_signed_in = verdicts[0].1;
    assert!(verdicts.iter().all(|(_, verdict)| *verdict == is_signed_in), "{what}: {verdicts:?}");
    is_signed_in
}

#[tokio::test]
async fn r200_a_member_that_is_no_text_costs_nobody_the_session() {
    for name in ["name", "email", "picture"] {
        for value in [json!(7), json!(1.5), json!(true), json!(["a"]), json!({ "a": [{}] })] {
            let world = World::new();
            let mut claims = json!({ "name": "Ada", "sub": "1", "iat": NOW, "exp": NOW + 3600 });
            claims[name] = value.clone();
            let token = seal(&claims, SECRET, "");
            assert!(agree(&world.auth, &token, &claims.to_string()).await);
            let headers = http::HeaderMap::from_iter([(
                http::header::COOKIE,
                format!("{NAME}={token}").parse().unwrap(),
            )]);
            let user = world.auth.session(&headers).await.unwrap().unwrap().user;
            let member = [&user.name, &user.email, &user.image];
            let index = ["name", "email", "picture"].iter().position(|own| *own == name);
            assert_eq!(member[index.unwrap()], &None);
            assert_eq!(user.name.is_some(), name != "name");
            // It is said, and said once.
            let lines = world.lines.take();
            assert_eq!(lines.len(), 1, "{claims}");
            assert_eq!(lines[0].code, ErrorCode::SessionMember.as_str());
            assert!(lines[0].message.contains(&format!("`{name}`")), "{}", lines[0].message);
        }
    }
}

/// What other programs write, and a column holds, goes beyond the years 0 to 9999.
#[tokio::test]
async fn r200_a_row_that_ends_beyond_the_calendar_is_a_session() {
    let folder = Folder::new();
    let mut rows =
        SqliteConnection::connect(&format!("{}?mode=rwc", folder.database())).await.unwrap();
    let tables = include_str!("../data/schemas/prisma_v4.sqlite.sql");
    rows.execute(tables).await.unwrap();
    rows.execute("INSERT INTO \"User\" (\"id\", \"name\") VALUES ('1', 'Ada')").await.unwrap();
    for (end, is_good) in [
        ("'9999-12-31T23:59:59.999Z'", true),
        ("'9999-12-30T21:59:59.000Z'", true),
        ("'+275760-09-13T00:00:00.000Z'", true),
        ("253402300799999", true),
        ("9223372036854775807", true),
        ("'0000-01-01T00:00:00.000Z'", false),
        ("'-000001-01-01T00:00:00.000Z'", false),
        ("-9223372036854775808", false),
    ] {
        let row =
            format!("DELETE FROM \"Session\"; INSERT INTO \"Session\" VALUES ('S', '1', {end})");
        rows.execute(sqlx::raw_sql(AssertSqlSafe(row))).await.unwrap();
        let options = DatabaseOptions::default().schema(SchemaProfile::prisma_v4());
        let adapter = SqliteAdapter::connect_with(&folder.database(), options).await.unwrap();
        let world = world!(site => site.adapter(adapter).build().unwrap());
        assert_eq!(agree(&world.auth, "S", end).await, is_good, "{end}");
    }
}

/// Any JSON for claims.
#[tokio::test]
async fn r200_route_guard_and_extractor_agree_about_any_claims() {
    let world = World::new();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..600 {
        let mut claims = Map::new();
        for name in ["name", "email", "picture", "sub", "user", "expires", "jti", "other"] {
            if random.below(3) > 0 {
                claims.insert(name.into(), random.value(4));
            }
        }
        for (name, likely) in [("iat", NOW), ("nbf", NOW), ("exp", NOW + 3600)] {
            match random.below(6) {
                0 => drop(claims.insert(name.into(), random.value(2))),
                1 if name != "exp" => {}
                _ => drop(claims.insert(name.into(), likely.into())),
            }
        }
        if random.below(20) == 0 {
            let deep = (0..110 + random.below(20)).fold(json!(1), |value, _| json!([value]));
            claims.insert(["email", "other"][random.below(2)].into(), deep);
        }
        let claims = Value::Object(claims);
        let token = seal(&claims, SECRET, "");
        match agree(&world.auth, &token, &claims.to_string()).await {
            true => good += 1,
            false => bad += 1,
        }
    }
    assert!(good > 100 && bad > 50, "{good} {bad}");
}

/// A fixed sequence (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % end
    }

    fn value(&mut self, depth: usize) -> Value {
        let numbers = [
            json!(0),
            json!(-1),
            json!(NOW),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(1e300),
            json!(-0.5),
            json!(253_402_300_800_i64),
        ];
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => numbers[self.below(numbers.len())].clone(),
            3 => json!(["", "Ada", "ü\u{0}\"\\", "\u{2028}", "1700000000"][self.below(5)]),
            4 => json!("x".repeat(self.below(200))),
            5 | 6 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let names = ["name", "email", "", "sub", "$"];
                let members = 0..self.below(4);
                members.map(|_| (names[self.below(5)].to_owned(), self.value(depth - 1))).collect()
            }
        }
    }
}
