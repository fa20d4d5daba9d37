//! Conformance of secrecy: what must not be shown.

use std::fmt::Debug;
use std::sync::Arc;

use super::case::{Case, Outcome, cases, ensure};
use super::fixture::{account, ada, link_for, session, time};
use crate::adapter::{SessionStore, UserStore, VerificationTokenStore};
use crate::error::chain;

pub(super) fn cases<A>() -> Vec<Case<A>>
where
    A: UserStore + SessionStore + VerificationTokenStore + Debug,
{
    cases! {
        r110_debug_output_has_no_tokens:
            "`Debug` of the adapter shows no rows";
        r110_errors_have_no_tokens [SessionTokenNotUnique, VerificationTokenNotUnique]:
            "an error of a duplicate does not repeat the token";
    }
}

async fn r110_debug_output_has_no_tokens<A>(adapter: Arc<A>) -> Outcome
where
    A: UserStore + SessionStore + VerificationTokenStore + Debug,
{
    let mut github = account("github", "1");
    github.tokens.insert("access_token", "canary");
    let ada = adapter.create_user_with_account(ada(), github).await?;
    adapter.create_session(session("canary", &ada.id, time())).await?;
    adapter.create_verification_token(link_for("ada@example.com", "canary")).await?;
    ensure!(!format!("{adapter:?}").contains("canary"), "a token is shown");
    Ok(())
}

async fn r110_errors_have_no_tokens<A>(adapter: Arc<A>) -> Outcome
where
    A: UserStore + SessionStore + VerificationTokenStore + Debug,
{
    let ada = adapter.create_user(ada()).await?;
    for _ in 0..2 {
        if let Err(error) = adapter.create_session(session("canary", &ada.id, time())).await {
            let shown = format!("{error:?} {}", chain(&error));
            ensure!(!shown.contains("canary"), "the session token is shown");
        }
        let link = link_for("ada@example.com", "canary");
        if let Err(error) = adapter.create_verification_token(link).await {
            let shown = format!("{error:?} {}", chain(&error));
            ensure!(!shown.contains("canary"), "the link's token is shown");
        }
    }
    Ok(())
}
