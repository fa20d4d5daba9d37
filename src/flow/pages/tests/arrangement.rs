//! How the ways in are arranged: one is filled, many buttons make columns, each has a mark.

use super::outline::{Element, parse};
use super::{FormKind, ProviderForm, SignIn, frame, origin, sign_in};
use crate::provider::catalog;
use crate::theme::{CredentialField, Texts, Theme};

fn button<'a>(id: &'a str) -> ProviderForm<'a> {
    ProviderForm { id, name: id, kind: FormKind::OAuth { style: None, mark: catalog::mark(id) } }
}

fn shown(providers: &[ProviderForm<'_>]) -> Element {
    let theme = Theme::new();
    parse(&sign_in(&frame(&theme), "CSRF", providers, &origin(), None, None))
}

fn of_class<'a>(page: &'a Element, class: &str) -> Vec<&'a Element> {
    let has = |element: &&Element| {
        element.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    };
    page.descendants().into_iter().filter(has).collect()
}

#[test]
fn the_first_form_comes_first_and_else_the_first_button() {
    let ids = ["github", "acme", "one", "two", "three"];
    let buttons: Vec<_> = ids.into_iter().map(button).collect();
    let page = shown(&buttons);
    let [primary] = of_class(&page, "primary")[..] else { panic!("one way in is filled") };
    assert_eq!(primary.text(), "Sign in with github");
    // Four are left, which is many.
    let [columns] = of_class(&page, "providers")[..] else { panic!("the others are in columns") };
    assert_eq!(columns.all("button").len(), 4);

    let email = ProviderForm { id: "email", name: "Email", kind: FormKind::Email };
    let page = shown(&[button("github"), button("acme"), email, button("one")]);
    let [primary] = of_class(&page, "primary")[..] else { panic!("one way in is filled") };
    assert_eq!(primary.text(), "EmailSign in with Email");
    assert!(of_class(&page, "providers").is_empty(), "few buttons are written out");
    assert_eq!(page.all("button").len(), 4, "in the order of the configuration");
}

