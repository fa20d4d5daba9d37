//! Conformance of account tokens: handed out and replaced.

use std::sync::Arc;

use serde_json::{Value, json};

use super::case::{Broken, Case, Outcome, cases, ensure, ensure_eq, present};
use super::fixture::{FOREIGN_TEXTS, account, ada, grace};
use crate::adapter::{AccountStore, UserStore};
use crate::model::TokenSet;

pub(super) fn cases<A: UserStore + AccountStore>() -> Vec<Case<A>> {
    cases! {
        an_account_is_found_by_its_provider_and_id:
            "an account comes back with its tokens, and no other account of that provider, or of \
             that id, does";
        all_tokens_of_an_account_are_replaced:
            "after a change the account has the new tokens and none of the old ones, and other \
             accounts keep theirs";
        unknown_accounts_have_no_tokens:
            "an unknown account, whatever the form of its key, is not found, and a change of its \
             tokens makes no account of it";
    }
}

fn tokens(members: &Value) -> TokenSet {
    TokenSet::from_members(members.as_object().cloned().unwrap_or_default())
}

/// Ada's account and Grace's, with these members each.
async fn two_accounts<A: UserStore>(adapter: &A) -> Result<(), Broken> {
    for (user, provider, id) in [(ada(), "github", "1"), (grace(), "google", "2")] {
        let mut account = account(provider, id);
        account.tokens = tokens(&json!({
            "access_token": format!("a of {provider}"),
            "refresh_token": "r",
            "expires_at": 2_000_000_000,
            "scope": "openid",
        }));
        adapter.create_user_with_account(user, account).await?;
    }
    Ok(())
}

async fn an_account_is_found_by_its_provider_and_id<A: UserStore + AccountStore>(
    adapter: Arc<A>,
) -> Outcome {
    two_accounts(&*adapter).await?;
    for (provider, id) in [("github", "1"), ("google", "2")] {
        let found = present(adapter.account(provider, id).await?, "an account")?;
        ensure_eq!((&*found.provider, &*found.provider_account_id), (provider, id), "the account");
        let access_token = format!("a of {provider}");
        ensure_eq!(found.tokens.access_token(), Some(&*access_token), "the access token");
        ensure_eq!(found.tokens.refresh_token(), Some("r"), "the refresh token");
        ensure_eq!(found.tokens.expires_at(), Some(2_000_000_000), "expires_at");
    }
    for (provider, id) in [("github", "2"), ("google", "1"), ("GitHub", "1")] {
        ensure!(adapter.account(provider, id).await?.is_none(), "{provider} {id} was found");
    }
    Ok(())
}

async fn all_tokens_of_an_account_are_replaced<A: UserStore + AccountStore>(
    adapter: Arc<A>,
) -> Outcome {
    two_accounts(&*adapter).await?;
    let fresh = tokens(&json!({"access_token": "new", "token_type": "Bearer", "expires_at": 7}));
    adapter.update_account_tokens("github", "1", &fresh).await?;
    let found = present(adapter.account("github", "1").await?, "the account")?;
    ensure_eq!(found.tokens, fresh, "the tokens");
    let owner = present(adapter.user_by_account("github", "1").await?, "its user")?;
    ensure_eq!(owner.email.as_deref(), Some("ada@example.com"), "its user");
    let other = present(adapter.account("google", "2").await?, "the other account")?;
    ensure_eq!(other.tokens.access_token(), Some("a of google"), "the other's access token");
    ensure_eq!(other.tokens.refresh_token(), Some("r"), "the other's refresh token");
    Ok(())
}

async fn unknown_accounts_have_no_tokens<A: UserStore + AccountStore>(adapter: Arc<A>) -> Outcome {
    two_accounts(&*adapter).await?;
    let fresh = tokens(&json!({"access_token": "new"}));
    for key in FOREIGN_TEXTS {
        for (provider, id) in [("github", key), (key, "1")] {
            adapter.update_account_tokens(provider, id, &fresh).await?;
            let found = adapter.account(provider, id).await?;
            ensure!(found.is_none(), "{provider:?} {id:?} was found");
        }
    }
    let found = present(adapter.account("github", "1").await?, "the account")?;
    ensure_eq!(found.tokens.access_token(), Some("a of github"), "the access token");
    Ok(())
}
