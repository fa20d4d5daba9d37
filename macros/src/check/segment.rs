//! Segments of an address.

use syn::LitStr;

use crate::errors::Errors;

/// An id stands in the callback URL and in stored accounts.
pub(crate) fn check_id(id: &LitStr, errors: &mut Errors) {
    let text = id.value();
    let is_segment = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
        && text.bytes().any(|b| b != b'.');
    if !is_segment {
        let message = format!(
            "the id `{text}` cannot stand in an address, and the callback URL ends with it: use \
             letters, digits and -_.~"
        );
        errors.add(id.span(), message);
    }
}
