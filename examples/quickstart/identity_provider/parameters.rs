//! The parameters of a request, of which none may be repeated (RFC 6749 section 3.1).

use std::collections::{HashMap, HashSet};

use url::form_urlencoded;

/// The longest query or form accepted, so that the bounded maps bound memory too.
pub(super) const MAX_FORM_BYTES: usize = 8 * 1024;

/// The parameters of an OAuth request under the rules of RFC 6749 section 3.1: one
/// without a value counts as absent, and none may occur twice.
pub(super) struct Parameters {
    values: HashMap<String, String>,
    repeated: HashSet<String>,
}

impl Parameters {
    /// `None` when the form is too long.
    pub(super) fn parse(form: &[u8]) -> Option<Self> {
        if form.len() > MAX_FORM_BYTES {
            return None;
        }
        let mut values = HashMap::new();
        let mut repeated = HashSet::new();
        for (name, value) in form_urlencoded::parse(form) {
            if values.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                repeated.insert(name.into_owned());
            }
        }
        Some(Self { values, repeated })
    }

    /// A repeated parameter has no value that could be trusted.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty() && !self.repeated.contains(name))
    }

    pub(super) fn any_repeated(&self) -> bool {
        !self.repeated.is_empty()
    }
}
