//! The authorization endpoint (RFC 6749 section 4.1.1), where everybody consents.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use url::Url;

use super::behaviour::State;
use super::endpoint::{plain, redirect};
use super::fault::Fault;
use super::grant::{Grant, SCOPE};
use crate::error::debug_as_display;

/// Why an authorization request has no answer that leads back to the application.
#[derive(Clone, thiserror::Error)]
#[error("the authorization request is refused: {0}")]
pub struct AuthorizationRefused(pub(super) String);

debug_as_display!(AuthorizationRefused);

/// What the browser brings back to the application.
#[derive(Clone, Debug)]
pub struct AuthorizationResponse {
    redirect_uri: Url,
    parameters: Vec<(String, String)>,
    is_form_post: bool,
}

impl AuthorizationResponse {
    /// Where the browser goes: the callback address, with the parameters in its query unless they
    /// are in a form.
    #[must_use]
    pub fn address(&self) -> String {
        let mut url = self.redirect_uri.clone();
        if !self.is_form_post {
            url.query_pairs_mut().extend_pairs(&self.parameters);
        }
        url.into()
    }

    /// The fields of the form that the browser posts there, with `response_mode=form_post`.
    #[must_use]
    pub fn form(&self) -> Option<&[(String, String)]> {
        self.is_form_post.then_some(self.parameters.as_slice())
    }

    /// The request that the browser makes, still without cookies.
    ///
    /// # Errors
    ///
    /// If the address is none that a request can have.
    pub fn request(&self) -> Result<Request<Bytes>, http::Error> {
        match self.form() {
            None => Request::get(self.address()).body(Bytes::new()),
            Some(form) => {
                let body =
                    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                Request::post(self.address())
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body.into())
            }
        }
    }

    /// What the endpoint answers to the browser: a redirect, or a page that posts the form.
    pub(super) fn to_browser(&self) -> Response<Bytes> {
        let Some(form) = self.form() else { return redirect(&self.address()) };
        let markup = maud::html! {
            (maud::DOCTYPE)
            html lang="en" {
                head { title { "Continue" } }
                body {
                    form method="post" action=(self.address()) {
                        @for (name, value) in form {
                            input type="hidden" name=(name) value=(value);
                        }
                        button { "Continue" }
                    }
                    script { "document.forms[0].submit()" }
                }
            }
        };
        plain(200, "text/html; charset=utf-8", markup.into_string())
    }
}

pub(super) fn authorize(
    state: &mut State,
    address: &str,
) -> Result<AuthorizationResponse, AuthorizationRefused> {
    let refused = |why: &str| AuthorizationRefused(why.into());
    let url = Url::parse(address).map_err(|_| refused("the address is no URL"))?;
    let parameters = pushed_or_given(state, url.query_pairs().into_owned().collect())?;
    let names: HashSet<&String> = parameters.iter().map(|(name, _)| name).collect();
    if names.len() != parameters.len() {
        return Err(refused("a parameter is repeated (RFC 6749 section 3.1)"));
    }
    let query: HashMap<String, String> = parameters.into_iter().collect();
    let text = |name: &str| query.get(name).map(String::as_str);
    if text("client_id") != Some(&state.behaviour.client_id) {
        return Err(refused("another client_id"));
    }
    if text("response_type") != Some("code") {
        return Err(refused("a response_type other than code"));
    }
    let challenge = text("code_challenge").map(ToOwned::to_owned);
    if challenge.is_some() != (text("code_challenge_method") == Some("S256")) {
        return Err(refused("a code challenge without S256 (RFC 7636 section 4.3)"));
    }
    let redirect_uri = text("redirect_uri").ok_or_else(|| refused("no redirect_uri"))?;
    let back = Url::parse(redirect_uri).map_err(|_| refused("the redirect_uri is no URL"))?;
    let is_form_post = match text("response_mode") {
        None | Some("query") => false,
        Some("form_post") => true,
        Some(_) => return Err(refused("an unknown response_mode")),
    };
    state.issued += 1;
    // Codes are opaque: whatever stands in them has to come back.
    let code = format!("code {}/+=%&é", state.issued);
    let grant = Grant {
        number: state.issued,
        redirect_uri: redirect_uri.to_owned(),
        challenge,
        nonce: text("nonce").map(ToOwned::to_owned),
        scope: SCOPE.to_owned(),
    };
    let given_state = text("state").map(ToOwned::to_owned);
    let parameters = answer(state, code, grant, given_state);
    Ok(AuthorizationResponse { redirect_uri: back, parameters, is_form_post })
}

/// The parameters that were pushed (RFC 9126 section 4), or those of the address.
fn pushed_or_given(
    state: &mut State,
    given: Vec<(String, String)>,
) -> Result<Vec<(String, String)>, AuthorizationRefused> {
    let refused = |why: &str| AuthorizationRefused(why.into());
    let Some((_, reference)) = given.iter().find(|(name, _)| name == "request_uri") else {
        let required = state.behaviour.document.get("require_pushed_authorization_requests");
        if required.and_then(serde_json::Value::as_bool) == Some(true) {
            return Err(refused("the parameters were not pushed"));
        }
        return Ok(given);
    };
    if given.len() != 2 {
        return Err(refused("parameters beside client_id and request_uri"));
    }
    let pushed = state.pushed.remove(reference);
    pushed.ok_or_else(|| refused("the request_uri is unknown or was used"))
}

/// The parameters that lead back, or what a fault makes of them.
fn answer(
    state: &mut State,
    code: String,
    grant: Grant,
    given_state: Option<String>,
) -> Vec<(String, String)> {
    let mut parameters: Vec<(&str, String)> = Vec::new();
    match state.fault {
        Some(Fault::RefusedByPerson) => parameters.push(("error", "access_denied".into())),
        Some(Fault::TokenInTheFrontChannel) => {
            parameters.push(("access_token", "at-secret-front".into()));
            parameters.push(("token_type", "Bearer".into()));
        }
        Some(Fault::RepeatedCode) => {
            parameters.push(("code", code.clone()));
            parameters.push(("code", "another".into()));
        }
        _ => parameters.push(("code", code.clone())),
    }
    state.codes.insert(code, grant);
    match (state.fault, given_state) {
        (Some(Fault::MissingState), _) | (_, None) => {}
        (Some(Fault::WrongState), Some(_)) => parameters.push(("state", "another".into())),
        (_, Some(given)) => parameters.push(("state", given)),
    }
    let announced = "authorization_response_iss_parameter_supported";
    let issuer = state.behaviour.document.get("issuer").and_then(serde_json::Value::as_str);
    if state.is(Fault::WrongIssuerInTheCallback) {
        parameters.push(("iss", "https://other.example".into()));
    } else if state.behaviour.document.get(announced) == Some(&true.into()) {
        parameters.push(("iss", issuer.unwrap_or_default().into()));
    }
    parameters.extend(state.behaviour.callback.iter().cloned());
    parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
