//! Every address is read alike by everybody, whatever was asked for.

mod generated;

use serde_json::Value;

use super::*;

fn cases(name: &str) -> Vec<Value> {
    let all: Value =
        serde_json::from_str(include_str!("../../../../tests/data/urls.json")).unwrap();
    all[name].as_array().unwrap().clone()
}

fn site(url: &str) -> SiteUrl {
    url.parse().unwrap()
}

/// Recorded on next-auth 4.24.15; a case with `ours` is an agreed difference with its reason.
#[test]
fn r128_the_default_rule_is_v4s() {
    for case in cases("redirect") {
        let text = |name: &str| case[name].as_str();
        let expected = text("ours").or(text("v4")).unwrap();
        let location = SafeLocation::of_visitor(text("url").unwrap(), &site(text("site").unwrap()));
        assert_eq!(location.text(), expected, "{case}");
        assert_eq!(location.uri(), expected, "{case}");
    }
}

#[test]
fn callback_urls_are_acceptable_as_in_v4() {
    let site = site("http://localhost:3000");
    for case in cases("acceptable") {
        let value = case["value"].as_str().unwrap();
        assert_eq!(is_acceptable(value, &site), case["accepted"], "{case}");
    }
}

#[test]
fn r129_only_http_and_https_survive() {
    let site = site("http://localhost:3000");
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "blob:http://localhost:3000/5d0f",
        "file:///etc/passwd",
        "view-source:http://localhost:3000/",
        "about:blank",
        "junk",
        "http://",
        "http://[::1",
        "\u{0}javascript:alert(1)",
    ] {
        assert_eq!(SafeLocation::of_visitor(url, &site), SafeLocation::origin_of(&site), "{url:?}");
    }
}

#[test]
fn r130_a_location_has_no_characters_that_parsers_read_differently() {
    let site = site("https://example.com");
    for (url, expected) in [
        ("/a b", "https://example.com/a%20b"),
        ("/\\evil.example", "https://example.com/%5Cevil.example"),
        ("/\t/evil.example", "https://example.com//evil.example"),
        ("/x\r\nSet-Cookie: a=b", "https://example.com/xSet-Cookie:%20a=b"),
        ("/ünï", "https://example.com/%C3%BCn%C3%AF"),
        ("/?f[]={a}|b^c`", "https://example.com/?f%5B%5D=%7Ba%7D%7Cb%5Ec%60"),
        ("/100%", "https://example.com/100%25"),
        ("/%2%35", "https://example.com/%252%35"),
        ("/#a#b", "https://example.com/#a%23b"),
        ("https://user:pw@example.com/x", "https://example.com"),
        ("https://example.com@evil.example", "https://example.com"),
    ] {
        assert_eq!(SafeLocation::of_visitor(url, &site).uri(), expected, "{url:?}");
    }
}

