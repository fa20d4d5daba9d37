//! Interchange of sessions between typegate and the real next-auth 4 and Auth.js v5, both ways, and of
//! rows between typegate and Prisma and Drizzle with NextAuth's own adapters.
//!
//! `tests/interchange/setup` installs the packages; `TYPEGATE_TEST_NODE=$(command -v node) cargo
//! test --test interchange` runs them. Without that variable nothing is tested, which is reported
//! on standard error, and fails where `CI` is `true`. Rows in PostgreSQL and MySQL need
//! `TYPEGATE_TEST_POSTGRES` and `TYPEGATE_TEST_MYSQL`, too.

#![cfg(test)]

mod node;
mod rows;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use node::{AUTH_JS, Jar, NEXT_AUTH, Packages, Site};
use serde_json::{Value, json};
use typegate::provider::Credentials;
use typegate::{Auth, AuthorizeError, Jwt, Secret, User};

const OLD: &str = "the secret of last year, long enough for all of us";
const NEW: &str = "the secret of this year, long enough for all of us";
const HTTPS: Site<'static> = Site { url: "https://app.example.com", secrets: &[NEW] };
const HTTP: Site<'static> = Site { url: "http://localhost:3000", secrets: &[NEW] };

async fn authorize(login: Value) -> Result<Option<User>, AuthorizeError> {
    let name = login["name"].as_str().unwrap_or_default();
    Ok(Some(User::new("1").name(name).email("ada@example.com")))
}

fn auth(site: Site<'_>, strategy: impl Into<Jwt>) -> Auth {
    let mut builder = Auth::builder()
        .secret(Secret::new(site.secrets[0]).unwrap())
        .url(site.url.parse().unwrap())
        .provider(Credentials::new(authorize))
        .session(strategy.into());
    for secret in &site.secrets[1..] {
        builder = builder.previous_secret(Secret::new(*secret).unwrap());
    }
    builder.build().unwrap()
}

/// How typegate is set up to write the package's cookie.
fn writing(package: &str) -> Jwt {
    if package == NEXT_AUTH { Jwt::default() } else { Jwt::default().issue_auth_js_v5().into() }
}

fn take(jar: &mut Jar, response: &Response<Bytes>) {
    for line in response.headers().get_all(header::SET_COOKIE) {
        jar.take(line.to_str().unwrap());
    }
}

async fn session(auth: &Auth, jar: &mut Jar) -> Value {
    let request = Request::get("/api/auth/session").header(header::COOKIE, jar.header());
    let response = auth.handle(request.body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    take(jar, &response);
    serde_json::from_slice(response.body()).unwrap()
}

async fn sign_in(auth: &Auth, name: &str) -> Jar {
    let response = auth.handle(Request::get("/api/auth/csrf").body(Bytes::new()).unwrap()).await;
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    let request = Request::post("/api/auth/callback/credentials")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie.split(';').next().unwrap())
        .body(format!("csrfToken={}&name={name}", body["csrfToken"].as_str().unwrap()).into());
    let response = auth.handle(request.unwrap()).await;
    let mut jar = Jar::default();
    take(&mut jar, &response);
    jar
}

fn claims(name: &str) -> Value {
    json!({ "name": name, "email": "ada@example.com", "picture": null, "sub": "1", "role": "admin" })
}

#[tokio::test]
async fn typegate_reads_what_the_packages_mint_and_gives_it_back() {
    let Some(mut packages) = Packages::start() else { return };
    for (package, site) in
        [(NEXT_AUTH, HTTPS), (NEXT_AUTH, HTTP), (AUTH_JS, HTTPS), (AUTH_JS, HTTP)]
    {
        let auth = auth(site, writing(package));
        for name in ["Ada Lovelace", &"Ada ✓ ".repeat(800)] {
            let mut jar = packages.mint(package, site, &claims(name));
            let body = session(&auth, &mut jar).await;
            let user = json!({ "name": name, "email": "ada@example.com", "image": null });
            assert_eq!(body["user"], user, "{package}");
            // The cookie that typegate wrote in its place goes on where it came from.
            let token = packages.token(package, site, &jar);
            for (claim, value) in claims(name).as_object().unwrap() {
                assert_eq!(token[claim], *value, "{package}");
            }
            assert_eq!(packages.session(package, site, &mut jar)["user"], user, "{package}");
        }
    }
}

#[tokio::test]
async fn the_packages_read_what_typegate_mints() {
    let Some(mut packages) = Packages::start() else { return };
    for (package, site) in
        [(NEXT_AUTH, HTTPS), (NEXT_AUTH, HTTP), (AUTH_JS, HTTPS), (AUTH_JS, HTTP)]
    {
        let mut jar = sign_in(&auth(site, writing(package)), "Ada").await;
        assert_eq!(jar.names(), [site.cookie_name(package)]);
        let token = packages.token(package, site, &jar);
        assert_eq!((&token["sub"], &token["name"]), (&json!("1"), &json!("Ada")), "{package}");
        let body = packages.session(package, site, &mut jar);
        assert_eq!(body["user"]["email"], "ada@example.com", "{package}");
        let stranger = Site { secrets: &[OLD], ..site };
        assert_eq!(packages.token(package, stranger, &jar), Value::Null, "{package}");
    }
}

