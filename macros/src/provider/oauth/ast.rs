//! A provider as it was written, not checked yet.

use proc_macro2::{Span, TokenStream};
use syn::{DeriveInput, ExprPath, LitStr, TypePath};

use super::super::fields::Field;
use super::super::parameters::Parameters;
use super::super::style::Style;

pub(crate) struct Provider<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) support: TokenStream,
    pub(crate) fields: Vec<Field>,
    /// Some attribute could not be read, so nobody knows what is missing.
    pub(crate) is_broken: bool,
    pub(crate) id: Option<LitStr>,
    pub(crate) name: Option<LitStr>,
    pub(crate) env: Option<LitStr>,
    pub(crate) issuer: Option<LitStr>,
    pub(crate) discovery: Option<LitStr>,
    pub(crate) tenant_claim: Option<LitStr>,
    pub(crate) jwks: Option<LitStr>,
    pub(crate) callback_issuer: Option<LitStr>,
    pub(crate) authorization: Authorization,
    pub(crate) token: Token,
    pub(crate) pushed_authorization: Option<LitStr>,
    pub(crate) end_session: Option<LitStr>,
    pub(crate) userinfo: UserInfo,
    pub(crate) scope: Option<LitStr>,
    pub(crate) scope_separator: Option<LitStr>,
    /// The names and where they stand; nothing if the default was left.
    pub(crate) checks: Option<(Span, Vec<(String, Span)>)>,
    pub(crate) response_mode: Option<LitStr>,
    pub(crate) client_authentication: Option<LitStr>,
    pub(crate) id_token_algorithm: Option<LitStr>,
    pub(crate) email_vouching: Option<LitStr>,
    /// Of the catalogue: what NextAuth calls a beta, and why.
    pub(crate) beta: Option<LitStr>,
    pub(crate) profile: Option<TypePath>,
    pub(crate) style: Style,
}

#[derive(Default)]
pub(crate) struct Authorization {
    pub(crate) url: Option<LitStr>,
    pub(crate) params: Parameters,
}

#[derive(Default)]
pub(crate) struct Token {
    pub(crate) url: Option<LitStr>,
    pub(crate) query: Parameters,
    pub(crate) headers: Parameters,
    pub(crate) form: Parameters,
    pub(crate) only_declared_form: Option<Span>,
    pub(crate) select: Option<LitStr>,
}

#[derive(Default)]
pub(crate) struct UserInfo {
    pub(crate) url: Option<LitStr>,
    pub(crate) post: Option<Span>,
    pub(crate) query: Parameters,
    pub(crate) headers: Parameters,
    pub(crate) json: Option<LitStr>,
    pub(crate) select: Option<LitStr>,
    pub(crate) add: Parameters,
    pub(crate) signed: Option<LitStr>,
    pub(crate) fetch: Option<Span>,
    pub(crate) hook: Option<ExprPath>,
    pub(crate) callback_fields: Vec<String>,
}

impl Provider<'_> {
    pub(crate) fn is_openid_connect(&self) -> bool {
        self.issuer.is_some()
    }

    /// Whether the userinfo endpoint is asked at all.
    pub(crate) fn asks_user_info(&self) -> bool {
        !self.is_openid_connect() || self.userinfo.fetch.is_some()
    }

    /// Every URL, with its name in messages.
    pub(crate) fn urls(&self) -> impl Iterator<Item = (&'static str, &LitStr)> {
        [
            ("issuer", &self.issuer),
            ("discovery document", &self.discovery),
            ("key set", &self.jwks),
            ("callback issuer", &self.callback_issuer),
            ("authorization endpoint", &self.authorization.url),
            ("token endpoint", &self.token.url),
            ("pushed authorization request endpoint", &self.pushed_authorization),
            ("end-session endpoint", &self.end_session),
            ("userinfo endpoint", &self.userinfo.url),
        ]
        .into_iter()
        .filter_map(|(what, url)| Some((what, url.as_ref()?)))
    }
}
