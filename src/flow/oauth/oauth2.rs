//! Sign-in by OAuth 2.0 and OpenID Connect: check cookies hold the state, the nonce and the code
//! verifier, and the state tells attempts apart.

use super::super::Context;
use super::attempt_key::AttemptKey;
use super::check_cookie::CheckCookies;
use super::finish::{Identity, IdentityProvider};
use super::issuer::report_unknown_issuer;
use super::returning::Returning;
use super::version::{answer, callback_address};
use super::{Version, note_remarks};
use crate::crypto::hash::equal;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::log::{Step, names, step};
use crate::oauth::{AuthorizationOptions, AuthorizationResponse, Check, CheckValues, RelyingParty};
use crate::web::Fields;
use crate::web::cookie::SetCookie;
use crate::web::location::SafeLocation;

/// The parameters, besides `max_age`, that a page may add to the authorization request in the query
/// of the sign-in address. All others are dropped: they are the protocol's own, or unknown.
const REQUEST_PARAMETERS: [&str; 14] = [
    "acr_values",
    "audience",
    "connection",
    "display",
    "domain_hint",
    "hd",
    "kc_idp_hint",
    "login_hint",
    "organization",
    "prompt",
    "resource",
    "scope",
    "screen_hint",
    "ui_locales",
];

impl Version for RelyingParty {
    const CALLBACK_ERROR: PageError = PageError::OAuthCallback;

