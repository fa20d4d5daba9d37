//! Every documented error, raised for real: a whole flow is driven into each failure, and log,
//! redirect, page and status are held against the table of codes.
//!
//! A scenario is one entry of `scenarios!`, in the file of its flow. It makes a test of its own and
//! stands in the list from which [`document`] takes the matrix; a code without a scenario fails
//! there, unless [`waiting`] says what it waits for.

mod adapter;
mod check;
mod client;
mod configuration;
mod credentials;
mod document;
mod email;
mod event;
mod explanation;
mod markdown;
mod oauth;
mod oauth1;
mod request;
mod run_time;
mod session;
mod waiting;

use typegate::client::ClientError;
use typegate::dynamic::Report;
use typegate::error::Shown;
use typegate::{ConfigError, ErrorCode};

use super::support::{Answer, World};

/// What must be seen when a flow is driven into a failure.
pub(super) struct Scenario {
    /// The test that drives it.
    pub(super) test: &'static str,
    /// The codes in the log, in their order; of an error that is returned, its code.
    pub(super) logs: &'static [ErrorCode],
    pub(super) shown: Shown,
    /// The provider in the last line.
    pub(super) provider: Option<&'static str>,
    /// What the last line says of the cause, and no visitor reads.
    pub(super) says: &'static str,
}

/// What was seen.
pub(super) enum Outcome {
    /// The answer to the request that failed.
    Answered(Box<World>, Answer),
    /// A configuration that was built, and what it logged.
    Built(Box<World>),
    /// An error that whoever made the call got back: its codes, and its text.
    Returned(Vec<ErrorCode>, String),
}

impl From<ConfigError> for Outcome {
    fn from(error: ConfigError) -> Self {
        Self::Returned(error.code().into_iter().collect(), error.to_string())
    }
}

impl From<Report> for Outcome {
    fn from(report: Report) -> Self {
        let codes = report.violations().iter().filter_map(|violation| violation.code()).collect();
        let text = report.to_string();
        Self::Returned(codes, text.trim_start_matches("error: ").to_owned())
    }
}

impl From<ClientError> for Outcome {
    fn from(error: ClientError) -> Self {
        Self::Returned(vec![error.code()], error.to_string())
    }
}

impl Outcome {
    fn answered(world: World, answer: Answer) -> Self {
        Self::Answered(Box::new(world), answer)
    }
}

macro_rules! scenarios {
    ($($(#[$docs:meta])* $name:ident {
        logs: [$($code:ident),*],
        shown: $shown:expr,
        provider: $provider:expr,
        says: $says:literal,
        drive: $drive:expr,
    })*) => {
        /// The scenarios of this file.
        pub(super) const SCENARIOS: &[$crate::errors::Scenario] = &[$(
            $crate::errors::Scenario {
                test: concat!(module_path!(), "::", stringify!($name)),
                logs: &[$(typegate::ErrorCode::$code),*],
                shown: $shown,
                provider: $provider,
                says: $says,
            },
        )*];
        $(
            $(#[$docs])*
            #[tokio::test]
            async fn $name() {
                let test = concat!(module_path!(), "::", stringify!($name));
                let scenario = SCENARIOS.iter().find(|scenario| scenario.test == test).unwrap();
                let record = $crate::errors::check::Record::start();
                // Boxed, or compilers reach their limit of nested types in the longest ones.
                let outcome = Box::pin($drive).await;
                $crate::errors::check::check(scenario, outcome, &record).await;
            }
        )*
    };
}

use scenarios;

/// All of them, flow by flow.
pub(super) fn all() -> impl Iterator<Item = &'static Scenario> {
    [
        configuration::SCENARIOS,
        run_time::SCENARIOS,
        request::SCENARIOS,
        oauth::SCENARIOS,
        oauth1::SCENARIOS,
        email::SCENARIOS,
        credentials::SCENARIOS,
        session::SCENARIOS,
        adapter::SCENARIOS,
        event::SCENARIOS,
        client::SCENARIOS,
    ]
    .into_iter()
    .flatten()
}
