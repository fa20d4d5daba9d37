//! Problems: what was found wrong so far, in terms of the text's bytes.

use super::document::Span;
use super::report::{Report, Violation};
use super::source::Source;
use crate::error::{ConfigError, ErrorCode};
use crate::rule::Rule;

/// What a problem is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    pub(super) span: Option<Span>,
    pub(super) path: String,
    /// Whether the text there may be shown: it is no secret.
    pub(super) is_shown: bool,
}

impl Spot {
    /// The same place, of which nothing may be shown.
    pub(super) fn hidden(mut self) -> Self {
        self.is_shown = false;
        self
    }
}

struct Problem {
    rule: Option<Rule>,
    code: Option<ErrorCode>,
    cause: String,
    label: String,
    fix: String,
    spot: Spot,
}

#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// A rule is violated; `name` is the adapter's, or that of the setting.
    pub(super) fn rule(&mut self, rule: Rule, spot: Spot, name: Option<&str>) {
        let named = |text: &str| {
            let adapter = text.replace("{Self}", name.unwrap_or("adapter"));
            adapter.replace("{Setting}", &name.unwrap_or_default().escape_debug().to_string())
        };
        self.0.push(Problem {
            rule: Some(rule),
            code: rule.code(),
            cause: named(rule.cause()),
            label: named(rule.label()),
            fix: rule.fix_in_file().to_owned(),
            spot,
        });
    }

    /// A value is not accepted.
    pub(super) fn value(&mut self, spot: Spot, cause: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Problem {
            rule: None,
            code: None,
            cause: cause.into(),
            label: "this is not accepted".to_owned(),
            fix: fix.into(),
            spot,
        });
    }

    /// Something is not there.
    pub(super) fn missing(&mut self, spot: Spot, cause: impl Into<String>, fix: impl Into<String>) {
        self.value(spot, cause, fix);
        if let Some(problem) = self.0.last_mut() {
            problem.label = "here".to_owned();
        }
    }

    /// What a constructor in code refused.
    pub(super) fn refused(&mut self, spot: Spot, error: &ConfigError, fix: &str) {
        let mut cause = error.message().to_owned();
        if let Some(source) = std::error::Error::source(error) {
            cause.push_str(": ");
            cause.push_str(&source.to_string());
        }
        self.0.push(Problem {
            rule: None,
            code: error.code(),
            cause,
            label: "this is not accepted".to_owned(),
            fix: fix.to_owned(),
            spot,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order of the text; what is missing comes last.
    pub(super) fn into_report(mut self, source: &Source) -> Report {
        self.0.sort_by_key(|problem| {
            problem.spot.span.as_ref().map_or(usize::MAX, |span| span.start)
        });
        let violations = self.0.into_iter().map(|problem| Violation {
            rule: problem.rule,
            code: problem.code,
            cause: problem.cause,
            label: problem.label,
            fix: problem.fix,
            place: source.place(problem.spot.span.as_ref(), problem.spot.is_shown),
            key: problem.spot.path,
        });
        Report(violations.collect())
    }
}
