//! Every way to write a function that typegate calls.

extern crate renamed_typegate as typegate;

use std::future::{Ready, ready};
use std::pin::Pin;

use typegate::hooks::{Callbacks, Events, SessionRequest, SignInAttempt, SignInDecision, SignedIn};
use typegate::provider::{AuthorizeRequest, Credentials, Email};
use typegate::{Auth, AuthorizeError, CallbackError, Jwt, LogEntry, User};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct AppSession {
    user_id: u32,
}

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn may_sign_in(attempt: SignInAttempt) -> Result<SignInDecision, CallbackError> {
    if attempt.user.id.is_empty() {
        return Err("nobody".into());
    }
    Ok(SignInDecision::Redirect("/welcome".into()))
}

type Answer = Pin<Box<dyn Future<Output = Result<u32, CallbackError>> + Send>>;

fn boxed(request: SessionRequest) -> Answer {
    Box::pin(async move { Ok(request.session.expires.parse()?) })
}

fn at_once(_: SignedIn) -> Ready<Result<(), CallbackError>> {
    ready(Ok(()))
}

async fn authorize(login: Login, _: AuthorizeRequest) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username)))
}

#[test]
fn functions_of_every_form_are_taken() {
    let _ = Callbacks::new().sign_in(may_sign_in).session(boxed);
    let callbacks: Callbacks<AppSession> = Callbacks::new()
        .sign_in(async |attempt| Ok(attempt.user.id.parse::<u32>()? > 0))
        .redirect(|request| async move { Ok(request.default) })
        .session(|request| async move {
            let user_id = request.session.expires.parse()?;
            if user_id == 0 {
                return Err("no id".into());
            }
            Ok(AppSession { user_id })
        })
        .into();
    drop(callbacks);
    let _ = Events::new().sign_in(at_once).update_user(async |user| {
        let _: u32 = user.id.parse()?;
        Ok(())
    });
    let _ = Credentials::new(authorize);
    let _ = Credentials::new(async |login: Login, request: AuthorizeRequest| {
        Ok(request.headers.is_empty().then(|| User::new(login.username)))
    });
    let _ = Auth::builder()
        .session(Jwt::default())
        .logger(|line: &LogEntry| drop(line.message.to_owned()));
    let _ = Credentials::new(|login: Login| async move {
        let id: u32 = login.username.parse()?;
        Ok((id > 0).then(|| User::new(login.username)))
    });
    let _ = Email::new(async |message| {
        let _: u32 = message.to.parse()?;
        Ok(())
    });
}
