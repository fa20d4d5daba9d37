//! The table of actions: every method and address, and what v4 answers there.

use http::Method;
use serde_json::json;

use super::support::{BASE, ORIGIN, World, credentials, world};

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

fn unsupported(method: &str) -> String {
    format!("400 Error: This action with HTTP {method} is not supported by NextAuth.js")
}

#[tokio::test]
async fn providers_are_listed_in_their_order_without_cookies() {
    let mut world = start();
    let answer = world.browser.get("/api/auth/providers").await;
    let entry = |id: &str, name: &str, kind: &str| {
        format!(
            "\"{id}\":{{\"id\":\"{id}\",\"name\":\"{name}\",\"type\":\"{kind}\",\
             \"signinUrl\":\"{BASE}/signin/{id}\",\"callbackUrl\":\"{BASE}/callback/{id}\"}}"
        )
    };
    let entries = [
        entry("idp", "Test provider", "oauth"),
        entry("github", "GitHub", "oauth"),
        entry("credentials", "Credentials", "credentials"),
    ];
    assert_eq!(answer.outline(), [format!("200 {{{}}}", entries.join(","))]);
}

#[tokio::test]
async fn get_answers_as_the_table_says() {
    let table: [(&str, &str, usize); 15] = [
        ("signin", "200 page Sign In", 2),
        ("signin/idp", "200 page Sign In", 2),
        ("signin/nobody", "200 page Sign In", 2),
        ("signout", "200 page Sign Out", 2),
        ("error", "200 page Error", 2),
        ("verify-request", "200 page Verify Request", 2),
        ("session", "200 {}", 2),
        ("callback/idp", &format!("302 {BASE}/error?error=OAuthCallback"), 2),
        (
            "callback/credentials",
            "500 Error: Callback for provider type credentials not supported",
            2,
        ),
        ("callback", &unsupported("GET"), 0),
        ("callback/nobody", &unsupported("GET"), 0),
        ("_log", &unsupported("GET"), 0),
        ("nothing", &unsupported("GET"), 0),
        ("SIGNIN", &unsupported("GET"), 0),
        ("signin/idp/further", "200 page Sign In", 2),
    ];
    for (path, first, cookies) in table {
        // A first visit, so that every cookie is due.
        let answer = start().browser.get(&format!("/api/auth/{path}")).await;
        let outline = answer.outline();
        assert_eq!((&*outline[0], outline.len() - 1), (first, cookies), "{path}");
        if cookies > 0 {
            assert_eq!(outline[1..3], ["csrf-token", "callback-url"], "{path}");
        }
    }
}

#[tokio::test]
async fn post_answers_as_the_table_says() {
    for (path, wrong, right) in [
        ("signin", "302 B/signin?csrf=true", "302 B/signin?csrf=true"),
        ("signin/nobody", "302 B/signin?csrf=true", "302 B/signin?csrf=true"),
        ("signin/credentials", "302 B/signin?csrf=true", "302 B/signin"),
        (
            "callback/credentials",
            "302 B/signin?csrf=true",
            "302 B/error?error=CredentialsSignin&provider=credentials",
        ),
        ("callback/idp", "302 B/error?error=OAuthCallback", "302 B/error?error=OAuthCallback"),
        ("signout", "302 B/signout?csrf=true", "302 O"),
        ("session", "400 {}", "200 {}"),
        ("callback", "U", "U"),
        ("callback/nobody", "U", "U"),
        ("csrf", "U", "U"),
        ("providers", "U", "U"),
        ("error", "U", "U"),
        ("verify-request", "U", "U"),
        ("nothing", "U", "U"),
        ("_log", "200 ", "200 "),
    ] {
        let mut world = start();
        let address = format!("/api/auth/{path}");
        let expected = |text: &str| match text {
            "U" => unsupported("POST"),
            text => text
                .replace("302 B", &format!("302 {BASE}"))
                .replace("302 O", &format!("302 {ORIGIN}")),
        };
        let first = world.browser.submit(&address, &[]).await;
        assert_eq!(first.outline()[0], expected(wrong), "{path}");
        assert_eq!(first.cookie("next-auth.csrf-token").is_none(), wrong == "U" || path == "_log");
        let answer = world.browser.post(&address, &[]).await;
        assert_eq!(answer.outline()[0], expected(right), "{path}");
    }
}

