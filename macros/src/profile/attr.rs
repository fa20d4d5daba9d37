//! `#[profile(..)]`, taken apart.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Generics, Lit};

use super::ast::{Made, Member, Profile, Role, Source};
use super::{owned, serde};
use crate::check::pointer;
use crate::entry::{Entry, Value};
use crate::errors::Errors;
use crate::krate;
use crate::meta::{Entries, text};
use crate::tokens::{self, bare, function, text_of};

pub(crate) fn read<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Profile<'a> {
    let mut entries = Entries::of_attributes("profile", &input.attrs, errors);
    let support = krate::support(&mut entries, errors);
    let mut made = Vec::new();
    let mut is_broken = check_derive(input, errors);
    for (name, role) in [("name", Role::Name), ("email", Role::Email), ("image", Role::Image)] {
        for entry in entries.take_all(name) {
            made.extend(source(entry, errors).map(|from| Made { role: role.clone(), from }));
        }
    }
    for entry in entries.take_all("id") {
        let message = "an id is never composed, because accounts are found by it: write \
                       `#[profile(id)]` at the field that has it";
        errors.add(entry.span, message);
        is_broken = true;
    }
    is_broken |= entries.is_broken();
    entries.finish(errors);
    let mut members = Vec::new();
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => {
            serde::check_struct(&input.attrs, &data.fields, errors);
            for field in &data.fields {
                members.extend(member(field, &input.generics, &mut is_broken, errors));
            }
        }
        _ => {
            is_broken = true;
            let message = format!(
                "a profile is a struct whose fields have the names of members: write `struct {} {{ \
                 #[profile(id)] id: String }}`",
                input.ident
            );
            errors.add(input.ident.span(), message);
        }
    }
    Profile { input, support, members, made, is_broken }
}

/// Whether the struct is a provider's, or its attribute has another name.
fn check_derive(input: &DeriveInput, errors: &mut Errors) -> bool {
    let mut attributes = input.attrs.iter().map(Attribute::path);
    let Some(provider) = attributes.clone().find(|path| path.is_ident("provider")) else {
        return attributes.any(|path| path.is_ident("profiles"));
    };
    let ident = &input.ident;
    if !has_client(input) {
        errors.add(
            provider.span(),
            format!(
                "`{ident}` is a profile, and `#[provider(..)]` stands above the struct of a \
                 provider: move it there, with `profile = {ident}` in it"
            ),
        );
        return true;
    }
    let mut settings = Entries::of_attributes("provider", &input.attrs, &mut Errors::default());
    let remove = match settings.take_all("issuer").is_empty() {
        true => "derive `RawProfile` for a second struct, the members of the profile,",
        false => {
            "remove `RawProfile`, and the standard claims are read; for other members derive it for \
             a second struct"
        }
    };
    // The token in `#[derive(..)]`, as somebody wrote it.
    errors.add(
        Span::call_site().resolved_at(ident.span()),
        format!(
            "`{ident}` is a provider and not a profile: {remove} and write `profile = SomeType` here"
        ),
    );
    true
}

/// Whether the fields are those of a provider.
fn has_client(input: &DeriveInput) -> bool {
    let Data::Struct(data) = &input.data else { return false };
    let mut names = data.fields.iter().filter_map(tokens::name).map(bare);
    names.any(|name| ["client_id", "client_key", "client_secret"].contains(&name.as_str()))
}

fn source(entry: Entry, errors: &mut Errors) -> Option<Source> {
    let source = match entry.value {
        Value::Literal(Lit::Str(template)) => Some(Source::Template(template)),
        Value::Path(path) => function(path).map(Source::Function),
        _ => None,
    };
    if source.is_none() {
        let name = &entry.name;
        let message = format!(
            "`{name}` at the struct says what it is made of: `{name} = \"{{first}} {{last}}\"` \
             or `{name} = some_function`; at a field it stands alone"
        );
        errors.add(entry.span, message);
    }
    source
}

fn member<'a>(
    field: &'a Field,
    generics: &Generics,
    is_broken: &mut bool,
    errors: &mut Errors,
) -> Option<Member<'a>> {
    let ident = tokens::name(field)?;
    serde::check_field(field, errors);
    let mut entries = Entries::of_attributes("profile", &field.attrs, errors);
    let mut roles = Vec::new();
    for (name, role) in [
        ("id", Role::Id),
        ("name", Role::Name),
        ("email", Role::Email),
        ("email_verified", Role::EmailVerified),
        ("image", Role::Image),
    ] {
        let Some(entry) = entries.take(name, errors) else { continue };
        let place = match &entry.value {
            Value::Nothing => None,
            Value::Literal(Lit::Str(text)) => Some(text.value()),
            Value::Path(path) => Some(text_of(&path.to_token_stream())),
            _ => Some("..".to_owned()),
        };
        if let Some(place) = place {
            let is_template = place.contains('{') && role != Role::Id;
            let message = match is_template {
                true => format!(
                    "`{name}` at a field says what this field is; what it is composed of stands above \
                     the struct: write `#[profile({name} = {place:?})]` there"
                ),
                false => format!(
                    "`{name}` says what this field is; where it is found is its path: write \
                     `#[profile({name}, path = {place:?})]`"
                ),
            };
            errors.add(entry.span, message);
        }
        roles.push((role, entry.span));
    }
    for entry in entries.take_all("extra") {
        let span = entry.span;
        let name = match entry.value {
            Value::Nothing => Some(bare(ident)),
            _ => text(entry, errors).map(|name| name.value()),
        };
        roles.extend(name.map(|name| (Role::Extra(name), span)));
    }
    let path = entries.take_text("path", errors);
    let mut places = Vec::new();
    match path {
        Some(path) => places.push((pointer(&path, errors), path.value())),
        None => places.push((format!("/{}", bare(ident)), bare(ident))),
    }
    for entry in entries.take_all("or") {
        if let Some(path) = text(entry, errors) {
            places.push((pointer(&path, errors), path.value()));
        }
    }
    let ty = tokens::of_field(&field.ty);
    if let Some(owned) = owned::owned(&ty) {
        let without = owned::without_lifetimes(generics);
        let is_id = roles.iter().any(|(role, _)| *role == Role::Id);
        let inner = owned.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>'));
        let owned = inner.filter(|_| is_id).unwrap_or(&owned);
        let message = format!("a profile owns what it has read: write `{ident}: {owned}`{without}");
        errors.push(syn::Error::new_spanned(&ty, message));
    }
    *is_broken |= entries.is_broken();
    if entries.finish(errors).iter().any(|meant| *meant == "id" || *meant == "path") {
        *is_broken = true;
    }
    Some(Member { ident, ty, roles, places })
}
