//! Bounds that messages do not quote.
//!
//! The compiler shows where a bound stands that is not met: lines of this library's source, which say
//! nothing to whoever made the mistake. It cannot where a bound begins in one file and ends in another,
//! because such a place is not written into a crate's metadata. So each bound gets a beginning that
//! changes nothing, `for<>`, and that stands elsewhere.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// `elsewhere item`: the item, a method or an `impl` or a `trait` of methods, with bounds that begin at
/// that word.
pub(crate) fn bounds(input: TokenStream) -> TokenStream {
    let mut rest = input.into_iter();
    let Some(elsewhere) = rest.next() else { return TokenStream::new() };
    Elsewhere(elsewhere.span()).in_items(rest.collect())
}

struct Elsewhere(Span);

impl Elsewhere {
    fn in_items(&self, items: TokenStream) -> TokenStream {
        let mut changed = TokenStream::new();
        let mut signature: Option<Vec<TokenTree>> = None;
        for token in items {
            match &mut signature {
                Some(tokens) if is_body(&token) || is_punct(Some(&token), ';') => {
                    changed.extend(self.in_signature(tokens, true));
                    changed.extend([token]);
                    signature = None;
                }
                Some(tokens) => tokens.push(token),
                None => {
                    if matches!(&token, TokenTree::Ident(ident) if *ident == "fn") {
                        signature = Some(Vec::new());
                    }
                    changed.extend([match token {
                        TokenTree::Group(body) if is_brace(&body) => {
                            with_content(&body, self.in_items(body.stream())).into()
                        }
                        token => token,
                    }]);
                }
            }
        }
        changed
    }

    /// `:` begins a bound between angle brackets and after `where`, and the type of an argument
    /// elsewhere; `impl` and `+` begin one everywhere.
    fn in_signature(&self, tokens: &[TokenTree], is_outermost: bool) -> TokenStream {
        let mut changed = TokenStream::new();
        let mut depth = 0_usize;
        let mut is_after_where = false;
        let mut begins = false;
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            if std::mem::take(&mut begins) && can_begin(token) {
                let place = self.0.resolved_at(token.span());
                changed.extend(quote::quote_spanned!(place=> for<>));
            }
            match token {
                TokenTree::Ident(ident) if *ident == "where" => is_after_where = is_outermost,
                TokenTree::Ident(ident) if *ident == "impl" => begins = true,
                TokenTree::Punct(punct) => match punct.as_char() {
                    '<' => depth += 1,
                    '>' if !is_joint(before, '-') => depth = depth.saturating_sub(1),
                    '+' => begins = true,
                    ':' => {
                        let is_lone = punct.spacing() == Spacing::Alone && !is_joint(before, ':');
                        begins = is_lone && (depth > 0 || is_after_where);
                    }
                    _ => {}
                },
                _ => {}
            }
            changed.extend([match token {
                TokenTree::Group(group) => {
                    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                    with_content(group, self.in_signature(&inside, false)).into()
                }
                token => token.clone(),
            }]);
        }
        changed
    }
}

/// Lifetimes and `?Sized` take no binder, and a bound that has one keeps it.
fn can_begin(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(ident) if *ident != "for")
}

fn is_brace(group: &Group) -> bool {
    group.delimiter() == Delimiter::Brace
}

fn is_body(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if is_brace(group))
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn is_joint(token: Option<&TokenTree>, character: char) -> bool {
    is_punct(token, character)
        && matches!(token, Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint)
}

fn with_content(group: &Group, content: TokenStream) -> Group {
    let mut changed = Group::new(group.delimiter(), content);
    changed.set_span(group.span());
    changed
}

/// The item by way of a macro of the library, which knows a place elsewhere.
pub(crate) fn by_way_of_the_library(item: &TokenStream) -> TokenStream {
    let krate = Ident::new("crate", Span::call_site());
    quote!(#krate::rule::unquoted! { #item })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_get_an_empty_binder_and_the_rest_stays_as_it_is() {
        let item = quote! {
            impl<T: Told> Builder<T> where T: Clone {
                /// Text: with + and impl.
                pub fn one<F, R: Sum<Output: Copy>>(mut self, a: impl Into<String> + 'static, f: F) -> impl Fn(u8) -> u8
                where
                    Now<T, setting::a>: once::a + TakesProvider<P::Kind>,
                    F: Fn(Attempt) -> R + ?Sized + for<'a> Fn(&'a u8),
                {
                    let a: u8 = 1 + 2;
                }
                fn two(self, a: u8) -> u8 { a }
                fn three<A: Store>(a: A);
            }
        };
        let expected = quote! {
            impl<T: Told> Builder<T> where T: Clone {
                /// Text: with + and impl.
                pub fn one<F, R: for<> Sum<Output: for<> Copy>>(mut self, a: impl for<> Into<String> + 'static, f: F) -> impl for<> Fn(u8) -> u8
                where
                    Now<T, setting::a>: for<> once::a + for<> TakesProvider<P::Kind>,
                    F: for<> Fn(Attempt) -> R + ?Sized + for<'a> Fn(&'a u8),
                {
                    let a: u8 = 1 + 2;
                }
                fn two(self, a: u8) -> u8 { a }
                fn three<A: for<> Store>(a: A);
            }
        };
        assert_eq!(bounds(quote!(here #item)).to_string(), expected.to_string());
        let method = quote! { fn one<A: Store>(a: A) { two::<A>(); } };
        let expected = quote! { fn one<A: for<> Store>(a: A) { two::<A>(); } };
        assert_eq!(bounds(quote!(here #method)).to_string(), expected.to_string());
        assert!(bounds(TokenStream::new()).is_empty());
    }
}
