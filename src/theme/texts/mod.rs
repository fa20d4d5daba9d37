//! The texts of the built-in pages and of the message with a sign-in link: one value of [`Texts`] for each language.

mod chinese;
mod english;
mod french;
mod german;
mod japanese;
mod portuguese;
mod spanish;

/// A text around a name, such as `Sign in with` and the name of a provider.
///
/// ```
/// use typegate::{Phrase, Texts};
///
/// const WITH: Phrase = Phrase::around("Mit ", " anmelden");
/// assert_eq!(Texts::GERMAN.sign_in_with, WITH);
/// assert_eq!(WITH.with("GitHub"), "Mit GitHub anmelden");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Phrase {
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
}

impl Phrase {
    /// What stands before and after the name, blanks included.
    #[must_use]
    pub const fn around(before: &'static str, after: &'static str) -> Self {
        Self { before, after }
    }

    /// The whole text.
    #[must_use]
    pub fn with(self, name: &str) -> String {
        format!("{}{name}{}", self.before, self.after)
    }
}

/// In which direction a language is written: the attribute `dir` of a page.
///
/// ```
/// use typegate::{Direction, Texts};
///
/// assert_eq!(Texts::FRENCH.direction, Direction::LeftToRight);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left, as Arabic, Hebrew and Persian.
    RightToLeft,
}

impl Direction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Everything that the built-in pages and the message with a sign-in link say, in one language.
///
/// Seven languages are there. Another one, or other words, are a value of this type, which
/// [`Theme::languages`](crate::Theme::languages) takes. A text that is forgotten does not compile;
/// for the same reason a release that adds a text is a breaking one.
///
/// ```
/// use typegate::{Texts, Theme};
///
/// // Only some words are other ones: the rest is as it was.
/// let informal = Texts {
///     sign_out_question: "Möchtest du dich wirklich abmelden?",
///     ..Texts::GERMAN
/// };
/// let theme = Theme::new().languages([Texts::ENGLISH, informal]);
/// assert_ne!(theme, Theme::new());
/// ```
///
/// ```compile_fail,E0063
/// use typegate::{Direction, Texts};
///
/// let arabic = Texts { language: "ar", direction: Direction::RightToLeft, sign_in: "تسجيل الدخول" };
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Texts {
    /// The tag of the language (BCP 47), such as `de` or `pt-PT`.
    pub language: &'static str,
    /// In which direction it is written.
    pub direction: Direction,

    /// The title of the sign-in page of a site without a name.
    pub sign_in_title: &'static str,
    /// The title of the sign-out page.
    pub sign_out_title: &'static str,
    /// The title of the page that a request for a link leads to.
    pub verify_request_title: &'static str,
    /// The title of the error page.
    pub error_title: &'static str,

    /// The heading of the sign-in page of a site without a name, and a button.
    pub sign_in: &'static str,
    /// The heading of the sign-in page, around the name of the site.
    pub sign_in_to: Phrase,
    /// A button, around the name of a provider.
    pub sign_in_with: Phrase,
    /// Between two ways to sign in.
    pub or: &'static str,
    /// What opens the rest of many buttons.
    pub more_providers: &'static str,
    /// The label of the field for an e-mail address.
    pub email: &'static str,
    /// The name of an e-mail provider that has no other name than `Email`.
    pub email_name: &'static str,
    /// What an address looks like.
    pub email_example: &'static str,
    /// The label of [`password_field`](crate::provider::Credentials::password_field).
    pub password: &'static str,

    /// The heading of the sign-out page.
    pub sign_out_heading: &'static str,
    /// What the sign-out page asks.
    pub sign_out_question: &'static str,
    /// The button that signs out.
    pub sign_out: &'static str,
    /// The link that does not.
    pub cancel: &'static str,

    /// The heading after a request for a link.
    pub check_your_email: &'static str,
    /// That a link was sent.
    pub link_sent: &'static str,
    /// To which address, around it.
    pub link_sent_to: Phrase,
    /// Where to look if it does not come.
    pub no_email_yet: &'static str,
    /// The button that sends another one.
    pub send_again: &'static str,
    /// The link back to the form.
    pub other_email: &'static str,

    /// What is asked of whoever opens a link, around the host of the site.
    pub continue_to: Phrase,

    /// The heading of an error that is none of the others.
    pub error_heading: &'static str,
    /// The heading for somebody whom the application refused.
    pub access_denied: &'static str,
    /// The heading for a configuration that does not work.
    pub server_error: &'static str,
    /// The heading for a link that is of no use.
    pub cannot_sign_in: &'static str,
    /// Why a link may be of no use.
    pub link_used: &'static str,
    /// Where the operator finds the cause.
    pub see_server_log: &'static str,

    /// The sign-in failed for a reason that the visitor cannot know.
    pub try_another_account: &'static str,
    /// The account, or its address, belongs to another user.
    pub not_linked: &'static str,
    /// The link could not be sent.
    pub email_not_sent: &'static str,
    /// The credentials were refused.
    pub wrong_details: &'static str,
    /// A page wants a session.
    pub sign_in_required: &'static str,
    /// The application refused.
    pub no_permission: &'static str,
    /// The link is not valid any more.
    pub link_invalid: &'static str,
    /// The configuration does not work.
    pub server_problem: &'static str,
    /// Any other error.
    pub unable_to_sign_in: &'static str,

    /// Links were asked for too often.
    pub too_many_links: &'static str,
    /// Credentials were tried too often.
    pub too_many_attempts: &'static str,
    /// The site or a provider failed, and the visitor did nothing wrong.
    pub not_working: &'static str,
    /// A provider does not answer, around its name.
    pub provider_unreachable: Phrase,

    /// The last line of the message with a sign-in link, whose subject and button are
    /// [`sign_in_to`](Self::sign_in_to), around the host, and [`sign_in`](Self::sign_in).
    pub message_not_asked_for: &'static str,
}

