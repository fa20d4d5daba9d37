//! The `Set-Cookie` lines, to the letter.

use bytes::Bytes;
use http::Request;

use super::support::{World, credentials, without_attempt, world};

/// The lines of one answer, with the values of those that are sealed or random cut out, and the
/// keys of attempts.
async fn lines(world: &World, request: Request<Bytes>) -> Vec<String> {
    let response = world.auth.handle(request).await;
    let lines = response.headers().get_all("set-cookie").iter();
    lines
        .map(|line| {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let name = without_attempt(name);
            let value = if value.len() > 60 { "…" } else { value };
            format!("{name}={value};{attributes}")
        })
        .collect()
}

#[tokio::test]
async fn r112_every_line_is_v4s() {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    let first = Request::get("/api/auth/csrf?callbackUrl=/next").body(Bytes::new()).unwrap();
    assert_eq!(
        lines(&world, first).await,
        [
            "next-auth.csrf-token=…; Path=/; HttpOnly; SameSite=Lax",
            "next-auth.callback-url=http%3A%2F%2Flocalhost%3A3000%2Fnext; Path=/; HttpOnly; \
             SameSite=Lax",
        ]
    );
    let post = async |world: &mut World, path: &str, fields: &str| {
        let body = format!("csrfToken={}&{fields}", world.browser.csrf_token().await);
        Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", world.browser.cookie_header())
            .body(Bytes::from(body))
            .unwrap()
    };
    let start = post(&mut world, "/api/auth/signin/idp", "").await;
    let end = "Expires=Tue, 14 Nov 2023 22:28:20 GMT; HttpOnly; SameSite=Lax";
    assert_eq!(
        lines(&world, start).await,
        [
            format!("next-auth.state=…; Max-Age=900; Path=/; {end}"),
            format!("next-auth.pkce.code_verifier=…; Max-Age=900; Path=/; {end}"),
            format!("next-auth.nonce=…; Path=/; {end}"),
        ]
    );
    let fields = "username=ada&password=1815";
    let login = post(&mut world, "/api/auth/callback/credentials", fields).await;
    let end = "Expires=Thu, 14 Dec 2023 22:13:20 GMT; HttpOnly; SameSite=Lax";
    assert_eq!(lines(&world, login).await, [format!("next-auth.session-token=…; Path=/; {end}")]);

    world.browser.sign_in_with_credentials().await;
    let logout = post(&mut world, "/api/auth/signout", "").await;
    let deleted = "next-auth.session-token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
    assert_eq!(lines(&world, logout).await, [deleted]);
    world.browser.jar.remove("next-auth.session-token");
    let back = Request::get("/api/auth/callback/idp?code=x&state=y");
    let back = back.header("cookie", world.browser.cookie_header()).body(Bytes::new()).unwrap();
    let rest = "; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
    assert_eq!(
        lines(&world, back).await,
        ["state", "pkce.code_verifier", "nonce"].map(|name| format!("next-auth.{name}={rest}"))
    );
}
