//! The use of a sign-in link: `GET callback/<email>`.
//!
//! In this order: token and address are present; the stored hash is taken out, once; it has not
//! expired; `signIn` callback; the user is marked as verified or created; session; redirect. The
//! link is used up even if the sign-in is refused afterwards, as in v4.
//!
//! If the application asks for it, the link shows a button, and only the button's POST, with the
//! CSRF token of that page, does all this.

use http::StatusCode;
use serde_json::Value;

use super::Context;
use super::address_owner::owned;
use super::attempt::opened_link;
use super::email_request::token_hash;
use super::establish::{destination, establish};
use super::event::fire;
use super::last_attempt;
use super::page::confirm_sign_in_page;
use super::proven_address::ProvenAddress;
use super::sign_in_callback::ask;
use crate::adapter::Users;
use crate::config::Sessions;
use crate::error::{AdapterError, AdapterErrorKind, ErrorCode, PageError};
use crate::hooks::{SignInAttempt, SignedIn};
use crate::model::email_address::EmailAddress;
use crate::model::{Account, AccountType, NewUser, User, UserUpdate};
use crate::provider::EmailDefinition;
use crate::web::Reply;

pub(crate) async fn email_callback(context: &Context<'_>, definition: &EmailDefinition) -> Reply {
    let (config, id) = (context.config, definition.id.as_str());
    let asks = definition.asks_before_sign_in;
    let is_post = context.request.is_post();
    if !asks && is_speculative(context) {
        // With this status no browser replaces the page, should the link be opened after all.
        return Reply::text("Not ready").status(StatusCode::SERVICE_UNAVAILABLE);
    }
    if asks && is_post && context.verified().is_none() {
        return context.to_route("signin?csrf=true");
    }
    // The button's form carries what the link carried.
    let fields = if asks && is_post { &context.request.body } else { &context.request.query };
    let text = |name| fields.text(name).filter(|text: &&str| !text.trim().is_empty());
    let (Some(users), Some(tokens)) = (&config.users, &config.tokens) else {
        return context.to_error("configuration");
    };
    let Some(token) = text("token") else {
        config.log.note(ErrorCode::VerificationLink, Some(id), "the link has no token");
        // v4 does: in lower case, which the error page accepts.
        return context.to_error("configuration");
    };
    let not_usable = |reason: &str| {
        config.log.note(ErrorCode::VerificationLink, Some(id), reason);
        context.to_error(PageError::Verification)
    };
    let failed = |error: &(dyn std::error::Error + 'static)| {
        config.log.failure(ErrorCode::CallbackEmail, Some(id), error);
        last_attempt::failed(context, id, PageError::Callback)
    };
    // v4 lets the adapter look for the token alone; a link without its address is refused here.
    let Some(identifier) = text("email") else { return not_usable("the link names no address") };
    if asks && !is_post {
        return confirm_sign_in_page(context, id, token, identifier);
    }
    let Ok(address) = EmailAddress::of_rule(identifier) else {
        return not_usable("the link names what is no address");
    };
    let hash = token_hash(context, definition, token);
    let stored = match tokens.use_verification_token(identifier, &hash).await {
        Ok(Some(stored)) => stored,
        Ok(None) => return not_usable("the link is not known, or was used"),
        Err(error) => return failed(&error),
    };
    if stored.expires < context.now || stored.identifier != identifier {
        return not_usable("the link has expired");
    }
    let Some(proven) = ProvenAddress::by_link(address, &stored) else {
        return not_usable("the link was sent to another address");
    };
    let address = proven.address();
    opened_link(context, id, address).await;
    let known = match users.user_by_email(address).await {
        Ok(known) => known,
        Err(error) => return failed(&error),
    };
    let account = Account::new(AccountType::Email, id, address.as_str());
    let user = known.clone().unwrap_or_else(|| User::new(address.as_str()).email(address.as_str()));
    let attempt = SignInAttempt::new(user, account.clone(), Value::Null);
    if let Err(reply) = ask(context, attempt, StatusCode::OK).await {
        return reply;
    }
    let (user, is_new) = match become_user(context, users, known, &proven).await {
        Ok(become_user) => become_user,
        Err(BecomeError::CreateUser(error)) => {
            config.log.failure(ErrorCode::AdapterCreateUser, Some(id), &error);
            return last_attempt::failed(context, id, PageError::EmailCreateAccount);
        }
        Err(BecomeError::Adapter(error)) => return failed(&error),
    };
    let signed_in = SignedIn { user, account, profile: None, is_new_user: Some(is_new) };
    match establish(context, signed_in, None, None).await {
        Ok(cookies) => Reply::redirect(destination(context, Some(is_new))).cookies(cookies),
        Err(error) => {
            config.log.failure(error.code(ErrorCode::CallbackEmail), Some(id), &error);
            last_attempt::failed(context, id, PageError::Callback)
        }
    }
}

