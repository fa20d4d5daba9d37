//! The owner of an e-mail address, who has just proved it, and the user who had the address before.
//!
//! A user who never proved the address may have been created by anybody: providers that do not
//! vouch for addresses report whichever one their account has. What becomes of such a user before
//! the owner gets in:
//!
//! | the user of the address | sessions in the database | sessions in cookies |
//! |---|---|---|
//! | has proved it before | that user | that user |
//! | has no account: the application made the row | that user; sessions end | that user |
//! | has accounts all of whose providers vouch | that user | that user |
//! | has other accounts | that user; those accounts are unlinked and all sessions end | loses the address, which goes to a new user |
//!
//! Cookies cannot be revoked, so with them nobody who was signed in before may go on sharing the
//! user's id. An adapter that can neither list accounts nor end the sessions of a user is treated
//! in the same way. NextAuth v4 lets everybody who was there stay.

use super::Context;
use super::event::fire;
use super::proven_address::ProvenAddress;
use crate::adapter::Users;
use crate::config::{Provider, Sessions};
use crate::error::{AdapterError, ErrorCode};
use crate::model::{Account, User};
use crate::oauth::EmailVouching;

/// The user as the owner finds them, or `None` if the owner is to be a new one.
pub(crate) async fn owned(
    context: &Context<'_>,
    users: &Users,
    user: User,
    proven: &ProvenAddress,
) -> Result<Option<User>, AdapterError> {
    if user.email_verified.is_some() {
        return Ok(Some(user));
    }
    let Some(accounts) = users.linked_accounts(&user.id).await? else {
        return move_address(context, users, &user).await;
    };
    let vouching = |account: &Account| vouching(context, &account.provider);
    // One account of a provider that does not vouch may have brought the others in.
    let all_vouch = accounts.iter().all(|account| match vouching(account) {
        EmailVouching::Always => proven.is_of_account_of_trust(account),
        vouching => proven.is_of_account(account, vouching),
    });
    if all_vouch && !accounts.is_empty() {
        return Ok(Some(user));
    }
    let ended = match &context.config.sessions {
        Sessions::Database(_, store) => {
            // Whether it can, and then once more, for those that were made in between.
            if store.end_sessions(&user.id).await?.is_none() {
                None
            } else {
                for account in &accounts {
                    if !proven.is_of_account(account, vouching(account)) {
                        users.unlink_account(account).await?;
                        note(context, account);
                    }
                }
                store.end_sessions(&user.id).await?
            }
        }
        Sessions::Jwt(_) => None,
    };
    if ended.is_some() || accounts.is_empty() {
        return Ok(Some(user));
    }
    move_address(context, users, &user).await
}

async fn move_address(
    context: &Context<'_>,
    users: &Users,
    user: &User,
) -> Result<Option<User>, AdapterError> {
    let user = users.remove_address(&user.id).await?;
    if user.email.is_some() {
        return Err(AdapterError::unavailable(
            "the address could not be taken away from the user who never proved it",
        ));
    }
    let reason = "the address of a user who never proved it went to its owner, who is a new user";
    context.config.log.note(ErrorCode::AddressReclaimed, None, reason);
    let updated = context.config.events.update_user.as_deref();
    fire(context.config, updated, || user, ErrorCode::UpdateUserEvent).await;
    Ok(None)
}

fn note(context: &Context<'_>, account: &Account) {
    let reason = "an account was unlinked whose provider does not vouch for the address that the \
                  owner has now proved";
    context.config.log.note(ErrorCode::AddressReclaimed, Some(&account.provider), reason);
}

/// What the word of an account's provider is worth; nothing if it is not configured any more.
fn vouching(context: &Context<'_>, provider: &str) -> EmailVouching {
    let provider = context.config.provider(provider);
    provider.map_or(EmailVouching::Never, Provider::email_vouching)
}
