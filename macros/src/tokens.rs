//! Types, paths and names, in the form that the code needs which is written with them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::token::Paren;
use syn::{ExprPath, Field, Path, PathArguments, Type, TypePath};

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

/// The path as an expression has it: with `::` before its arguments.
pub(crate) fn function(TypePath { attrs, qself, mut path }: TypePath) -> Option<ExprPath> {
    for segment in &mut path.segments {
        match &mut segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(arguments) => {
                arguments.colon2_token.get_or_insert_default();
            }
            PathArguments::Parenthesized(_) => return None,
        }
    }
    Some(ExprPath { attrs, qself, path })
}

/// The path of a module, which has no arguments.
pub(crate) fn module(TypePath { qself, path, .. }: TypePath) -> Option<Path> {
    let is_plain = path.segments.iter().all(|segment| segment.arguments.is_none());
    (qself.is_none() && is_plain).then_some(path)
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

/// A path of the derive's, quoted in messages where somebody wrote what it is about.
pub(crate) fn placed(path: TokenStream, span: Span) -> TokenStream {
    path.into_iter()
        .map(|mut token| {
            // Its span says which crate it is.
            if !matches!(&token, TokenTree::Ident(ident) if *ident == "$crate") {
                token.set_span(span);
            }
            token
        })
        .collect()
}

/// As somebody would write it; a stream has a blank between all tokens.
pub(crate) fn text_of(tokens: &TokenStream) -> String {
    let marks = [(" . ", "."), (" :: ", "::"), (":: ", "::"), (" !", "!"), ("! (", "!(")];
    marks.iter().fold(tokens.to_string(), |text, (apart, together)| text.replace(apart, together))
}
