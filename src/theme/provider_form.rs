//! The part of the sign-in page that belongs to a provider.
//!
//! OAuth providers bring the look of their button, credentials providers the fields of their form.

use std::fmt;

use super::Color;
use super::LogoUrl;

/// The look of an OAuth provider's button on the sign-in page.
///
/// Everything is optional. What is not set for dark pages is taken from the light ones. Text without
/// a colour, or with one that cannot be read on the background (a contrast below 4.5), becomes black
/// or white, whichever reads better.
///
/// The colours fill the button of the one way in that the page puts first. The others are outlined,
/// so that they do not compete with it; a logo is shown on all of them.
///
/// # Examples
///
/// ```
/// use typegate::ButtonStyle;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let style = ButtonStyle::new()
///     .logo("/assets/acme.svg".parse()?)
///     .background("#fff".parse()?)
///     .background_dark("#24292f".parse()?)
///     .text("#000".parse()?)
///     .text_dark("#fff".parse()?);
///
/// assert_ne!(style, ButtonStyle::default());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ButtonStyle {
    pub(crate) logo: Option<LogoUrl>,
    pub(crate) logo_dark: Option<LogoUrl>,
    pub(crate) background: Option<Color>,
    pub(crate) background_dark: Option<Color>,
    pub(crate) text: Option<Color>,
    pub(crate) text_dark: Option<Color>,
}

impl ButtonStyle {
    /// A style that sets nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// assert_eq!(ButtonStyle::new(), ButtonStyle::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the logo in front of the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// let style = ButtonStyle::new().logo("/acme.svg".parse()?);
    /// assert_ne!(style, ButtonStyle::new());
    /// # Ok::<(), typegate::LogoUrlError>(())
    /// ```
    #[must_use]
    pub fn logo(mut self, logo: LogoUrl) -> Self {
        self.logo = Some(logo);
        self
    }

    /// Sets the logo for dark pages.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// let style = ButtonStyle::new().logo_dark("/acme-dark.svg".parse()?);
    /// assert_ne!(style, ButtonStyle::new());
    /// # Ok::<(), typegate::LogoUrlError>(())
    /// ```
    #[must_use]
    pub fn logo_dark(mut self, logo: LogoUrl) -> Self {
        self.logo_dark = Some(logo);
        self
    }

    /// Sets the background.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// let style = ButtonStyle::new().background("#5865f2".parse()?);
    /// assert_ne!(style, ButtonStyle::new());
    /// # Ok::<(), typegate::ColorError>(())
    /// ```
    #[must_use]
    pub fn background(mut self, color: Color) -> Self {
        self.background = Some(color);
        self
    }

    /// Sets the background for dark pages.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// let style = ButtonStyle::new().background_dark("#24292f".parse()?);
    /// assert_ne!(style, ButtonStyle::new());
    /// # Ok::<(), typegate::ColorError>(())
    /// ```
    #[must_use]
    pub fn background_dark(mut self, color: Color) -> Self {
        self.background_dark = Some(color);
        self
    }

    /// Sets the colour of the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// let style = ButtonStyle::new().text("#000".parse()?);
    /// assert_ne!(style, ButtonStyle::new());
    /// # Ok::<(), typegate::ColorError>(())
    /// ```
    #[must_use]
    pub fn text(mut self, color: Color) -> Self {
        self.text = Some(color);
        self
    }

    /// Sets the colour of the text for dark pages.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::ButtonStyle;
    ///
    /// let style = ButtonStyle::new().text_dark("#fff".parse()?);
    /// assert_ne!(style, ButtonStyle::new());
    /// # Ok::<(), typegate::ColorError>(())
    /// ```
    #[must_use]
    pub fn text_dark(mut self, color: Color) -> Self {
        self.text_dark = Some(color);
        self
    }
}

