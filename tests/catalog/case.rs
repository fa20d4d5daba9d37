//! A case: a file of `tests/data/providers`, whose members docs/providers.md explains.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

pub(crate) type Texts = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(skip)]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) variables: Texts,
    pub(crate) issuer: Option<String>,
    pub(crate) document: Option<String>,
    /// The algorithm of the ID token, RS256 by default.
    pub(crate) id_token: Option<String>,
    #[serde(default)]
    pub(crate) authorization: Authorization,
    pub(crate) checks: Vec<String>,
    pub(crate) token: Token,
    pub(crate) profile: Option<ProfileRequest>,
    pub(crate) samples: Vec<Sample>,
    #[serde(default)]
    pub(crate) differences: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authorization {
    pub(crate) url: Option<String>,
    /// `code` by default.
    pub(crate) response_type: Option<String>,
    #[serde(default)]
    pub(crate) query: Texts,
    /// What stands behind `#`.
    pub(crate) fragment: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    pub(crate) url: Option<String>,
    pub(crate) authentication: String,
    #[serde(default)]
    pub(crate) query: Texts,
    #[serde(default)]
    pub(crate) headers: Texts,
    #[serde(default)]
    pub(crate) form: Texts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileRequest {
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) headers: Texts,
    pub(crate) body: Option<Value>,
    /// The members of a form.
    #[serde(default)]
    pub(crate) form: Texts,
    /// The answer is a JWT.
    #[serde(default)]
    pub(crate) signed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sample {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) variables: Texts,
    /// With these variables the server is elsewhere: what begins with the one address begins with
    /// the other.
    #[serde(default)]
    pub(crate) moved: Texts,
    /// Parameters of the authorization request that are others with these variables.
    #[serde(default)]
    pub(crate) query: Texts,
    #[serde(default)]
    pub(crate) tokens: Map<String, Value>,
    /// The whole token response, where `tokens` does not do.
    pub(crate) token_response: Option<Value>,
    /// Claims of the ID token, where the answer is the userinfo endpoint's.
    #[serde(default)]
    pub(crate) claims: Map<String, Value>,
    /// Fields that come with the browser; the callback is a POST then.
    #[serde(default)]
    pub(crate) callback: Texts,
    pub(crate) answer: Value,
    #[serde(default)]
    pub(crate) requests: Vec<FurtherRequest>,
    pub(crate) user: Option<Map<String, Value>>,
    /// The member that the mapping misses.
    pub(crate) error: Option<String>,
    /// What the log says of an answer that is not believed.
    pub(crate) refused: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FurtherRequest {
    pub(crate) url: String,
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: Texts,
    #[serde(default)]
    pub(crate) body: Value,
    /// The body instead, where it is no text.
    pub(crate) base64: Option<String>,
}

impl Sample {
    /// Where an address of the file is for this sample.
    pub(crate) fn address(&self, url: &str) -> String {
        let moved = self
            .moved
            .iter()
            .find_map(|(from, to)| Some(format!("{to}{}", url.strip_prefix(from.as_str())?)));
        moved.unwrap_or_else(|| url.to_owned())
    }
}

/// All files of a folder below `tests/data`, by id.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let case: Result<Case, _> = serde_json::from_str(&text);
            let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let case = case.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Case { id, ..case }
        })
        .collect()
}
