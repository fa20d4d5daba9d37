//! The issuer in the log: one that was taken with another slash at its end, and one in a callback
//! that nobody can hold against anything.

use crate::config::Config;
use crate::error::ErrorCode;
use crate::log::{Step, step};
use crate::oauth::RelyingParty;
use crate::web::Fields;

/// Logs that the configured issuer is not the provider's to the letter, the first time.
pub(super) fn note_other_slash(config: &Config, relying_party: &RelyingParty) {
    let Some(issuer) = relying_party.tells_of_other_slash() else { return };
    let definition = relying_party.definition();
    let message = format!(
        "the provider's issuer is `{issuer}`, the configured one is `{}`: taken as one",
        definition.endpoints.issuer.as_deref().unwrap_or_default()
    );
    config.log.note(ErrorCode::IssuerSlash, Some(&definition.common.id), &message);
}

/// Reports an `iss` (RFC 9207) that says nothing, because the provider's issuer is not known.
pub(super) fn report_unknown_issuer(relying_party: &RelyingParty, answer: &Fields) {
    let definition = relying_party.definition();
    if let (None, Some(issuer)) = (&definition.endpoints.issuer, answer.text("iss")) {
        step(Step::CallbackIssuer, Some(&definition.common.id), || {
            format!("`{issuer}` is compared with nothing: the provider has no `issuer` here")
        });
    }
}
