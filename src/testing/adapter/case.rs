//! A conformance case, and the ways in which it fails.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::Limit;
use crate::error::{AdapterError, AdapterErrorKind, chain};

/// `Err` says what the adapter did, in words.
pub(super) type Outcome = Result<(), Broken>;

/// What an adapter did instead of its duty.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

/// An error where there should be none.
impl From<AdapterError> for Broken {
    fn from(error: AdapterError) -> Self {
        Self(format!("an error: {}", chain(&error)))
    }
}

type Run<A> = fn(Arc<A>) -> Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// One duty of an adapter.
pub(super) struct Case<A> {
    pub(super) name: &'static str,
    pub(super) duty: &'static str,
    pub(super) impossible_with: &'static [Limit],
    pub(super) steps: Run<A>,
}

impl<A> Case<A> {
    /// In a task of its own, so that an adapter that panics fails one case and not the run.
    pub(super) async fn run(&self, adapter: Arc<A>) -> Result<(), String> {
        match tokio::spawn((self.steps)(adapter)).await {
            Ok(outcome) => outcome.map_err(|broken| broken.0),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A list of cases: the function's name, the limits with which it is impossible, the duty.
macro_rules! cases {
    ($($name:ident $([$($limit:ident),+])? : $duty:literal;)+) => {
        vec![$(Case {
            name: stringify!($name),
            duty: $duty,
            impossible_with: &[$($(crate::testing::adapter::Limit::$limit),+)?],
            steps: |adapter| Box::pin($name(adapter)),
        }),+]
    };
}

/// Fails the case unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($found:tt)+) => {
        if !$condition {
            return Err(crate::testing::adapter::case::Broken(format!($($found)+)));
        }
    };
}

/// Fails the case unless the adapter's answer is the expected one.
macro_rules! ensure_eq {
    ($found:expr, $expected:expr, $($what:tt)+) => {
        match (&$found, &$expected) {
            (found, expected) => {
                if found != expected {
                    let what = format!($($what)+);
                    return Err(crate::testing::adapter::case::Broken(format!(
                        "{what}: {found:?} instead of {expected:?}"
                    )));
                }
            }
        }
    };
}

pub(super) use {cases, ensure, ensure_eq};

/// What is there, where something should be.
pub(super) fn present<T>(answer: Option<T>, what: &str) -> Result<T, Broken> {
    answer.ok_or_else(|| Broken(format!("{what} was not found")))
}

/// An error that tells the flows of a row with the same unique value.
pub(super) fn ensure_duplicate<T>(answer: Result<T, AdapterError>, what: &str) -> Outcome {
    ensure_kind(answer, AdapterErrorKind::Duplicate, what)
}

/// An error other than that of a duplicate.
pub(super) fn ensure_unavailable<T>(answer: Result<T, AdapterError>, what: &str) -> Outcome {
    ensure_kind(answer, AdapterErrorKind::Unavailable, what)
}

fn ensure_kind<T>(
    answer: Result<T, AdapterError>,
    expected: AdapterErrorKind,
    what: &str,
) -> Outcome {
    match answer {
        Ok(_) => Err(Broken(format!("{what} was accepted"))),
        Err(error) => {
            ensure!(
                error.kind() == expected,
                "{what} is an error of the kind {:?} instead of {expected:?}: {}",
                error.kind(),
                chain(&error)
            );
            Ok(())
        }
    }
}

/// The answers of `count` tasks that start together.
pub(super) async fn concurrently<A, F, T>(
    count: usize,
    adapter: &Arc<A>,
    call: impl Fn(Arc<A>) -> F,
) -> Result<Vec<Result<T, AdapterError>>, Broken>
where
    F: Future<Output = Result<T, AdapterError>> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(call(Arc::clone(adapter)))).collect();
    let mut answers = Vec::with_capacity(count);
    for task in tasks {
        answers.push(task.await.map_err(|error| Broken(error.to_string()))?);
    }
    Ok(answers)
}

/// What the only successful attempt returned; all others were told of the duplicate.
pub(super) fn one_winner<T>(answers: Vec<Result<T, AdapterError>>) -> Result<T, Broken> {
    let attempts = answers.len();
    let mut winners = Vec::new();
    for answer in answers {
        match answer {
            Ok(won) => winners.push(won),
            lost => ensure_duplicate(lost, "a lost attempt")?,
        }
    }
    let count = winners.len();
    match winners.pop() {
        Some(winner) if count == 1 => Ok(winner),
        _ => Err(Broken(format!("{count} of {attempts} attempts succeeded instead of one"))),
    }
}