    fn identity_provider(&self) -> IdentityProvider<'_> {
        let definition = self.definition();
        IdentityProvider {
            common: &definition.common,
            is_told_of_sign_outs: definition.post_logout_redirect_uri.is_some(),
        }
    }

    /// In this order: metadata; check cookies; pushed authorization request, if there is one.
    async fn begin(
        &self,
        context: &Context<'_>,
    ) -> Result<(SafeLocation, Vec<SetCookie>), OAuthError> {
        let definition = self.definition();
        let id = definition.common.id.as_str();
        let asked = &context.request.query;
        let names = asked.as_object().keys().map(String::as_str);
        let parameters: Vec<(&str, &str)> = names
            .filter(|name| REQUEST_PARAMETERS.contains(name))
            .filter_map(|name| Some((name, asked.text(name)?)))
            .collect();
        let options = AuthorizationOptions {
            redirect_uri: &callback_address(context, id),
            parameters: &parameters,
            max_age: asked.text("max_age").and_then(|text| text.parse().ok()),
        };
        let request = self.authorization_request(&options).await;
        note_remarks(context.config, self);
        let request = request?;
        let checks = &request.checks;
        let attempt = checks.state.as_deref().map(AttemptKey::of);
        let check_cookies = CheckCookies::new(context, id, definition.response_mode, attempt);
        let mut cookies = Vec::new();
        for check in Check::ORDER {
            let Some(value) = checks.get(check) else { continue };
            cookies.push(check_cookies.seal(check, value, checks.max_age)?);
            let created = match check {
                Check::State => Step::CreateState,
                Check::Nonce => Step::CreateNonce,
                Check::Pkce => Step::CreatePkceCodeVerifier,
            };
            step(created, Some(id), || "is made".to_owned());
        }
        cookies.extend(check_cookies.superseded());
        let location = self.authorization_url(&request).await?;
        step(Step::GetAuthorizationUrl, Some(id), || endpoint_of(location.uri()));
        Ok((location, cookies))
    }

    fn refusal(&self, context: &Context<'_>) -> Option<OAuthError> {
        let redirect_uri = callback_address(context, &self.definition().common.id);
        self.error_response(answer(context.request), &context.request.query, &redirect_uri)
    }

    fn refused_attempt(&self, context: &Context<'_>) -> Vec<SetCookie> {
        let answer = answer(context.request);
        let Returning { check_cookies, spent, .. } = self.returning(context);
        let is_ours = has_our_state(&check_cookies, answer) && self.may_have_sent(answer);
        if is_ours { spent } else { Vec::new() }
    }

    /// Looks for the attempt with the answer's state, first under its own cookie names and then,
    /// for a sign-in that began at a Node server, under v4's. Without a state nothing tells
    /// attempts apart, so there is one at a time.
    fn returning<'a>(&'a self, context: &'a Context<'a>) -> Returning<'a> {
        let definition = self.definition();
        let answer = answer(context.request);
        let given = |name| answer.text(name).filter(|text| !text.is_empty());
        let state = given("state");
        let has_state = definition.has(Check::State);
        let is_answer = given("code").is_some() && state.is_some() == has_state;
        let (id, mode) = (definition.common.id.as_str(), definition.response_mode);
        let of = |attempt| CheckCookies::new(context, id, mode, attempt);
        let all = |check_cookies: CheckCookies<'a>, is_known| {
            let spent = check_cookies.deletions(definition.checks());
            Returning { check_cookies, spent, is_known, is_answer }
        };
        let v4 = of(None);
        if !has_state {
            let is_known = definition.checks().is_empty() || v4.are_sent();
            return all(v4, is_known);
        }
        let Some(state) = state else {
            return Returning { check_cookies: v4, spent: Vec::new(), is_known: false, is_answer };
        };
        let own = of(Some(AttemptKey::of(state)));
        if own.are_sent() {
            return all(own, true);
        }
        let sealed = v4.open(Check::State);
        if sealed.is_ok_and(|sealed| equal(sealed.value.as_bytes(), state.as_bytes())) {
            return all(v4, true);
        }
        let spent = own.deletions(definition.checks());
        Returning { check_cookies: v4, spent, is_known: false, is_answer }
    }

    async fn identify(
        &self,
        context: &Context<'_>,
        check_cookies: &CheckCookies<'_>,
    ) -> Result<Identity, OAuthError> {
        let id = self.definition().common.id.as_str();
        let answer = answer(context.request);
        let response = AuthorizationResponse::read(answer)?;
        report_unknown_issuer(self, answer);
        let (checks, began_here) = opened(check_cookies, self.definition().checks())?;
        let redirect_uri = callback_address(context, id);
        let response = self.exchange(&response, &checks, &redirect_uri).await;
        note_remarks(context.config, self);
        let response = response?;
        step(Step::OAuthCallbackResponse, Some(id), || {
            let members = response.tokens.members().keys();
            names("the token response has", members.map(String::as_str))
        });
        let form = context.request.is_post().then_some(answer);
        let raw_profile = self.user_info(&response, form).await;
        note_remarks(context.config, self);
        let raw_profile = raw_profile?;
        let subject = response.subject().map(ToOwned::to_owned);
        Ok(Identity { tokens: response.tokens, raw_profile, subject, began_here })
    }

    fn codes(error: &OAuthError) -> Vec<ErrorCode> {
        error.retired_code().into_iter().chain([ErrorCode::CallbackOAuth]).collect()
    }
}

/// The address without its parameters, which hold state and nonce.
fn endpoint_of(url: &str) -> String {
    url.split('?').next().unwrap_or_default().to_owned()
}

fn has_our_state(check_cookies: &CheckCookies<'_>, answer: &Fields) -> bool {
    let expected = check_cookies.open(Check::State);
    let given = answer.text("state").unwrap_or_default();
    expected.is_ok_and(|state| equal(state.value.as_bytes(), given.as_bytes()))
}

/// The checks that the first half sealed, and whether they show that it was in this browser. A
/// provider without checks leaves nothing to tell it by.
fn opened(
    check_cookies: &CheckCookies<'_>,
    wanted: &[Check],
) -> Result<(CheckValues, bool), OAuthError> {
    let mut checks = CheckValues::default();
    let mut began_here = !wanted.is_empty();
    for check in Check::ORDER.into_iter().filter(|check| wanted.contains(check)) {
        let sealed = check_cookies.open(check)?;
        began_here &= sealed.began_here;
        checks.set(check, sealed.value);
        checks.max_age = [checks.max_age, sealed.max_age].into_iter().flatten().min();
    }
    Ok((checks, began_here))
}
