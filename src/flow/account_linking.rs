//! Account linking: NextAuth v4's rules for whose account it is that somebody signs in with.
//!
//! | account known | signed in | address known | result |
//! |---|---|---|---|
//! | to the signed-in user | yes | | that user, the session goes on |
//! | to another user | yes | | refused |
//! | to a user | no | | that user |
//! | no | yes | | linked to the signed-in user, if it began in this browser, whatever the address |
//! | no | no | yes | refused, or linked if the provider links and vouches for the address |
//! | no | no | no | a new user |
//!
//! An address that a provider vouches for is stored as proved: with a new user, and with a known
//! one who has it. Before an account is linked to a user who has never proved the address, whoever
//! came in without a proof leaves (see [`owned`]).
//!
//! A sign-in that began in another browser links nothing to whoever is signed in, which v4 does.
//!
//! An expired session is nobody's, and a database that does not answer ends the flow; v4 links to
//! the owner of an expired session and takes a failing database for "signed out".

use super::Context;
use super::address_owner::owned;
use super::event::fire;
use super::proven_address::ProvenAddress;
use crate::adapter::{Users, has_address};
use crate::config::Sessions;
use crate::error::{AdapterError, AdapterErrorKind, ErrorCode};
use crate::hooks::AccountLinked;
use crate::model::email_address::EmailAddress;
use crate::model::{Account, NewAccount, NewUser, Profile, SessionRecord, User, UserUpdate};

/// The user that the visitor turned out to be.
pub(crate) struct Linked {
    pub(crate) user: User,
    /// Whether the adapter has just created the user, or v4 would say so.
    pub(crate) is_new_user: Option<bool>,
    /// The stored session that goes on.
    pub(crate) kept: Option<SessionRecord>,
}

/// Why the visitor is not signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("the account, or its address, belongs to another user")]
    NotLinked,
    #[error(
        "the address belongs to another user, and the provider does not vouch for it: it did not \
         say `email_verified` of it, and nothing says that it vouches for all of its addresses"
    )]
    NotVouched,
    #[error(
        "the account is not linked to the user who is signed in, because nothing shows that the \
         sign-in began in this browser: its check cookies do not belong to the CSRF token that the \
         browser sent, or the browser sent none"
    )]
    BegunElsewhere,
    #[error("the user could not be created")]
    CreateUser(#[source] AdapterError),
    #[error("the user could not be looked up or linked")]
    Adapter(#[from] AdapterError),
}

/// Somebody who comes from a provider.
pub(crate) struct Newcomer<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) account: &'a Account,
    /// The address of the profile.
    pub(crate) address: Option<&'a EmailAddress>,
    /// The same, if the provider vouches for it.
    pub(crate) proven: Option<&'a ProvenAddress>,
    /// Whether the account may be linked to the user with the address.
    pub(crate) links_by_email: bool,
    /// Whether the sign-in began in this browser. A host beside this one can set the check cookies
    /// of a sign-in of its own, and have a signed-in visitor end it.
    pub(crate) began_here: bool,
}

/// The user who is signed in already, and their stored session.
type SignedInUser = Option<(User, Option<SessionRecord>)>;

pub(crate) async fn link(
    context: &Context<'_>,
    newcomer: &Newcomer<'_>,
) -> Result<Linked, LinkError> {
    let account = newcomer.account;
    let Some(users) = &context.config.users else {
        let user = newcomer.profile.clone().into_user();
        return Ok(Linked { user, is_new_user: None, kept: None });
    };
    let signed_in = signed_in_user(context, users).await?;
    let owner = users.user_by_account(&account.provider, &account.provider_account_id).await?;
    match (owner, signed_in) {
        (Some(owner), Some((user, kept))) if owner.id == user.id => {
            let user = with_proof(context, users, user, newcomer.proven).await;
            Ok(Linked { user, is_new_user: Some(false), kept })
        }
        (Some(_), Some(_)) => Err(LinkError::NotLinked),
        (Some(owner), None) => {
            let user = with_proof(context, users, owner, newcomer.proven).await;
            Ok(Linked { user, is_new_user: Some(false), kept: None })
        }
        (None, Some(_)) if !newcomer.began_here => Err(LinkError::BegunElsewhere),
        (None, Some((user, kept))) => {
            add_account(context, users, &user, newcomer).await?;
            Ok(Linked { user, is_new_user: Some(false), kept })
        }
        (None, None) => sign_up(context, users, newcomer).await,
    }
}

