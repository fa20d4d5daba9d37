//! `builder`, `from_env`, a setter for each field that has a default, and `new` where no two values
//! can be taken for each other.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, Ident, LitStr};

use super::builder::{Builder, listed, made_of, taken};
use super::fields::{Field, Role};
use super::misplaced::Misplaced;
use crate::tokens::{bare, own};

pub(crate) struct Constructor<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) fields: &'a [Field],
    pub(crate) support: &'a TokenStream,
    /// What the variables begin with, such as `AUTH_ACME`.
    pub(crate) prefix: String,
    /// Whether it stands in for the code of a struct with errors, so that its uses are none as well.
    pub(crate) is_stand_in: bool,
    /// The library's name for the kind of provider.
    pub(crate) kind: &'static str,
}

/// `AUTH_` and the id in capitals.
pub(crate) fn prefix(id: Option<&LitStr>, own: Option<&LitStr>) -> String {
    if let Some(own) = own {
        return own.value();
    }
    let id = id.map(LitStr::value).unwrap_or_default().to_uppercase();
    format!("AUTH_{}", id.replace(|c: char| !c.is_ascii_alphanumeric(), "_"))
}

impl Constructor<'_> {
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { input, fields, support, .. } = self;
        let (ident, visibility) = (&input.ident, &input.vis);
        let (generics, arguments, bounds) = input.generics.split_for_impl();
        let needed: Vec<&Field> = fields.iter().filter(|field| is_needed(field)).collect();
        let defaults: Vec<TokenStream> =
            fields.iter().filter_map(|field| self.default(field)).collect();
        let new = self.positional(&needed, &defaults);
        let misplaced =
            Misplaced { input, needed: &needed, support, has_new: new.is_some() }.expand();
        let is_stand_in = self.is_stand_in;
        let defaults_of_builder = defaults.clone();
        let kind = &Ident::new(self.kind, Span::call_site());
        let builder =
            Builder { input, fields, support, defaults: defaults_of_builder, is_stand_in, kind }
                .expand();
        let variables: Vec<(LitStr, &Field)> =
            fields.iter().map(|field| (self.variable(field), field)).collect();
        let listed: Vec<String> = variables
            .iter()
            .map(|(name, field)| {
                let note = if is_needed(field) { "" } else { " (may be missing)" };
                format!("`{}`{note}", name.value())
            })
            .collect();
        let reads = format!("Reads {}.", listed.join(", "));
        let required = variables.iter().filter(|(_, field)| is_needed(field));
        let required = required.map(|(name, field)| {
            let value = quote!(#support::needed(#name, variable(#name))?);
            let (ident, value) = (&field.ident, self.converted(field, &value));
            quote!(#ident: ::core::convert::Into::into(#value))
        });
        let optional = variables.iter().filter(|(_, field)| !is_needed(field));
        let optional = optional.map(|(name, field)| {
            let (ident, value) = (&field.ident, self.converted(field, &quote!(value)));
            quote! {
                if let ::core::option::Option::Some(value) = #support::given(#name, variable(#name))? {
                    provider.#ident = #value;
                }
            }
        });
        let mutability = fields.iter().any(|field| !is_needed(field)).then(|| quote!(mut));
        let setters = fields.iter().filter(|field| !is_needed(field)).map(|field| {
            let Field { ident, ty, docs, .. } = field;
            let sets = format!("Sets `{}`.", bare(ident));
            let docs = if docs.is_empty() { quote!(#[doc = #sets]) } else { quote!(#(#docs)*) };
            let inner = inner(field);
            let body = quote_spanned! {ty.span()=>
                self.#ident = ::core::convert::From::from(
                    ::core::convert::Into::<#inner>::into(#ident),
                );
                self
            };
            let body = self.body(body);
            quote_spanned! {ty.span()=>
                #docs
                #[must_use]
                #visibility fn #ident(mut self, #ident: impl ::core::convert::Into<#inner>) -> Self {
                    #body
                }
            }
        });
        let reading = self.body(quote! {
            let #mutability provider = Self { #(#required,)* #(#defaults,)* };
            #(#optional)*
            ::core::result::Result::Ok(provider)
        });
        let lints = self.is_stand_in.then(|| quote!(unused_variables, unused_mut,));
        quote! {
            #builder

            #misplaced

            #[automatically_derived]
            #[allow(#lints dead_code, clippy::useless_conversion, reason = "derived for every case")]
            impl #generics #ident #arguments #bounds {
                #new

                #[doc = #reads]
                ///
                /// # Errors
                ///
                /// `ConfigError` naming the variable that is not set.
                #visibility fn from_env() -> ::core::result::Result<Self, #support::ConfigError> {
                    Self::from_variables(&#support::environment)
                }

                /// Reads the variables of `from_env` from somewhere else, such as a file of
                /// settings.
                ///
                /// # Errors
                ///
                /// `ConfigError` naming the variable that is not set.
                #visibility fn from_variables(
                    variable: &dyn ::core::ops::Fn(&str) -> ::core::option::Option<::std::string::String>,
                ) -> ::core::result::Result<Self, #support::ConfigError> {
                    #reading
                }

                #(#setters)*
            }
        }
    }

    /// `new`, unless two of its values were texts: those can be swapped, and it would still compile.
    fn positional(&self, needed: &[&Field], defaults: &[TokenStream]) -> Option<TokenStream> {
        if needed.iter().filter(|field| !has_type_of_its_own(field)).count() > 1 {
            return None;
        }
        let visibility = &self.input.vis;
        // Where messages say which function it is.
        let new = Ident::new("new", self.input.ident.span());
        let takes = format!("Takes {}, as the provider gave them.", listed(needed));
        let parameters = needed.iter().map(|field| {
            let Field { ident, ty, .. } = field;
            if has_type_of_its_own(field) {
                return quote!(#ident: #ty);
            }
            let taken = taken(field, self.support);
            quote_spanned!(ty.span()=> #ident: impl #taken)
        });
        let values = needed.iter().map(|field| {
            let ident = &field.ident;
            let value = match has_type_of_its_own(field) {
                true => quote!(#ident),
                false => made_of(field, self.support, &quote!(#ident)),
            };
            quote!(#ident: #value)
        });
        let body = self.body(quote! { Self { #(#values,)* #(#defaults,)* } });
        Some(quote! {
            #[doc = #takes]
            #[must_use]
            #visibility fn #new(#(#parameters),*) -> Self {
                #body
            }
        })
    }

    fn body(&self, body: TokenStream) -> TokenStream {
        if self.is_stand_in { quote!(::core::unreachable!()) } else { body }
    }

    /// The member of a field that has a default.
    fn default(&self, field: &Field) -> Option<TokenStream> {
        let Field { ident, default, .. } = field;
        match default {
            _ if is_needed(field) => None,
            Some(default) => {
                let value = self.converted(field, &quote!(::std::string::String::from(#default)));
                Some(quote!(#ident: #value))
            }
            None => Some(quote!(#ident: ::core::option::Option::None)),
        }
    }

    /// The text of a variable as the field's type.
    fn converted(&self, Field { ty, role, .. }: &Field, value: &TokenStream) -> TokenStream {
        let support = self.support;
        match role {
            Role::Text => {
                quote_spanned!(ty.span()=> <#ty as #support::ProviderField>::from_text(#value))
            }
            Role::PrivateKey => quote!(#support::PrivateKey::from_pem(&#value)?),
            Role::ClientId | Role::ClientSecret => quote!(#value),
        }
    }

    fn variable(&self, field: &Field) -> LitStr {
        LitStr::new(&format!("{}_{}", self.prefix, field.variable()), field.ident.span())
    }
}

pub(crate) fn is_needed(field: &Field) -> bool {
    field.default.is_none() && !field.is_optional()
}

/// Whether no text is taken for it.
fn has_type_of_its_own(field: &Field) -> bool {
    field.is_called("ClientSecret") || field.is_called("PrivateKey")
}

/// What a setter takes: the type, or the one inside an `Option`.
fn inner(field: &Field) -> TokenStream {
    let ty = &field.ty;
    if field.is_optional()
        && let syn::Type::Path(path) = ty
        && let Some(segment) = path.path.segments.last()
        && let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments
        && let Some(argument) = arguments.args.first()
    {
        return quote!(#argument);
    }
    quote!(#ty)
}

/// `client_id`, and the fields that texts name with their values.
pub(crate) fn options(fields: &[Field], support: &TokenStream) -> TokenStream {
    let this = own("self");
    let texts = fields.iter().filter(|field| field.role == Role::Text);
    let texts = texts.map(|Field { ident, ty, .. }| {
        let name = bare(ident);
        quote_spanned! {ty.span()=>
            (#name, <#ty as #support::ProviderField>::into_text(#this.#ident))
        }
    });
    quote!(&[#(#texts),*])
}
