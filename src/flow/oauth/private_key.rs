//! Published private keys: a provider that publishes the private half of a key is reported once,
//! since whoever reads it can sign with it.

use crate::config::Config;
use crate::error::ErrorCode;
use crate::oauth::RelyingParty;

/// Logs that a relying party has seen one, the first time.
pub(in crate::flow) fn note_private_key(config: &Config, relying_party: &RelyingParty) {
    if relying_party.tells_of_private_key() {
        let reason = "the provider publishes a key with its private part, which is left out";
        let id = relying_party.definition().common.id.as_str();
        config.log.note(ErrorCode::PrivateKeyPublished, Some(id), reason);
    }
}
