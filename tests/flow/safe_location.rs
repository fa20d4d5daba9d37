//! Safe locations: what goes out is what was judged, whatever way an address came in.

use iri_string::types::UriStr;
use serde_json::json;
use typegate::hooks::{Callbacks, SignInDecision};
use typegate::{Auth, Pages};
use url::Url;

use super::support::{Answer, IdentityProvider, ORIGIN, Parts, World, credentials, site, world};

const COOKIE: &str = "next-auth.callback-url";

#[derive(Clone, Copy, Debug)]
enum Carrier {
    Query,
    Form,
    Json,
    Cookie,
}

const CARRIERS: [Carrier; 4] = [Carrier::Query, Carrier::Form, Carrier::Json, Carrier::Cookie];

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// Signs out with this callback URL.
async fn sign_out(world: &mut World, carrier: Carrier, target: &str, wants_json: bool) -> Answer {
    let token = world.browser.csrf_token().await;
    let path = "/api/auth/signout";
    let mut fields = vec![("csrfToken", &*token)];
    if wants_json {
        fields.push(("json", "true"));
    }
    match carrier {
        Carrier::Query => {
            let path = format!("{path}?callbackUrl={}", encode(target));
            world.browser.submit(&path, &fields).await
        }
        Carrier::Form => {
            fields.push(("callbackUrl", target));
            world.browser.submit(path, &fields).await
        }
        Carrier::Json => {
            let json = if wants_json { "true" } else { "false" };
            let body = json!({ "csrfToken": token, "json": json, "callbackUrl": target });
            world.browser.post_json(path, &body).await
        }
        Carrier::Cookie => {
            world.browser.jar.plant(COOKIE, &encode(target));
            world.browser.submit(path, &fields).await
        }
    }
}

/// What goes out: `Location`, the JSON `url`, the cookie, and the field of the sign-in page.
async fn sent(carrier: Carrier, target: &str) -> [String; 4] {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    let answer = sign_out(&mut world, carrier, target, false).await;
    assert_eq!(answer.status(), 302, "{target:?}");
    let location = answer.location().to_owned();
    let answer = sign_out(&mut world, carrier, target, true).await;
    let url = answer.json()["url"].as_str().unwrap().to_owned();
    let cookie = decode(world.browser.jar.value(COOKIE).unwrap());
    let page = world.browser.get("/api/auth/signin").await;
    let (_, field) = page.text().split_once("name=\"callbackUrl\" value=\"").unwrap();
    let field = field.split('"').next().unwrap().replace("&amp;", "&");
    [location, url, cookie, field]
}

/// Reads an address as a browser, as a program by RFC 3986, and as somebody in a hurry.
fn assert_here(address: &str, is_header: bool, given: &str) {
    let url = Url::parse(address).unwrap();
    assert_eq!(url.origin().ascii_serialization(), ORIGIN, "{given:?}: {address:?}");
    assert_eq!((url.username(), url.password()), ("", None), "{given:?}: {address:?}");
    let (_, behind) = address.split_once("//").unwrap();
    let host = behind.split(['/', '?', '#', '\\']).next().unwrap();
    assert!(host.eq_ignore_ascii_case("localhost:3000"), "{given:?}: {address:?}");
    if is_header {
        let uri = UriStr::new(address).unwrap();
        assert!(uri.authority_str().unwrap().eq_ignore_ascii_case("localhost:3000"), "{address:?}");
    }
}

