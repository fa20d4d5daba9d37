//! The actions that show a page: the application's own if it named one, otherwise a built-in one.

use http::StatusCode;

use super::Context;
use super::development_help::{codes_behind, exactly};
use super::last_attempt::{LastAttempt, Outcome, recall};
use super::pages::{self, Confirmation, FormKind, PageFrame, ProviderForm, SentLink, SignIn};
use crate::config::{Config, Provider};
use crate::error::{ErrorCode, PageError};
use crate::provider::catalog;
use crate::theme::Texts;
use crate::web::site::SiteUrl;
use crate::web::{Field, Reply, Request};

const CONFIGURATION_MESSAGE: &str = "There is a problem with the server configuration. Check the \
                                     server logs for more information.";

fn frame<'a>(config: &'a Config, site: &'a SiteUrl, request: &Request<'_>) -> PageFrame<'a> {
    let (theme, base_url, origin) = (&config.theme, site.base(), site.origin());
    let is_language_asked_for = asked_for(config, request).is_some();
    let texts = texts(config, request);
    PageFrame { theme, texts, is_language_asked_for, base_url, origin, explained: &[] }
}

/// In the language of whoever asks.
pub(super) fn texts<'a>(config: &'a Config, request: &Request<'_>) -> &'a Texts {
    let preferred = || pages::preferred(config.theme.texts(), request.headers);
    asked_for(config, request).unwrap_or_else(preferred)
}

/// In the language that the address of this request asks for, if there is one.
pub(super) fn asked_for<'a>(config: &'a Config, request: &Request<'_>) -> Option<&'a Texts> {
    let wishes = request.query.text("ui_locales")?;
    pages::asked_for(config.theme.texts(), wishes)
}

fn frame_of<'a>(context: &Context<'a>) -> PageFrame<'a> {
    frame(context.config, context.site, context.request)
}

/// What the visitor asked for before a provider was asked: its answer's address is the provider's.
pub(crate) fn recall_language(context: &mut Context<'_>, provider: &str) {
    let last = recall(context).filter(|last| last.provider == provider);
    let language = last.and_then(|last| last.language);
    let texts = context.config.theme.texts();
    context.language = language.and_then(|language| pages::asked_for(texts, &language));
}

/// `GET signin`.
pub(crate) fn sign_in_page(context: &Context<'_>, segment: Option<&str>) -> Reply {
    let config = context.config;
    let error = error_parameter(context, None);
    if let Some(page) = &config.pages.sign_in {
        let page = page.with_parameter("callbackUrl", context.callback_url.text());
        // v4 does: `/signin/github` counts as the error `github`.
        return Reply::redirect(match error.or(segment).filter(|error| !error.is_empty()) {
            Some(error) => page.with_parameter("error", error),
            None => page,
        });
    }
    let forms: Vec<_> = config.providers.iter().filter_map(form).collect();
    let known = error.and_then(PageError::on_sign_in_page);
    let explained = codes_behind(config, context.request, known);
    let frame = PageFrame { explained: &explained, ..frame_of(context) };
    let last = recall(context);
    let reason = last.as_ref().and_then(|last| reason(config, frame.texts, known?, last));
    Reply::page(pages::sign_in(
        &frame,
        &SignIn {
            csrf_token: context.csrf.text(),
            providers: &forms,
            callback_url: &context.callback_url,
            error: error.filter(|error| !error.is_empty()),
            email: context.request.query.text("email"),
            reason: reason.as_deref(),
            last_provider: last.as_ref().map(|last| &*last.provider),
            typed: last.as_ref().and_then(|last| last.typed.as_deref()),
        },
    ))
}

/// What is known of an error besides v4's text for its code. The cookie outlives the attempt, so it
/// has to be about the same one.
fn reason(config: &Config, texts: &Texts, error: PageError, last: &LastAttempt) -> Option<String> {
    match (error, last.outcome?) {
        (PageError::EmailSignin, Outcome::TooMany) => Some(texts.too_many_links.to_owned()),
        (PageError::CredentialsSignin, Outcome::TooMany) => {
            Some(texts.too_many_attempts.to_owned())
        }
        (
            PageError::OAuthSignin | PageError::OAuthCallback | PageError::Callback,
            Outcome::Unreachable,
        ) => {
            let provider = config.provider(&last.provider)?;
            Some(texts.provider_unreachable.with(provider.name()))
        }
        (
            PageError::OAuthSignin
            | PageError::OAuthCallback
            | PageError::OAuthCreateAccount
            | PageError::EmailCreateAccount
            | PageError::Callback
            | PageError::CredentialsSignin,
            Outcome::Failed,
        ) => Some(texts.not_working.to_owned()),
        _ => None,
    }
}

