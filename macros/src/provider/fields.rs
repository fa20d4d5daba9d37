//! The fields of a provider's struct.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Type, TypeReference, parse_quote};

use super::at_field::{self, Owner};
use crate::errors::Errors;
use crate::meta::Entries;
use crate::names::{CLIENT_IDS, CLIENT_SECRETS, plain};
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
    /// How the name of the variable ends that it is read from.
    pub(crate) fn variable(&self) -> String {
        match self.role {
            Role::ClientId => "ID".to_owned(),
            Role::ClientSecret => "SECRET".to_owned(),
            Role::PrivateKey | Role::Text => bare(&self.ident).to_uppercase(),
        }
    }

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

/// Whether texts can name fields. Where they cannot, each of them would be one more error for the same
/// mistake.
pub(crate) fn are_named(input: &DeriveInput) -> bool {
    match &input.data {
        Data::Struct(data) => !matches!(data.fields, Fields::Unnamed(_)),
        Data::Enum(_) | Data::Union(_) => false,
    }
}

/// The fields of a struct; `client_id` is what the protocol calls the field that names the client,
/// and `above` are the settings that stand above the struct.
pub(crate) fn read(
    input: &DeriveInput,
    client_id: &str,
    above: &[&'static str],
    errors: &mut Errors,
) -> Vec<Field> {
    let owner = Owner { name: input.ident.to_string(), client_id, above };
    let needed = format!(
        "write `struct {} {{ {client_id}: String, client_secret: ClientSecret }}`",
        input.ident
    );
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(named) => named.named.iter().collect(),
            Fields::Unnamed(unnamed) => {
                let message = format!("the fields of a provider have names: {needed}");
                errors.add(unnamed.span(), message);
                return Vec::new();
            }
            Fields::Unit => Vec::new(),
        },
        Data::Enum(_) | Data::Union(_) => {
            let message = format!("a provider is a struct with fields for its client: {needed}");
            errors.add(input.ident.span(), message);
            return Vec::new();
        }
    };
    let mut fields: Vec<Field> =
        named.into_iter().filter_map(|field| read_field(field, &owner, errors)).collect();
    if fields.is_empty() {
        let message = format!("`{}` has no fields for its client: {needed}", input.ident);
        errors.add(input.ident.span(), message);
        return fields;
    }
    if !fields.iter().any(|field| field.role == Role::ClientId) {
        match likely(&mut fields, CLIENT_IDS) {
            Some(field) => {
                field.role = Role::ClientId;
                let message = format!(
                    "the client's {} has to be called `{client_id}`: write `{client_id}: String`",
                    client_id.trim_start_matches("client_")
                );
                errors.add(field.ident.span(), message);
            }
            None => {
                let message = format!(
                    "`{}` has no field `{client_id}`: the provider gave your application one, so \
                     add `{client_id}: String`",
                    input.ident
                );
                errors.add(input.ident.span(), message);
            }
        }
    }
    let proves = |field: &Field| matches!(field.role, Role::ClientSecret | Role::PrivateKey);
    if !fields.iter().any(proves)
        && let Some(field) = likely(&mut fields, CLIENT_SECRETS)
    {
        field.role = Role::ClientSecret;
        let message = "the client's secret has to be called `client_secret`: write \
                       `client_secret: ClientSecret`";
        errors.add(field.ident.span(), message);
    }
    for field in &fields {
        check_type(field, errors);
    }
    fields
}

fn read_field(field: &syn::Field, owner: &Owner<'_>, errors: &mut Errors) -> Option<Field> {
    let client_id = owner.client_id;
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
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let docs = docs.cloned().collect();
    let field = Field { ident, ty: tokens::of_field(&field.ty), docs, default, role };
    at_field::refuse(&entries.rest(), &field, owner, errors);
    if let (Some(default), true) = (&field.default, field.is_optional()) {
        errors.add(default.span(), "an `Option` is `None` by default: remove `default`");
    }
    Some(field)
}

