//! The theme of the built-in pages: their look and their texts. docs/pages.md has both.

mod color;
pub(crate) mod contrast;
mod logo_url;
mod provider_form;
mod texts;

pub use color::{Color, ColorError};
pub use logo_url::{LogoUrl, LogoUrlError};
pub use provider_form::{AttributeError, ButtonStyle, CredentialField};
pub use texts::{Direction, Phrase, Texts};

/// Whether the built-in pages are light or dark.
///
/// # Examples
///
/// ```
/// use typegate::ColorScheme;
///
/// assert_eq!(ColorScheme::default(), ColorScheme::Auto);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ColorScheme {
    /// What the visitor's browser or system prefers.
    #[default]
    Auto,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

impl ColorScheme {
    /// The name v4 uses in the class of the page's body.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The value of the `color-scheme` property, which also colours scroll bars and form controls.
    pub(crate) fn css_value(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// The look and the language of the built-in pages: the name of the site, its logo and colours, and
/// the texts.
///
/// Everything is optional; [`Theme::new`] follows the visitor's colour scheme and language and uses
/// typegate's own colours. Colours and addresses are checked when they are parsed, so setting them cannot
/// fail.
///
/// # Examples
///
/// ```
/// use typegate::{ColorScheme, Theme};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let theme = Theme::new()
///     .site_name("Acme")
///     .color_scheme(ColorScheme::Dark)
///     .brand_color("#346df1".parse()?)
///     .button_text("#ffffff".parse()?)
///     .logo("/assets/logo.svg".parse()?);
///
/// assert_ne!(theme, Theme::default());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Theme {
    pub(crate) color_scheme: ColorScheme,
    pub(crate) brand_color: Option<Color>,
    pub(crate) button_text: Option<Color>,
    pub(crate) logo: Option<LogoUrl>,
    pub(crate) logo_dark: Option<LogoUrl>,
    pub(crate) site_name: Option<String>,
    languages: Vec<Texts>,
}

impl Theme {
    /// A theme that sets nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::Theme;
    ///
    /// assert_eq!(Theme::new(), Theme::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether the pages are light, dark, or what the visitor prefers.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::{ColorScheme, Theme};
    ///
    /// let light = Theme::new().color_scheme(ColorScheme::Light);
    /// assert_ne!(light, Theme::new().color_scheme(ColorScheme::Dark));
    /// ```
    #[must_use]
    pub fn color_scheme(mut self, color_scheme: ColorScheme) -> Self {
        self.color_scheme = color_scheme;
        self
    }

    /// Sets the background of the main buttons.
    ///
    /// Their text becomes black or white, whichever reads better, unless
    /// [`button_text`](Self::button_text) says otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::Theme;
    ///
    /// let theme = Theme::new().brand_color("#346df1".parse()?);
    /// assert_ne!(theme, Theme::new());
    /// # Ok::<(), typegate::ColorError>(())
    /// ```
    #[must_use]
    pub fn brand_color(mut self, brand_color: Color) -> Self {
        self.brand_color = Some(brand_color);
        self
    }

    /// Sets the text colour of the main buttons on the sign-in and sign-out pages.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::Theme;
    ///
    /// let theme = Theme::new().button_text("#fff".parse()?);
    /// assert_ne!(theme, Theme::new());
    /// # Ok::<(), typegate::ColorError>(())
    /// ```
    #[must_use]
    pub fn button_text(mut self, button_text: Color) -> Self {
        self.button_text = Some(button_text);
        self
    }

    /// Sets the logo shown at the top of every page.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::Theme;
    ///
    /// let theme = Theme::new().logo("https://example.com/logo.png".parse()?);
    /// assert_ne!(theme, Theme::new());
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
    /// use typegate::Theme;
    ///
    /// let theme = Theme::new().logo("/logo.svg".parse()?).logo_dark("/logo-dark.svg".parse()?);
    /// assert_ne!(theme, Theme::new().logo("/logo.svg".parse()?));
    /// # Ok::<(), typegate::LogoUrlError>(())
    /// ```
    #[must_use]
    pub fn logo_dark(mut self, logo: LogoUrl) -> Self {
        self.logo_dark = Some(logo);
        self
    }

    /// Sets the name by which visitors know the site: the sign-in page says "Sign in to Acme", and
    /// titles end with it. A blank one is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::Theme;
    ///
    /// let theme = Theme::new().site_name("Acme");
    /// assert_ne!(theme, Theme::new());
    /// assert_eq!(Theme::new().site_name(" "), Theme::new());
    /// ```
    #[must_use]
    pub fn site_name(mut self, name: impl Into<String>) -> Self {
        self.site_name = Some(name.into()).filter(|name| !name.trim().is_empty());
        self
    }

    /// Sets the languages of the pages, in the place of [`Texts::ALL`]. The first is for visitors
    /// who read none of them; with a single one the pages never change their language.
    ///
    /// # Examples
    ///
    /// ```
    /// use typegate::{Texts, Theme};
    ///
    /// let theme = Theme::new().languages([Texts::ENGLISH]);
    /// assert_ne!(theme, Theme::new());
    /// ```
    #[must_use]
    pub fn languages(mut self, languages: impl Into<Vec<Texts>>) -> Self {
        self.languages = languages.into();
        self
    }

    /// The languages that there are; never none.
    pub(crate) fn texts(&self) -> &[Texts] {
        if self.languages.is_empty() { Texts::ALL } else { &self.languages }
    }

    /// Background and text of a button outside the built-in style sheet, in a message.
    pub(crate) fn button_colours(&self) -> (String, String) {
        const BRAND: &str = "#346df1";
        let background = self.brand_color.as_ref();
        let text = match (&self.button_text, background) {
            (Some(text), _) => text.to_string(),
            (None, Some(background)) => background.readable_text().to_string(),
            (None, None) => "#fff".to_owned(),
        };
        (background.map_or_else(|| BRAND.to_owned(), ToString::to_string), text)
    }
}
