//! Sign-in by OAuth 1.0a: the state's check cookie holds the request token, which tells attempts
//! apart.

use super::super::Context;
use super::Version;
use super::attempt_key::AttemptKey;
use super::check_cookie::CheckCookies;
use super::finish::{Identity, IdentityProvider};
use super::returning::Returning;
use super::version::{answer, callback_address};
use crate::crypto::hash::equal;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::oauth::v1::{OAuth1AuthorizationResponse, OAuth1RelyingParty, Token, refusal};
use crate::oauth::{Check, ResponseMode};
use crate::web::cookie::SetCookie;
use crate::web::location::SafeLocation;

/// The parameters that a page may add to the address of the provider's own sign-in, in the query of
/// the sign-in address: those of X, by which somebody is asked for the password again, sees their
/// name in the form, and reads another language. All others are dropped.
const REQUEST_PARAMETERS: [&str; 3] = ["force_login", "screen_name", "lang"];

impl Version for OAuth1RelyingParty {
    const CALLBACK_ERROR: PageError = PageError::Callback;

    fn identity_provider(&self) -> IdentityProvider<'_> {
        let definition = self.definition();
        IdentityProvider { common: &definition.common, is_told_of_sign_outs: false }
    }

    /// In this order: request token; check cookie.
    async fn begin(
        &self,
        context: &Context<'_>,
    ) -> Result<(SafeLocation, Vec<SetCookie>), OAuthError> {
        let id = &self.definition().common.id;
        let token = self.request_token(&callback_address(context, id)).await?;
        let check_cookies = check_cookies(context, id, Some(&token.text));
        let mut cookies = vec![seal(&check_cookies, &token)?];
        cookies.extend(check_cookies.superseded());
        let asked = &context.request.query;
        let parameters: Vec<(&str, &str)> =
            REQUEST_PARAMETERS.iter().filter_map(|name| Some((*name, asked.text(name)?))).collect();
        Ok((self.authorization_url(&token, &parameters)?, cookies))
    }

    fn refusal(&self, context: &Context<'_>) -> Option<OAuthError> {
        refusal(answer(context.request), &context.request.query)
    }

    fn refused_attempt(&self, context: &Context<'_>) -> Vec<SetCookie> {
        let query = &context.request.query;
        let mut named = ["denied", "oauth_token"].into_iter().filter_map(|name| query.text(name));
        let refused = named.find_map(|given| {
            let check_cookies = check_cookies(context, &self.definition().common.id, Some(given));
            let (token, _) = open(&check_cookies).ok()?;
            let is_ours = equal(given.as_bytes(), token.text.as_bytes());
            is_ours.then(|| check_cookies.deletions(&[Check::State]))
        });
        refused.unwrap_or_default()
    }

    fn returning<'a>(&'a self, context: &'a Context<'a>) -> Returning<'a> {
        let query = &context.request.query;
        let given = |name| query.text(name).filter(|text| !text.is_empty());
        let token = given("oauth_token");
        let check_cookies = check_cookies(context, &self.definition().common.id, token);
        let spent = match token {
            Some(_) => check_cookies.deletions(&[Check::State]),
            None => Vec::new(),
        };
        let is_known = check_cookies.are_sent();
        let is_answer = token.is_some() && given("oauth_verifier").is_some();
        Returning { check_cookies, spent, is_known, is_answer }
    }

    async fn identify(
        &self,
        context: &Context<'_>,
        check_cookies: &CheckCookies<'_>,
    ) -> Result<Identity, OAuthError> {
        let response = OAuth1AuthorizationResponse::read(&context.request.query)?;
        let (request_token, began_here) = open(check_cookies)?;
        let token = self.exchange(&response, &request_token).await?;
        let raw_profile = self.user_info(&token).await?;
        Ok(Identity { tokens: token.into(), raw_profile, subject: None, began_here })
    }

    fn codes(_: &OAuthError) -> Vec<ErrorCode> {
        vec![ErrorCode::OAuthV1GetAccessToken]
    }
}

fn check_cookies<'a>(
    context: &'a Context<'a>,
    provider: &'a str,
    request_token: Option<&str>,
) -> CheckCookies<'a> {
    let attempt = request_token.map(AttemptKey::of);
    CheckCookies::new(context, provider, ResponseMode::Query, attempt)
}

/// Seals a request token for this browser and this provider. v4 keeps it in a map of the process,
/// which any browser may use, and puts the secret into the address.
fn seal(check_cookies: &CheckCookies<'_>, token: &Token) -> Result<SetCookie, OAuthError> {
    let value = serde_json::to_string(&(&token.text, &token.secret));
    let value = value.map_err(|_| OAuthError::CheckCookieNotMade(Check::State.name()))?;
    check_cookies.seal(Check::State, &value, None)
}

/// The request token with which this browser was sent to this provider, and whether it was this one.
fn open(check_cookies: &CheckCookies<'_>) -> Result<(Token, bool), OAuthError> {
    let sealed = check_cookies.open(Check::State)?;
    let (text, secret) = serde_json::from_str(&sealed.value)
        .map_err(|_| OAuthError::CheckCookieInvalid(Check::State.name()))?;
    Ok((Token { text, secret }, sealed.began_here))
}