fn form(provider: &Provider) -> Option<ProviderForm<'_>> {
    let mark = catalog::mark(provider.id());
    let kind = match provider {
        Provider::OAuth(relying_party) => {
            FormKind::OAuth { style: relying_party.definition().common.style.as_ref(), mark }
        }
        Provider::OAuth1(relying_party) => {
            FormKind::OAuth { style: relying_party.definition().common.style.as_ref(), mark }
        }
        Provider::Email(_) => FormKind::Email,
        Provider::Credentials(definition) if definition.fields.is_empty() => return None,
        Provider::Credentials(definition) => FormKind::Credentials { fields: &definition.fields },
    };
    Some(ProviderForm { id: provider.id(), name: provider.name(), kind })
}

/// `GET signout`.
pub(crate) fn sign_out_page(context: &Context<'_>) -> Reply {
    match &context.config.pages.sign_out {
        Some(page) => Reply::redirect(page.clone()),
        None => {
            let frame = frame_of(context);
            Reply::page(pages::sign_out(&frame, context.csrf.text(), &context.callback_url))
        }
    }
}

/// `GET verify-request`.
pub(crate) fn verify_request_page(context: &Context<'_>) -> Reply {
    match &context.config.pages.verify_request {
        Some(page) => Reply::redirect(page.clone()),
        None => {
            let last = recall(context);
            let sent = last.as_ref().and_then(|last| sent_link(context, last));
            Reply::page(pages::verify_request(&frame_of(context), sent.as_ref()))
        }
    }
}

/// The link that the last attempt asked for, if it got one.
fn sent_link<'a>(context: &'a Context<'_>, last: &'a LastAttempt) -> Option<SentLink<'a>> {
    let provider = context.config.provider(&last.provider)?;
    if !matches!(provider, Provider::Email(_)) || last.outcome != Some(Outcome::Sent) {
        return None;
    }
    let (csrf_token, address) = (context.csrf.text(), last.typed.as_deref()?);
    Some(SentLink { csrf_token, provider: provider.id(), address })
}

/// `GET callback/<email>` where a person is to press a button.
pub(super) fn confirm_sign_in_page(
    context: &Context<'_>,
    provider: &str,
    token: &str,
    email: &str,
) -> Reply {
    let confirmation = Confirmation {
        provider,
        csrf_token: context.csrf.text(),
        callback_url: &context.callback_url,
        token,
        email,
    };
    Reply::page(pages::confirm_sign_in(&frame_of(context), &confirmation))
}

/// `GET error`: to the sign-in page for the errors that belong there, else the application's page
/// or the built-in one.
pub(crate) fn error_page(context: &Context<'_>, segment: Option<&str>) -> Reply {
    let error = error_parameter(context, segment);
    if let Some(error) = error.and_then(PageError::on_sign_in_page) {
        return context.to_route(&format!("signin?error={error}"));
    }
    if let Some(page) = &context.config.pages.error {
        return Reply::redirect(match error {
            Some(error) => page.with_parameter("error", error),
            None => page.clone(),
        });
    }
    let known = error.and_then(PageError::on_error_page);
    let explained = codes_behind(context.config, context.request, known);
    built_in_error(&frame_of(context), error, &explained)
}

fn error_parameter<'a>(context: &'a Context<'_>, segment: Option<&'a str>) -> Option<&'a str> {
    match context.request.query.field("error") {
        Field::Text(error) => Some(error),
        Field::Absent | Field::Unusable => segment,
    }
}

fn built_in_error(frame: &PageFrame<'_>, error: Option<&str>, explained: &[ErrorCode]) -> Reply {
    let page = pages::error(&PageFrame { explained, ..*frame }, error);
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Reply::page(page.html).status(status)
}

/// The answer when no flow can start: a page where a page was asked for, else JSON. Sets no
/// cookie.
pub(crate) fn configuration_error(
    config: &Config,
    site: &SiteUrl,
    request: &Request<'_>,
    wants_page: bool,
    code: ErrorCode,
) -> Reply {
    if !wants_page {
        let body = serde_json::json!({ "message": CONFIGURATION_MESSAGE });
        return Reply::json(body.to_string().into_bytes())
            .status(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let query_callback_url = request.query.text("callbackUrl");
    let explained = |code| exactly(config, request, code);
    let configuration = Some(PageError::Configuration.as_str());
    match &config.pages.error {
        // An error page that requires a sign-in would send the browser round in circles.
        Some(page) if query_callback_url.is_some_and(|url| url.starts_with(page.text())) => {
            let code = ErrorCode::AuthOnErrorPage;
            config.log.note(code, None, "the error page itself asks for a sign-in");
            built_in_error(&frame(config, site, request), configuration, &explained(code))
        }
        Some(page) => Reply::redirect(page.with_parameter("error", "Configuration")),
        None => built_in_error(&frame(config, site, request), configuration, &explained(code)),
    }
}
