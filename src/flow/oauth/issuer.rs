//! An issuer in a callback that nobody can hold against anything, in the log.

use crate::error::Quoted;
use crate::log::{Step, step};
use crate::oauth::RelyingParty;
use crate::web::Fields;

/// Reports an `iss` (RFC 9207) that says nothing, because the provider's issuer is not known.
pub(super) fn report_unknown_issuer(relying_party: &RelyingParty, answer: &Fields) {
    let definition = relying_party.definition();
    if let (None, Some(issuer)) = (&definition.endpoints.issuer, answer.text("iss")) {
        step(Step::CallbackIssuer, Some(&definition.common.id), || {
            format!(
                "{} is compared with nothing: the provider has no `issuer` here",
                Quoted(issuer)
            )
        });
    }
}
