//! Every page compared with v4's.
//!
//! Agreed differences, applied to v4's outline before comparing:
//!
//! 1. The callback URL is the one decided on; v4 shows whatever the query holds (R142).
//! 2. A logo's path stays a path on the own site; v4 loads it from a server of its own (R020).
//! 3. Logos inside buttons have an empty `alt`: the text next to them says it all.
//! 4. With a brand colour come the text colour readable on it, and the colours of links.
//! 5. The sign-in page has a heading, and a visitor can leave each page without signing in or out.
//! 6. Fields say what belongs in them, and whether they are about the error.
//!
//! Names of attributes are compared in lower case, as HTML does (`autoFocus`).

use serde_json::{Map, Value, json};

use super::outline::{outline, parse};
use super::{
    ORIGIN, Providers, error, frame, full_theme, origin, sign_in, sign_out, verify_request,
};
use crate::theme::Theme;

const RECORDED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pages.json"));

const NOT_SENT: &str = "The e-mail could not be sent.";
const WRONG: &str = "Sign in failed. Check the details you provided are correct.";

#[test]
fn every_recorded_page_has_the_same_outline() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let cases = recorded["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 31);
    for case in cases {
        let (status, html) = answer(case);
        let mut found = outline(&parse(&html));
        found["status"] = status.into();
        let expected = expected(case, &recorded["forms"]);
        assert_eq!(found, expected, "{} page, {}", case["page"], case["name"]);
    }
}

fn answer(case: &Value) -> (u16, String) {
    let given = &case["given"];
    let theme = if given["themed"] == true { full_theme() } else { Theme::new() };
    let frame = frame(&theme);
    let query = |name: &str| given["query"][name].as_str();
    match case["page"].as_str().unwrap() {
        "signin" => {
            let providers = Providers::new();
            let ids = given["providers"].as_array().into_iter().flatten();
            let forms = providers.forms(ids.filter_map(Value::as_str));
            let (error, email) = (query("error"), query("email"));
            let html = sign_in(&frame, "CSRF", &forms, &origin(), error, email);
            (200, html)
        }
        "signout" => (200, sign_out(&frame, "CSRF")),
        "verifyRequest" => (200, verify_request(&frame, None)),
        "error" => {
            let page = error(&frame, query("error"));
            (page.status, page.html)
        }
        page => panic!("no such page: {page}"),
    }
}

fn expected(case: &Value, forms: &Value) -> Value {
    let mut expected = case["expected"].clone();
    let alert = expected["alert"].clone();
    if let Some(names) = expected.get_mut("forms").and_then(Value::as_array_mut) {
        for name in names {
            *name = expected_form(&forms[name.as_str().unwrap()], alert.as_str());
        }
    }
    if let Some(variables) = expected.get_mut("variables") {
        // Difference 4: the recorded brand colour is #ff0000.
        variables["--brand-text"] = "#000".into();
        variables["--brand-link"] = "#d80000".into();
        variables["--brand-link-dark"] = "#ff2626".into();
    }
    // Difference 5.
    let site = json!({ "class": "site", "href": ORIGIN });
    let link = |text: &str| {
        let mut link = site.clone();
        link["text"] = text.into();
        json!([link])
    };
    match (case["page"].as_str().unwrap(), expected["heading"].as_str()) {
        ("signin", _) => expected["heading"] = "Sign in".into(),
        ("signout", _) => expected["links"] = link("Cancel"),
        ("error", Some("Server error")) => {
            expected["links"] = link("localhost:3000");
            let paragraphs = expected["paragraphs"].as_array_mut().unwrap();
            paragraphs.push("localhost:3000".into());
        }
        _ => {}
    }
    expected
}

fn expected_form(form: &Value, alert: Option<&str>) -> Value {
    let mut form = form.clone();
    for input in form["inputs"].as_array_mut().unwrap() {
        let lower: Map<String, Value> = input
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        *input = Value::Object(lower);
        if input["name"] == "callbackUrl" {
            // Difference 1.
            input["value"] = ORIGIN.into();
        }
        // Difference 6.
        let (autocomplete, is_required) = match input["name"].as_str() {
            Some("email") => ("email", false),
            Some("username") => ("username", true),
            Some("password") => ("current-password", true),
            Some("code") => ("one-time-code", false),
            _ => continue,
        };
        input["autocomplete"] = autocomplete.into();
        if alert == Some(if autocomplete == "email" { NOT_SENT } else { WRONG }) {
            input["aria-describedby"] = "error".into();
            input["aria-invalid"] = "true".into();
            // The first field of the form.
            if autocomplete == "username" {
                input["autofocus"] = "".into();
            }
        }
        if is_required {
            input["required"] = "".into();
        }
    }
    for button in form["buttons"].as_array_mut().unwrap() {
        for image in button["images"].as_array_mut().unwrap() {
            // Difference 2.
            let path = image["src"]
                .as_str()
                .and_then(|src| src.strip_prefix("https://authjs.dev/img/providers"))
                .map(str::to_owned);
            if let Some(path) = path {
                image["src"] = path.into();
            }
            // Difference 3.
            image["alt"] = "".into();
        }
    }
    form
}
