//! Lists of scope tokens.

use syn::LitStr;

use crate::errors::Errors;

/// RFC 6749 section 3.3: tokens of printable ASCII without `"` and `\`, one space between them.
/// OpenID Connect knows no other mark between them.
pub(crate) fn check_scope(scope: &LitStr, is_openid_connect: bool, errors: &mut Errors) {
    let text = scope.value();
    if is_openid_connect && text.contains(',') {
        let tokens: Vec<&str> = text.split([',', ' ']).filter(|token| !token.is_empty()).collect();
        let message = format!(
            "a space stands between the tokens of a scope (RFC 6749 section 3.3): write `scope = \
             {:?}`; if the provider wants commas, add `scope_separator = \",\"`",
            tokens.join(" ")
        );
        return errors.add(scope.span(), message);
    }
    let is_legal = |c: char| matches!(c, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    if let Some(character) = text.chars().find(|c| *c != ' ' && !is_legal(*c)) {
        let message = format!(
            "the scope has the character `{}`, which no scope token may have (RFC 6749 section 3.3): \
             remove it",
            if character.is_control() {
                character.escape_debug().to_string()
            } else {
                character.into()
            }
        );
        errors.add(scope.span(), message);
    } else if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        let tokens: Vec<&str> = text.split(' ').filter(|token| !token.is_empty()).collect();
        let message = format!(
            "the scope has too many spaces, and exactly one stands between two tokens: write \
             `scope = {:?}`",
            tokens.join(" ")
        );
        errors.add(scope.span(), message);
    } else if let Some(twice) = repeated(&text) {
        errors.add(scope.span(), format!("the scope asks for `{twice}` twice: remove one"));
    }
}

fn repeated(text: &str) -> Option<&str> {
    let tokens: Vec<&str> = text.split(' ').filter(|token| !token.is_empty()).collect();
    let mut seen = std::collections::HashSet::new();
    tokens.into_iter().find(|token| !seen.insert(*token))
}
