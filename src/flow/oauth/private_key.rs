//! A private key that a provider publishes: told once, because whoever reads it signs what they like.

use crate::config::Config;
use crate::error::ErrorCode;
use crate::oauth::RelyingParty;

/// Tells of such a key, the first time after a relying party saw one.
pub(in crate::flow) fn note_private_key(config: &Config, relying_party: &RelyingParty) {
    if relying_party.tells_of_private_key() {
        let reason = "the provider publishes a key with its private part, which is left out";
        let id = relying_party.definition().id.as_str();
        config.log.note(ErrorCode::PrivateKeyPublished, Some(id), reason);
    }
}