/// The field that has one of these names, and no meaning yet.
fn likely<'a>(fields: &'a mut [Field], names: &[&str]) -> Option<&'a mut Field> {
    let rank = |field: &Field| names.iter().position(|name| plain(&bare(&field.ident)) == *name);
    let of_text = fields.iter_mut().filter(|field| field.role == Role::Text);
    of_text
        .filter_map(|field| Some((rank(field)?, field)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, field)| field)
}

/// Types that are known by their names, and are not the field's. A name that nobody knows may stand
/// for the right one.
fn check_type(field: &Field, errors: &mut Errors) {
    let Field { ident, ty, role, .. } = field;
    let is_text = matches!(ty, Type::Reference(_))
        || ["String", "str", "Box", "Arc", "Rc", "Cow"].iter().any(|name| field.is_called(name));
    let is_secret = ["ClientSecret", "Secret", "SecretString", "SecretBox", "PrivateKey"]
        .iter()
        .any(|name| field.is_called(name));
    let message = match role {
        Role::ClientId | Role::Text if matches!(ty, Type::Reference(_)) => borrowed(ident, ty),
        Role::ClientId if field.is_optional() || is_secret => {
            format!("`{ident}` is the name of the client, which it always has: make it a `String`")
        }
        Role::ClientSecret if is_text => format!(
            "as it is, `{ident}` would be printed with the struct and compared byte by byte: make it \
             a `ClientSecret`"
        ),
        Role::ClientSecret if field.is_optional() => format!(
            "whether the client has a secret is fixed when the provider is written: make `{ident}` a \
             `ClientSecret`, or remove it and write `client_authentication = \"none\"`"
        ),
        Role::ClientSecret if is_secret && !field.is_called("ClientSecret") => format!(
            "`{ident}` is what the provider gave to this application: make it a `ClientSecret`"
        ),
        Role::Text if is_secret => format!(
            "a second secret: a provider has only `client_secret`, which texts refer to as \
             `{{client_secret}}`. If the provider needs `{ident}` as well, make it a `String`, \
             which a derived `Debug` prints"
        ),
        _ => return,
    };
    errors.push(syn::Error::new_spanned(ty, message));
}

fn borrowed(field: &Ident, ty: &Type) -> String {
    let own = format!("`{field}` is kept as long as the provider: make it a `String`");
    match ty {
        Type::Reference(TypeReference { lifetime: Some(lifetime), .. })
            if lifetime.ident != "static" =>
        {
            format!("{own}, and remove `<{lifetime}>` behind the name of the struct")
        }
        _ => own,
    }
}

/// Whether the attribute has another name than its own, so that nothing is known of what it says.
pub(crate) fn is_misnamed(input: &DeriveInput) -> bool {
    let has = |name: &str| input.attrs.iter().any(|attribute| attribute.path().is_ident(name));
    (has("providers") || has("oauth")) && !has("provider")
}

/// What the fields of a provider would be, where there are none to go by.
pub(crate) fn usual(client_id: &str, support: &TokenStream) -> Vec<Field> {
    let field = |name: &str, ty: Type, role| Field {
        ident: Ident::new(name, Span::call_site()),
        ty,
        docs: Vec::new(),
        default: None,
        role,
    };
    vec![
        field(client_id, parse_quote!(::std::string::String), Role::ClientId),
        field("client_secret", parse_quote!(#support::ClientSecret), Role::ClientSecret),
    ]
}

/// A field that no text names has no effect.
pub(crate) fn check_use(fields: &[Field], texts: &[LitStr], errors: &mut Errors) {
    for field in fields.iter().filter(|field| field.role == Role::Text) {
        let placeholder = format!("{{{}}}", bare(&field.ident));
        if !texts.iter().any(|text| text.value().contains(&placeholder)) {
            let message = if field.is_called("String") || field.is_optional() {
                format!(
                    "nothing uses this field: write `{placeholder}` where it belongs, such as \
                     `token_endpoint = \"https://{placeholder}.acme.example/token\"`, or remove it"
                )
            } else if field.is_called("PhantomData") {
                "nothing uses this field: remove it, and its parameter behind the name of the struct"
                    .to_owned()
            } else {
                "nothing uses this field: a provider holds its client, and the texts that its URLs and \
                 parameters refer to. Remove it, and keep it elsewhere, such as in the \
                 application's state"
                    .to_owned()
            };
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
