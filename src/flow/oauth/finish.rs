//! The end of a sign-in: from what an identity provider says about a person to a session.

use http::StatusCode;
use serde_json::Value;

use super::super::Context;
use super::super::account_linking::{LinkError, Linked, Newcomer, link};
use super::super::establish::{EstablishError, destination, establish};
use super::super::last_attempt;
use super::super::proven_address::ProvenAddress;
use super::super::rp_initiated_logout::remember;
use super::super::sign_in_callback::ask;
use crate::error::{CallbackError, ErrorCode, PageError};
use crate::hooks::{SignInAttempt, SignedIn};
use crate::log::{Step, names, step};
use crate::model::email_address::EmailAddress;
use crate::model::identifier::names_somebody;
use crate::model::{Account, AccountType, Profile, TokenSet};
use crate::oauth::Common;
use crate::web::Reply;

/// Tokens, and what the provider says about the person.
pub(crate) struct Identity {
    pub(crate) tokens: TokenSet,
    pub(crate) raw_profile: Value,
    /// The subject of the ID token, by which a logout token will name the person.
    pub(crate) subject: Option<String>,
    /// Whether the check cookies show that the sign-in began in this browser.
    pub(crate) began_here: bool,
}

/// The part of a provider's definition that matters once the provider has named the person.
#[derive(Clone, Copy)]
pub(crate) struct IdentityProvider<'a> {
    pub(crate) common: &'a Common,
    /// Whether it is told when somebody signs out.
    pub(crate) is_told_of_sign_outs: bool,
}

/// In this order: profile; address; `signIn` callback; linking; session; redirect.
pub(crate) async fn finish(
    context: &Context<'_>,
    provider: IdentityProvider<'_>,
    identity: Identity,
) -> Reply {
    let (config, id) = (context.config, provider.common.id.as_str());
    step(Step::ProfileData, Some(id), || {
        let members = identity.raw_profile.as_object();
        names("the profile has", members.into_iter().flatten().map(|(name, _)| name.as_str()))
    });
    let mapped = provider.common.profile.map(&identity.raw_profile, &identity.tokens);
    let profile = mapped.and_then(|profile| {
        if !names_somebody(&profile.id) {
            return Err(CallbackError::new("the profile has no id"));
        }
        Ok(profile)
    });
    let mut profile = match profile {
        Ok(profile) => profile,
        Err(error) => {
            config.log.failure(ErrorCode::OAuthParseProfile, Some(id), error.as_error());
            // v4 does: back to the sign-in page, without an error.
            return context.to_route("signin");
        }
    };
    for left_out in std::mem::take(&mut profile.left_out) {
        config.log.note(ErrorCode::ProfileMemberLeftOut, Some(id), &left_out);
    }
    let address = address(context, id, &mut profile);
    let proven = address.as_ref().and_then(|address| {
        let vouching = provider.common.email_vouching;
        ProvenAddress::by_provider(address, &profile, &identity.raw_profile, vouching)
    });
    if config.back_channel_logout.is_some()
        && identity.subject.is_some_and(|subject| subject != profile.id)
    {
        let reason = "the profile's id is not the subject of the ID token: no logout token finds \
                      this account";
        config.log.note(ErrorCode::BackChannelLogout, Some(id), reason);
    }
    let mut account = Account::new(AccountType::OAuth, id, &profile.id);
    account.tokens = identity.tokens;

    let failed = |error: &(dyn std::error::Error + 'static)| {
        config.log.failure(ErrorCode::OAuthCallbackHandler, Some(id), error);
        last_attempt::failed(context, id, PageError::Callback)
    };
    if config.callbacks.sign_in.is_some() {
        let known = match &config.users {
            Some(users) => match users.user_by_account(id, &account.provider_account_id).await {
                Ok(user) => user,
                Err(error) => return failed(&error),
            },
            None => None,
        };
        let user = known.unwrap_or_else(|| profile.clone().into_user());
        let attempt = SignInAttempt::new(user, account.clone(), identity.raw_profile.clone());
        if let Err(reply) = ask(context, attempt, StatusCode::OK).await {
            return reply;
        }
    }
    let newcomer = Newcomer {
        profile: &profile,
        account: &account,
        address: address.as_ref(),
        proven: proven.as_ref(),
        links_by_email: provider.common.dangerously_link_by_email,
        began_here: identity.began_here,
    };
    let linked = link(context, &newcomer).await;
    let Linked { user, is_new_user, kept } = match linked {
        Ok(linked) => linked,
        Err(error @ (LinkError::NotLinked | LinkError::NotVouched)) => {
            config.log.failure(ErrorCode::OAuthAccountNotLinked, Some(id), &error);
            return context.to_error(PageError::OAuthAccountNotLinked);
        }
        Err(error @ LinkError::BegunElsewhere) => {
            config.log.failure(ErrorCode::OAuthCallback, Some(id), &error);
            return context.to_error(PageError::OAuthCallback);
        }
        Err(error @ LinkError::CreateUser(_)) => {
            config.log.failure(ErrorCode::AdapterCreateUser, Some(id), &error);
            return last_attempt::failed(context, id, PageError::OAuthCreateAccount);
        }
        Err(error @ LinkError::Adapter(_)) => return failed(&error),
    };
    let signed_in = SignedIn { user, account, profile: Some(profile), is_new_user };
    let provider_session = remember(
        context,
        id,
        provider.is_told_of_sign_outs,
        &signed_in.user.id,
        &signed_in.account.tokens,
    );
    match establish(context, signed_in, Some(identity.raw_profile), kept).await {
        Ok(cookies) => Reply::redirect(destination(context, is_new_user))
            .cookies(cookies)
            .cookies(provider_session),
        Err(error @ EstablishError::Unlinked) => {
            config.log.failure(ErrorCode::OAuthAccountNotLinked, Some(id), &error);
            context.to_error(PageError::OAuthAccountNotLinked)
        }
        Err(error @ (EstablishError::Random(_) | EstablishError::Seal(_))) => {
            config.log.failure(error.code(ErrorCode::OAuthCallbackHandler), Some(id), &error);
            last_attempt::failed(context, id, PageError::Callback)
                .status(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(error) => failed(&error),
    }
}

/// The address of a profile, which from here on has it in its one form or not at all. Blank is no
/// address; what is something else costs nobody the sign-in.
fn address(context: &Context<'_>, id: &str, profile: &mut Profile) -> Option<EmailAddress> {
    let text = profile.email.take().filter(|text| !text.trim().is_empty())?;
    match EmailAddress::of_provider(&text) {
        Ok(address) => {
            profile.email = Some(address.as_str().to_owned());
            Some(address)
        }
        Err(error) => {
            let message = format!("the profile's member `email` is left out: {error}");
            context.config.log.note(ErrorCode::ProfileEmail, Some(id), &message);
            None
        }
    }
}
