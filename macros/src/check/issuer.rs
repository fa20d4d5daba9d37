//! Can this be an issuer (OpenID Connect Core 1.0 section 2)?

use syn::LitStr;

use crate::errors::Errors;

/// The URL of no document, without a query.
pub(crate) fn check_issuer(issuer: &LitStr, errors: &mut Errors) {
    let text = issuer.value();
    if let Some(likely) = of_document(&text) {
        let message = format!(
            "this is the address of a discovery document, and the issuer is what the document says \
             it is: write `issuer = \"{likely}\"`; if the document is not below the issuer, add \
             `discovery_document = \"..\"`"
        );
        errors.add(issuer.span(), message);
    } else if let Some((before, _)) = text.split_once('?') {
        let message = format!(
            "an issuer may have no query (OpenID Connect Core section 2): write `issuer = \
             \"{before}\"`; if the discovery document needs the query, add `discovery_document = \
             \"..\"`"
        );
        errors.add(issuer.span(), message);
    }
}

/// The issuer whose discovery document is most likely at that address.
pub(crate) fn of_document(address: &str) -> Option<String> {
    let (before, behind) = address.split_once("/.well-known/")?;
    // RFC 8414 section 3.1 puts the issuer's path behind, OpenID Connect Discovery before.
    let path = behind.split(['?', '#']).next().unwrap_or_default().split_once('/');
    let path = path.map(|(_, path)| path).filter(|path| !path.is_empty());
    Some(path.map_or_else(|| before.to_owned(), |path| format!("{before}/{path}")))
}
