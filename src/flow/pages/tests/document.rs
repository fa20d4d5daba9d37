//! Rules that hold for every page, whatever it shows.

use super::outline::{Element, parse};
use super::{
    ORIGIN, Providers, error, frame, full_theme, origin, sign_in, sign_out, verify_request,
};
use crate::theme::{ColorScheme, Theme};

fn all_pages(theme: &Theme) -> Vec<Element> {
    let frame = frame(theme);
    let providers = Providers::new();
    let forms = providers.forms(["github", "abs", "plain", "email", "credentials"]);
    let mut pages = vec![
        sign_in(&frame, "CSRF", &forms, &origin(), Some("Signin"), Some("a@b.co")),
        sign_out(&frame, "CSRF"),
        verify_request(&frame, None),
    ];
    for code in [None, Some("Configuration"), Some("AccessDenied"), Some("Verification")] {
        pages.push(error(&frame, code).html);
    }
    pages.iter().map(|html| parse(html)).collect()
}

#[test]
fn frame_names_language_viewport_and_colour_scheme() {
    for (scheme, class, value) in [
        (ColorScheme::Auto, "__next-auth-theme-auto", "light dark"),
        (ColorScheme::Dark, "__next-auth-theme-dark", "dark"),
        (ColorScheme::Light, "__next-auth-theme-light", "light"),
    ] {
        for page in all_pages(&Theme::new().color_scheme(scheme)) {
            let meta = |name: &str| {
                page.all("meta")
                    .into_iter()
                    .find(|meta| meta.attribute("name") == Some(name))
                    .and_then(|meta| meta.attribute("content"))
                    .map(str::to_owned)
            };
            assert_eq!(page.all("html")[0].attribute("lang"), Some("en"));
            assert_eq!(page.all("body")[0].attribute("class"), Some(class));
            assert_eq!(meta("color-scheme").as_deref(), Some(value));
            assert_eq!(meta("viewport").as_deref(), Some("width=device-width, initial-scale=1"),);
        }
    }
}

#[test]
fn nothing_runs_and_nothing_foreign_is_loaded() {
    let configured = ["https://example.com/l.png", "https://cdn.example/l.svg"];
    for page in all_pages(&full_theme()) {
        for element in page.descendants() {
            let tag = element.tag.as_str();
            assert!(!["script", "iframe", "object", "base"].contains(&tag), "{tag}");
            assert!(tag != "link" || element.attribute("rel") == Some("icon"), "{element:?}");
            for (name, value) in &element.attributes {
                assert!(!name.starts_with("on"), "{name} on {tag}");
                if ["src", "href", "action"].contains(&name.as_str()) {
                    let is_own = value == ORIGIN
                        || value.starts_with("http://localhost:3000/")
                        || (value.starts_with('/') && !value.starts_with("//"));
                    let is_inline = value.starts_with("data:image/svg+xml,%3Csvg") && tag == "link";
                    let is_known = configured.contains(&value.as_str());
                    assert!(is_own || is_inline || is_known, "{value}");
                }
            }
        }
        for style in page.all("style") {
            let style = style.text();
            assert!(!style.contains("url(") && !style.contains("@import"));
        }
    }
}

#[test]
fn every_visible_field_has_a_label_and_every_label_a_field() {
    for page in all_pages(&Theme::new()) {
        let fields: Vec<_> = page
            .all("input")
            .into_iter()
            .filter(|input| input.attribute("type") != Some("hidden"))
            .map(|input| input.attribute("id").map(str::to_owned))
            .collect();
        let labels: Vec<_> = page
            .all("label")
            .into_iter()
            .map(|label| label.attribute("for").map(str::to_owned))
            .collect();
        assert_eq!(fields, labels);
    }
}

#[test]
fn an_error_is_announced_and_an_empty_one_is_none() {
    let theme = Theme::new();
    let box_for = |error: Option<&str>| {
        let page = parse(&sign_in(&frame(&theme), "CSRF", &[], &origin(), error, None));
        let alerts = page.all("div").into_iter();
        let mut alerts = alerts.filter(|element| element.attribute("role") == Some("alert"));
        alerts.next().map(|alert| {
            let child = alert.children().next().unwrap();
            child.attribute("class").map(str::to_owned)
        })
    };
    assert_eq!(box_for(Some("Signin")), Some(Some("error".to_owned())));
    assert_eq!(box_for(Some("")), None);
    assert_eq!(box_for(None), None);
}
