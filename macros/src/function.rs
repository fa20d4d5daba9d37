//! A function that an attribute names. One of another form is answered at its name, with the line to
//! write: a plain call would be answered with what is wrong with the call, which nobody wrote.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned as _;

use crate::tokens::{bare, placed, text_of};

pub(crate) struct Function<'a> {
    pub(crate) path: &'a ExprPath,
    pub(crate) support: &'a TokenStream,
    /// The name of the trait that says what is wrong. The compiler prints it, so it stands beside the
    /// struct: one within a function would be printed with the way to it.
    pub(crate) rule: Ident,
    /// The trait of the support module that a call fits.
    pub(crate) fits: &'static str,
    /// What is said of a function that does not, behind its name.
    pub(crate) problem: String,
    pub(crate) label: String,
    /// The line to write, around the function's name.
    pub(crate) written: (&'static str, String),
}

impl Function<'_> {
    /// The trait, which what a call returns has, and no function.
    pub(crate) fn rule(&self) -> TokenStream {
        let Self { path, support, rule, problem, label, written: (before, behind), .. } = self;
        let whole = text_of(&quote!(#path));
        let name = path.path.segments.last().map(|segment| bare(&segment.ident));
        let message = escaped(&format!("`{whole}` {problem}"));
        let note = escaped(&format!("write `{before}{}{behind}`", name.unwrap_or_default()));
        let label = escaped(label);
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            #[doc(hidden)]
            trait #rule {
                type Answer;

                fn answer(self) -> Self::Answer;
            }

            #[diagnostic::do_not_recommend]
            impl<Answer> #rule for #support::Called<Answer> {
                type Answer = Answer;

                fn answer(self) -> Answer {
                    self.0
                }
            }
        }
    }

    /// One token, because spans cannot be joined by a stable compiler.
    pub(crate) fn span(&self) -> Span {
        let last = self.path.path.segments.last();
        last.map_or(self.path.span(), |segment| segment.ident.span())
    }

    pub(crate) fn call(&self, argument: &TokenStream) -> TokenStream {
        let (path, support) = (self.path, self.support);
        let span = self.span();
        let mut rule = self.rule.clone();
        rule.set_span(span);
        let fits = format_ident!("{}", self.fits);
        let import = quote! {
            #[allow(unused_imports, reason = "one of the two fits")]
            use #support::{DoesNotFit as _, #fits as _};
        };
        let support = placed(support.clone(), span);
        let call = quote_spanned!(span=> #rule::answer(#support::Asked(#path, #argument).call()));
        quote_spanned!(span=> { #import #call })
    }
}

/// In these texts braces are placeholders.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
