//! The context of a flow: the CSRF token and the callback URL, decided once per request.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::page::asked_for;
use super::pages::in_language;
use crate::config::{Config, CookieKit, Site};
use crate::error::{CallbackError, ErrorCode};
use crate::hooks::RedirectRequest;
use crate::log::{Step, step};
use crate::theme::Texts;
use crate::web::cookie::{ResolvedCookie, SetCookie};
use crate::web::csrf::{CsrfToken, CsrfVerified};
use crate::web::location::{SafeLocation, is_acceptable};
use crate::web::site::SiteUrl;
use crate::web::{Field, Reply, Request, percent_encode};

/// One request, and what was decided about it.
pub(crate) struct Context<'a> {
    pub(crate) config: &'a Arc<Config>,
    pub(crate) request: &'a Request<'a>,
    pub(crate) site: &'a SiteUrl,
    pub(crate) kit: &'a CookieKit,
    pub(crate) now: Timestamp,
    pub(crate) csrf: CsrfToken,
    pub(crate) callback_url: SafeLocation,
    /// The language that the visitor asked for, which the pages that follow have as well.
    pub(crate) language: Option<&'a Texts>,
}

/// A context, and the cookies that come first in every reply.
pub(crate) struct Begun<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) cookies: Vec<SetCookie>,
}

/// Why no flow can start.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the callback URL of the query is neither a path nor an http or https URL")]
    CallbackUrl,
    #[error(transparent)]
    Random(#[from] crate::crypto::random::RandomError),
}

impl<'a> Context<'a> {
    /// In this order: the query's callback URL is checked, the CSRF cookie is read or made, the
    /// callback URL is decided. A cookie with an unusable callback URL is overwritten (v4 answers
    /// 500 until it is gone). A page that is only fetched ahead changes none: a sign-in may be
    /// under way that it leads.
    pub(crate) async fn begin(
        config: &'a Arc<Config>,
        request: &'a Request<'a>,
        site: &'a Site<'a>,
    ) -> Result<Begun<'a>, Refused> {
        let url = site.url.as_ref();
        if let Some(value) = request.query.text("callbackUrl").filter(|value| !value.is_empty())
            && !is_acceptable(value, url)
        {
            return Err(Refused::CallbackUrl);
        }
        let names = &site.kit.set;
        let cookies = request.cookies();
        let csrf_cookies = cookies.values(&names.csrf_token.name);
        let csrf = CsrfToken::from_cookies(csrf_cookies, &config.secrets)?;
        let cookie =
            cookies.values(&names.callback_url.name).find(|value| is_acceptable(value, url));
        let acceptable = cookie.as_deref();
        let candidate = match request.callback_url() {
            Field::Text(value) if !value.is_empty() => Some(value),
            // None of several is chosen: none of them can be trusted to be the earlier one.
            Field::Unusable => {
                step(Step::CallbackUrl, None, || "is repeated or no text: it is left out".into());
                Some(url.origin())
            }
            _ => acceptable,
        };
        let callback_url = match candidate {
            Some(candidate) => decide(config, url, candidate).await,
            None => SafeLocation::origin_of(url),
        };
        let mut leading = Vec::new();
        if let Some(value) = &csrf.new_cookie {
            leading.push(SetCookie::session(&names.csrf_token, value));
        }
        let text = callback_url.text();
        let carried = if fits(&names.callback_url, text) { text } else { url.origin() };
        let is_kept =
            request.is_fetched_ahead() && !matches!(request.callback_url(), Field::Absent);
        if acceptable != Some(carried) && !is_kept {
            leading.push(SetCookie::session(&names.callback_url, carried));
        }
        let now = config.clock.now();
        let language = asked_for(config, request);
        let kit = site.kit;
        let context = Self { config, request, site: url, kit, now, csrf, callback_url, language };
        Ok(Begun { context, cookies: leading })
    }

    /// The proof that this POST carried the browser's own CSRF token.
    pub(crate) fn verified(&self) -> Option<CsrfVerified> {
        let submitted = self.request.body.text("csrfToken");
        let verified = self.request.is_post().then(|| self.csrf.verify(submitted)).flatten();
        if verified.is_none() {
            self.config.log.note(ErrorCode::CsrfToken, None, "the form has no right CSRF token");
        }
        verified
    }

    /// An address of the auth routes.
    pub(crate) fn address(&self, rest: &str) -> String {
        format!("{}/{rest}", self.site.base())
    }

    /// A redirect to one of the auth routes.
    pub(crate) fn to_route(&self, rest: &str) -> Reply {
        Reply::redirect(SafeLocation::of_route(self.site, &self.in_language(rest)))
    }

    /// An address of ours, with the language that the visitor asked for.
    pub(crate) fn in_language<'r>(&self, address: &'r str) -> Cow<'r, str> {
        match self.language {
            Some(texts) => in_language(address, texts).into(),
            None => address.into(),
        }
    }

    /// To the page that shows an error; its code is part of v4's wire.
    pub(crate) fn to_error(&self, error: impl AsRef<str>) -> Reply {
        self.to_route(&format!("error?error={}", percent_encode(error.as_ref())))
    }
}

/// Whether a browser would keep the value: what it drops would leave an older one in its place.
fn fits(policy: &ResolvedCookie, value: &str) -> bool {
    let maximum = policy.chunk_length;
    value.len() <= maximum / 3 || percent_encode(value).len() <= maximum
}

/// The application's `redirect` callback, or the default rule; a callback that fails must not
/// stop a request, so the default counts then.
async fn decide(config: &Config, site: &SiteUrl, candidate: &str) -> SafeLocation {
    let default = SafeLocation::of_visitor(candidate, site);
    let Some(redirect) = &config.callbacks.redirect else { return default };
    let request = RedirectRequest {
        url: candidate.to_owned(),
        base_url: site.origin().to_owned(),
        default: default.text().to_owned(),
    };
    let refused = match redirect(request).await {
        Ok(target) if target == default.text() => return default,
        Ok(target) => match SafeLocation::of_application(&target) {
            Ok(target) => return target,
            Err(refused) => CallbackError::new(refused),
        },
        Err(error) => error,
    };
    config.log.failure(ErrorCode::CallbackRedirect, None, refused.as_error());
    default
}
