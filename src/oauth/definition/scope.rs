//! The scope: what is asked for (RFC 6749 section 3.3).

use super::Protocol;

/// The text of the parameter `scope`, or that there is none.
///
/// By default `openid profile email` of an OpenID Connect provider, and nothing of a plain OAuth
/// 2.0 one.
///
/// ```
/// use typegate::provider::Scope;
///
/// let standard: Scope = "openid email".into();
/// assert_eq!(Scope::from(["openid", "email"]), standard);
/// assert_eq!(Scope::separated("read write", ","), "read,write".into());
/// assert_ne!(Scope::from(""), Scope::none()); // An empty parameter is not an absent one.
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Scope(Asked);

#[derive(Clone, Debug, Default, Eq, PartialEq)]
enum Asked {
    #[default]
    Usual,
    Nothing,
    Text(String),
}

impl Scope {
    /// The parameter is not sent.
    #[must_use]
    pub fn none() -> Self {
        Self(Asked::Nothing)
    }

    /// A list, separated by spaces here and by something else on the wire.
    #[must_use]
    pub fn separated(list: &str, separator: &str) -> Self {
        Self(Asked::Text(list.split_whitespace().collect::<Vec<_>>().join(separator)))
    }

    pub(super) fn of(&self, protocol: Protocol) -> Option<&str> {
        match (&self.0, protocol) {
            (Asked::Text(text), _) => Some(text),
            (Asked::Usual, Protocol::OpenIdConnect) => Some("openid profile email"),
            (Asked::Usual, Protocol::OAuth2) | (Asked::Nothing, _) => None,
        }
    }
}

impl From<&str> for Scope {
    fn from(text: &str) -> Self {
        Self(Asked::Text(text.to_owned()))
    }
}

impl From<String> for Scope {
    fn from(text: String) -> Self {
        Self(Asked::Text(text))
    }
}

/// A list, with a space between two tokens (RFC 6749 section 3.3).
fn spaced<T: AsRef<str>>(list: &[T]) -> Scope {
    Scope(Asked::Text(list.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ")))
}

impl<T: AsRef<str>> From<&[T]> for Scope {
    fn from(list: &[T]) -> Self {
        spaced(list)
    }
}

impl<T: AsRef<str>, const N: usize> From<[T; N]> for Scope {
    fn from(list: [T; N]) -> Self {
        spaced(&list)
    }
}

impl<T: AsRef<str>> From<Vec<T>> for Scope {
    fn from(list: Vec<T>) -> Self {
        spaced(&list)
    }
}
