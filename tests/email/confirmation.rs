//! The button behind the link, for mailboxes whose links are opened by programs.

use http::{Request, StatusCode, header};

use super::world::{BASE, World, error, location, with};

/// The hidden fields of the page's form.
fn fields(page: &str) -> Vec<(String, String)> {
    let field = |rest: &str| {
        let attribute = |name: &str| {
            let value = rest.split(&format!("{name}=\"")).nth(1).unwrap();
            let value = value.split('"').next().unwrap().replace("&quot;", "\"");
            value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        };
        (attribute("name"), attribute("value"))
    };
    page.split("<input type=\"hidden\"").skip(1).map(field).collect()
}

async fn press(world: &mut World, fields: &[(String, String)]) -> String {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/api/auth/callback/email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    location(&world.send(request, form).await)
}

#[tokio::test]
async fn r079_opening_the_link_uses_nothing_up_and_the_button_signs_in() {
    let mut world = World::with(|email| email.ask_before_sign_in(), true);
    world.ask("ada+<b>@example.com").await;
    assert!(world.mailbox.lock().unwrap().is_empty());
    world.ask("o'hara&co@example.com").await;
    let url = world.mail().url;
    // A scanner, three times, in a browser of its own.
    let mut scanner = World::new();
    scanner.auth = world.auth.clone();
    for _ in 0..3 {
        assert_eq!(scanner.get(&url).await.status(), StatusCode::OK);
    }
    let page = world.get(&url).await;
    assert_eq!(page.status(), StatusCode::OK);
    let headers = page.headers();
    assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-cache, no-store");
    let text = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
    let fields = fields(&text);
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["csrfToken", "callbackUrl", "token", "email"]);
    assert_eq!(fields[3].1, "o'hara&co@example.com");
    assert_eq!(press(&mut world, &fields).await, "http://localhost:3000/welcome?a=b");
    assert_eq!(world.session().await["user"]["email"], "o'hara&co@example.com");
    assert_eq!(press(&mut world, &fields).await, error("Verification"));
}

#[tokio::test]
async fn r116_the_button_needs_the_pages_own_csrf_token() {
    let mut world = World::with(|email| email.ask_before_sign_in(), true);
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let page = world.get(&url).await;
    let mut fields = fields(std::str::from_utf8(page.body()).unwrap());
    let right = std::mem::replace(&mut fields[0].1, "wrong".to_owned());
    assert_eq!(press(&mut world, &fields).await, format!("{BASE}/signin?csrf=true"));
    assert_eq!(press(&mut world, &fields[1..]).await, format!("{BASE}/signin?csrf=true"));
    // A POST to the link's own address is no button.
    let path = url.strip_prefix("http://localhost:3000").unwrap().to_owned();
    let posted = world.send(Request::post(path), String::new()).await;
    assert_eq!(location(&posted), format!("{BASE}/signin?csrf=true"));
    fields[0].1 = right;
    assert_eq!(press(&mut world, &fields).await, "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn what_the_link_says_is_text_on_the_page() {
    let mut world = World::with(|email| email.ask_before_sign_in(), true);
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    for (name, value) in [("token", "\"><script>x"), ("email", "\"><img src=//evil.example>")] {
        let page = world.get(&with(&url, name, Some(value))).await;
        let text = String::from_utf8(page.body().to_vec()).unwrap();
        assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
        assert!(fields(&text).iter().any(|field| field == &(name.to_owned(), value.to_owned())));
    }
    // Without a token or an address there is nothing to confirm.
    assert_eq!(location(&world.get(&with(&url, "token", None)).await), error("configuration"));
    assert_eq!(location(&world.get(&with(&url, "email", None)).await), error("Verification"));
}

#[tokio::test]
async fn r079_without_the_button_a_prefetch_uses_nothing_up() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let path = url.strip_prefix("http://localhost:3000").unwrap().to_owned();
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
    ] {
        let answer = world.send(Request::get(&path).header(name, value), String::new()).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{name}: {value}");
    }
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}
