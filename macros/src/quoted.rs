//! What `macro_rules!` cannot do with the rows of a table: a word in the text of a diagnostic, and
//! code that the compiler quotes as if somebody had written it there.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::quote;

/// `{ Setting = "clock" Example = "FrozenClock" } item`: puts the words into the item's texts, in the
/// place of `{Setting}` and `{Example}`.
pub(crate) fn filled(input: TokenStream) -> TokenStream {
    let mut rest = input.into_iter();
    let words = match rest.next() {
        Some(TokenTree::Group(group)) => words(group.stream()),
        _ => Vec::new(),
    };
    each(rest.collect(), &|token| match text(&token) {
        Some((literal, value)) => {
            let mut filled = value.clone();
            for (name, word) in &words {
                let word = word.replace('{', "{{").replace('}', "}}");
                filled = filled.replace(&format!("{{{name}}}"), &word);
            }
            if filled == value { literal.into() } else { quoted(&filled, literal.span()) }
        }
        None => token,
    })
}

fn quoted(text: &str, span: Span) -> TokenTree {
    let mut literal = Literal::string(text);
    literal.set_span(span);
    literal.into()
}

/// Pairs of a name and what is put in its place: a text, or a name as it is called.
fn words(input: TokenStream) -> Vec<(String, String)> {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    tokens
        .chunks(3)
        .filter_map(|chunk| {
            let [TokenTree::Ident(name), _, word] = chunk else { return None };
            let word = match text(word) {
                Some((_, value)) => value,
                None => ungrouped(word).to_string(),
            };
            Some((name.to_string(), word))
        })
        .collect()
}

/// The literal of a text, which a macro by example passes on with a group around it.
fn text(token: &TokenTree) -> Option<(Literal, String)> {
    let TokenTree::Literal(literal) = ungrouped(token) else { return None };
    let text: syn::LitStr = syn::parse2(TokenTree::from(literal.clone()).into()).ok()?;
    Some((literal, text.value()))
}

fn ungrouped(token: &TokenTree) -> TokenTree {
    if let TokenTree::Group(group) = token
        && group.delimiter() == Delimiter::None
    {
        let mut inside = group.stream().into_iter();
        if let (Some(only), None) = (inside.next(), inside.next()) {
            return ungrouped(&only);
        }
    }
    token.clone()
}

/// `place item`: the item where it stands, and not as the expansion of a macro. The place is a word
/// of the outermost call.
pub(crate) fn in_place(input: TokenStream) -> TokenStream {
    let mut rest = input.into_iter();
    let Some(place) = rest.next() else { return TokenStream::new() };
    let item = each(rest.collect(), &|mut token| {
        // Its span says which crate it is.
        if !matches!(&token, TokenTree::Ident(ident) if *ident == "$crate") {
            token.set_span(token.span().resolved_at(place.span()));
        }
        token
    });
    quote! {
        #[allow(unused_qualifications, reason = "the rows of a table are used at several places")]
        #item
    }
}

/// Every token, those within groups first.
fn each(input: TokenStream, change: &impl Fn(TokenTree) -> TokenTree) -> TokenStream {
    let inside = |token| match token {
        TokenTree::Group(group) => {
            let span = group.span();
            let mut changed = Group::new(group.delimiter(), each(group.stream(), change));
            changed.set_span(span);
            changed.into()
        }
        token => token,
    };
    input.into_iter().map(|token| change(inside(token))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_get_the_words_and_code_stays_as_it_is() {
        let text = filled(quote! {
            { Setting = r#type Example = "Endpoints { token, .. }" Setting = other }
            #[on(message = "`{Setting}`", note = "write `.{Setting}({Example})` in {Self}")]
            pub trait Setting { const NAME: &'static str = "{Setting}"; }
        });
        let expected = quote! {
            #[on(
                message = "`r#type`",
                note = "write `.r#type(Endpoints {{ token, .. }})` in {Self}"
            )]
            pub trait Setting { const NAME: &'static str = "r#type"; }
        };
        assert_eq!(text.to_string(), expected.to_string());

        let code =
            quote!(impl<T> A<T> { fn a(self, x: [u8; 2]) -> u8 { x[0] + $crate::b("{c}") } });
        assert!(in_place(quote!(A #code)).to_string().ends_with(&code.to_string()));
        assert!(in_place(TokenStream::new()).is_empty());
    }
}
