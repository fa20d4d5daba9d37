//! Scopes (OpenID Connect Core section 5.4).

use std::fmt;

/// The scope values known here (OIDC Core section 5.4); `openid` is always
/// among them.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) profile: bool,
    pub(super) email: bool,
}

impl Scope {
    pub(super) const SUPPORTED: [&'static str; 3] = ["openid", "profile", "email"];

    /// `None` without `openid`. Unknown values are to be ignored
    /// (OIDC Core section 3.1.2.1).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let has = |wanted| text.split(' ').any(|value| value == wanted);
        has("openid").then(|| Self { profile: has("profile"), email: has("email") })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("openid")?;
        if self.profile {
            f.write_str(" profile")?;
        }
        if self.email {
            f.write_str(" email")?;
        }
        Ok(())
    }
}