/// One field of a credentials provider's form on the sign-in page.
///
/// The key is the name under which the value reaches `authorize`. Without a label the key is shown;
/// without a type the field is a plain text field. The page adds `autocomplete`, and `required` to
/// passwords and to the name of the account; see [`optional`](Self::optional) and
/// [`attribute`](Self::attribute).
///
/// # Examples
///
/// ```
/// use typegate::CredentialField;
///
/// let password = CredentialField::new("password")
///     .label("Password")
///     .input_type("password")
///     .attribute("autocomplete", "current-password")?;
///
/// assert_eq!(password.key(), "password");
/// # Ok::<(), typegate::AttributeError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialField {
    pub(crate) key: String,
    pub(crate) label: Option<String>,
    pub(crate) input_type: Option<String>,
    pub(crate) placeholder: Option<String>,
    pub(crate) attributes: Vec<(AttributeName, String)>,
    /// `None` for what the page thinks of such a field.
    pub(crate) optional: Option<bool>,
    /// Whether the label is the page's own word, in the language of the visitor.
    pub(crate) has_own_label: bool,
}

impl CredentialField {
    /// A text field whose value is submitted under this key.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// assert_eq!(CredentialField::new("username").key(), "username");
    /// ```
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: None,
            input_type: None,
            placeholder: None,
            attributes: Vec::new(),
            optional: None,
            has_own_label: false,
        }
    }

    /// The password field that most forms have.
    pub(crate) fn password() -> Self {
        Self {
            has_own_label: true,
            ..Self::new("password").label("Password").input_type("password")
        }
    }

    /// The key the value is submitted under.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// assert_eq!(CredentialField::new("code").key(), "code");
    /// ```
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Sets the text above the field.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// let field = CredentialField::new("code").label("One-time code");
    /// assert_ne!(field, CredentialField::new("code"));
    /// ```
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self.has_own_label = false;
        self
    }

    /// Says whether a browser sends the form without it. By default a field of the type `password`
    /// and one that names the account (`username`, `email`, …) are required, and others are not.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// let pin = CredentialField::new("pin").input_type("password").optional(true);
    /// assert_ne!(pin, CredentialField::new("pin").input_type("password"));
    /// ```
    #[must_use]
    pub fn optional(mut self, optional: bool) -> Self {
        self.optional = Some(optional);
        self
    }

    /// Sets the [type](https://html.spec.whatwg.org/multipage/input.html#attr-input-type) of the
    /// field, such as `password` or `email`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// let field = CredentialField::new("pin").input_type("password");
    /// assert_ne!(field, CredentialField::new("pin"));
    /// ```
    #[must_use]
    pub fn input_type(mut self, input_type: impl Into<String>) -> Self {
        self.input_type = Some(input_type.into());
        self
    }

    /// Sets the hint shown while the field is empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// let field = CredentialField::new("username").placeholder("jsmith");
    /// assert_ne!(field, CredentialField::new("username"));
    /// ```
    #[must_use]
    pub fn placeholder(mut self, placeholder: impl Into<String>) -> Self {
        self.placeholder = Some(placeholder.into());
        self
    }

    /// Adds another attribute to the field's `input` element, such as `autocomplete` or `required`.
    ///
    /// An attribute that needs no value, such as `required`, takes an empty one. A name set before
    /// gets the new value.
    ///
    /// # Errors
    ///
    /// Fails if the name
    ///
    /// - is more than ASCII letters, digits and hyphens, or does not start with a letter,
    /// - belongs to an event handler (`on…`): the pages carry no script,
    /// - takes an address or a form over (`src`, `form`, `formaction`, …),
    /// - is one the page sets itself (`name`, `id`, `type`, `placeholder`, `label`); v4 lets these
    ///   be replaced and then loses the tie between label and field.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::CredentialField;
    ///
    /// let field = CredentialField::new("username").attribute("autocomplete", "username")?;
    /// assert!(field.clone().attribute("required", "").is_ok());
    /// assert!(field.attribute("onfocus", "alert(1)").is_err());
    /// # Ok::<(), typegate::AttributeError>(())
    /// ```
    pub fn attribute(
        mut self,
        name: &str,
        value: impl Into<String>,
    ) -> Result<Self, AttributeError> {
        let name = AttributeName::parse(name)?;
        // A second attribute of the same name is a parse error in HTML and is dropped by browsers.
        self.attributes.retain(|(earlier, _)| *earlier != name);
        self.attributes.push((name, value.into()));
        Ok(self)
    }
}

