//! The builder of a provider: a setter for each field that has no default, by name, because texts
//! that are told apart by their place alone are swapped one day.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, GenericParam, Generics, parse_quote};

use super::constructor::is_needed;
use super::fields::{Field, Role};
use crate::tokens::{bare, own, placed};

pub(crate) struct Builder<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) fields: &'a [Field],
    pub(crate) support: &'a TokenStream,
    /// What the fields are that have a default, by name and value.
    pub(crate) defaults: Vec<TokenStream>,
    pub(crate) is_stand_in: bool,
    /// The library's name for the kind of provider.
    pub(crate) kind: &'a Ident,
}

impl Builder<'_> {
    pub(crate) fn expand(&self) -> TokenStream {
        let input = self.input;
        let (ident, visibility, builder) = (&input.ident, &input.vis, self.name());
        let needed = self.needed();
        let idents: Vec<&Ident> = needed.iter().map(|field| &field.ident).collect();
        let extended = self.extended();
        let (declared, arguments, bounds) = extended.split_for_impl();
        let (_, own_arguments, _) = input.generics.split_for_impl();
        let docs =
            format!("Builds a [`{ident}`]: {} are given by name, each once.", listed(&needed));
        let traits = needed.iter().map(|field| self.rules(field));
        let setters = needed.iter().map(|field| self.setter(field));
        let build = self.build();
        let (name, start) = (builder.to_string(), self.start());
        let provider = self.provider();
        quote! {
            #start

            #[doc = #docs]
            #[must_use = "nothing is made until `build()` is called"]
            #[allow(non_camel_case_types, dead_code, reason = "called as the fields")]
            #visibility struct #builder #extended #bounds {
                #(#idents: #idents,)*
                __made: ::core::marker::PhantomData<fn() -> #ident #own_arguments>,
            }

            #[allow(non_camel_case_types, dead_code, reason = "called as the fields")]
            #[automatically_derived]
            impl #declared #builder #arguments #bounds {
                #(#setters)*

                #build
            }

            #[allow(non_camel_case_types, reason = "called as the fields")]
            #[automatically_derived]
            impl #declared ::core::fmt::Debug for #builder #arguments #bounds {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(#name)
                }
            }

            #(#traits)*

            #provider
        }
    }

    /// A builder with all that is needed is a provider; of one without, the provider's place says
    /// what is missing.
    fn provider(&self) -> TokenStream {
        let (support, builder, kind) = (self.support, self.name(), self.kind);
        let mut extended = self.extended();
        let clause = extended.make_where_clause();
        for field in self.needed() {
            let Field { ident, ty, .. } = field;
            let given = self.rule(field, Rule::Given);
            let bound = quote_spanned!(ident.span()=> #ident: #given<Value = #ty>);
            clause.predicates.push(parse_quote!(#bound));
        }
        let (declared, arguments, bounds) = extended.split_for_impl();
        let this = own("self");
        quote! {
            #[allow(non_camel_case_types, reason = "called as the fields")]
            #[automatically_derived]
            impl #declared #support::Provider for #builder #arguments #bounds {
                type Kind = #support::#kind;

                fn into_definition(#this)
                    -> <#support::#kind as #support::ProviderKind>::Definition
                {
                    #support::Provider::into_definition(#this.build())
                }
            }
        }
    }

    fn name(&self) -> Ident {
        format_ident!("{}Builder", self.input.ident)
    }

    fn needed(&self) -> Vec<&Field> {
        self.fields.iter().filter(|field| is_needed(field)).collect()
    }

    /// The generics of the provider, and a parameter for each field.
    fn extended(&self) -> Generics {
        let mut generics = self.input.generics.clone();
        for parameter in &mut generics.params {
            match parameter {
                GenericParam::Type(parameter) => parameter.default = None,
                GenericParam::Const(parameter) => parameter.default = None,
                GenericParam::Lifetime(_) => {}
            }
        }
        for Field { ident, .. } in self.needed() {
            generics.params.push(parse_quote!(#ident));
        }
        generics
    }

    /// The builder's type, with something in the place of its slots.
    fn of(&self, slots: &[TokenStream]) -> TokenStream {
        let builder = self.name();
        let own = self.input.generics.params.iter().map(|parameter| match parameter {
            GenericParam::Lifetime(parameter) => {
                let lifetime = &parameter.lifetime;
                quote!(#lifetime)
            }
            GenericParam::Type(parameter) => {
                let ident = &parameter.ident;
                quote!(#ident)
            }
            GenericParam::Const(parameter) => {
                let ident = &parameter.ident;
                quote!(#ident)
            }
        });
        let arguments = own.chain(slots.iter().cloned());
        quote!(#builder<#(#arguments),*>)
    }

    fn start(&self) -> TokenStream {
        let (ident, visibility, builder) = (&self.input.ident, &self.input.vis, self.name());
        let support = self.support;
        let (generics, arguments, bounds) = self.input.generics.split_for_impl();
        let needed = self.needed();
        let empty: Vec<TokenStream> = needed.iter().map(|_| quote!(#support::NotGiven)).collect();
        let started = self.of(&empty);
        let idents = needed.iter().map(|field| &field.ident);
        let calls: Vec<String> =
            needed.iter().map(|field| format!(".{}(..)", bare(&field.ident))).collect();
        let docs = format!(
            "Starts a provider by what was given for it: `{ident}::builder(){}.build()`.",
            calls.concat()
        );
        quote! {
            #[automatically_derived]
            #[allow(dead_code, reason = "derived for every case")]
            impl #generics #ident #arguments #bounds {
                #[doc = #docs]
                #visibility fn builder() -> #started {
                    #builder {
                        #(#idents: #support::NotGiven::NEW,)*
                        __made: ::core::marker::PhantomData,
                    }
                }
            }
        }
    }

    fn setter(&self, field: &Field) -> TokenStream {
        let Field { ident, ty, docs, .. } = field;
        let (visibility, builder, support) = (&self.input.vis, self.name(), self.support);
        let needed = self.needed();
        let slots: Vec<TokenStream> = needed
            .iter()
            .map(|other| {
                let name = &other.ident;
                if name == ident { quote!(#support::GivenValue<#ty>) } else { quote!(#name) }
            })
            .collect();
        let given = self.of(&slots);
        let others: Vec<&Ident> =
            needed.iter().map(|other| &other.ident).filter(|name| *name != ident).collect();
        let once = self.rule(field, Rule::Once);
        let (this, value) = (own("self"), own("value"));
        let sets = format!("Gives `{}`.", bare(ident));
        let docs = if docs.is_empty() { quote!(#[doc = #sets]) } else { quote!(#(#docs)*) };
        let bound = quote_spanned!(ident.span()=> #ident: #once);
        let taken = taken(field, support);
        let parameter = quote_spanned!(ty.span()=> impl #taken);
        let made = made_of(field, support, &quote!(#value));
        quote! {
            #docs
            #visibility fn #ident(#this, #value: #parameter) -> #given
            where
                #bound
            {
                #builder {
                    #ident: #support::GivenValue(#made),
                    #(#others: #this.#others,)*
                    __made: ::core::marker::PhantomData,
                }
            }
        }
    }

    fn build(&self) -> TokenStream {
        let (ident, visibility) = (&self.input.ident, &self.input.vis);
        let (_, arguments, _) = self.input.generics.split_for_impl();
        let needed = self.needed();
        let bounds = needed.iter().map(|field| {
            let Field { ident, ty, .. } = field;
            let given = self.rule(field, Rule::Given);
            quote_spanned!(ident.span()=> #ident: #given<Value = #ty>)
        });
        let this = own("self");
        let values = needed.iter().map(|field| {
            let (ident, given) = (&field.ident, self.rule(field, Rule::Given));
            quote!(#ident: #given::into_value(#this.#ident))
        });
        let defaults = &self.defaults;
        let build = Ident::new("build", ident.span());
        let made = match self.is_stand_in {
            true => quote!(::core::unreachable!()),
            false => quote!(#ident { #(#values,)* #(#defaults,)* }),
        };
        quote! {
            /// The provider.
            #[must_use]
            #visibility fn #build(#this) -> #ident #arguments
            where
                #(#bounds,)*
            {
                #made
            }
        }
    }

    /// The trait that says what is wrong with a field: the library's for the names that it knows.
    fn rule(&self, field: &Field, rule: Rule) -> TokenStream {
        let (name, support) = (rule.of(field, self.input), self.support);
        let path = match (is_known(field), rule) {
            (true, Rule::Once) => quote!(#support::once::#name),
            (true, Rule::Given) => quote!(#support::given::#name),
            (false, _) => quote!(#name),
        };
        placed(path, field.ident.span())
    }

    /// The traits of a field that only this provider has. Their texts are those of the library's
    /// rules `GIVEN_ONCE` and `PART_GIVEN`.
    fn rules(&self, field: &Field) -> Option<TokenStream> {
        if is_known(field) {
            return None;
        }
        let (support, visibility) = (self.support, &self.input.vis);
        let name = bare(&field.ident);
        let once = Rule::Once.of(field, self.input);
        let given = Rule::Given.of(field, self.input);
        let twice = format!("`{name}` is given twice");
        let second = format!("a second `{name}`");
        let missing = format!("`{name}` is missing");
        let without = format!("cannot be built without `{name}`");
        let write = format!("write `.{name}(..)` on this builder");
        Some(quote! {
            #[diagnostic::on_unimplemented(
                message = #twice,
                label = #second,
                note = "remove one of the two calls"
            )]
            #[doc(hidden)]
            #[allow(dead_code, reason = "derived for every case")]
            #visibility trait #once {}

            #[diagnostic::do_not_recommend]
            impl #once for #support::NotGiven {}

            #[diagnostic::on_unimplemented(message = #missing, label = #without, note = #write)]
            #[doc(hidden)]
            #[allow(dead_code, reason = "derived for every case")]
            #visibility trait #given {
                type Value;

                fn into_value(self) -> Self::Value;
            }

            #[diagnostic::do_not_recommend]
            impl<__Value> #given for #support::GivenValue<__Value> {
                type Value = __Value;

                fn into_value(self) -> __Value {
                    self.0
                }
            }
        })
    }
}

#[derive(Clone, Copy)]
enum Rule {
    Once,
    Given,
}

impl Rule {
    /// The name of its trait. The library's for what must be given once have the name of the field.
    fn of(self, field: &Field, input: &DeriveInput) -> Ident {
        let name = bare(&field.ident);
        let words = name.split('_').map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        });
        let words: String = words.collect();
        match (is_known(field), self) {
            (true, Self::Once) => format_ident!("{name}"),
            (true, Self::Given) => format_ident!("{words}Given"),
            (false, Self::Once) => format_ident!("{}{words}Once", input.ident),
            (false, Self::Given) => format_ident!("{}{words}Given", input.ident),
        }
    }
}

/// Whether the field has the same name at every provider.
fn is_known(field: &Field) -> bool {
    field.role != Role::Text || field.ident == "issuer"
}

/// "`a` and `b`".
pub(crate) fn listed(fields: &[&Field]) -> String {
    let names: Vec<String> = fields.iter().map(|field| bare(&field.ident)).collect();
    crate::meta::enumerated(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The trait of what a field takes. Of a client's id and secret it says what they are.
pub(super) fn taken(field: &Field, support: &TokenStream) -> TokenStream {
    let ty = &field.ty;
    let taken = match field.role {
        Role::ClientId => quote!(#support::IntoClientId<#ty>),
        Role::ClientSecret => quote!(#support::IntoClientSecret<#ty>),
        Role::PrivateKey | Role::Text => quote!(::core::convert::Into<#ty>),
    };
    placed(taken, ty.span())
}

/// The field, made of what it takes.
pub(super) fn made_of(field: &Field, support: &TokenStream, value: &TokenStream) -> TokenStream {
    match field.role {
        Role::ClientId => quote!(#support::IntoClientId::into_client_id(#value)),
        Role::ClientSecret => quote!(#support::IntoClientSecret::into_client_secret(#value)),
        Role::PrivateKey | Role::Text => quote!(::core::convert::Into::into(#value)),
    }
}
