//! Checks of a profile: it says who somebody is, once.

use super::ast::{Made, Profile, Role, Source};
use crate::check::{Part, check_placeholders, parts};
use crate::errors::Errors;
use crate::tokens::bare;

pub(crate) fn check(profile: &Profile<'_>, errors: &mut Errors) {
    let ident = &profile.input.ident;
    let mut ids = profile.of_role(&Role::Id);
    match (ids.next(), ids.next()) {
        (None, _) if !profile.is_broken => {
            let likely = ["id", "sub", "user_id", "uid"];
            let likely = profile
                .members
                .iter()
                .find(|member| likely.iter().any(|name| bare(member.ident) == *name));
            let message = match likely {
                Some(member) => format!(
                    "OAUTH_PARSE_PROFILE_ERROR: `{ident}` does not say which member is the id: \
                     write `#[profile(id)]` at `{}` if it never changes",
                    member.ident
                ),
                None => format!(
                    "OAUTH_PARSE_PROFILE_ERROR: `{ident}` has no id, and without one nobody has an \
                     account: write `#[profile(id)]` at the member that never changes"
                ),
            };
            let span = likely.map_or(ident.span(), |member| member.ident.span());
            errors.add(span, message);
        }
        (Some((first, _)), Some((other, second))) => errors.add(
            second,
            format!(
                "`{ident}` has two ids, and an account has one: `{0}` is the first. For a second \
                 place of the same id write `#[profile(id, or = \"{1}\")]` at `{0}`",
                first.ident,
                other.places.first().map(|(_, path)| path.as_str()).unwrap_or_default(),
            ),
        ),
        _ => {}
    }
    let fields: Vec<String> = profile.members.iter().map(|member| bare(member.ident)).collect();
    for Made { role, from } in &profile.made {
        let Source::Template(template) = from else { continue };
        let _ = check_placeholders(template, &fields, &[], errors);
        if fields.contains(&template.value()) {
            let (field, role) = (template.value(), role_name(role));
            errors.add(
                template.span(),
                format!(
                    "this is a text with nothing filled in, and there is a field `{field}`: write \
                     `#[profile({role})]` at it, or `{role} = \"{{{field}}}\"` here"
                ),
            );
        } else if !parts(&template.value()).iter().any(|part| matches!(part, Part::Placeholder(_)))
        {
            errors.add(
                template.span(),
                format!(
                    "this {} is the same for everybody: name a field in braces, such as `{{login}}`",
                    role_name(role)
                ),
            );
        }
    }
    for member in &profile.members {
        for (role, span) in &member.roles {
            let Role::Extra(name) = role else { continue };
            if ["id", "name", "email", "image"].contains(&name.as_str()) {
                let message =
                    format!("`{name}` is a member that every user has: write `#[profile({name})]`");
                errors.add(*span, message);
            }
        }
    }
}

pub(super) fn role_name(role: &Role) -> &str {
    match role {
        Role::Id => "id",
        Role::Name => "name",
        Role::Email => "email",
        Role::Image => "image",
        Role::EmailVerified => "email_verified",
        Role::Extra(name) => name,
    }
}
