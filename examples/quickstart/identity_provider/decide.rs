//! The decision of the person at the login page.

use std::sync::Arc;

use axum::{
    extract::{RawForm, State, rejection::RawFormRejection},
    http::StatusCode,
    response::Response,
};

use super::{
    Context,
    authorize::PendingRequest,
    login_page::{LoginForm, error_page, login_page},
    parameters::Parameters,
    person::Person,
    token::CodeGrant,
    unix_time,
};

const EXPIRED: &str = "This sign-in was already answered or has expired. Go back to the \
                       application and start again.";

enum Decision {
    SignIn(Person),
    Refuse,
}

/// Receives the login page's form. The id of the pending request is what protects it
/// against forgery: only who was shown the page can know it.
pub(super) async fn decide(
    State(context): State<Arc<Context>>,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let Some(parameters) = form.ok().and_then(|RawForm(form)| Parameters::parse(&form)) else {
        return error_page(StatusCode::BAD_REQUEST, "The form could not be read.");
    };
    let request_id = parameters.value("request").unwrap_or_default();
    let Some(pending) = context.pending_requests.get(request_id) else {
        return expired();
    };
    let decision = match read_decision(&parameters) {
        Ok(decision) => decision,
        // The request stays pending while the person corrects the form.
        Err(form) => {
            return login_page(
                StatusCode::UNPROCESSABLE_ENTITY,
                context.client.id(),
                pending.scope,
                request_id,
                &form,
            );
        }
    };
    // Of two answers to one page, only the first may have a code.
    let Some(pending) = context.pending_requests.take(request_id) else {
        return expired();
    };
    match decision {
        Decision::Refuse => {
            tracing::info!("sign-in refused by the person");
            pending.return_address.error(&context.issuer, "access_denied", "the person refused")
        }
        Decision::SignIn(person) => sign_in(&context, pending, person),
    }
}

fn read_decision(parameters: &Parameters) -> Result<Decision, LoginForm> {
    if parameters.value("decision") == Some("refuse") {
        return Ok(Decision::Refuse);
    }
    if let Some(sample) = parameters.value("account").and_then(Person::sample) {
        return Ok(Decision::SignIn(sample));
    }
    let name = parameters.value("name").unwrap_or_default();
    let email = parameters.value("email").unwrap_or_default();
    Person::from_input(name, email).map(Decision::SignIn).map_err(|problem| LoginForm {
        name: name.to_owned(),
        email: email.to_owned(),
        problem: Some(problem),
    })
}

fn sign_in(context: &Context, pending: PendingRequest, person: Person) -> Response {
    let PendingRequest { return_address, scope, nonce, code_challenge } = pending;
    let signed_in_as = person.to_string();
    let grant = CodeGrant {
        redirect_uri: return_address.redirect_uri.clone(),
        scope,
        nonce,
        code_challenge,
        person,
        auth_time: unix_time(),
    };
    match context.codes.insert(grant) {
        Ok(code) => {
            tracing::info!("signed in as {signed_in_as}");
            return_address.success(&context.issuer, &code)
        }
        Err(_) => return_address.error(&context.issuer, "server_error", "no randomness"),
    }
}

fn expired() -> Response {
    tracing::warn!("sign-in form refused: no such request is pending");
    error_page(StatusCode::BAD_REQUEST, EXPIRED)
}
