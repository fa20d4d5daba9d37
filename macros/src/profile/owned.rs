//! Members that borrow. A profile outlives the answer that it is read from, and the traits of its
//! members say so only by not being there.

use syn::{GenericArgument, Generics, PathArguments, Type};

use crate::tokens::{text_of, ungrouped};

/// The type that owns what this one borrows, as somebody would write it; nothing if it borrows
/// nothing, or is a constant of a type that is not the language's.
pub(super) fn owned(ty: &Type) -> Option<String> {
    match ungrouped(ty.clone()) {
        Type::Reference(reference) => {
            let is_static = reference.lifetime.is_some_and(|lifetime| lifetime.ident == "static");
            match ungrouped(*reference.elem) {
                Type::Slice(slice) => Some(format!("Vec<{}>", whole(&slice.elem))),
                ty if is_str(&ty) => Some("String".to_owned()),
                ty => (!is_static).then(|| whole(&ty)),
            }
        }
        Type::Path(path) => {
            let segment = path.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
            let inner = arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })?;
            match segment.ident.to_string().as_str() {
                "Cow" => Some(if is_str(inner) { "String".to_owned() } else { whole(inner) }),
                name @ ("Option" | "Vec") => Some(format!("{name}<{}>", owned(inner)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A type that may borrow itself.
fn whole(ty: &Type) -> String {
    owned(ty).unwrap_or_else(|| text_of(&quote::quote!(#ty)))
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

/// What is to be removed from a struct that borrows nothing any more.
pub(super) fn without_lifetimes(generics: &Generics) -> String {
    let lifetimes: Vec<String> =
        generics.lifetimes().map(|parameter| parameter.lifetime.to_string()).collect();
    let lifetimes = lifetimes.join(", ");
    match lifetimes.as_str() {
        "" => String::new(),
        all if generics.lifetimes().count() == generics.params.len() => {
            format!(", and remove `<{all}>`")
        }
        some => format!(", and remove `{some}`"),
    }
}
