//! The kit finds what is wrong with an adapter, and names it.

use jiff::Timestamp;

use super::{Conformance, Limit};
use crate::adapter::{MemoryAdapter, VerificationTokenStore};
use crate::crypto::secret::TokenHash;
use crate::error::AdapterError;
use crate::model::VerificationToken;

/// Links that are looked up first and removed afterwards, as some published adapters do.
#[derive(Default)]
struct LooksFirst {
    rows: MemoryAdapter,
}

impl VerificationTokenStore for LooksFirst {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        self.rows.create_verification_token(token).await
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        let found = self.rows.use_verification_token(identifier, token).await?;
        if let Some(found) = &found {
            self.rows.create_verification_token(found.clone()).await?;
            tokio::task::yield_now().await;
        }
        self.rows.use_verification_token(identifier, token).await?;
        Ok(found)
    }
}

/// Links that vanish when they have ended.
#[derive(Default)]
struct JudgesExpiry {
    rows: MemoryAdapter,
}

impl VerificationTokenStore for JudgesExpiry {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        self.rows.create_verification_token(token).await
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        let found = self.rows.use_verification_token(identifier, token).await?;
        Ok(found.filter(|link| link.expires > Timestamp::constant(1_700_000_000, 0)))
    }
}

#[tokio::test]
async fn a_token_that_two_callers_get_is_found() {
    let kit = Conformance::of(async || LooksFirst::default());
    let report = kit.verification_tokens().await.report();
    let names: Vec<_> = report.failed.iter().map(|failure| failure.case).collect();
    assert_eq!(names, ["r075_concurrent_uses_of_a_link_have_one_winner"]);
    let shown = report.to_string();
    assert!(shown.contains("must:  of 100 callers") && shown.contains("instead of 1"), "{shown}");
}

#[tokio::test]
async fn an_adapter_that_judges_expiry_is_found() {
    let kit = Conformance::of(async || JudgesExpiry::default());
    let report = kit.verification_tokens().await.report();
    let names: Vec<_> = report.failed.iter().map(|failure| failure.case).collect();
    assert!(names.contains(&"expired_links_are_returned_once"), "{report}");
}

#[tokio::test]
async fn limits_are_listed() {
    let kit = Conformance::of(async || MemoryAdapter::new())
        .limited_by([Limit::VerificationTokenNotUnique, Limit::WholeSeconds]);
    let report = kit.verification_tokens().await.report();
    let skipped: Vec<_> = report.skipped.iter().map(|skipped| skipped.case).collect();
    assert_eq!(skipped, ["links_are_unique", "link_times_keep_milliseconds"]);
    assert!(report.to_string().contains("skipped links_are_unique: VerificationTokenNotUnique"));
    report.assert();
}

#[tokio::test]
async fn a_run_without_cases_does_not_pass() {
    assert!(!Conformance::of(async || MemoryAdapter::new()).report().holds());
}
