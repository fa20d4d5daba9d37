//! Pages: a visitor's text changes the text of a page and never its elements.

use html5gum::{DefaultEmitter, Error, Token, Tokenizer};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;
use typegate::adapter::MemoryAdapter;
use typegate::provider::catalog::GitHub;
use typegate::provider::{Credentials, Email};
use typegate::testing::FrozenClock;
use typegate::{Auth, AuthorizeError, Jwt, Secret, User};

use crate::site::{Asked, NOW, ORIGIN, Panics, SECRET};

/// Pages, and the parameter of the visitor's that each shows or carries.
const PAGES: [(&str, &str); 7] = [
    ("signin", "error"),
    ("signin", "email"),
    ("signin", "callbackUrl"),
    ("signout", "callbackUrl"),
    ("error", "error"),
    ("verify-request", "email"),
    ("error", "provider"),
];

struct Site {
    auth: Auth,
    panics: Panics,
    /// What each page may look like: with an error that is known, one that is not, and none.
    outlines: Vec<Vec<Vec<String>>>,
}

impl Site {
    fn new() -> Self {
        let panics = Panics::default();
        let authorize = |_: Value| async { Ok::<_, AuthorizeError>(None::<User>) };
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .logger(panics.clone())
            .adapter(MemoryAdapter::new())
            .session(Jwt::default())
            .provider(GitHub::new("client id", "client secret".into()))
            .provider(Credentials::new(authorize).text_field("name", "Name").password_field())
            .provider(Email::new(|_| async { Ok(()) }))
            .build()
            .unwrap();
        let mut site = Self { auth, panics, outlines: Vec::new() };
        let harmless = [
            "",
            "x",
            "Configuration",
            "AccessDenied",
            "Verification",
            "Signin",
            "OAuthSignin",
            "OAuthCallback",
            "OAuthCreateAccount",
            "EmailCreateAccount",
            "Callback",
            "OAuthAccountNotLinked",
            "EmailSignin",
            "CredentialsSignin",
            "SessionRequired",
            "default",
            "/next",
            "ann@example.com",
        ];
        for (page, parameter) in PAGES {
            let outlines = harmless.iter().map(|text| site.outline(page, parameter, text));
            let outlines: Vec<_> = outlines.collect();
            site.outlines.push(outlines);
        }
        site
    }

    fn outline(&self, page: &str, parameter: &str, text: &str) -> Vec<String> {
        let text = percent_encode(text.as_bytes(), NON_ALPHANUMERIC);
        let asked = Asked::get(&format!("/api/auth/{page}?{parameter}={text}"));
        let answer = asked.of(&self.auth, "").unwrap();
        self.panics.assert_none();
        outline(str::from_utf8(answer.body()).unwrap())
    }
}

/// Elements with the names of their attributes, and what these mean to a browser.
fn outline(html: &str) -> Vec<String> {
    const MEANT: [&str; 7] = ["action", "method", "type", "name", "rel", "http-equiv", "class"];
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut outline = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let mut line = text(&tag.name);
                for (name, value) in &tag.attributes {
                    let (name, value) = (text(name), text(value));
                    let value = if MEANT.contains(&&*name) { &value } else { "" };
                    line += &format!(" {name}={value}");
                }
                outline.push(line);
            }
            Token::EndTag(tag) => outline.push(format!("/{}", text(&tag.name))),
            // Characters that a browser shows as nothing, or as U+FFFD.
            Token::Error(error)
                if matches!(
                    error.value,
                    Error::ControlCharacterInInputStream
                        | Error::NoncharacterInInputStream
                        | Error::UnexpectedNullCharacter
                ) => {}
            Token::Error(error) => panic!("{error:?} in {html}"),
            Token::Comment(comment) => panic!("{comment:?} in {html}"),
            Token::String(_) | Token::Doctype(_) => {}
        }
    }
    outline
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Site = Site::new());
    let Ok(given) = str::from_utf8(data) else { return };
    SITE.with(|site| {
        for ((page, parameter), known) in PAGES.iter().zip(&site.outlines) {
            let outline = site.outline(page, parameter, given);
            assert!(known.contains(&outline), "{page} with {parameter}={given:?}: {outline:?}");
        }
    });
}
