//! Conformance of accounts: what is kept of each.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::case::{Broken, Case, Outcome, cases, ensure_eq};
use super::fixture::{FOREIGN_TEXTS, STATEMENTS, account, ada, grace, link};
use crate::adapter::UserAccountStore;
use crate::model::{Account, AccountType, NewAccount, TokenSet};

pub(super) fn cases<A: UserAccountStore>() -> Vec<Case<A>> {
    cases! {
        accounts_keep_their_tokens:
            "every member of a token response that has a column comes back as it was given, \
             `expires_at` as a number";
        r108_no_text_of_an_account_is_a_statement:
            "whatever is in a member of a token response, it is stored as it is";
        accounts_keep_long_tokens [ShortTexts]:
            "access and ID tokens of 8000 characters and refresh tokens of 4000 come back whole";
        accounts_keep_oauth1_tokens [NoOAuth1Tokens]:
            "`oauth_token` and `oauth_token_secret` come back as they were given";
        token_lifetimes_have_64_bits [ExpiresAt32Bit]:
            "an `expires_at` of the year 2052, and of the year 2286, comes back as that number";
        accounts_need_no_tokens:
            "an account may have nothing but its type, its provider and its id";
        accounts_of_a_user_are_listed [OneAccountPerUser]:
            "a list has all accounts of the user and nobody else's, until they are unlinked";
        the_flows_get_the_same_list:
            "`linked_accounts` is the same list, unless it keeps its default";
        unknown_users_have_no_accounts:
            "the list of an unknown user, whatever the form of the id, is empty";
    }
}

async fn stored<A: UserAccountStore>(adapter: &A, members: &Value) -> Result<Account, Broken> {
    let ada = adapter.create_user(ada()).await?;
    let mut github = account("github", "1");
    github.tokens = TokenSet::from_members(members.as_object().cloned().unwrap_or_default());
    adapter.link_account(NewAccount::new(&ada.id, github)).await?;
    let mut accounts = adapter.accounts_of_user(&ada.id).await?;
    ensure_eq!(accounts.len(), 1, "the number of accounts");
    accounts.pop().ok_or_else(|| Broken("no account".to_owned()))
}

async fn keeps<A: UserAccountStore>(adapter: &A, members: Value) -> Outcome {
    let stored = stored(adapter, &members).await?;
    ensure_eq!(stored.account_type, AccountType::OAuth, "the type");
    ensure_eq!((&*stored.provider, &*stored.provider_account_id), ("github", "1"), "the account");
    for (name, value) in members.as_object().into_iter().flatten() {
        ensure_eq!(stored.tokens.members().get(name), Some(value), "{name}");
    }
    Ok(())
}

async fn accounts_keep_their_tokens<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    let members = json!({
        "refresh_token": "r".repeat(200),
        "access_token": "a".repeat(200),
        "id_token": "i".repeat(200),
        "token_type": "Bearer",
        "scope": "openid email",
        "session_state": "state",
        "expires_at": 2_000_000_000,
    });
    keeps(&*adapter, members).await
}

async fn r108_no_text_of_an_account_is_a_statement<A: UserAccountStore>(
    adapter: Arc<A>,
) -> Outcome {
    for text in STATEMENTS {
        let members = json!({
            "refresh_token": text, "access_token": text, "id_token": text, "token_type": text,
            "scope": text, "session_state": text,
        });
        keeps(&*adapter, members).await?;
        ensure_eq!(listed(&*adapter, text).await?, Vec::<String>::new(), "the user {text:?}");
        let owner = adapter.user_by_account("github", "1").await?;
        let owner = owner.ok_or_else(|| Broken("the account has no owner".to_owned()))?;
        adapter.delete_user(&owner.id).await?;
    }
    Ok(())
}

async fn accounts_keep_long_tokens<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    let members = json!({
        "refresh_token": "r".repeat(4000),
        "access_token": "a".repeat(8000),
        "id_token": "i".repeat(8000),
        "scope": "s".repeat(2000),
    });
    keeps(&*adapter, members).await
}

async fn accounts_keep_oauth1_tokens<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    keeps(&*adapter, json!({"oauth_token": "one", "oauth_token_secret": "two"})).await
}

async fn token_lifetimes_have_64_bits<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    for expires_at in [2_592_000_000_i64, 9_999_999_999] {
        let account = stored(&*adapter, &json!({"expires_at": expires_at})).await?;
        ensure_eq!(account.tokens.expires_at(), Some(expires_at), "expires_at");
        let year = Timestamp::from_second(expires_at).map(|time| time.to_string());
        let owner = adapter.user_by_account("github", "1").await?;
        let owner = owner.ok_or_else(|| Broken(format!("no account that lasts to {year:?}")))?;
        adapter.delete_user(&owner.id).await?;
    }
    Ok(())
}

async fn accounts_need_no_tokens<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    for account_type in [AccountType::OAuth, AccountType::Email, AccountType::Credentials] {
        let account = Account::new(account_type, account_type.as_str(), "1");
        let user = adapter.create_user_with_account(ada(), account).await?;
        let accounts = adapter.accounts_of_user(&user.id).await?;
        let types: Vec<_> = accounts.iter().map(|account| account.account_type).collect();
        ensure_eq!(types, [account_type], "the types");
        let members: Vec<_> =
            accounts.iter().flat_map(|account| account.tokens.members().keys()).collect();
        ensure_eq!(members, Vec::<&String>::new(), "members nobody gave");
        adapter.delete_user(&user.id).await?;
    }
    Ok(())
}

async fn accounts_of_a_user_are_listed<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    adapter.create_user_with_account(grace(), account("github", "3")).await?;
    for (provider, id) in [("github", "1"), ("github", "2"), ("google", "1")] {
        adapter.link_account(link(&ada.id, provider, id)).await?;
    }
    ensure_eq!(
        listed(&*adapter, &ada.id).await?,
        ["github 1", "github 2", "google 1"],
        "the accounts"
    );
    adapter.unlink_account("github", "1").await?;
    ensure_eq!(listed(&*adapter, &ada.id).await?, ["github 2", "google 1"], "those left");
    adapter.delete_user(&ada.id).await?;
    ensure_eq!(listed(&*adapter, &ada.id).await?, Vec::<String>::new(), "of a deleted user");
    Ok(())
}

async fn the_flows_get_the_same_list<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    adapter.create_user_with_account(grace(), account("github", "3")).await?;
    adapter.link_account(link(&ada.id, "github", "1")).await?;
    let Some(accounts) = adapter.linked_accounts(&ada.id).await? else { return Ok(()) };
    let ids: Vec<_> = accounts.into_iter().map(|account| account.provider_account_id).collect();
    ensure_eq!(ids, ["1"], "the accounts by `linked_accounts`");
    Ok(())
}

async fn listed<A: UserAccountStore>(adapter: &A, user_id: &str) -> Result<Vec<String>, Broken> {
    let accounts = adapter.accounts_of_user(user_id).await?;
    let mut names: Vec<_> = accounts
        .iter()
        .map(|account| format!("{} {}", account.provider, account.provider_account_id))
        .collect();
    names.sort();
    Ok(names)
}

async fn unknown_users_have_no_accounts<A: UserAccountStore>(adapter: Arc<A>) -> Outcome {
    adapter.create_user_with_account(ada(), account("github", "1")).await?;
    for id in FOREIGN_TEXTS {
        ensure_eq!(listed(&*adapter, id).await?, Vec::<String>::new(), "the user {id:?}");
    }
    Ok(())
}