#[test]
fn more_than_nine_buttons_in_a_row_fold_and_a_single_one_does_not() {
    let ids: Vec<String> = (0..13).map(|number| format!("p{number}")).collect();
    let buttons = |count| -> Vec<_> { ids.iter().take(count).map(|id| button(id)).collect() };
    // The first is filled and stands by itself.
    let page = shown(&buttons(1 + 9));
    assert!(page.all("details").is_empty());
    let page = shown(&buttons(1 + 10));
    let [details] = page.all("details")[..] else { panic!("one fold") };
    assert_eq!(details.attribute("open"), None);
    assert_eq!(details.all("summary")[0].text(), "More ways to sign in");
    assert_eq!(details.all("form").len(), 2);
    assert_eq!(page.all("form").len(), 11, "in the order of the configuration");
    let names: Vec<_> = page.all("button").into_iter().map(Element::text).collect();
    let expected: Vec<_> = ids.iter().take(11).map(|id| format!("Sign in with {id}")).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_fold_is_open_after_an_error_from_one_that_is_in_it() {
    let ids: Vec<String> = (0..13).map(|number| format!("p{number}")).collect();
    let buttons: Vec<_> = ids.iter().map(|id| button(id)).collect();
    let theme = Theme::new();
    let is_open = |error, last_provider| {
        let page = parse(&super::super::sign_in(
            &frame(&theme),
            &SignIn {
                csrf_token: "CSRF",
                providers: &buttons,
                callback_url: &origin(),
                error,
                email: None,
                reason: None,
                last_provider,
                typed: None,
            },
        ));
        page.all("details")[0].attribute("open").is_some()
    };
    assert!(is_open(Some("OAuthCallback"), Some("p12")));
    assert!(!is_open(Some("OAuthCallback"), Some("p2")));
    assert!(!is_open(Some("OAuthCallback"), None));
    assert!(!is_open(None, Some("p12")), "it is a new attempt");
}

#[test]
fn every_button_has_a_mark_and_says_its_whole_text() {
    for id in ["github", "acme", "é", "…"] {
        let page = shown(&[button(id)]);
        let [button] = page.all("button")[..] else { panic!("one button") };
        let marks = of_class(button, "mark");
        assert_eq!(marks.len(), 1, "{id}");
        assert_eq!(marks[0].attribute("aria-hidden"), Some("true"));
        assert_eq!(marks[0].tag, if id == "github" { "svg" } else { "span" });
        assert_eq!(button.text(), format!("Sign in with {id}"));
    }
}

#[test]
fn a_language_without_a_name_in_its_middle_is_written_out_too() {
    let theme = Theme::new();
    let frame = super::PageFrame { texts: &Texts::JAPANESE, ..frame(&theme) };
    let fields = [CredentialField::password()];
    let credentials = ProviderForm {
        id: "credentials",
        name: "Acme",
        kind: FormKind::Credentials { fields: &fields },
    };
    let providers = [button("github"), credentials];
    let page = parse(&super::super::sign_in(
        &frame,
        &SignIn {
            csrf_token: "CSRF",
            providers: &providers,
            callback_url: &origin(),
            error: Some("CredentialsSignin"),
            email: None,
            reason: None,
            last_provider: None,
            typed: None,
        },
    ));
    let buttons: Vec<_> = page.all("button").into_iter().map(Element::text).collect();
    assert_eq!(buttons, ["github でログイン", "Acme でログイン"]);
    assert_eq!(page.all("label")[0].text(), "パスワード");
    assert_eq!(page.all("html")[0].attribute("lang"), Some("ja"));
    let [alert] = of_class(&page, "error")[..] else { panic!("one error") };
    assert_eq!(alert.text(), Texts::JAPANESE.wrong_details);
}

#[test]
fn an_application_says_which_fields_may_stay_empty() {
    let input = |field: CredentialField| {
        let fields = [field];
        let kind = FormKind::Credentials { fields: &fields };
        let page = shown(&[ProviderForm { id: "credentials", name: "Acme", kind }]);
        let input = page.all("input").pop().unwrap();
        (input.attribute("required").is_some(), input.attribute("autocomplete").map(str::to_owned))
    };
    let word = |text: &str| Some(text.to_owned());
    assert_eq!(input(CredentialField::new("user-name")), (true, word("username")));
    assert_eq!(input(CredentialField::new("username").optional(true)), (false, word("username")));
    assert_eq!(input(CredentialField::password()), (true, word("current-password")));
    assert_eq!(input(CredentialField::new("otp_code")), (false, word("one-time-code")));
    assert_eq!(input(CredentialField::new("shoe size").optional(false)), (true, None));
    // What it says itself stands once.
    let own = CredentialField::new("password").input_type("password");
    let own = own.attribute("autocomplete", "new-password").unwrap();
    assert_eq!(input(own.attribute("required", "").unwrap()), (true, word("new-password")));
}

#[test]
fn dark_pages_have_a_logo_of_their_own() {
    use crate::theme::ColorScheme;
    let theme =
        || Theme::new().logo("/light.svg".parse().unwrap()).logo_dark("/dark.svg".parse().unwrap());
    for (scheme, shown, where_dark) in [
        (ColorScheme::Light, "/light.svg", None),
        (ColorScheme::Dark, "/dark.svg", None),
        (ColorScheme::Auto, "/light.svg", Some("/dark.svg")),
    ] {
        let theme = theme().color_scheme(scheme).site_name("Acme");
        let page = parse(&sign_in(&frame(&theme), "CSRF", &[], &origin(), None, None));
        let [logo] = of_class(&page, "logo")[..] else { panic!("one logo") };
        assert_eq!((logo.attribute("src"), logo.attribute("alt")), (Some(shown), Some("Acme")));
        let sources = page.all("source");
        let dark = sources.first().and_then(|source| source.attribute("srcset"));
        assert_eq!(dark, where_dark, "{scheme:?}");
        assert_eq!(page.all("link")[0].attribute("href"), Some(shown));
        assert_eq!(page.all("h1")[0].text(), "Sign in to Acme");
    }
}
