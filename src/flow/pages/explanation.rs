//! The explanation below an error, for developers: the codes it may stand for, and what to do.

use maud::{Markup, html};

use crate::error::ErrorCode;

/// Nothing for no codes, which is what everybody else gets.
pub(super) fn explanation(codes: &[ErrorCode]) -> Markup {
    html! {
        @if !codes.is_empty() {
            dl.explanation lang="en" dir="ltr" {
                @for code in codes {
                    dt { a href=(code.help_url()) { (code) } }
                    dd {
                        p { (code.cause()) }
                        p { (code.remedy()) }
                    }
                }
            }
        }
    }
}
