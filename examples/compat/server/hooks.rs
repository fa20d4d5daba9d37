//! Callbacks and event handlers that record their call, then do what the behaviour says.

use std::future::{Ready, ready};
use std::sync::Arc;

use serde_json::{Value, json};
use typegate::hooks::{
    AccountLinked, Callbacks, Events, SessionRead, SessionSource, SignInAttempt, SignInDecision,
    SignedIn, SignedOut, TokenRequest, Trigger,
};
use typegate::{CallbackError, Claims};

use super::records::{account, session, user};
use super::world::{Reaction, World, locked};

/// The callbacks that every profile has.
pub(crate) fn callbacks(world: &Arc<World>) -> Callbacks<Value> {
    let (for_sign_in, for_redirect, for_session) =
        (Arc::clone(world), Arc::clone(world), Arc::clone(world));
    Callbacks::new()
        .sign_in(move |attempt| ready(sign_in(&for_sign_in, &attempt)))
        .redirect(move |request| {
            let args = json!({ "url": request.url, "baseUrl": request.base_url });
            for_redirect.records.add("callback", "redirect", args);
            let target = Reaction::apply(for_redirect.behaviour().redirect, request.default.into());
            ready(target.and_then(|target| match target {
                Value::String(target) => Ok(target),
                _ => Err(CallbackError::new("the redirect callback did not return text")),
            }))
        })
        .session(move |request| {
            let session = json!(request.session);
            let mut args = match &request.source {
                SessionSource::Token(claims) => json!({ "session": session, "token": claims }),
                SessionSource::User(row) => json!({ "session": session, "user": user(row) }),
                _ => json!({ "session": session }),
            };
            if let (Value::Object(args), Trigger::Update) = (&mut args, request.trigger) {
                args.insert("newSession".into(), json!(request.update));
                args.insert("trigger".into(), json!("update"));
            }
            for_session.records.add("callback", "session", args);
            ready(Reaction::apply(for_session.behaviour().session_callback, session))
        })
        .into()
}

fn sign_in(world: &World, attempt: &SignInAttempt) -> Result<SignInDecision, CallbackError> {
    let mut args = json!({ "user": user(&attempt.user), "account": account(&attempt.account) });
    if let Value::Object(args) = &mut args {
        match (attempt.account.provider.as_str(), attempt.is_verification_request) {
            ("credentials", _) => args.insert("credentials".into(), attempt.raw_profile.clone()),
            ("email", false) => None,
            ("email", true) => args.insert("email".into(), json!({ "verificationRequest": true })),
            _ => args.insert("profile".into(), attempt.raw_profile.clone()),
        };
    }
    world.records.add("callback", "signIn", args);
    Ok(match Reaction::apply(world.behaviour().sign_in, json!(true))? {
        Value::Bool(allowed) => allowed.into(),
        Value::String(address) => SignInDecision::Redirect(address),
        _ => SignInDecision::Deny,
    })
}

/// The callback that only profiles with tokens can have.
pub(crate) fn jwt_callback(
    world: &Arc<World>,
) -> impl Fn(TokenRequest) -> Ready<Result<Claims, CallbackError>> + Send + Sync + 'static {
    let world = Arc::clone(world);
    move |request| {
        let trigger = match request.trigger {
            Trigger::SignIn => json!("signIn"),
            Trigger::SignUp => json!("signUp"),
            Trigger::Update => json!("update"),
            _ => Value::Null,
        };
        let args = json!({
            "token": request.token, "trigger": trigger, "user": request.user.as_ref().map(user),
            "account": request.account.as_ref().map(account), "profile": request.raw_profile,
            "isNewUser": request.is_new_user, "session": request.update,
        });
        world.records.add("callback", "jwt", args);
        let claims = Reaction::apply(world.behaviour().jwt, json!(request.token));
        ready(claims.and_then(|claims| match claims {
            Value::Object(members) => Ok(Claims::from(members)),
            _ => Err(CallbackError::new("the jwt callback did not return an object")),
        }))
    }
}

/// Handlers that record their event, then fail if they are told to. Without an adapter users and
/// accounts have none.
pub(crate) fn events(world: &Arc<World>, has_adapter: bool) -> Events {
    let events = Events::new()
        .sign_in(handler(world, "signIn", |event: &SignedIn| {
            json!({
                "user": user(&event.user), "account": account(&event.account),
                "profile": event.profile, "isNewUser": event.is_new_user,
            })
        }))
        .sign_out(handler(world, "signOut", |event| match event {
            SignedOut::Token(claims) => json!({ "token": claims }),
            SignedOut::Session(row) => json!({ "session": row.as_ref().map(session) }),
            _ => Value::Null,
        }))
        .session(handler(world, "session", |event: &SessionRead| {
            let SessionRead { session, token, .. } = event;
            json!({ "session": session, "token": token })
        }));
    if !has_adapter {
        return events.into();
    }
    events
        .create_user(handler(world, "createUser", |row| json!({ "user": user(row) })))
        .update_user(handler(world, "updateUser", |row| json!({ "user": user(row) })))
        .link_account(handler(world, "linkAccount", |event: &AccountLinked| {
            json!({
                "user": user(&event.user), "account": account(&event.account),
                "profile": event.profile,
            })
        }))
        .into()
}

fn handler<E: 'static>(
    world: &Arc<World>,
    name: &'static str,
    describe: fn(&E) -> Value,
) -> impl Fn(E) -> Ready<Result<(), CallbackError>> + Send + Sync + 'static {
    let world = Arc::clone(world);
    move |event| {
        world.records.add("event", name, describe(&event));
        ready(match locked(&world.behaviour).event_fail.get(name) {
            Some(failure) => Err(CallbackError::new(failure.clone())),
            None => Ok(()),
        })
    }
}
