//! The actions that show a page: the application's own if it named one, otherwise a built-in one.

use http::StatusCode;

use super::Context;
use super::development_help::{codes_behind, exactly};
use super::pages::{self, Confirmation, FormKind, PageFrame, ProviderForm};
use crate::config::{Config, Provider};
use crate::error::{ErrorCode, PageError};
use crate::web::site::SiteUrl;
use crate::web::{Field, Reply, Request};

const CONFIGURATION_MESSAGE: &str = "There is a problem with the server configuration. Check the \
                                     server logs for more information.";

fn frame<'a>(config: &'a Config, site: &'a SiteUrl) -> PageFrame<'a> {
    let (base_url, origin) = (site.base(), site.origin());
    PageFrame { theme: &config.theme, base_url, origin, explained: &[] }
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
    Reply::page(pages::sign_in(
        &PageFrame { explained: &explained, ..frame(config, context.site) },
        context.csrf.text(),
        &forms,
        &context.callback_url,
        error.filter(|error| !error.is_empty()),
        context.request.query.text("email"),
    ))
}

fn form(provider: &Provider) -> Option<ProviderForm<'_>> {
    let kind = match provider {
        Provider::OAuth(relying_party) => {
            FormKind::OAuth { style: relying_party.definition().common.style.as_ref() }
        }
        Provider::OAuth1(relying_party) => {
            FormKind::OAuth { style: relying_party.definition().common.style.as_ref() }
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
            let frame = frame(context.config, context.site);
            Reply::page(pages::sign_out(&frame, context.csrf.text()))
        }
    }
}

/// `GET verify-request`.
pub(crate) fn verify_request_page(context: &Context<'_>) -> Reply {
    match &context.config.pages.verify_request {
        Some(page) => Reply::redirect(page.clone()),
        None => Reply::page(pages::verify_request(&frame(context.config, context.site))),
    }
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
    Reply::page(pages::confirm_sign_in(&frame(context.config, context.site), &confirmation))
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
    built_in_error(context.config, context.site, error, &explained)
}

fn error_parameter<'a>(context: &'a Context<'_>, segment: Option<&'a str>) -> Option<&'a str> {
    match context.request.query.field("error") {
        Field::Text(error) => Some(error),
        Field::Absent | Field::Unusable => segment,
    }
}

fn built_in_error(
    config: &Config,
    site: &SiteUrl,
    error: Option<&str>,
    explained: &[ErrorCode],
) -> Reply {
    let page = pages::error(&PageFrame { explained, ..frame(config, site) }, error);
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
            built_in_error(config, site, configuration, &explained(code))
        }
        Some(page) => Reply::redirect(page.with_parameter("error", "Configuration")),
        None => built_in_error(config, site, configuration, &explained(code)),
    }
}
