//! The report of a run.

use std::fmt;

use super::Limit;

/// The outcome of every case. `Display` lists failures and skipped cases.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The names of the cases that hold.
    pub passed: Vec<&'static str>,
    /// The cases that were not run.
    pub skipped: Vec<Skipped>,
    /// The cases that do not hold.
    pub failed: Vec<Failure>,
}

/// A case that the tables cannot pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Skipped {
    /// Its name.
    pub case: &'static str,
    /// What was declared.
    pub because: Limit,
}

/// A case that does not hold.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Its name.
    pub case: &'static str,
    /// What an adapter has to do.
    pub duty: &'static str,
    /// What this one did.
    pub found: String,
}

impl Report {
    pub(super) fn passed(&mut self, case: &'static str) {
        self.passed.push(case);
    }

    pub(super) fn skipped(&mut self, case: &'static str, because: Limit) {
        self.skipped.push(Skipped { case, because });
    }

    pub(super) fn failed(&mut self, case: &'static str, duty: &'static str, found: String) {
        self.failed.push(Failure { case, duty, found });
    }

    /// Whether there was a case, and none that does not hold.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.failed.is_empty() && !self.passed.is_empty()
    }

    /// Fails the test with the whole report unless all cases hold.
    ///
    /// # Panics
    ///
    /// If a case does not hold, or if none was run.
    #[track_caller]
    pub fn assert(&self) {
        assert!(self.holds(), "\n{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, skipped, failed } = self;
        writeln!(
            f,
            "{} cases hold, {} do not, {} were skipped",
            passed.len(),
            failed.len(),
            skipped.len()
        )?;
        for Failure { case, duty, found } in failed {
            writeln!(f, "\n{case}\n  must:  {duty}\n  found: {found}")?;
        }
        for Skipped { case, because } in skipped {
            writeln!(f, "skipped {case}: {because:?}")?;
        }
        Ok(())
    }
}
