//! The model of a page: what it needs to know.

use crate::error::ErrorCode;
use crate::provider::catalog::Mark;
use crate::theme::{ButtonStyle, CredentialField, Texts, Theme};
use crate::web::percent_encode;

/// What every page needs.
pub(crate) struct PageFrame<'a> {
    pub theme: &'a Theme,
    pub texts: &'a Texts,
    /// Whether the visitor asked for these texts, so that the pages that follow have them too.
    pub is_language_asked_for: bool,
    /// Where the actions live, such as `http://localhost:3000/api/auth`.
    pub base_url: &'a str,
    /// The site itself, such as `http://localhost:3000`.
    pub origin: &'a str,
    /// What the error may stand for, where a developer is looking; else empty.
    pub explained: &'a [ErrorCode],
}

impl<'a> PageFrame<'a> {
    /// Host and port, the name under which visitors know the site.
    pub(super) fn host(&self) -> &'a str {
        self.origin.split_once("://").map_or(self.origin, |(_, host)| host)
    }

    /// The address of an action, such as `signin/github`.
    pub(super) fn action(&self, rest: &str) -> String {
        let address = format!("{}/{rest}", self.base_url);
        match self.is_language_asked_for {
            true => in_language(&address, self.texts),
            false => address,
        }
    }

    pub(super) fn site_name(&self) -> Option<&'a str> {
        self.theme.site_name.as_deref()
    }
}

/// An address of ours, with the language that the page there is to have.
pub(crate) fn in_language(address: &str, texts: &Texts) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}ui_locales={}", percent_encode(texts.language))
}

/// A provider that has a form on the sign-in page.
///
/// v4 shows providers of type oauth and email, and those of type credentials that declare fields;
/// leaving the others out is up to the caller.
pub(crate) struct ProviderForm<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub kind: FormKind<'a>,
}

/// What kind of form a provider has.
pub(crate) enum FormKind<'a> {
    Credentials { fields: &'a [CredentialField] },
    Email,
    OAuth { style: Option<&'a ButtonStyle>, mark: Option<Mark> },
}

impl FormKind<'_> {
    /// Whether the visitor types something, which sets the form apart from plain buttons.
    pub(super) fn has_fields(&self) -> bool {
        match self {
            Self::Credentials { .. } | Self::Email => true,
            Self::OAuth { .. } => false,
        }
    }
}

/// An error page and the status it is sent with.
pub(crate) struct ErrorPage {
    pub status: u16,
    pub html: String,
}
