//! The scenarios as data: the files of `scenarios/`.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::profile::PROFILES;

/// A story that starts with an empty database, an obedient application and no browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    /// The profiles that it is about; none are all.
    #[serde(default)]
    pub(crate) profiles: Vec<String>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// The browser of this name goes on; `new` is one that has no cookies.
    Browser(String),
    /// Cookies that the browser has from now on; null takes one away.
    Cookies(Map<String, Value>),
    /// How the application behaves from now on.
    Behaviour(Value),
    /// How the identity provider behaves from now on.
    Provider(Value),
    /// How many seconds after the start it is.
    Clock(i64),
    /// Rows that the database has besides; `{now+60}` is a date.
    Seed(Value),
    /// Everything but the browsers starts again.
    Reset(Reset),
    Ask(Ask),
    SignIn(SignIn),
    Link(Link),
}

/// `{}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reset {}

/// One request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    /// Method and path below the auth routes. `{csrf}` is the browser's token, here and below.
    pub(crate) request: String,
    /// Where the auth routes are, if not at `/api/auth`.
    pub(crate) base: Option<String>,
    /// What the transcript calls it, if it is not the request.
    pub(crate) label: Option<String>,
    pub(crate) form: Option<Map<String, Value>>,
    pub(crate) json: Option<Value>,
    pub(crate) text: Option<String>,
    /// Headers that come besides, or in the place of what the body would say.
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
}

/// A sign-in by OAuth: the form of the sign-in page, the provider, its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Provider id, and a query if there is one.
    pub(crate) at: String,
    pub(crate) label: String,
    /// Members of the form besides the token.
    #[serde(default)]
    pub(crate) form: Map<String, Value>,
    /// Whether the first answer is part of the transcript.
    #[serde(default)]
    pub(crate) shown: bool,
    /// Parameters of the provider's answer that differ; null takes one away.
    #[serde(default)]
    pub(crate) callback: Map<String, Value>,
    /// Cookies that differ when the answer arrives; null takes one away, `{name}` is the value of
    /// another one.
    #[serde(default)]
    pub(crate) cookies: Map<String, Value>,
    /// Whether the answer arrives as a form.
    #[serde(default)]
    pub(crate) form_post: bool,
    /// How many seconds later the answer arrives.
    #[serde(default)]
    pub(crate) delay: i64,
}

/// A sign-in by e-mail: the message is asked for, and its link opened.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    pub(crate) to: String,
    pub(crate) label: String,
    /// How the application behaves when the link is opened.
    pub(crate) behaviour: Option<Value>,
    /// How many seconds after the start it is opened.
    #[serde(default)]
    pub(crate) clock: i64,
    /// Parameters of the link that differ; null takes one away.
    #[serde(default)]
    pub(crate) parameters: Map<String, Value>,
    #[serde(default)]
    pub(crate) method: Option<String>,
}

/// All scenarios, file by file in the order of their names.
pub(crate) fn all() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat/scenarios");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let scenarios: Vec<Scenario> = files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            serde_json::from_str::<Vec<Scenario>>(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect();
    for name in scenarios.iter().flat_map(|scenario| &scenario.profiles) {
        assert!(PROFILES.iter().any(|profile| profile.name == name), "no profile {name}");
    }
    scenarios
}
