//! Injection: hostile values stay values, and the page keeps its elements and attributes.

use super::outline::{Element, parse};
use super::{BASE_URL, FormKind, ORIGIN, ProviderForm, error, frame, origin, sign_in, sign_out};
use crate::theme::CredentialField;
use crate::theme::Theme;
use crate::web::location::SafeLocation;

const CORPUS: [&str; 24] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\" onfocus=\"alert(1)\" autofocus=\"",
    "' onfocus='alert(1)' autofocus='",
    "x onfocus=alert(1)",
    "`onfocus=alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "</title><svg/onload=alert(1)>",
    "</style><svg onload=alert(1)>",
    "</form><form action=https://evil.example>",
    "</div></body></html><script>alert(1)</script>",
    "<!-- --><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "&quot;><script>alert(1)</script>",
    "&#34;&#62;&lt;script&gt;",
    "\u{2028}<script>alert(1)</script>\u{2029}",
    "＜script＞alert(1)＜/script＞",
    "{{constructor.constructor('alert(1)')()}}",
];

/// The places of the sign-in page that take a value from outside.
#[derive(Clone, Copy)]
struct Values<'a> {
    csrf_token: &'a str,
    callback_url: &'a str,
    error: &'a str,
    email: &'a str,
    id: &'a str,
    name: &'a str,
    key: &'a str,
    label: &'a str,
    input_type: &'a str,
    placeholder: &'a str,
    attribute: &'a str,
}

const HARMLESS: Values<'_> = Values {
    csrf_token: "csrf",
    callback_url: "",
    error: "Signin",
    email: "a@b.co",
    id: "id",
    name: "Name",
    key: "key",
    label: "Label",
    input_type: "text",
    placeholder: "placeholder",
    attribute: "on",
};

/// The address that a visitor asks for.
fn way_back(text: &str) -> SafeLocation {
    SafeLocation::of_visitor(&format!("/{text}"), &ORIGIN.parse().unwrap())
}

fn page(values: Values<'_>) -> Element {
    let fields = [CredentialField::new(values.key)
        .label(values.label)
        .input_type(values.input_type)
        .placeholder(values.placeholder)
        .attribute("autocomplete", values.attribute)
        .unwrap()];
    let kinds = [
        FormKind::OAuth { style: None, mark: None },
        FormKind::Email,
        FormKind::Credentials { fields: &fields },
    ];
    let providers = kinds.map(|kind| ProviderForm { id: values.id, name: values.name, kind });
    let theme = Theme::new();
    parse(&sign_in(
        &frame(&theme),
        values.csrf_token,
        &providers,
        &way_back(values.callback_url),
        Some(values.error),
        Some(values.email),
    ))
}

/// The values of an attribute, over all elements that carry it.
fn values_of(page: &Element, attribute: &str) -> Vec<String> {
    page.descendants()
        .into_iter()
        .filter_map(|element| element.attribute(attribute).map(str::to_owned))
        .collect()
}

#[test]
fn no_value_adds_an_element_or_an_attribute() {
    let skeleton = page(HARMLESS).skeleton();
    for hostile in CORPUS {
        let everywhere = Values {
            csrf_token: hostile,
            callback_url: hostile,
            error: hostile,
            email: hostile,
            id: hostile,
            name: hostile,
            key: hostile,
            label: hostile,
            input_type: hostile,
            placeholder: hostile,
            attribute: hostile,
        };
        assert_eq!(page(everywhere).skeleton(), skeleton, "with {hostile:?}");
    }
}

#[test]
fn values_arrive_unchanged() {
    for hostile in CORPUS {
        let page = page(Values {
            csrf_token: hostile,
            callback_url: hostile,
            email: hostile,
            name: hostile,
            label: hostile,
            attribute: hostile,
            ..HARMLESS
        });
        let values = values_of(&page, "value");
        let callback_url = way_back(hostile);
        let expected = [hostile, callback_url.text(), hostile, hostile, hostile];
        assert_eq!(values, expected, "tokens, callback URL and e-mail address");
        assert_eq!(values_of(&page, "label"), [hostile]);
        assert_eq!(values_of(&page, "autocomplete"), ["email", hostile]);
        for button in page.all("button") {
            assert_eq!(button.text(), format!("Sign in with {hostile}"));
        }
    }
}

#[test]
fn an_id_stays_one_path_segment() {
    for id in ["../../evil", "a/b", "a?b", "a#b", "a b", "\\", "@evil.example", "ä"] {
        let page = page(Values { id, ..HARMLESS });
        for action in values_of(&page, "action") {
            let segments = action.strip_prefix(BASE_URL).unwrap();
            assert_eq!(segments.matches('/').count(), 2, "{action}");
            assert!(!action.contains(['?', '#', ' ', '\\', '@']), "{action}");
            assert!(action.is_ascii(), "{action}");
        }
    }
}

#[test]
fn the_error_is_never_shown() {
    let theme = Theme::new();
    let frame = frame(&theme);
    let general = sign_in(&frame, "csrf", &[], &origin(), Some("general"), None);
    let other = error(&frame, None).html;
    for hostile in CORPUS.into_iter().chain(["constructor", "__proto__", "toString"]) {
        let page = sign_in(&frame, "csrf", &[], &origin(), Some(hostile), None);
        assert_eq!(page, general, "with {hostile:?}");
        assert_eq!(error(&frame, Some(hostile)).html, other, "with {hostile:?}");
    }
}

#[test]
fn the_sign_out_page_escapes_its_token() {
    let theme = Theme::new();
    let skeleton = parse(&sign_out(&frame(&theme), "csrf")).skeleton();
    for hostile in CORPUS {
        let page = parse(&sign_out(&frame(&theme), hostile));
        assert_eq!(page.skeleton(), skeleton);
        assert_eq!(values_of(&page, "value"), [hostile]);
    }
}