#[tokio::test]
async fn r181_no_callback_url_leads_to_another_host_by_any_way() {
    for target in [
        "http://localhost:3000\\@evil.example",
        "http://localhost:3000\\@evil.example/x?y",
        "http://localhost:3000/\\@evil.example",
        "http://localhost:3000/..\\\\evil.example",
        "http://localhost:3000\\\\@evil.example",
        "http://localhost:3000\t\\@evil.example",
        "\thttp://localhost:3000\\\n@evil.example",
        "HTTP://LOCALHOST:3000\\@evil.example",
        "http://localhost:3000%5C@evil.example",
        "http://localhost:3000%2F@evil.example",
        "http://localhost:3000;@evil.example",
        "http://localhost:3000?@evil.example",
        "http://localhost:3000#@evil.example",
        "http://localhost:3000\u{ff3c}@evil.example",
        "http://localhost:3000\u{ff0f}@evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "//evil.example",
        "///evil.example",
        "/\t/evil.example",
        "/.\\evil.example",
        "/%5C@evil.example",
        "\\\\evil.example",
        "http:\\\\evil.example",
    ] {
        for carrier in CARRIERS {
            // Text that is no URL at all stops a query, as in v4.
            let is_url = target.starts_with('/') || Url::parse(target).is_ok();
            if matches!(carrier, Carrier::Query) && !is_url {
                continue;
            }
            let [location, url, cookie, field] = sent(carrier, target).await;
            assert_here(&location, true, target);
            for address in [url, cookie, field] {
                assert_here(&address, false, target);
            }
        }
    }
    // The listed one, to the letter.
    for carrier in CARRIERS {
        let sent = sent(carrier, "http://localhost:3000\\@evil.example").await;
        assert_eq!(sent, [ORIGIN; 4], "{carrier:?}");
    }
}

#[tokio::test]
async fn r182_look_alikes_of_the_site_lead_to_the_site_itself() {
    for target in [
        "http://@localhost:3000/x",
        "http://:@localhost:3000/x",
        "http://ann@localhost:3000/x",
        "http:localhost:3000/x",
        "http:/localhost:3000/x",
        "http:///localhost:3000/x",
        "http:\\\\localhost:3000/x",
        "http://\u{ff4c}ocalhost:3000/x",
        "http://%6cocalhost:3000/x",
        "http://local\u{ad}host:3000/x",
        "http://localhost\u{3002}:3000/x",
        "http://localhost.:3000/x",
        "http://localhost:03000/x",
        "http://localhost:3000:80/x",
    ] {
        for carrier in [Carrier::Form, Carrier::Json, Carrier::Cookie] {
            assert_eq!(sent(carrier, target).await, [ORIGIN; 4], "{target:?} {carrier:?}");
        }
    }
    for target in ["HTTP://LOCALHOST:3000/x", "http://localhost:3000?x", "http://localhost:3000#x"]
    {
        for carrier in CARRIERS {
            assert_eq!(sent(carrier, target).await, [target; 4], "{carrier:?}");
        }
    }
}

#[tokio::test]
async fn r183_letters_come_back_as_they_were_given_and_headers_are_encoded() {
    for (target, letters, encoded) in [
        ("/abs?z=ä", "/abs?z=ä", "/abs?z=%C3%A4"),
        ("http://localhost:3000/日本#é", "/日本#é", "/%E6%97%A5%E6%9C%AC#%C3%A9"),
        ("/?f[]=1|2", "/?f[]=1|2", "/?f%5B%5D=1%7C2"),
        ("/100%", "/100%", "/100%25"),
        ("/a%20b", "/a%20b", "/a%20b"),
        ("/a b", "/a b", "/a%20b"),
        ("/ä\\b", "/ä%5Cb", "/%C3%A4%5Cb"),
    ] {
        for carrier in CARRIERS {
            let [location, url, cookie, field] = sent(carrier, target).await;
            assert_eq!(location, format!("{ORIGIN}{encoded}"), "{carrier:?}");
            let letters = format!("{ORIGIN}{letters}");
            assert_eq!([url, cookie, field], [(); 3].map(|()| letters.clone()), "{carrier:?}");
        }
    }
}