async fn sign_up(
    context: &Context<'_>,
    users: &Users,
    newcomer: &Newcomer<'_>,
) -> Result<Linked, LinkError> {
    let config = context.config;
    let created = config.events.create_user.as_deref();
    let Newcomer { profile, account, .. } = newcomer;
    if let Some(address) = newcomer.address
        && let Some(user) = users.user_by_email(address).await?
    {
        // Between the two look-ups the same person may have signed up in another tab.
        let owner = users.user_by_account(&account.provider, &account.provider_account_id).await?;
        if let Some(owner) = owner {
            return Ok(Linked { user: owner, is_new_user: Some(false), kept: None });
        }
        if !newcomer.links_by_email {
            return Err(LinkError::NotLinked);
        }
        let proven = newcomer.proven.ok_or(LinkError::NotVouched)?;
        if let Some(user) = owned(context, users, user, proven).await? {
            let user = with_proof(context, users, user, newcomer.proven).await;
            // v4 does: the user counts as new, and the event is sent, although nothing was
            // created.
            fire(config, created, || user.clone(), ErrorCode::CreateUserEvent).await;
            add_account(context, users, &user, newcomer).await?;
            return Ok(Linked { user, is_new_user: Some(true), kept: None });
        }
    }
    let mut user = NewUser::from((*profile).clone());
    user.email_verified = newcomer.proven.map(|_| context.now);
    let made = users.create_user_with_account(user, newcomer.address, (*account).clone()).await;
    let user = match made {
        Ok(user) => user,
        Err(error) if error.kind() == AdapterErrorKind::Duplicate => {
            // Somebody else was faster: the same person in another tab, or another person with the
            // same address.
            let owner =
                users.user_by_account(&account.provider, &account.provider_account_id).await?;
            let user = owner.ok_or(LinkError::NotLinked)?;
            return Ok(Linked { user, is_new_user: Some(false), kept: None });
        }
        Err(error) => return Err(LinkError::CreateUser(error)),
    };
    fire(config, created, || user.clone(), ErrorCode::CreateUserEvent).await;
    tell_linked(context, &user, newcomer).await;
    Ok(Linked { user, is_new_user: Some(true), kept: None })
}

/// Stores that the user's address was proved, if it was and is not known to be. NextAuth v4 stores
/// it for e-mail links only, so its databases are full of people whose providers vouch for them. A
/// failure costs nobody the sign-in.
async fn with_proof(
    context: &Context<'_>,
    users: &Users,
    user: User,
    proven: Option<&ProvenAddress>,
) -> User {
    let is_news = |proven: &&ProvenAddress| {
        user.email_verified.is_none() && has_address(&user, proven.address())
    };
    if proven.filter(is_news).is_none() {
        return user;
    }
    let update = UserUpdate::new(&user.id).email_verified(context.now);
    match users.update_user(update).await {
        Ok(user) => {
            let updated = context.config.events.update_user.as_deref();
            fire(context.config, updated, || user.clone(), ErrorCode::UpdateUserEvent).await;
            user
        }
        Err(error) => {
            context.config.log.failure(ErrorCode::AdapterUpdateUser, None, &error);
            user
        }
    }
}

async fn add_account(
    context: &Context<'_>,
    users: &Users,
    user: &User,
    newcomer: &Newcomer<'_>,
) -> Result<(), AdapterError> {
    users.link_account(NewAccount::new(&user.id, newcomer.account.clone())).await?;
    tell_linked(context, user, newcomer).await;
    Ok(())
}

async fn tell_linked(context: &Context<'_>, user: &User, newcomer: &Newcomer<'_>) {
    let Newcomer { profile, account, .. } = *newcomer;
    let event =
        || AccountLinked { user: user.clone(), account: account.clone(), profile: profile.clone() };
    context.config.log.success("account linked", Some(&account.provider));
    let handler = context.config.events.link_account.as_deref();
    fire(context.config, handler, event, ErrorCode::LinkAccountEvent).await;
}

async fn signed_in_user(
    context: &Context<'_>,
    users: &Users,
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
