//! What is asked for (RFC 6749 section 3.3)?

/// The text of the parameter `scope`, or that there is none.
///
/// ```
/// use typegate::provider::Scope;
///
/// let standard: Scope = "openid email".into();
/// assert_eq!(Scope::separated("read write", ","), "read,write".into());
/// assert_ne!(Scope::from(""), Scope::none()); // An empty parameter is not an absent one.
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scope(pub(crate) Option<String>);

impl Scope {
    /// The parameter is not sent.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// A list, separated by spaces here and by something else on the wire.
    #[must_use]
    pub fn separated(list: &str, separator: &str) -> Self {
        Self(Some(list.split_whitespace().collect::<Vec<_>>().join(separator)))
    }
}

impl From<&str> for Scope {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<String> for Scope {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}