/// Whether a browser or a mail program fetches the link before anybody opened it.
fn is_speculative(context: &Context<'_>) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(|name| {
        let value = context.request.headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            ["prefetch", "prerender", "preview"].iter().any(|purpose| value.contains(purpose))
        })
    })
}

enum BecomeError {
    CreateUser(AdapterError),
    Adapter(AdapterError),
}

impl From<AdapterError> for BecomeError {
    fn from(error: AdapterError) -> Self {
        Self::Adapter(error)
    }
}

/// How often the user of an address is looked for while others make one.
const MAXIMUM_TURNS: usize = 3;

/// The user with a proven address, and whether it was just made.
async fn become_user(
    context: &Context<'_>,
    users: &Users,
    known: Option<User>,
    proven: &ProvenAddress,
) -> Result<(User, bool), BecomeError> {
    let events = &context.config.events;
    let address = proven.address();
    let mut known = known;
    for _ in 0..MAXIMUM_TURNS {
        if let Some(user) = known {
            known = owned(context, users, user, proven).await?;
        }
        end_other_session(context, known.as_ref()).await?;
        if let Some(known) = known {
            let update = UserUpdate::new(&known.id).email_verified(context.now);
            let user = users.update_user(update).await?;
            let updated = events.update_user.as_deref();
            fire(context.config, updated, || user.clone(), ErrorCode::UpdateUserEvent).await;
            return Ok((user, false));
        }
        let user = NewUser { email_verified: Some(context.now), ..NewUser::default() };
        match users.create_user(user, Some(address)).await {
            Ok(user) => {
                let created = events.create_user.as_deref();
                fire(context.config, created, || user.clone(), ErrorCode::CreateUserEvent).await;
                return Ok((user, true));
            }
            Err(error) if error.kind() == AdapterErrorKind::Duplicate => {
                // Somebody was faster: another link for the same address, or a sign-in that proves
                // nothing of it.
                known = users.user_by_email(address).await?;
                if known.is_none() {
                    return Err(BecomeError::CreateUser(error));
                }
            }
            Err(error) => return Err(BecomeError::CreateUser(error)),
        }
    }
    let reason = "others took the address each time that its owner was to be made";
    Err(BecomeError::CreateUser(AdapterError::unavailable(reason)))
}

/// A stored session of somebody else ends when this browser signs in as another user.
async fn end_other_session(
    context: &Context<'_>,
    known: Option<&User>,
) -> Result<(), AdapterError> {
    let Sessions::Database(_, store) = &context.config.sessions else { return Ok(()) };
    let carried = context.kit.session.read(context.request.cookies());
    let Some(carried) = carried else { return Ok(()) };
    for token in carried.tokens() {
        let owner = store.session_and_user(&token).await?.map(|(_, owner)| owner.id);
        if owner.is_none() || owner.as_deref() != known.map(|user| user.id.as_str()) {
            store.delete_session(&token).await?;
        }
    }
    Ok(())
}