#[tokio::test]
async fn r154_other_methods_are_refused_everywhere() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    let paths = [
        "providers",
        "csrf",
        "session",
        "signin",
        "signin/idp",
        "signout",
        "error",
        "verify-request",
        "callback/idp",
        "callback/credentials",
        "_log",
        "nothing",
    ];
    for path in paths {
        for name in ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            let method = Method::from_bytes(name.as_bytes()).unwrap();
            let path = format!("/api/auth/{path}");
            let answer = world.browser.request(method, &path, None, "").await;
            assert_eq!(answer.outline(), [unsupported(name)], "{path}");
        }
    }
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn r146_a_refusal_names_the_method_and_nothing_else() {
    let mut world = start();
    for path in ["<script>", "%3Cscript%3E", "callback/<b>", "%00", "a?b=<i>"] {
        let path = path.replace('<', "%3C").replace('>', "%3E");
        let answer = world.browser.get(&format!("/api/auth/{path}")).await;
        assert_eq!(answer.outline(), [unsupported("GET")], "{path}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    }
}

#[tokio::test]
async fn an_address_without_an_action_is_a_configuration_error() {
    for path in ["/api/auth", "/api/auth/", "/api/auth//", "/api/auth?x=1"] {
        let mut world = start();
        let answer = world.browser.get(path).await;
        assert_eq!(answer.status(), 500, "{path}");
        assert!(answer.json()["message"].is_string());
        assert!(answer.cookies.is_empty());
        assert_eq!(world.lines.codes(), ["MISSING_NEXTAUTH_API_ROUTE_ERROR"]);
    }
}

#[tokio::test]
async fn r139_paths_outside_are_404_and_nobody_elses() {
    let mut world = start();
    for path in [
        "/",
        "/api",
        "/api/authors",
        "/api/authx/csrf",
        "/API/AUTH/csrf",
        "//api/auth/csrf",
        "/x/api/auth/csrf",
        "/api%2Fauth/csrf",
        "/api/auth%2Fcsrf",
        "/api/auth%23/csrf",
        "/api/./auth/csrf",
        "/api/x/../auth/csrf",
    ] {
        world.browser.headers.clear();
        for name in ["x-forwarded-uri", "x-original-url", "x-rewrite-url"] {
            world.browser.headers.push((name.parse().unwrap(), "/api/auth/csrf".parse().unwrap()));
        }
        let answer = world.browser.get(path).await;
        assert_eq!(answer.outline(), ["404 "], "{path}");
    }
    world.browser.headers.clear();
    for path in ["/api/auth/csrf", "/api/auth//csrf", "/api/auth/csrf/", "/api/auth/%63srf"] {
        assert!(world.browser.get(path).await.json()["csrfToken"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn r153_provider_ids_are_matched_to_the_letter() {
    let mut world = start();
    for id in [
        "IDP",
        "idp%00",
        "%00",
        "idp%2f",
        "idp%2F..%2Fgithub",
        "..%2Fidp",
        "idp.",
        ".",
        "..",
        "__proto__",
        "constructor",
        "toString",
        "idp%20",
        "%20idp",
        "idp%3Fx",
        "i%64p%25",
        "%ff%fe",
        "idp;x",
        "idp%252f",
    ] {
        let answer = world.browser.get(&format!("/api/auth/callback/{id}?code=x&state=y")).await;
        assert_eq!(answer.outline(), [unsupported("GET")], "{id}");
        let answer = world.browser.post(&format!("/api/auth/signin/{id}"), &[]).await;
        assert_eq!(answer.location(), format!("{BASE}/signin?csrf=true"), "{id}");
    }
    assert!(world.idp.requests().is_empty());
    // Encoded where it need not be, it is the same id.
    let answer = world.browser.post("/api/auth/signin/i%64p", &[]).await;
    assert!(answer.location().starts_with("https://id.example/authorize?"));
}

#[tokio::test]
async fn an_error_may_stand_in_the_path_and_the_query_counts_first() {
    let mut world = start();
    for (path, outline) in [
        ("error/AccessDenied", "403 page Error".to_owned()),
        ("error/OAuthCallback", format!("302 {BASE}/signin?error=OAuthCallback")),
        ("error/AccessDenied?error=Callback", format!("302 {BASE}/signin?error=Callback")),
        ("error/AccessDenied?error=", "200 page Error".to_owned()),
    ] {
        let answer = world.browser.get(&format!("/api/auth/{path}")).await;
        assert_eq!(answer.outline()[0], outline, "{path}");
    }
    let body = json!({ "error": "AccessDenied" });
    let answer = world.browser.post_json("/api/auth/error", &body).await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn r019_r020_r021_every_answer_has_the_headers_that_keep_it_to_the_browser() {
    // `Answer` holds every answer of every test against them; here is one of each kind.
    let mut world = start();
    for path in ["csrf", "session", "providers", "signin", "error", "callback/idp", "nothing"] {
        let answer = world.browser.get(&format!("/api/auth/{path}")).await;
        assert_eq!(answer.header("cache-control"), Some("private, no-cache, no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(matches!(answer.status().as_u16(), 200 | 302 | 400), "{path}");
    }
}