/// Whatever two readers could take for two hosts, or for none.
#[test]
fn r182_look_alikes_of_the_site_lead_to_the_site_itself() {
    for origin in ["http://localhost:3000", "https://example.com", "http://[::1]:3000"] {
        let site = site(origin);
        let (scheme, authority) = origin.split_once("://").unwrap();
        let host = authority.strip_suffix(":3000").unwrap_or(authority);
        let wide: String = host
            .chars()
            .map(|c| {
                char::from_u32(u32::from(c) + 0xfee0).filter(|_| c != '.').unwrap_or('\u{3002}')
            })
            .collect();
        let encoded: String = host.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for text in [
            format!("{origin}\\@evil.example"),
            format!("{origin}\\.evil.example/"),
            format!("{origin}%5C@evil.example"),
            format!("{origin}@evil.example"),
            format!("{origin};@evil.example"),
            format!("{origin}\\x"),
            format!("{origin};x"),
            format!("{origin}%00/"),
            format!("{origin}\u{0}/"),
            format!("{origin}./"),
            format!("{origin}\u{3002}evil.example/"),
            format!("{origin}\u{ff0f}@evil.example/"),
            format!("{origin}\u{ff20}evil.example/"),
            format!("{origin}:80/"),
            format!("{origin}0/"),
            format!("{scheme}://{host}:/x"),
            format!("{scheme}://{host}:0/x"),
            format!("{scheme}://{host}:03000/x"),
            format!("{scheme}://{host}:0443/x"),
            format!("{scheme}://{host}:65536/x"),
            format!("{scheme}://{host}:-1/x"),
            format!("{scheme}://@{authority}/x"),
            format!("{scheme}://:@{authority}/x"),
            format!("{scheme}://ann@{authority}/x"),
            format!("{scheme}://evil.example#@{authority}/x"),
            format!("{scheme}://evil.example\\@{authority}/x"),
            format!("{scheme}:{authority}/x"),
            format!("{scheme}:/{authority}/x"),
            format!("{scheme}:///{authority}/x"),
            format!("{scheme}:\\\\{authority}/x"),
            format!("{scheme}:/\\{authority}/x"),
            format!("{scheme}://\\{authority}/x"),
            format!("{scheme}://{wide}:3000/x"),
            format!("{scheme}://{wide}/x"),
            format!("{scheme}://{encoded}:3000/x"),
            format!("{scheme}://{encoded}/x"),
            format!("{scheme}\u{ff1a}//{authority}/x"),
            format!("//{authority}@evil.example").trim_start_matches('/').to_owned(),
        ] {
            let location = SafeLocation::of_visitor(&text, &site);
            assert_eq!(location, SafeLocation::origin_of(&site), "{text:?}");
        }
    }
    // What browsers drop is gone before anything is judged.
    let site = site("http://localhost:3000");
    for text in ["\tht\ntp://local\rhost:3000/x", "  http://localhost:3000/x\u{0} "] {
        assert_eq!(SafeLocation::of_visitor(text, &site).text(), "http://localhost:3000/x");
    }
}

#[test]
fn r182_a_host_beyond_ascii_may_be_written_as_people_write_it() {
    let site = site("https://bücher.example:8443");
    let here = "https://xn--bcher-kva.example:8443";
    for (text, expected) in [
        ("https://bücher.example:8443/ä?b", "/ä?b"),
        ("https://BÜCHER.example:8443/x", "/x"),
        ("https://xn--bcher-kva.example:8443/x", "/x"),
        ("https://b\u{fc}cher\u{3002}example:8443/x", ""),
        ("https://\u{ff42}ücher.example:8443/x", ""),
        ("https://bu\u{308}cher.example:8443/x", ""),
        ("https://b%C3%BCcher.example:8443/x", ""),
        ("https://bücher.example/x", ""),
        ("https://bücher.example:8443@evil.example/x", ""),
    ] {
        let location = SafeLocation::of_visitor(text, &site);
        assert_eq!(location.text(), format!("{here}{expected}"), "{text}");
    }
}

#[test]
fn r183_letters_come_back_as_they_were_given() {
    let site = site("https://example.com");
    for (given, text, uri) in [
        ("/abs?z=ä", "/abs?z=ä", "/abs?z=%C3%A4"),
        ("https://example.com/日本?😀#é", "/日本?😀#é", "/%E6%97%A5%E6%9C%AC?%F0%9F%98%80#%C3%A9"),
        ("/?f[]=1&g={}|", "/?f[]=1&g={}|", "/?f%5B%5D=1&g=%7B%7D%7C"),
        ("/100%", "/100%", "/100%25"),
        ("/%zz", "/%zz", "/%25zz"),
        ("/\u{fffd}", "/\u{fffd}", "/%EF%BF%BD"),
        ("/a b\"<>ä", "/a b%22%3C%3Eä", "/a%20b%22%3C%3E%C3%A4"),
        ("/ä\\b", "/ä%5Cb", "/%C3%A4%5Cb"),
        ("/a\u{0}\u{7f}\u{85}ä", "/a%00%7F%C2%85ä", "/a%00%7F%C2%85%C3%A4"),
        // What is not seen, or turns the text around, does not come back.
        ("/\u{202e}\u{2028}\u{2066}\u{200f}", "", ""),
    ] {
        let location = SafeLocation::of_visitor(given, &site);
        if text.is_empty() {
            assert_eq!(location.text(), location.uri());
            continue;
        }
        assert_eq!(location.text(), format!("https://example.com{text}"));
        assert_eq!(location.uri(), format!("https://example.com{uri}"));
        assert_eq!(location.header_value(), format!("https://example.com{uri}"));
    }
}

