//! What the page after a failed attempt knows of it, and what is in no address.

use typegate::Jwt;
use typegate::adapter::MemoryAdapter;
use typegate::rate_limit::Allowances;

use super::support::{
    Answer, BASE, Database, Mailbox, Operation, World, credentials, parameter, world,
};

const COOKIE: &str = "typegate.last-attempt";

fn by_email(mailbox: &Mailbox) -> World {
    let provider = mailbox.provider();
    world!(site => site
        .adapter(MemoryAdapter::new())
        .session(Jwt::default())
        .rate_limit(Allowances::default().per_client_and_recipient(1))
        .provider(provider)
        .build()
        .unwrap())
}

/// The value of the field `name` that a visitor sees.
fn value(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\""))?;
    let tag = rest.split('>').next().unwrap();
    let (_, value) = tag.split_once(" value=\"")?;
    Some(value.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn whoever_asked_for_a_link_reads_where_it_went_and_can_correct_the_address() {
    let mailbox = Mailbox::default();
    let mut world = by_email(&mailbox);
    let answer =
        world.browser.post("/api/auth/signin/email", &[("email", "ada@example.com")]).await;
    assert_eq!(answer.location(), format!("{BASE}/verify-request?provider=email&type=email"));
    let cookie = answer.cookie(COOKIE).unwrap();
    assert!(!cookie.value.contains("ada"), "it is sealed");

    let page = world.browser.get("/api/auth/verify-request?provider=email&type=email").await;
    assert!(page.text().contains("Sent to <strong dir=\"auto\">ada@example.com</strong>."));
    assert!(page.text().contains(&format!("action=\"{BASE}/signin/email\"")));
    assert_eq!(value(page.text(), "email").as_deref(), Some("ada@example.com"));
    // The form for another address has this one in it.
    let page = world.browser.get("/api/auth/signin").await;
    assert_eq!(value(page.text(), "email").as_deref(), Some("ada@example.com"));
    // What a link says comes first, as in v4.
    let page = world.browser.get("/api/auth/signin?email=grace%40example.com").await;
    assert_eq!(value(page.text(), "email").as_deref(), Some("grace@example.com"));

    // Another browser knows nothing of it, and this one no more after ten minutes.
    let page = world.another_browser().get("/api/auth/verify-request").await;
    assert!(!page.text().contains("ada@example.com") && !page.text().contains("<form"));
    world.clock.advance(601);
    let page = world.browser.get("/api/auth/verify-request").await;
    assert!(!page.text().contains("ada@example.com") && !page.text().contains("<form"));
}

#[tokio::test]
async fn too_many_links_are_said_to_be_too_many_and_v4s_code_stays() {
    let mailbox = Mailbox::default();
    let mut world = by_email(&mailbox);
    let fields = [("email", "ada@example.com")];
    world.browser.post("/api/auth/signin/email", &fields).await;
    let answer = world.browser.post("/api/auth/signin/email", &fields).await;
    assert_eq!(answer.location(), format!("{BASE}/error?error=EmailSignin"));
    let page = world.browser.get("/api/auth/signin?error=EmailSignin").await;
    assert!(page.text().contains("<p>Too many links were asked for. Try again later.</p>"));
    assert_eq!(value(page.text(), "email").as_deref(), Some("ada@example.com"));
    // It was about that error, and this browser's attempt.
    let page = world.browser.get("/api/auth/signin?error=Callback").await;
    assert!(page.text().contains("<p>Try signing in with a different account.</p>"));
    let page = world.another_browser().get("/api/auth/signin?error=EmailSignin").await;
    assert!(page.text().contains("<p>The e-mail could not be sent.</p>"));
    // A link that was not sent went nowhere.
    let page = world.browser.get("/api/auth/verify-request").await;
    assert!(!page.text().contains("ada@example.com"));
}

#[tokio::test]
async fn the_name_stays_after_a_wrong_password_and_the_password_does_not() {
    let mut world: World = world!(site => site.provider(credentials()).build().unwrap());
    let fields = [("username", "ada \"<b>"), ("password", "wrong and secret")];
    let answer = world.browser.post("/api/auth/callback/credentials", &fields).await;
    let place = format!("{BASE}/error?error=CredentialsSignin&provider=credentials");
    assert_eq!(answer.location(), place);
    let page = world.browser.get("/api/auth/signin?error=CredentialsSignin").await;
    assert_eq!(value(page.text(), "username").as_deref(), Some("ada &quot;&lt;b&gt;"));
    assert_eq!(value(page.text(), "password"), None);
    assert!(!page.text().contains("secret"));
    let focus = page.text().split("<input").find(|input| input.contains("autofocus")).unwrap();
    assert!(focus.contains("name=\"password\"") && focus.contains("aria-describedby=\"error\""));
    // Without the error it is a new attempt.
    let page = world.browser.get("/api/auth/signin").await;
    assert_eq!(value(page.text(), "username"), None);

    let answer = world.browser.sign_in_with_credentials().await;
    assert!(answer.cookie(COOKIE).unwrap().is_deletion());
    assert_eq!(world.browser.jar.value(COOKIE), None);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_named() {
    let mut world = World::new();
    world.idp.break_endpoint("/.well-known/openid-configuration", 503, "");
    let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
    assert_eq!(answer.location(), format!("{BASE}/error?error=OAuthSignin"));
    let page = world.browser.get("/api/auth/signin?error=OAuthSignin").await;
    let text = " cannot be reached at the moment. Try again later.</p>";
    assert!(page.text().contains(text), "{}", page.text());

    // On the way back, too; and what it does say is v4's to explain.
    let account = "<p>Try signing in with a different account.</p>";
    let failed = "<p>Signing in does not work at the moment. Try again later.</p>";
    for (status, body, text) in [
        (502, "", text),
        (400, r#"{"error":"invalid_grant"}"#, account),
        (401, r#"{"error":"invalid_client"}"#, failed),
        (200, "no JSON", failed),
    ] {
        let mut world = World::new();
        world.idp.break_endpoint("/token", status, body);
        let answer = world.sign_in("idp").await;
        assert_eq!(answer.location(), format!("{BASE}/error?error=OAuthCallback"));
        let page = world.browser.get("/api/auth/signin?error=OAuthCallback").await;
        assert!(page.text().contains(text), "{status} {body}");
    }
}

const ACCOUNT: &str = "<p>Try signing in with a different account.</p>";
const FAILED: &str = "<p>Signing in does not work at the moment. Try again later.</p>";

/// What the sign-in page says after an answer that led to the error page.
async fn page_after(world: &mut World, answer: &Answer) -> String {
    let error = parameter(answer.location(), "error");
    world.browser.get(&format!("/api/auth/signin?error={error}")).await.text().to_owned()
}

/// Nobody is sent looking for another account where none would help.
#[tokio::test]
async fn r209_no_failure_of_ours_is_put_to_the_visitor() {
    // The provider's settings, on the way there and back.
    for (path, status) in
        [("/.well-known/openid-configuration", 404), ("/token", 401), ("/keys", 404)]
    {
        let mut world = World::new();
        world.idp.break_endpoint(path, status, r#"{"error":"invalid_client"}"#);
        let started = world.browser.post("/api/auth/signin/idp", &[]).await;
        let answer = match path {
            "/token" | "/keys" => {
                let back = world.idp.response(started.location());
                world.browser.bring(&back).await
            }
            _ => started,
        };
        let page = page_after(&mut world, &answer).await;
        assert!(page.contains(FAILED), "{path}: {page}");
    }
    // What the provider says by way of the browser, in an attempt of this one.
    let unreachable = " cannot be reached at the moment. Try again later.</p>";
    for (code, is_ours, text) in [
        ("invalid_scope", true, FAILED),
        ("unauthorized_client", true, FAILED),
        ("server_error", true, unreachable),
        ("access_denied", true, ACCOUNT),
        ("invalid_scope", false, ACCOUNT),
    ] {
        let mut world = World::new();
        let state = parameter(&world.start("idp").await, "state");
        let state = if is_ours { &*state } else { "another" };
        let address = format!("/api/auth/callback/idp?error={code}&state={state}");
        let answer = world.browser.get(&address).await;
        let page = page_after(&mut world, &answer).await;
        assert!(page.contains(text), "{code} {is_ours}: {page}");
    }
    // The database.
    for operation in
        [Operation::UserByAccount, Operation::CreateUserWithAccount, Operation::CreateSession]
    {
        let database = Database::default();
        let adapter = database.clone();
        let mut world: World = world!(site => site.adapter(adapter).build().unwrap());
        let back = world.go_away("idp").await;
        database.fail_at(&[operation]);
        let answer = world.browser.bring(&back).await;
        let page = page_after(&mut world, &answer).await;
        assert!(page.contains(FAILED), "{operation:?}: {page}");
    }
    // A callback that nobody began here.
    let mut world = World::new();
    let back = world.start("idp").await;
    world.browser = world.another_browser();
    let answer = world.browser.get(&back).await;
    assert!(page_after(&mut world, &answer).await.contains(ACCOUNT));
}

#[tokio::test]
async fn a_client_that_asks_for_json_keeps_nothing_of_it() {
    let mailbox = Mailbox::default();
    let mut world = by_email(&mailbox);
    for address in ["ada@example.com", "nobody", "ada@example.com"] {
        let fields = [("email", address), ("json", "true")];
        let answer = world.browser.post("/api/auth/signin/email", &fields).await;
        assert!(answer.cookie(COOKIE).is_none(), "{address}");
    }
}

#[tokio::test]
async fn a_cookie_of_another_site_or_of_another_kind_says_nothing() {
    let mailbox = Mailbox::default();
    let mut world = by_email(&mailbox);
    world.browser.post("/api/auth/signin/email", &[("email", "ada@example.com")]).await;
    let sealed = world.browser.jar.value(COOKIE).unwrap().to_owned();
    let mut other = world.another_browser();
    for value in ["", "x", "eve@example.com", &sealed.replace('e', "f")] {
        other.jar.plant(COOKIE, value);
        let page = other.get("/api/auth/verify-request").await;
        assert!(!page.text().contains("<form"), "{value}");
    }
    // Nor is it good for anything else.
    other.jar.plant("next-auth.session-token", &sealed);
    assert_eq!(other.session().await, serde_json::json!({}));
}