#[tokio::test]
async fn a_session_of_5_kib_travels_in_the_same_chunks() {
    let Some(mut packages) = Packages::start() else { return };
    let name = "x".repeat(5 * 1024);
    for package in [NEXT_AUTH, AUTH_JS] {
        let auth = auth(HTTPS, writing(package));
        let mut jar = sign_in(&auth, &name).await;
        let cookie = HTTPS.cookie_name(package);
        assert_eq!(jar.names(), [format!("{cookie}.0"), format!("{cookie}.1")]);
        let lengths = jar.lengths();
        let body = packages.session(package, HTTPS, &mut jar);
        assert_eq!(body["user"]["name"].as_str().unwrap().len(), name.len(), "{package}");
        // The package wrote its own chunks now, with claims of the same length.
        assert_eq!(jar.lengths(), lengths, "{package}");
        let body = session(&auth, &mut jar).await;
        assert_eq!(body["user"]["name"].as_str().unwrap().len(), name.len(), "{package}");
        assert_eq!(jar.lengths(), lengths, "{package}");
    }
}

#[tokio::test]
async fn a_secret_is_rotated_and_nobody_is_signed_out() {
    let Some(mut packages) = Packages::start() else { return };
    for package in [NEXT_AUTH, AUTH_JS] {
        let before = Site { secrets: &[OLD], ..HTTPS };
        let rotating = Site { secrets: &[NEW, OLD], ..HTTPS };
        let auth = auth(rotating, writing(package));
        let minted = packages.mint(package, before, &claims("Ada"));
        let ours = sign_in(&self::auth(before, writing(package)), "Ada").await;
        for mut jar in [minted, ours] {
            let body = session(&auth, &mut jar).await;
            assert_eq!(body["user"]["name"], "Ada", "{package}");
            // After one read the new secret alone is enough.
            assert_eq!(packages.token(package, HTTPS, &jar)["sub"], "1", "{package}");
            assert_eq!(packages.token(package, before, &jar), Value::Null, "{package}");
        }
    }
    // @auth/core rotates as well: it reads what typegate sealed with the secret of before.
    let before = Site { secrets: &[OLD], ..HTTPS };
    let rotating = Site { secrets: &[NEW, OLD], ..HTTPS };
    let jar = sign_in(&auth(before, writing(AUTH_JS)), "Ada").await;
    assert_eq!(packages.token(AUTH_JS, rotating, &jar)["sub"], "1");
}

#[tokio::test]
async fn a_site_moves_from_one_package_to_the_other_by_way_of_typegate() {
    let Some(mut packages) = Packages::start() else { return };
    for (from, to, strategy) in [
        (AUTH_JS, NEXT_AUTH, Jwt::default().accept_auth_js_v5()),
        (NEXT_AUTH, AUTH_JS, Jwt::default().issue_auth_js_v5()),
    ] {
        for name in ["Ada", &"x".repeat(5 * 1024)] {
            let mut jar = packages.mint(from, HTTPS, &claims(name));
            let body = session(&auth(HTTPS, strategy.clone()), &mut jar).await;
            assert_eq!(body["user"]["name"], name, "{from}");
            let cookie = HTTPS.cookie_name(to);
            assert!(jar.names().iter().all(|name| name.starts_with(&cookie)), "{:?}", jar.names());
            let token = packages.token(to, HTTPS, &jar);
            assert_eq!((&token["name"], &token["role"]), (&json!(name), &json!("admin")));
        }
    }
}

/// What next-auth minted and typegate wrote anew is to the last bit what it was.
#[tokio::test]
async fn r202_numbers_go_through_both_unchanged() {
    let Some(mut packages) = Packages::start() else { return };
    let mut bits = 0x2545_f491_4f6c_dd1d_u64;
    let mut number = || loop {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        let number = f64::from_bits(bits);
        // JavaScript writes whole numbers without a fraction, which are no doubles here.
        if number.is_finite() && number.fract() != 0.0 {
            break number;
        }
    };
    for package in [NEXT_AUTH, AUTH_JS] {
        let auth = auth(HTTPS, writing(package));
        let numbers: Vec<f64> = (0..100).map(|_| number()).collect();
        let mut claims = claims("Ada");
        claims["numbers"] = json!(numbers);
        let mut jar = packages.mint(package, HTTPS, &claims);
        session(&auth, &mut jar).await;
        assert_eq!(packages.token(package, HTTPS, &jar)["numbers"], json!(numbers), "{package}");
    }
}

#[tokio::test]
async fn claims_are_what_get_token_says() {
    let Some(mut packages) = Packages::start() else { return };
    for package in [NEXT_AUTH, AUTH_JS] {
        let auth = auth(HTTPS, writing(package));
        let jar = packages.mint(package, HTTPS, &claims("Ada"));
        let headers = |name: header::HeaderName, value: &str| {
            HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
        };
        let ours = auth.claims(&headers(header::COOKIE, &jar.header())).unwrap();
        assert_eq!(json!(ours), packages.token(package, HTTPS, &jar), "{package}");
        for value in [
            format!("Bearer {}", jar.token()),
            format!("Bearer {}", jar.token().replace('.', "%2E")),
            format!("bearer {}", jar.token()),
            format!("Basic {}", jar.token()),
            "Bearer x".to_owned(),
        ] {
            let ours = auth.claims(&headers(header::AUTHORIZATION, &value));
            assert_eq!(json!(ours), packages.bearer(package, HTTPS, &value), "{package} {value}");
        }
    }
}
