//! First half: a request token is had and the browser is sent to the provider (RFC 5849 sections
//! 2.1 and 2.2).

use url::Url;

use super::super::Context;
use super::signed_request::post;
use super::token::Token;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::oauth::v1::{OAuth1Definition, OAuth1Server};
use crate::web::Reply;
use crate::web::cookie::SetCookie;
use crate::web::csrf::CsrfVerified;
use crate::web::location::{SafeLocation, UnsafeLocation};

/// In this order: request token, cookie, redirect. The flow starts only with a verified CSRF
/// token. Nothing of the page's own query goes to the provider.
pub(crate) async fn request_token(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    server: &OAuth1Server,
    _: CsrfVerified,
) -> Reply {
    match prepare(context, definition, server).await {
        Ok((url, cookies)) => Reply::redirect(url).cookies(cookies),
        Err(error) => {
            let (log, id) = (&context.config.log, Some(definition.common.id.as_str()));
            log.failure(ErrorCode::GetAuthorizationUrl, id, &error);
            log.failure(ErrorCode::SignInOAuth, id, &error);
            context.to_error(PageError::OAuthSignin)
        }
    }
}

async fn prepare(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    server: &OAuth1Server,
) -> Result<(SafeLocation, Vec<SetCookie>), OAuthError> {
    // Made from the configuration alone; nothing of the request is in it.
    let callback = context.address(&format!("callback/{}", definition.common.id));
    let parameter = ("oauth_callback", callback.as_str());
    let answer = post(context, definition, &server.request_token_url, None, parameter).await;
    let answer = answer.map_err(OAuthError::RequestToken)?;
    // Otherwise it is OAuth 1.0, in which a token can be fixated before somebody else allows it.
    if answer.text("oauth_callback_confirmed") != Some("true") {
        return Err(OAuthError::RequestTokenResponse("does not confirm the callback"));
    }
    let token = Token::from_answer(&answer).map_err(OAuthError::RequestTokenResponse)?;
    let cookies = token.seal(context, &definition.common.id)?;
    let location = authorization_url(&server.authorization_url, &token)
        .map_err(|error| OAuthError::Endpoint("authorization_endpoint", error.into()))?;
    Ok((location, cookies))
}

/// The endpoint with its own query and the token. The token's secret stays here (v4 sends it,
/// and all else of the answer).
fn authorization_url(endpoint: &Url, token: &Token) -> Result<SafeLocation, UnsafeLocation> {
    let mut url = endpoint.clone();
    url.query_pairs_mut().append_pair("oauth_token", &token.text);
    SafeLocation::of_provider(&url, url.query().unwrap_or_default())
}
