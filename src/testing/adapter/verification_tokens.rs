//! Conformance of verification tokens, the stored half of e-mail links.

use std::sync::Arc;

use jiff::Timestamp;

use super::case::{
    Case, Outcome, cases, concurrently, ensure, ensure_duplicate, ensure_eq, present,
};
use super::fixture::{FOREIGN_TEXTS, link_for, time};
use super::values;
use crate::adapter::VerificationTokenStore;
use crate::model::VerificationToken;

pub(super) fn cases<A: VerificationTokenStore>() -> Vec<Case<A>> {
    let mut cases = cases! {
        links_work_once:
            "`use_verification_token` returns what was stored, then `None`; the same link may be \
             stored again afterwards";
        links_of_one_address_are_independent:
            "using one link of an address leaves its other links usable";
        links_are_unique [VerificationTokenNotUnique]:
            "storing the same link twice is refused as a duplicate";
        links_of_two_addresses_may_have_one_token [VerificationTokenUniqueAlone]:
            "a link is the pair of address and token";
        expired_links_are_returned_once:
            "`use_verification_token` does not judge expiry, and removes what has ended too";
        a_wrong_identifier_spends_nothing:
            "a wrong address or token, of whatever form and spelling, is `None` and leaves the link \
             usable";
        r075_concurrent_uses_of_a_link_have_one_winner:
            "of 100 callers at the same time exactly one gets the token, the others get `None` and \
             no error: find and delete in one step";
        r078_blank_links_match_no_row:
            "a blank address or token is unknown, even if a row has it";
    };
    cases.extend(values::verification_token_cases());
    cases
}

const ADA: &str = "ada@example.com";

async fn links_work_once<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    let hash = "b85e".repeat(16);
    for _ in 0..2 {
        adapter.create_verification_token(link_for(ADA, &hash)).await?;
        let used = adapter.use_verification_token(ADA, &hash.as_str().into()).await?;
        let used = present(used, "the link")?;
        ensure_eq!(used.identifier, ADA, "the address");
        ensure_eq!(used.token.expose(), hash, "the token");
        ensure_eq!(used.expires, time(), "the end");
        let again = adapter.use_verification_token(ADA, &hash.as_str().into()).await?;
        ensure!(again.is_none(), "the link was used twice");
    }
    Ok(())
}

async fn links_of_one_address_are_independent<A: VerificationTokenStore>(
    adapter: Arc<A>,
) -> Outcome {
    for token in ["first", "second"] {
        adapter.create_verification_token(link_for(ADA, token)).await?;
    }
    for token in ["second", "first"] {
        let used = adapter.use_verification_token(ADA, &token.into()).await?;
        ensure_eq!(present(used, "the link")?.token.expose(), token, "the token");
    }
    Ok(())
}

async fn links_are_unique<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    adapter.create_verification_token(link_for(ADA, "t")).await?;
    let again = adapter.create_verification_token(link_for(ADA, "t")).await;
    ensure_duplicate(again, "a link that is there")
}

async fn links_of_two_addresses_may_have_one_token<A: VerificationTokenStore>(
    adapter: Arc<A>,
) -> Outcome {
    for address in [ADA, "grace@example.com"] {
        adapter.create_verification_token(link_for(address, "t")).await?;
    }
    for address in [ADA, "grace@example.com"] {
        let used = adapter.use_verification_token(address, &"t".into()).await?;
        ensure_eq!(present(used, "the link")?.identifier, address, "the address");
    }
    Ok(())
}

async fn expired_links_are_returned_once<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    let ended = Timestamp::constant(946_684_800, 0);
    let link = VerificationToken::new(ADA, "t".into(), ended);
    adapter.create_verification_token(link).await?;
    let used = adapter.use_verification_token(ADA, &"t".into()).await?;
    ensure_eq!(present(used, "a link that has ended")?.expires, ended, "its end");
    let again = adapter.use_verification_token(ADA, &"t".into()).await?;
    ensure!(again.is_none(), "a link that has ended was used twice");
    Ok(())
}

async fn a_wrong_identifier_spends_nothing<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    adapter.create_verification_token(link_for(ADA, "Token")).await?;
    let spellings = ["ADA@example.com", "ada@example.com ", "áda@example.com", "ada@example.co_"];
    for identifier in FOREIGN_TEXTS.into_iter().chain(spellings) {
        let used = adapter.use_verification_token(identifier, &"Token".into()).await?;
        ensure!(used.is_none(), "the address {identifier:?} was accepted");
    }
    for token in FOREIGN_TEXTS.into_iter().chain(["token", "Token ", "Tóken", "Toke%"]) {
        let used = adapter.use_verification_token(ADA, &token.into()).await?;
        ensure!(used.is_none(), "the token {token:?} was accepted");
    }
    let used = adapter.use_verification_token(ADA, &"Token".into()).await?;
    present(used, "the link, after wrong attempts,")?;
    Ok(())
}

async fn r075_concurrent_uses_of_a_link_have_one_winner<A: VerificationTokenStore>(
    adapter: Arc<A>,
) -> Outcome {
    for round in 0..5 {
        adapter.create_verification_token(link_for(ADA, "t")).await?;
        let uses = concurrently(100, &adapter, |adapter| async move {
            adapter.use_verification_token(ADA, &"t".into()).await
        });
        let mut winners = 0;
        for used in uses.await? {
            winners += usize::from(used?.is_some());
        }
        ensure_eq!(winners, 1, "the number of callers that got the token in round {round}");
    }
    Ok(())
}

async fn r078_blank_links_match_no_row<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    for blank in ["", " ", "\t\n"] {
        for (identifier, token) in [(ADA, blank), (blank, "t")] {
            // Whether such a row can be stored is the adapter's business.
            drop(adapter.create_verification_token(link_for(identifier, token)).await);
            let used = adapter.use_verification_token(identifier, &token.into()).await?;
            ensure!(used.is_none(), "{identifier:?} with {token:?} was accepted");
        }
    }
    Ok(())
}
