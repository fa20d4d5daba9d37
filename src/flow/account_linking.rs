//! Whose account is this? NextAuth v4's linking rules for a sign-in by OAuth.
//!
//! | account known | signed in | address known | result |
//! |---|---|---|---|
//! | to the signed-in user | yes | | that user, the session goes on |
//! | to another user | yes | | refused |
//! | to a user | no | | that user |
//! | no | yes | | linked to the signed-in user; addresses are not compared |
//! | no | no | yes | refused, or linked if the provider opted in |
//! | no | no | no | a new user |
//!
//! An expired session is nobody's, and a database that does not answer ends the flow; v4 links to
//! the owner of an expired session and takes a failing database for "signed out".

use std::sync::Arc;

use super::Context;
use super::event::fire;
use crate::adapter::ErasedUserStore;
use crate::config::Sessions;
use crate::error::{AdapterError, AdapterErrorKind, ErrorCode};
use crate::hooks::AccountLinked;
use crate::model::{Account, NewAccount, Profile, SessionRecord, User};

/// Who the visitor became.
pub(crate) struct Linked {
    pub(crate) user: User,
    /// Whether the adapter has just made the user, or v4 says so.
    pub(crate) is_new_user: Option<bool>,
    /// The stored session that goes on.
    pub(crate) kept: Option<SessionRecord>,
}

/// Why the visitor became nobody.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("the account, or its address, belongs to another user")]
    NotLinked,
    #[error("the user could not be created")]
    CreateUser(#[source] AdapterError),
    #[error("the user could not be looked up or linked")]
    Adapter(#[from] AdapterError),
}

/// The user who is signed in already, and their stored session.
type SignedInUser = Option<(User, Option<SessionRecord>)>;

pub(crate) async fn link(
    context: &Context<'_>,
    profile: &Profile,
    account: &Account,
    link_by_email: bool,
) -> Result<Linked, LinkError> {
    let Some(users) = &context.config.users else {
        let user = profile.clone().into_user();
        return Ok(Linked { user, is_new_user: None, kept: None });
    };
    let signed_in = signed_in_user(context, users).await?;
    let owner = users.user_by_account(&account.provider, &account.provider_account_id).await?;
    match (owner, signed_in) {
        (Some(owner), Some((user, kept))) if owner.id == user.id => {
            Ok(Linked { user, is_new_user: Some(false), kept })
        }
        (Some(_), Some(_)) => Err(LinkError::NotLinked),
        (Some(owner), None) => Ok(Linked { user: owner, is_new_user: Some(false), kept: None }),
        (None, Some((user, kept))) => {
            add_account(context, users, &user, profile, account).await?;
            Ok(Linked { user, is_new_user: Some(false), kept })
        }
        (None, None) => sign_up(context, users, profile, account, link_by_email).await,
    }
}

async fn sign_up(
    context: &Context<'_>,
    users: &Arc<dyn ErasedUserStore>,
    profile: &Profile,
    account: &Account,
    link_by_email: bool,
) -> Result<Linked, LinkError> {
    let config = context.config;
    let created = config.events.create_user.as_deref();
    if let Some(email) = &profile.email
        && let Some(user) = users.user_by_email(email).await?
    {
        // Between the two look-ups the same person may have signed up in another tab.
        let owner = users.user_by_account(&account.provider, &account.provider_account_id).await?;
        if let Some(owner) = owner {
            return Ok(Linked { user: owner, is_new_user: Some(false), kept: None });
        }
        if !link_by_email {
            return Err(LinkError::NotLinked);
        }
        // v4 does: the user counts as new, and the event is sent, although nothing was created.
        fire(config, created, || user.clone(), ErrorCode::CreateUserEvent).await;
        add_account(context, users, &user, profile, account).await?;
        return Ok(Linked { user, is_new_user: Some(true), kept: None });
    }
    let made = users.create_user_with_account(profile.clone().into(), account.clone()).await;
    let user = match made {
        Ok(user) => user,
        Err(error) if error.kind() == AdapterErrorKind::Duplicate => {
            // Somebody was faster: the same person in another tab, or another person with the
            // same address.
            let owner =
                users.user_by_account(&account.provider, &account.provider_account_id).await?;
            let user = owner.ok_or(LinkError::NotLinked)?;
            return Ok(Linked { user, is_new_user: Some(false), kept: None });
        }
        Err(error) => return Err(LinkError::CreateUser(error)),
    };
    fire(config, created, || user.clone(), ErrorCode::CreateUserEvent).await;
    tell_linked(context, &user, profile, account).await;
    Ok(Linked { user, is_new_user: Some(true), kept: None })
}

async fn add_account(
    context: &Context<'_>,
    users: &Arc<dyn ErasedUserStore>,
    user: &User,
    profile: &Profile,
    account: &Account,
) -> Result<(), AdapterError> {
    users.link_account(NewAccount::new(&user.id, account.clone())).await?;
    tell_linked(context, user, profile, account).await;
    Ok(())
}

async fn tell_linked(context: &Context<'_>, user: &User, profile: &Profile, account: &Account) {
    let event =
        || AccountLinked { user: user.clone(), account: account.clone(), profile: profile.clone() };
    context.config.log.success("account linked", Some(&account.provider));
    let handler = context.config.events.link_account.as_deref();
    fire(context.config, handler, event, ErrorCode::LinkAccountEvent).await;
}

async fn signed_in_user(
    context: &Context<'_>,
    users: &Arc<dyn ErasedUserStore>,
) -> Result<SignedInUser, AdapterError> {
    let session = &context.kit.session;
    let Some(carried) = session.read(context.request.cookies()) else { return Ok(None) };
    match &context.config.sessions {
        Sessions::Jwt(_) => {
            let Ok(claims) = session.open(carried, context.now) else { return Ok(None) };
            let Some(subject) = claims.subject() else { return Ok(None) };
            Ok(users.user(subject).await?.map(|user| (user, None)))
        }
        Sessions::Database(_, store) => {
            let stored = carried.stored(&**store, context.now).await?;
            Ok(stored.current.map(|(_, session, user)| (user, Some(session))))
        }
    }
}
