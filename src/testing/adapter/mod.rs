//! Conformance of adapters to what the flows count on. Call this from the tests of your own.
//!
//! [`Conformance`] runs one group of cases for each trait the adapter implements, every case on
//! an adapter without rows, and makes a [`Report`] of all of them: what failed, what the adapter
//! must do instead, and what was not run because a [`Limit`] was declared.
//!
//! ```
//! use typegate::adapter::MemoryAdapter;
//! use typegate::testing::adapter::Conformance;
//!
//! # #[tokio::main]
//! # async fn main() {
//! Conformance::of(async || MemoryAdapter::new()) // an adapter on empty tables
//!     .users().await
//!     .accounts().await
//!     .account_tokens().await
//!     .sessions().await
//!     .user_sessions().await
//!     .verification_tokens().await
//!     .expired_rows().await
//!     .report()
//!     .assert();
//! # }
//! ```
//!
//! It needs a Tokio runtime. Races are real only on one with several threads:
//! `#[tokio::test(flavor = "multi_thread")]`.

mod account_tokens;
mod accounts;
mod case;
mod expired_rows;
pub(crate) mod fixture;
mod limit;
mod report;
mod secrecy;
mod sessions;
mod user_sessions;
mod users;
mod values;
mod verification_tokens;

use std::collections::BTreeSet;
use std::fmt::{self, Debug};
use std::sync::Arc;

use crate::adapter::{
    AccountStore, ExpiredRows, SessionStore, UserAccountStore, UserSessionStore, UserStore,
    VerificationTokenStore,
};

use case::Case;
pub use limit::Limit;
pub use report::{Failure, Report, Skipped};

/// A run of the cases on adapters that `fresh` makes.
#[must_use = "the report says what failed"]
pub struct Conformance<F> {
    fresh: F,
    limits: BTreeSet<Limit>,
    report: Report,
}

impl<F, A> Conformance<F>
where
    F: AsyncFn() -> A,
    A: Send + Sync + 'static,
{
    /// Cases run one after the other, each on what `fresh` returns: an adapter whose tables are
    /// empty. It may empty the same tables each time.
    pub fn of(fresh: F) -> Self {
        Self { fresh, limits: BTreeSet::new(), report: Report::default() }
    }

    /// Leaves out the cases which tables with this limit cannot pass. They are listed in the
    /// report.
    pub fn limited_by(mut self, limits: impl IntoIterator<Item = Limit>) -> Self {
        self.limits.extend(limits);
        self
    }

    /// The cases of [`UserStore`]: users and the accounts they sign in with.
    pub async fn users(self) -> Self
    where
        A: UserStore,
    {
        self.run(users::cases()).await
    }

    /// The cases of [`UserAccountStore`]: what is kept of an account.
    pub async fn accounts(self) -> Self
    where
        A: UserAccountStore,
    {
        self.run(accounts::cases()).await
    }

    /// The cases of [`AccountStore`].
    pub async fn account_tokens(self) -> Self
    where
        A: UserStore + AccountStore,
    {
        self.run(account_tokens::cases()).await
    }

    /// The cases of [`SessionStore`].
    pub async fn sessions(self) -> Self
    where
        A: UserStore + SessionStore,
    {
        self.run(sessions::cases()).await
    }

    /// The cases of [`UserSessionStore`].
    pub async fn user_sessions(self) -> Self
    where
        A: UserStore + UserSessionStore,
    {
        self.run(user_sessions::cases()).await
    }

    /// The cases of [`VerificationTokenStore`].
    pub async fn verification_tokens(self) -> Self
    where
        A: VerificationTokenStore,
    {
        self.run(verification_tokens::cases()).await
    }

    /// The cases of [`ExpiredRows`].
    pub async fn expired_rows(self) -> Self
    where
        A: UserStore + SessionStore + VerificationTokenStore + ExpiredRows,
    {
        self.run(expired_rows::cases()).await
    }

    /// `Debug` of the adapter and of its errors shows no tokens.
    pub async fn secrecy(self) -> Self
    where
        A: UserStore + SessionStore + VerificationTokenStore + Debug,
    {
        self.run(secrecy::cases()).await
    }

    /// What came of it.
    #[must_use]
    pub fn report(self) -> Report {
        self.report
    }

    async fn run(mut self, cases: Vec<Case<A>>) -> Self {
        for case in cases {
            let limit = case.impossible_with.iter().find(|limit| self.limits.contains(limit));
            if let Some(limit) = limit {
                self.report.skipped(case.name, *limit);
                continue;
            }
            let adapter = Arc::new((self.fresh)().await);
            match case.run(adapter).await {
                Ok(()) => self.report.passed(case.name),
                Err(found) => self.report.failed(case.name, case.duty, found),
            }
        }
        self
    }
}

impl<F> Debug for Conformance<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance").field("report", &self.report).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
