//! A profile as it was written, not checked yet.

use proc_macro2::{Span, TokenStream};
use syn::{DeriveInput, ExprPath, Ident, LitStr, Type};

use crate::check::{Part, parts};
use crate::tokens::bare;

pub(crate) struct Profile<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) support: TokenStream,
    pub(crate) members: Vec<Member<'a>>,
    /// What is made of several members: `#[profile(name = ..)]` at the struct.
    pub(crate) made: Vec<Made>,
    pub(crate) is_broken: bool,
}

pub(crate) struct Member<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: Type,
    pub(crate) roles: Vec<(Role, Span)>,
    /// Where the value is looked for, in this order: JSON Pointers and the paths as written.
    pub(crate) places: Vec<(String, String)>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    Id,
    Name,
    Email,
    Image,
    /// Whether the address is proved.
    EmailVerified,
    /// A further member of the user, by its name there.
    Extra(String),
}

pub(crate) struct Made {
    pub(crate) role: Role,
    pub(crate) from: Source,
}

pub(crate) enum Source {
    Template(LitStr),
    Function(ExprPath),
}

impl Profile<'_> {
    /// The members of a role, in the order in which they are tried.
    pub(crate) fn of_role(&self, role: &Role) -> impl Iterator<Item = (&Member<'_>, Span)> {
        self.members.iter().flat_map(move |member| {
            let roles = member.roles.iter().filter(move |(own, _)| own == role);
            roles.map(move |(_, span)| (member, *span))
        })
    }

    /// Whether a template has the member in it.
    pub(crate) fn fills(&self, member: &Member<'_>) -> bool {
        let name = bare(member.ident);
        let mut templates = self.made.iter().filter_map(|made| match &made.from {
            Source::Template(template) => Some(template.value()),
            Source::Function(_) => None,
        });
        templates.any(|template| {
            let is_it = |part| matches!(part, Part::Placeholder(part) if part == name);
            parts(&template).into_iter().any(is_it)
        })
    }
}
