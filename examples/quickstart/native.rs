//! The native sign-in (RFC 8252), with this site as the authorization server: a program without a
//! page gets a session through the person's browser.
//!
//! 1. The program opens `GET /native` with a loopback redirect URI, a state and a PKCE challenge.
//! 2. Whoever is signed in there is asked, and sent to the redirect URI with a one-time code.
//! 3. The program signs in with the code and the verifier, as with any other credentials.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use ring::rand::SystemRandom;
use serde::Deserialize;
use typegate::{Auth, Session, SiteUrl, User};
use url::{Host, Url};

use crate::home::page;
use crate::identity_provider::encoding::sha256_base64url;
use crate::identity_provider::expiring_map::ExpiringMap;
use crate::sessions::{SessionList, Visitor, is_own_form};

/// The program is waiting for it.
const CODE_LIFETIME: Duration = Duration::from_secs(60);
const CAPACITY: usize = 256;

/// Codes that were given out and not yet redeemed.
#[derive(Clone)]
pub(crate) struct NativePrograms {
    site: SiteUrl,
    grants: Arc<ExpiringMap<Grant>>,
}

struct Grant {
    user: User,
    redirect_uri: String,
    code_challenge: String,
}

/// What a program signs in with (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
#[derive(Deserialize)]
pub(crate) struct Exchange {
    code: String,
    code_verifier: String,
    redirect_uri: String,
}

/// What a program asks for (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
#[derive(Deserialize)]
pub(crate) struct Request {
    redirect_uri: String,
    state: String,
    code_challenge: String,
    code_challenge_method: String,
}

#[derive(Deserialize)]
pub(crate) struct Decision {
    #[serde(flatten)]
    request: Request,
    decision: String,
}

impl NativePrograms {
    pub(crate) fn new(site: SiteUrl) -> Self {
        let grants = ExpiringMap::new(CODE_LIFETIME, CAPACITY, SystemRandom::new());
        Self { site, grants: Arc::new(grants) }
    }

    /// Whose session the program gets; every attempt spends the code.
    pub(crate) fn redeem(&self, exchange: &Exchange) -> Option<User> {
        let grant = self.grants.take(&exchange.code)?;
        let is_right = grant.redirect_uri == exchange.redirect_uri
            && grant.code_challenge == sha256_base64url(&exchange.code_verifier);
        is_right.then_some(grant.user)
    }
}

impl Request {
    /// Where the answer goes, if it may go there.
    fn target(&self) -> Result<Url, &'static str> {
        let target = Url::parse(&self.redirect_uri).map_err(|_| "redirect_uri is no URL")?;
        // RFC 8252 section 7.3: any port, and by number, because a name may lead elsewhere.
        let is_loopback = match target.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            _ => false,
        };
        if target.scheme() != "http" || !is_loopback || target.fragment().is_some() {
            return Err("redirect_uri is not http://127.0.0.1 or http://[::1]");
        }
        if self.code_challenge_method != "S256" || self.code_challenge.len() != 43 {
            return Err("code_challenge is not one of S256");
        }
        Ok(target)
    }

    fn answer(&self, mut target: Url, name: &str, value: &str) -> Response {
        target.query_pairs_mut().append_pair(name, value).append_pair("state", &self.state);
        Redirect::to(target.as_str()).into_response()
    }
}

/// Any program on this machine can open this page, so a person has to answer it
/// (RFC 8252 section 8.6).
pub(crate) async fn ask(
    Session(visitor): Session<Visitor>,
    Query(request): Query<Request>,
) -> Response {
    if let Err(problem) = request.target() {
        return (StatusCode::BAD_REQUEST, problem).into_response();
    }
    let name = visitor.and_then(|session| session.user.name);
    let name = name.as_deref().unwrap_or("you");
    let content = html! {
        h1 { "Sign in a program" }
        section {
        p { "A program on this computer asks to be signed in as " strong { (name) } "." }
        p { "Go on only if you have just started it yourself." }
        form method="post" action="/native" {
            input type="hidden" name="redirect_uri" value=(request.redirect_uri);
            input type="hidden" name="state" value=(request.state);
            input type="hidden" name="code_challenge" value=(request.code_challenge);
            input type="hidden" name="code_challenge_method" value=(request.code_challenge_method);
            button.primary name="decision" value="allow" { "Sign it in" }
            " "
            button name="decision" value="deny" { "No" }
        }
        }
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'")];
    (policy, page("Sign in a program", &html! {}, &content)).into_response()
}

pub(crate) async fn decide(
    State(auth): State<Auth<Visitor>>,
    State(programs): State<NativePrograms>,
    State(sessions): State<SessionList>,
    headers: HeaderMap,
    Form(Decision { request, decision }): Form<Decision>,
) -> Response {
    if !is_own_form(&headers, &programs.site) {
        return (StatusCode::FORBIDDEN, "the form was not this site's").into_response();
    }
    let Some(claims) = auth.claims(&headers).filter(|claims| sessions.is_open(claims)) else {
        return (StatusCode::UNAUTHORIZED, "nobody is signed in").into_response();
    };
    let target = match request.target() {
        Ok(target) => target,
        Err(problem) => return (StatusCode::BAD_REQUEST, problem).into_response(),
    };
    if decision != "allow" {
        return request.answer(target, "error", "access_denied");
    }
    let mut user = User::new(claims.subject().unwrap_or_default());
    if let Some(name) = claims.get::<String>("name") {
        user = user.name(name);
    }
    if let Some(email) = claims.get::<String>("email") {
        user = user.email(email);
    }
    let grant = Grant {
        user,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
    };
    match programs.grants.insert(grant) {
        Ok(code) => request.answer(target, "code", &code),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
