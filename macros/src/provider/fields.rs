//! Which fields does the struct of a provider have?

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Type};

use crate::errors::Errors;
use crate::meta::Entries;
use crate::tokens::{self, bare};

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) default: Option<LitStr>,
    pub(crate) role: Role,
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Role {
    ClientId,
    ClientSecret,
    /// Signs a statement in the place of a secret.
    PrivateKey,
    /// Filled into texts.
    Text,
}

impl Field {
    pub(crate) fn is_optional(&self) -> bool {
        self.is_called("Option")
    }

    /// Whether its type has that name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        last_segment(&self.ty).is_some_and(|ident| ident == name)
    }
}

fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The fields of a struct; `client_id` is what the protocol calls the field that names the client.
pub(crate) fn read(input: &DeriveInput, client_id: &str, errors: &mut Errors) -> Vec<Field> {
    let Data::Struct(data) = &input.data else {
        let message = format!(
            "a provider is a struct with the fields `{client_id}: String` and `client_secret: \
             ClientSecret`"
        );
        errors.add(input.ident.span(), message);
        return Vec::new();
    };
    let named = match &data.fields {
        Fields::Named(named) => named.named.iter().collect(),
        Fields::Unnamed(unnamed) => {
            let message = format!(
                "the fields of a provider have names: `{client_id}: String` and `client_secret: \
                 ClientSecret`"
            );
            errors.add(unnamed.span(), message);
            return Vec::new();
        }
        Fields::Unit => Vec::new(),
    };
    let fields: Vec<Field> = named
        .into_iter()
        .filter_map(|field| {
            let ident = tokens::name(field)?.clone();
            let role = if ident == client_id {
                Role::ClientId
            } else if ident == "client_secret" {
                Role::ClientSecret
            } else if ident == "private_key" && client_id == "client_id" {
                Role::PrivateKey
            } else {
                Role::Text
            };
            let mut entries = Entries::of_attributes("provider", &field.attrs, errors);
            let default = entries.take_text("default", errors);
            entries.finish(errors);
            let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
            let docs = docs.cloned().collect();
            let field = Field { ident, ty: tokens::of_field(&field.ty), docs, default, role };
            if let (Some(default), true) = (&field.default, field.is_optional()) {
                errors.add(default.span(), "an `Option` is `None` by default: remove `default`");
            }
            Some(field)
        })
        .collect();
    if !fields.iter().any(|field| field.role == Role::ClientId) {
        let message = format!(
            "`{}` has no field `{client_id}`: the provider gave your application one, so add \
             `{client_id}: String`",
            input.ident
        );
        errors.add(input.ident.span(), message);
    }
    fields
}

/// A field that no text names has no effect.
pub(crate) fn check_use(fields: &[Field], texts: &[LitStr], errors: &mut Errors) {
    for field in fields.iter().filter(|field| field.role == Role::Text) {
        let placeholder = format!("{{{}}}", bare(&field.ident));
        if !texts.iter().any(|text| text.value().contains(&placeholder)) {
            let message = format!(
                "nothing uses this field: write `{placeholder}` where it belongs, such as \
                 `token_endpoint = \"https://{placeholder}.acme.example/token\"`, or remove it"
            );
            errors.add(field.ident.span(), message);
        }
    }
}

/// A URL needs every field that it names.
pub(crate) fn check_url_fields(url: &LitStr, fields: &[Field], errors: &mut Errors) {
    for field in fields.iter().filter(|field| field.is_optional()) {
        let name = bare(&field.ident);
        if url.value().contains(&format!("{{{name}}}")) {
            let message = format!(
                "`{name}` may be missing, and the URL needs it: make the field a `String`, with \
                 `#[provider(default = \"..\")]` where there is a value for most people"
            );
            errors.add(url.span(), message);
        }
    }
}

/// The names that texts may use.
pub(crate) fn names(fields: &[Field]) -> Vec<String> {
    let texts = fields.iter().filter(|field| field.role == Role::Text);
    texts.map(|field| bare(&field.ident)).collect()
}

/// Without a field for the secret, the client has to be a public one.
pub(crate) fn has_secret(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.role == Role::ClientSecret)
}

pub(crate) fn private_key(fields: &[Field]) -> Option<&Field> {
    fields.iter().find(|field| field.role == Role::PrivateKey)
}

pub(crate) fn missing_secret(ident: &Ident, how_without: &str, errors: &mut Errors) {
    let span: Span = ident.span();
    let message = format!(
        "`{ident}` has no field `client_secret`: add `client_secret: ClientSecret`{how_without}"
    );
    errors.add(span, message);
}