impl Texts {
    /// English. What NextAuth v4 says is said to the letter.
    pub const ENGLISH: Self = english::ENGLISH;
    /// German.
    pub const GERMAN: Self = german::GERMAN;
    /// French.
    pub const FRENCH: Self = french::FRENCH;
    /// Spanish.
    pub const SPANISH: Self = spanish::SPANISH;
    /// Portuguese, as in Brazil.
    pub const PORTUGUESE: Self = portuguese::PORTUGUESE;
    /// Japanese.
    pub const JAPANESE: Self = japanese::JAPANESE;
    /// Chinese in simplified characters.
    pub const CHINESE: Self = chinese::CHINESE;

    /// All of these. The first is for visitors who read none of them.
    pub const ALL: &'static [Self] = &[
        Self::ENGLISH,
        Self::GERMAN,
        Self::FRENCH,
        Self::SPANISH,
        Self::PORTUGUESE,
        Self::JAPANESE,
        Self::CHINESE,
    ];
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Phrase, Texts};

    #[test]
    fn languages_are_told_apart_and_have_no_loose_blanks() {
        let tags: HashSet<_> = Texts::ALL.iter().map(|texts| texts.language).collect();
        assert_eq!(tags.len(), Texts::ALL.len());
        for texts in Texts::ALL {
            // Every text, by way of the one thing that lists them.
            let written = format!("{texts:?}");
            for text in written.split('"').skip(1).step_by(2) {
                assert!(!text.contains("  "), "{}: {text:?}", texts.language);
            }
            assert!(
                !written.replace("before: \"\"", "").replace("after: \"\"", "").contains("\"\"")
            );
            for phrase in [texts.sign_in_to, texts.sign_in_with, texts.continue_to] {
                assert_ne!(phrase, Phrase::around("", ""), "{}", texts.language);
            }
        }
    }

    #[test]
    fn no_language_was_left_in_english() {
        for texts in Texts::ALL.iter().filter(|texts| texts.language != "en") {
            let english = Texts::ENGLISH;
            for (ours, theirs) in [
                (texts.sign_in, english.sign_in),
                (texts.password, english.password),
                (texts.try_another_account, english.try_another_account),
                (texts.too_many_links, english.too_many_links),
                (texts.send_again, english.send_again),
                (texts.more_providers, english.more_providers),
                (texts.not_working, english.not_working),
            ] {
                assert_ne!(ours, theirs, "{}", texts.language);
            }
        }
    }
}
