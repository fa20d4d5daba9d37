//! `#[provider(..)]`, taken apart.

use syn::{DeriveInput, Lit, LitStr};

use super::super::fields;
use super::super::parameters::{Parameters, json};
use super::super::style::Style;
use super::ast::{Authorization, Provider, Token, UserInfo};
use crate::errors::Errors;
use crate::krate;
use crate::meta::{Entries, Entry, Value};

pub(crate) fn read<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Provider<'a> {
    let fields = fields::read(input, "client_id", errors);
    let mut entries = Entries::of_attributes("provider", &input.attrs, errors);
    let mut provider = Provider {
        input,
        support: krate::support(&mut entries, errors),
        fields,
        is_broken: false,
        id: entries.take_text("id", errors),
        name: entries.take_text("name", errors),
        env: entries.take_text("env", errors),
        issuer: entries.take_text("issuer", errors),
        discovery: entries.take_text("discovery", errors),
        tenant_claim: entries.take_text("tenant_claim", errors),
        jwks: entries.take_text("jwks", errors),
        callback_issuer: entries.take_text("callback_issuer", errors),
        authorization: authorization(&mut entries, errors),
        token: token(&mut entries, errors),
        pushed_authorization: entries.take_text("pushed_authorization", errors),
        end_session: entries.take_text("end_session", errors),
        userinfo: userinfo(&mut entries, errors),
        scope: entries.take_text("scope", errors),
        scope_separator: entries.take_text("scope_separator", errors),
        checks: checks(&mut entries, errors),
        response_mode: entries.take_text("response_mode", errors),
        client_authentication: entries.take_text("client_authentication", errors),
        id_token_algorithm: entries.take_text("id_token_algorithm", errors),
        email_vouching: entries.take_text("email_vouching", errors),
        beta: entries.take_text("beta", errors),
        profile: entries.take_type("profile", errors),
        style: Style::read(&mut entries, errors),
    };
    provider.is_broken = entries.is_broken();
    entries.finish(errors);
    provider
}

/// An endpoint: `name = "url"` or `name(url = "url", ..)`.
fn endpoint(
    entries: &mut Entries,
    name: &'static str,
    errors: &mut Errors,
) -> (Option<LitStr>, Entries) {
    let mut url = None;
    let mut list = Vec::new();
    match entries.take(name, errors) {
        None => {}
        Some(Entry { value: Value::Literal(Lit::Str(text)), .. }) => url = Some(text),
        Some(Entry { value: Value::List(inner), .. }) => list = inner,
        Some(Entry { span, .. }) => {
            let message =
                format!("`{name}` needs a URL: `{name} = \"https://..\"`, or `{name}(url = ..)`");
            errors.add(span, message);
        }
    }
    let mut group = Entries::of_list(name, list);
    let inner = group.take_text("url", errors);
    (url.or(inner), group)
}

fn authorization(entries: &mut Entries, errors: &mut Errors) -> Authorization {
    let (url, mut group) = endpoint(entries, "authorization", errors);
    let params = Parameters::take(&mut group, "params", errors);
    group.finish(errors);
    Authorization { url, params }
}

fn token(entries: &mut Entries, errors: &mut Errors) -> Token {
    let (url, mut group) = endpoint(entries, "token", errors);
    let token = Token {
        url,
        query: Parameters::take(&mut group, "query", errors),
        headers: Parameters::take_headers(&mut group, errors),
        form: Parameters::take(&mut group, "form", errors),
        only_declared_form: group.take_flag("only_declared_form", errors),
        select: group.take_text("select", errors),
    };
    group.finish(errors);
    token
}

fn userinfo(entries: &mut Entries, errors: &mut Errors) -> UserInfo {
    let (url, mut group) = endpoint(entries, "userinfo", errors);
    let userinfo = UserInfo {
        url,
        post: group.take_flag("post", errors),
        query: Parameters::take(&mut group, "query", errors),
        headers: Parameters::take_headers(&mut group, errors),
        json: group.take("json", errors).and_then(|entry| match entry.value {
            Value::List(list) => Some(LitStr::new(&json(list, errors), entry.span)),
            _ => {
                errors.add(entry.span, "`json` needs its members: `json(name = \"..\")`");
                None
            }
        }),
        select: group.take_text("select", errors),
        add: Parameters::take(&mut group, "add", errors),
        signed: group.take_text("signed", errors),
        fetch: group.take_flag("fetch", errors),
        hook: group.take_function("hook", errors),
        callback_fields: group
            .take_list("callback_fields", errors)
            .into_iter()
            .map(|entry| entry.name)
            .collect(),
    };
    group.finish(errors);
    userinfo
}

type Checks = Option<(proc_macro2::Span, Vec<(String, proc_macro2::Span)>)>;

fn checks(entries: &mut Entries, errors: &mut Errors) -> Checks {
    let entry = entries.take("checks", errors)?;
    match entry.value {
        Value::List(list) => {
            let names = list.into_iter().map(|check| (check.name, check.span)).collect();
            Some((entry.span, names))
        }
        _ => {
            errors.add(entry.span, "`checks` needs a list: `checks(pkce, state)`");
            None
        }
    }
}
