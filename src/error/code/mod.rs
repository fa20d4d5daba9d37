//! The documented error codes, and what is known about each.
//!
//! [`table`] has one row for each code. Everything that is said about a code comes from there: its
//! level and help address in the log, the `?error=` of the redirect, the text on a page, the page
//! `docs/errors.md`. A new code is a new row, and a scenario in `tests/flow/errors` that raises it.

mod entry;
mod table;

use std::fmt;

pub use entry::{CausedBy, Flow, Level, Origin, Retired, Shown};
pub use table::ErrorCode;

/// The page with a section for each code.
const HELP: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/errors.md#");

impl ErrorCode {
    /// The code with this name, compared exactly.
    ///
    /// ```
    /// use typegate::ErrorCode;
    ///
    /// assert_eq!(ErrorCode::from_text("NO_SECRET"), Some(ErrorCode::NoSecret));
    /// assert_eq!(ErrorCode::from_text("no_secret"), None);
    /// ```
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// The level at which it is usually logged. What strangers can cause is a warning at most,
    /// unless the application, its database or a provider failed under the same code.
    ///
    /// ```
    /// use typegate::error::Level;
    /// use typegate::ErrorCode;
    ///
    /// assert_eq!(ErrorCode::JwtSession.level(), Level::Warn);
    /// assert_eq!(ErrorCode::AdapterCreateUser.level(), Level::Error);
    /// ```
    #[must_use]
    pub fn level(self) -> Level {
        match self.caused_by() {
            CausedBy::Operator => self.level_of_ours(),
            CausedBy::Strangers => self.level_of_strangers(),
        }
    }

    /// Who can cause it.
    #[must_use]
    pub fn caused_by(self) -> CausedBy {
        self.entry().caused_by
    }

    pub(crate) fn level_of_ours(self) -> Level {
        self.entry().level
    }

    pub(crate) fn level_of_strangers(self) -> Level {
        self.entry().level.min(Level::Warn)
    }

    /// Whose code it is: NextAuth's, or one of typegate's own for what v4 does not log.
    #[must_use]
    pub fn origin(self) -> Origin {
        self.entry().origin
    }

    /// In which flow it is raised.
    #[must_use]
    pub fn flow(self) -> Flow {
        self.entry().flow
    }

    /// At which step of the flow it is raised.
    #[must_use]
    pub fn step(self) -> &'static str {
        self.entry().step
    }

    /// What a visitor may see of it, the usual answer first.
    #[must_use]
    pub fn shown(self) -> &'static [Shown] {
        self.entry().shown
    }

    /// How to find out more.
    #[must_use]
    pub fn diagnosis(self) -> &'static str {
        self.entry().diagnosis
    }

    /// How to fix it.
    ///
    /// ```
    /// use typegate::ErrorCode;
    ///
    /// assert!(ErrorCode::NoSecret.remedy().contains("Secret::from_env"));
    /// ```
    #[must_use]
    pub fn remedy(self) -> &'static str {
        self.entry().remedy
    }

    /// The number of the [rule](crate::rule) that makes the same mistake a compile error.
    #[must_use]
    pub fn rule(self) -> Option<u8> {
        self.entry().rule
    }

    /// A message under this code that NextAuth's documentation lists as an error of its own.
    #[must_use]
    pub fn documented_message(self) -> Option<&'static str> {
        self.entry().documented_message
    }

    /// When NextAuth stopped using it, and what it uses instead. Such a code is
    /// logged in addition to today's, unless
    /// [`Diagnostics::retired_codes`](crate::Diagnostics::retired_codes) turns that off.
    #[must_use]
    pub fn retired(self) -> Option<Retired> {
        self.entry().retired
    }

    /// The address of the section that explains it.
    ///
    /// ```
    /// use typegate::ErrorCode;
    ///
    /// assert!(ErrorCode::NoSecret.help_url().ends_with("/docs/errors.md#no_secret"));
    /// ```
    #[must_use]
    pub fn help_url(self) -> String {
        format!("{HELP}{}", self.anchor())
    }

    /// The name of that section within the page.
    #[must_use]
    pub fn anchor(self) -> String {
        self.as_str().to_ascii_lowercase()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ErrorCode, Origin};

    #[test]
    fn codes_and_anchors_are_spelled_once() {
        let anchors: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.anchor()).collect();
        assert_eq!(anchors.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_text(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn every_row_is_filled_in() {
        for code in ErrorCode::ALL {
            for text in [code.cause(), code.step(), code.diagnosis(), code.remedy()] {
                assert!(text.len() > 2 && text.trim() == text, "{code}: {text:?}");
            }
            assert!(!code.shown().is_empty(), "{code}");
        }
    }

    #[test]
    fn a_retired_code_names_one_that_is_not() {
        let retired = ErrorCode::ALL.iter().filter_map(|code| Some((code, code.retired()?)));
        let mut count = 0;
        for (code, retired) in retired {
            count += 1;
            assert_eq!(code.origin(), Origin::Documented);
            assert!(!retired.with.is_empty());
            assert!(retired.with.iter().all(|today| today.retired().is_none()), "{code}");
        }
        assert_eq!(count, 6);
    }
}
