//! Colours and logos of a button.

use syn::LitStr;

use crate::errors::Errors;

/// A hexadecimal CSS colour.
pub(crate) fn check_color(color: &LitStr, errors: &mut Errors) {
    let text = color.value();
    let is_color = text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    });
    if !is_color {
        errors
            .add(color.span(), format!("`{text}` is not a colour: write, for example, `#1a73e8`"));
    }
}

/// A path of the own site, or an absolute URL.
pub(crate) fn check_logo(logo: &LitStr, errors: &mut Errors) {
    let text = logo.value();
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let is_clean = !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\');
    if !is_clean || !(is_path || text.starts_with("https://") || text.starts_with("http://")) {
        let message = format!(
            "`{text}` is not the address of a logo: write a path of your site, such as `/acme.svg`, or \
             an https URL"
        );
        errors.add(logo.span(), message);
    }
}