#[test]
fn r181_the_application_names_hosts_that_have_one_reading() {
    for (given, text) in [
        ("/relative", "/relative"),
        ("/a?b#c", "/a?b#c"),
        ("/a\\b ä", "/a%5Cb ä"),
        ("https://partner.example/welcome", "https://partner.example/welcome"),
        ("https://partner.example:8443", "https://partner.example:8443"),
        ("HTTPS://Partner.Example/", "HTTPS://Partner.Example/"),
        ("https://other.example/x y", "https://other.example/x y"),
        ("https://bücher.example:8443/ä", "https://xn--bcher-kva.example:8443/ä"),
        ("http://[::1]:3000/", "http://[::1]:3000/"),
        ("myapp://signed-in", "myapp://signed-in"),
        ("com.example.app:/done?x=ä", "com.example.app:/done?x=ä"),
    ] {
        assert_eq!(SafeLocation::of_application(given).unwrap().text(), text);
    }
    for given in [
        "",
        "junk",
        "a/b",
        "?x",
        "//partner.example/x",
        "/\\partner.example\u{0}\t",
        "///partner.example",
        "https://ann@partner.example/",
        "https://@partner.example/",
        "https://partner.example\\@evil.example",
        "https://bücher.example\\@evil.example/",
        "https:partner.example",
        "https:///partner.example",
        "https://%70artner.example/",
        "https://partner.example:0443/",
        "https://partner.example:99999/",
        "https://",
        "http://[::1",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "JavaScript://partner.example/%0aalert(1)",
        "data:text/html,x",
        "blob:https://partner.example/5d0f",
        "vbscript:x",
        "file:///etc/passwd",
        "about:blank",
        "view-source:https://partner.example/",
        "myapp://ann@open",
    ] {
        let location = SafeLocation::of_application(given);
        let is_path_of_the_site = given.starts_with("/\\") && location.is_ok();
        assert!(location.is_err() || is_path_of_the_site, "{given:?}: {location:?}");
    }
    assert!(SafeLocation::of_page("myapp://open").is_err());
    assert!(SafeLocation::of_page("https://app.example/login").is_ok());
}

#[test]
fn r181_a_provider_is_where_it_was_said_to_be() {
    let at = |endpoint: &str| SafeLocation::of_provider(&endpoint.parse().unwrap(), "a=%20b");
    assert_eq!(
        at("https://id.example/authorize").unwrap().uri(),
        "https://id.example/authorize?a=%20b"
    );
    assert_eq!(at("https://id.example/a|b?c#d").unwrap().uri(), "https://id.example/a%7Cb?a=%20b");
    for endpoint in ["https://ann@id.example/", "https://ann:pw@id.example/", "javascript:alert(1)"]
    {
        assert_eq!(at(endpoint), Err(UnsafeLocation), "{endpoint}");
    }
}

#[test]
fn r181_the_way_back_is_a_path_of_the_site() {
    for (given, text) in [
        ("/members?page=2", "/members?page=2"),
        ("members", "/members"),
        ("", "/"),
        ("//evil.example", "/evil.example"),
        ("/\\evil.example", "/evil.example"),
        ("\\\\/evil.example", "/evil.example"),
        ("/\t/evil.example", "/evil.example"),
        ("\n//evil.example", "/evil.example"),
        ("https://evil.example/", "/https://evil.example/"),
        ("/a b\\ä", "/a b%5Cä"),
    ] {
        assert_eq!(SafeLocation::of_way_back(given).text(), text, "{given:?}");
    }
}

#[test]
fn a_parameter_goes_behind_the_query_that_is_there() {
    let page = |text| SafeLocation::of_page(text).unwrap();
    let added =
        page("/login").with_parameter("callbackUrl", "/ä&b=c#d").with_parameter("error", "x");
    assert_eq!(added.uri(), "/login?callbackUrl=%2F%C3%A4%26b%3Dc%23d&error=x");
    assert_eq!(
        page("https://a.example?b").with_parameter("error", "c").uri(),
        "https://a.example?b&error=c"
    );
    let letters = page("/anmeldung/für").with_parameter("error", "c");
    assert_eq!(
        [letters.text(), letters.uri()],
        ["/anmeldung/für?error=c", "/anmeldung/f%C3%BCr?error=c"]
    );
}