/// The name of an attribute that is safe to write into a tag as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AttributeName(String);

impl AttributeName {
    fn parse(text: &str) -> Result<Self, AttributeError> {
        // HTML compares names of attributes without regard to case.
        let name = text.to_ascii_lowercase();
        let reason = if !name.starts_with(|c: char| c.is_ascii_lowercase())
            || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        {
            AttributeProblem::Malformed
        } else if name.starts_with("on") {
            AttributeProblem::Script
        } else if name.starts_with("form") || name == "src" {
            AttributeProblem::Target
        } else if ["id", "label", "name", "placeholder", "type"].contains(&name.as_str()) {
            AttributeProblem::Reserved
        } else {
            return Ok(Self(name));
        };
        Err(AttributeError { name: text.to_owned(), reason })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name that cannot be an additional attribute of a credentials field.
///
/// # Examples
///
/// ```
/// use typegate::CredentialField;
///
/// let error = CredentialField::new("username").attribute("id", "user").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#""id" cannot be added to a credentials field: the sign-in page sets this attribute itself"#,
/// );
/// ```
#[derive(Clone, Eq, PartialEq, thiserror::Error)]
#[error("{name:?} cannot be added to a credentials field: {reason}")]
pub struct AttributeError {
    name: String,
    reason: AttributeProblem,
}

/// As it is read by people: a `main` that returns errors prints them so, and so does `unwrap`.
impl fmt::Debug for AttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
enum AttributeProblem {
    #[error("write ASCII letters, digits and hyphens, starting with a letter")]
    Malformed,
    #[error("the sign-in page sets this attribute itself")]
    Reserved,
    #[error("event handlers are script, and the pages carry none")]
    Script,
    #[error("it would change where the form or the page sends requests")]
    Target,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_attributes_are_accepted() {
        for name in ["autocomplete", "required", "data-x1", "aria-describedby", "maxLength"] {
            assert!(AttributeName::parse(name).is_ok(), "{name:?} was refused");
        }
    }

    #[test]
    fn names_that_would_change_the_page_are_refused() {
        for (name, reason) in [
            ("", AttributeProblem::Malformed),
            ("-x", AttributeProblem::Malformed),
            ("1x", AttributeProblem::Malformed),
            ("a b", AttributeProblem::Malformed),
            ("a/b", AttributeProblem::Malformed),
            ("a=b", AttributeProblem::Malformed),
            ("a>", AttributeProblem::Malformed),
            ("a\"", AttributeProblem::Malformed),
            ("a'b", AttributeProblem::Malformed),
            ("a\nb", AttributeProblem::Malformed),
            ("a\0", AttributeProblem::Malformed),
            ("ünchecked", AttributeProblem::Malformed),
            ("onfocus", AttributeProblem::Script),
            ("ONFOCUS", AttributeProblem::Script),
            ("form", AttributeProblem::Target),
            ("FormAction", AttributeProblem::Target),
            ("src", AttributeProblem::Target),
            ("name", AttributeProblem::Reserved),
            ("ID", AttributeProblem::Reserved),
            ("type", AttributeProblem::Reserved),
        ] {
            let error = AttributeName::parse(name).expect_err("a refused name");
            assert_eq!(error.reason, reason, "for {name:?}");
        }
    }

    #[test]
    fn a_repeated_attribute_takes_the_last_value() {
        let field = CredentialField::new("pin")
            .attribute("maxlength", "4")
            .and_then(|field| field.attribute("MAXLENGTH", "6"))
            .expect("two good names");
        assert_eq!(field.attributes.len(), 1);
        assert_eq!(field.attributes[0].1, "6");
    }
}
