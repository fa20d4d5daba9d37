//! The code: one function that reads, one that maps.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned as _;

use super::ast::{Made, Member, Profile, Role, Source};
use super::check::role_name;
use crate::check::{Part, parts};
use crate::function::Function;
use crate::tokens::{bare, own, placed};

pub(crate) fn expand(profile: &Profile<'_>) -> TokenStream {
    let support = &profile.support;
    let (this, raw, made) = (&own("self"), &own("raw"), &own("profile"));
    let left_out = &own("left_out");
    let reads = profile.members.iter().map(|member| {
        let Member { ident, ty, places, .. } = member;
        let places = places.iter().map(|(pointer, path)| quote!((#pointer, #path)));
        let noted = Some(quote!(, #left_out));
        // By the trait that is asked for later as well, so that a type without it is one error.
        let (of, read, noting) = match Reading::of(profile, member) {
            Reading::Id => ("AccountId", quote!(of_account), None),
            Reading::Address => ("TextMember", quote!(of_text_address), noted),
            Reading::Proof => ("ProfileProof", quote!(of_proof_member), noted),
            Reading::Text => ("TextMember", quote!(of_text), noted),
            Reading::Decoration => ("ProfileMember", quote!(of_decoration), noted),
        };
        let of = format_ident!("{of}");
        quote_spanned! {ty.span()=>
            #ident: <#ty as #support::#of>::#read(#raw, &[#(#places),*] #noting)?
        }
    });
    let id = profile.of_role(&Role::Id).map(|(Member { ident, ty, .. }, _)| {
        quote_spanned!(ty.span()=> <#ty as #support::AccountId>::account_id(&#this.#ident))
    });
    let name = text(profile, &Role::Name);
    let email = text(profile, &Role::Email);
    let image = text(profile, &Role::Image);
    let verified: Vec<TokenStream> = profile
        .of_role(&Role::EmailVerified)
        .map(|(Member { ident, ty, .. }, _)| {
            quote_spanned! {ty.span()=>
                <#ty as #support::ProfileProof>::proof(#this.#ident)
            }
        })
        .collect();
    let verified = (!verified.is_empty())
        .then(|| quote!(.email_verified(#support::all_say_so(&[#(#verified),*]))));
    let extras = profile.members.iter().flat_map(|member| {
        member.roles.iter().filter_map(move |(role, _)| {
            let Role::Extra(name) = role else { return None };
            let text = text_of(profile, member);
            Some(quote_spanned! {member.ty.span()=>
                if let ::core::option::Option::Some(text) = #text {
                    #made = #made.member(#name, &*text);
                }
            })
        })
    });
    let extras: Vec<TokenStream> = extras.collect();
    let mutability = (!extras.is_empty()).then(|| quote!(mut));
    let body = quote! {
        let #mutability #made = #support::Profile::new(#(#id)*)
            .name(#name)
            .email(#email)
            #verified
            .image(#image);
        #(#extras)*
        ::core::result::Result::Ok(#made)
    };
    let rules = profile.made.iter().enumerate().filter_map(|(place, made)| match &made.from {
        Source::Function(path) => Some(function(profile, place, made, path).rule()),
        Source::Template(_) => None,
    });
    let implementation =
        implementation(profile, &quote!(::core::result::Result::Ok(Self { #(#reads),* })), &body);
    quote!(#(#rules)* #implementation)
}

/// How a member is read: strictly what says who somebody is, and all else so that it costs nobody
/// the sign-in.
enum Reading {
    Id,
    Address,
    Proof,
    /// Decoration that is text.
    Text,
    Decoration,
}

impl Reading {
    fn of(profile: &Profile<'_>, member: &Member<'_>) -> Self {
        let is = |wanted: Role| member.roles.iter().any(|(role, _)| *role == wanted);
        if is(Role::Id) {
            Self::Id
        } else if is(Role::Email) {
            Self::Address
        } else if is(Role::EmailVerified) {
            Self::Proof
        } else if !member.roles.is_empty() || profile.fills(member) {
            Self::Text
        } else {
            Self::Decoration
        }
    }
}

/// The text of a member, by the trait that it is read by.
fn text_of(profile: &Profile<'_>, member: &Member<'_>) -> TokenStream {
    let (support, this) = (&profile.support, &own("self"));
    let Member { ident, ty, .. } = member;
    match Reading::of(profile, member) {
        Reading::Address | Reading::Text => {
            quote_spanned!(ty.span()=> <#ty as #support::TextMember>::member_text(&#this.#ident))
        }
        Reading::Id | Reading::Proof | Reading::Decoration => {
            quote_spanned!(ty.span()=> <#ty as #support::ProfileText>::text(&#this.#ident))
        }
    }
}

/// What stands in for the code of a profile with errors, so that its uses are none as well.
pub(crate) fn fallback(profile: &Profile<'_>) -> TokenStream {
    let body = quote!(::core::unreachable!());
    implementation(profile, &body, &body)
}

fn implementation(profile: &Profile<'_>, read: &TokenStream, map: &TokenStream) -> TokenStream {
    let Profile { input, support, .. } = profile;
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #generics #support::RawProfile for #ident #arguments #bounds {
            fn read(raw: &#support::Value) -> ::core::result::Result<Self, #support::ProfileError> {
                <Self as #support::RawProfile>::read_noting(raw, &mut ::std::vec::Vec::new())
            }

            fn read_noting(
                raw: &#support::Value,
                left_out: &mut ::std::vec::Vec<#support::ProfileError>,
            ) -> ::core::result::Result<Self, #support::ProfileError> {
                #read
            }

            fn into_profile(
                self,
            ) -> ::core::result::Result<#support::Profile, #support::CallbackError> {
                #map
            }
        }
    }
}

/// The first of a role's members that has a text, or else what is made of several.
fn text(profile: &Profile<'_>, role: &Role) -> TokenStream {
    let support = &profile.support;
    let members = profile.of_role(role).map(|(member, _)| {
        let text = text_of(profile, member);
        quote_spanned!(member.ty.span()=> #text.map(::std::borrow::Cow::into_owned))
    });
    let made = profile.made.iter().enumerate().filter(|(_, made)| made.role == *role);
    let made = made.map(|(place, made)| match &made.from {
        Source::Function(path) => {
            let function = function(profile, place, made, path);
            let whole = Ident::new("self", Span::call_site().located_at(function.span()));
            let answer = function.call(&quote!(&#whole));
            let support = placed(support.clone(), function.span());
            quote_spanned! {function.span()=>
                #support::ProfileText::text(&#answer).map(::std::borrow::Cow::into_owned)
            }
        }
        Source::Template(template) => {
            let parts = parts(&template.value()).into_iter().map(|part| match part {
                Part::Text(text) => quote!(::core::option::Option::Some(
                    ::std::borrow::Cow::Borrowed(#text)
                )),
                Part::Placeholder(name) => placeholder(profile, &name),
            });
            let join = if *role == Role::Name { quote!(composed) } else { quote!(complete) };
            quote!(#support::#join(&[#(#parts),*]))
        }
    });
    let sources = members.chain(made);
    quote!(::core::option::Option::<::std::string::String>::None #(.or_else(|| #sources))*)
}

/// The function that makes a member, the one at that place among what is made.
fn function<'a>(
    profile: &'a Profile<'_>,
    place: usize,
    made: &Made,
    path: &'a ExprPath,
) -> Function<'a> {
    let user = &profile.input.ident;
    Function {
        path,
        support: &profile.support,
        rule: format_ident!("{user}Function{place}"),
        fits: "Fits",
        problem: format!("does not take `&{user}`"),
        label: format!("cannot make the `{}` of `{user}`", role_name(&made.role)),
        written: ("fn ", format!("(user: &{user}) -> Option<String>")),
    }
}

fn placeholder(profile: &Profile<'_>, name: &str) -> TokenStream {
    let member = profile.members.iter().find(|member| bare(member.ident) == name);
    member.map(|member| text_of(profile, member)).unwrap_or_default()
}
