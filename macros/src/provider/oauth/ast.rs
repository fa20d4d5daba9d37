//! A provider as it was written, not checked yet.

use proc_macro2::{Span, TokenStream};
use syn::{DeriveInput, ExprPath, LitStr, TypePath};

use super::super::fields::Field;
use super::super::parameters::{Parameter, Parameters};
use super::super::style::Style;
use super::attribute::{AUTHORIZATION_ENDPOINT, Attribute, TOKEN_ENDPOINT, USERINFO_ENDPOINT};
use crate::check::Transport;

pub(crate) struct Provider<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) support: TokenStream,
    pub(crate) fields: Vec<Field>,
    /// Some attribute could not be read, so nobody knows what is missing.
    pub(crate) is_broken: bool,
    pub(crate) id: Option<LitStr>,
    pub(crate) name: Option<LitStr>,
    pub(crate) env: Option<LitStr>,
    pub(crate) scope_separator: Option<LitStr>,
    pub(crate) hook: Option<ExprPath>,
    /// Of the catalogue: what NextAuth calls a beta, and why.
    pub(crate) beta: Option<LitStr>,
    pub(crate) profile: Option<TypePath>,
    pub(crate) style: Style,
    /// The options, in the order of their table.
    pub(crate) given: Vec<Given>,
    /// What was meant by names that there are not.
    pub(crate) meant: Vec<&'static str>,
}

/// An option that was given.
pub(crate) struct Given {
    pub(crate) attribute: &'static Attribute,
    pub(crate) span: Span,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Nothing,
    Text(LitStr),
    Seconds(u32),
    Pairs(Parameters),
    Names(Vec<(String, Span)>),
}

impl Provider<'_> {
    pub(crate) fn is_openid_connect(&self) -> bool {
        self.text("issuer").is_some()
    }

    /// Whether it is, or somebody wanted to say that it is.
    pub(crate) fn seems_openid_connect(&self) -> bool {
        let needs_issuer = |given: &Given| given.attribute.needs_issuer.is_some();
        self.is_openid_connect()
            || self.is_meant("issuer")
            || self.given.iter().any(needs_issuer)
            || self.meant.iter().any(|name| ["jwks_uri", "id_token_algorithm"].contains(name))
    }

    pub(crate) fn is_meant(&self, name: &str) -> bool {
        self.meant.contains(&name)
    }

    pub(crate) fn transport(&self) -> Transport {
        match self.find(None, "dangerously_allow_http") {
            Some(_) => Transport::Any,
            None => Transport::ByChoice,
        }
    }

    pub(crate) fn find(&self, group: Option<&str>, name: &str) -> Option<&Given> {
        let is_it = |given: &&Given| given.attribute.group == group && given.attribute.name == name;
        self.given.iter().find(is_it)
    }

    /// The text of an attribute that is in no group.
    pub(crate) fn text(&self, name: &str) -> Option<&LitStr> {
        match &self.find(None, name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn url(&self, group: &str) -> Option<&LitStr> {
        match &self.find(Some(group), "url")?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn authorization_endpoint(&self) -> Option<&LitStr> {
        self.url(AUTHORIZATION_ENDPOINT)
    }

    pub(crate) fn token_endpoint(&self) -> Option<&LitStr> {
        self.url(TOKEN_ENDPOINT)
    }

    pub(crate) fn userinfo_endpoint(&self) -> Option<&LitStr> {
        self.url(USERINFO_ENDPOINT)
    }

    /// Whether the ID token's claims are completed by the userinfo endpoint.
    pub(crate) fn fetches_user_info(&self) -> bool {
        self.find(Some(USERINFO_ENDPOINT), "fetch").is_some()
    }

    pub(crate) fn authorization_parameters(&self) -> &[Parameter] {
        match self.find(Some(AUTHORIZATION_ENDPOINT), "params").map(|given| &given.value) {
            Some(Value::Pairs(parameters)) => &parameters.0,
            _ => &[],
        }
    }

    /// The names of the protections and where they stand; nothing if the default was left.
    pub(crate) fn checks(&self) -> Option<(Span, &[(String, Span)])> {
        let given = self.find(None, "checks")?;
        match &given.value {
            Value::Names(names) => Some((given.span, names)),
            _ => None,
        }
    }
}
