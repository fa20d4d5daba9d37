//! Types and names, whatever way they came here.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::token::Paren;
use syn::{Field, Type};

/// A macro by example that passes on a type puts a group around it.
pub(crate) fn ungrouped(ty: Type) -> Type {
    match ty {
        Type::Group(group) => ungrouped(*group.elem),
        Type::Paren(paren) => ungrouped(*paren.elem),
        ty => ty,
    }
}

/// As a field has it, in a form that reads the same within a larger type: a sum of bounds needs
/// parentheses there (Rust Reference, "Type expressions").
pub(crate) fn of_field(ty: &Type) -> Type {
    match ungrouped(ty.clone()) {
        sum @ (Type::TraitObject(_) | Type::ImplTrait(_)) => Type::Paren(syn::TypeParen {
            attrs: Vec::new(),
            paren_token: Paren::default(),
            elem: Box::new(sum),
        }),
        ty => ty,
    }
}

/// syn reads `_` as a name; the compiler refuses it by itself.
pub(crate) fn name(field: &Field) -> Option<&Ident> {
    field.ident.as_ref().filter(|ident| *ident != "_")
}

/// As texts and variables have it: without `r#`.
pub(crate) fn bare(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// A name of the derive, in code that is shown at tokens of somebody else's: a macro by example may
/// have written those, and then a name beside them would be another one.
pub(crate) fn own(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