#[tokio::test]
async fn r200_a_repeated_callback_url_is_left_out() {
    let list = json!(["/a", "/b"]);
    for kind in ["query", "form", "json", "query and form"] {
        let mut world = world!(site => site.provider(credentials()).build().unwrap());
        let token = world.browser.csrf_token().await;
        let form = [("csrfToken", &*token), ("username", "ada"), ("password", "1815")];
        let path = "/api/auth/callback/credentials";
        let repeated = [("callbackUrl", "/a"), ("callbackUrl", "/b")];
        let answer = match kind {
            "query" => {
                let path = format!("{path}?callbackUrl=%2Fa&callbackUrl=%2Fb");
                world.browser.submit(&path, &form).await
            }
            "form" => world.browser.submit(path, &[&form[..], &repeated].concat()).await,
            "json" => {
                let body = json!({
                    "csrfToken": token, "username": "ada", "password": "1815", "callbackUrl": list,
                });
                world.browser.post_json(path, &body).await
            }
            _ => {
                let path = format!("{path}?callbackUrl=/a&callbackUrl=/a");
                world.browser.submit(&path, &[&form[..], &repeated].concat()).await
            }
        };
        assert_eq!(answer.location(), ORIGIN, "{kind}");
        assert_ne!(world.browser.session().await, json!({}), "{kind}");
        // Everybody can send it: no line of an error's loudness is written.
        assert!(world.lines.codes().is_empty(), "{kind}");
    }
    let mut world = World::new();
    for action in ["signin", "signout", "error", "verify-request", "csrf", "session"] {
        let path = format!("/api/auth/{action}?callbackUrl=/a&callbackUrl=https://evil.example");
        assert_eq!(world.browser.get(&path).await.status(), 200, "{action}");
    }
    assert!(world.lines.codes().is_empty());
    assert_eq!(decode(world.browser.jar.value(COOKIE).unwrap()), ORIGIN);
}

#[tokio::test]
async fn r181_what_an_application_chooses_has_one_reading_too() {
    // As many applications do, it believes whoever asks.
    let callbacks = Callbacks::new().redirect(|request| async move { Ok(request.url) });
    let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
    for (target, place) in [
        ("https://partner.example/x", "https://partner.example/x"),
        ("/x", "/x"),
        ("myapp://open", "myapp://open"),
    ] {
        let answer = sign_out(&mut world, Carrier::Form, target, true).await;
        assert_eq!(answer.json(), json!({ "url": place }));
        assert!(world.lines.codes().is_empty());
    }
    for target in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://partner.example\\@evil.example",
        "https://partner.example@evil.example",
        "https:partner.example",
    ] {
        let place =
            if target.starts_with('/') { format!("{ORIGIN}{target}") } else { ORIGIN.into() };
        let answer = sign_out(&mut world, Carrier::Form, target, true).await;
        assert_eq!(answer.json(), json!({ "url": place }), "{target}");
        assert!(world.lines.codes().iter().all(|code| code == "CALLBACK_REDIRECT_ERROR"));
    }

    for target in ["javascript:alert(1)", "//evil.example", "https://a.example\\@evil.example", "x"]
    {
        let callbacks = Callbacks::new()
            .sign_in(move |_| async { Ok(SignInDecision::Redirect(target.into())) });
        let mut world = world!(site => {
            site.provider(credentials()).callbacks(callbacks).build().unwrap()
        });
        let answer = world.browser.sign_in_with_credentials().await;
        assert_eq!(answer.location(), format!("{ORIGIN}/api/auth/error?error=AccessDenied"));
        assert_eq!(world.lines.codes(), ["ACCESS_DENIED"], "{target}");
    }
}

#[test]
fn r181_a_page_that_has_two_readings_is_refused_when_it_is_configured() {
    for address in [
        "//evil.example",
        "/\\evil.example\u{0}",
        "https://a.example\\@evil.example",
        "https://ann@a.example/",
        "https:a.example",
        "javascript:alert(1)",
        "myapp://open",
    ] {
        let built: Result<Auth, _> = site!(Parts::new().clock)
            .provider(IdentityProvider::github_provider())
            .pages(Pages::new().sign_in(address))
            .build();
        let error = built.unwrap_err().to_string();
        assert!(error.contains("of the sign-in page is neither a path"), "{error}");
    }
}

#[tokio::test]
async fn r181_the_way_back_is_a_path_whatever_was_asked_for() {
    let mut world = World::new();
    for (given, back) in [
        ("/a?b=ä", "/a?b=ä"),
        ("//evil.example", "/evil.example"),
        ("/\t/evil.example", "/evil.example"),
        ("\r\n/\\/evil.example", "/evil.example"),
        ("\\evil.example", "/evil.example"),
        ("/a\\b", "/a%5Cb"),
        ("", "/"),
    ] {
        let address = world.auth.sign_in_address(given);
        let (path, target) = address.split_once("?callbackUrl=").unwrap();
        assert_eq!((path, &*decode(target)), ("/api/auth/signin", back), "{given:?}");
        assert!(address.is_ascii());
        assert_eq!(world.browser.get(&address).await.status(), 200);
    }
}
