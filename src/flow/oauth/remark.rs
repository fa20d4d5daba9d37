//! Remarks about a provider: what it did otherwise than it should, and that cost nobody the sign-in.

use crate::config::Config;
use crate::error::ErrorCode;
use crate::oauth::{About, RelyingParty, Remark};

/// Logs what the relying party has to say of its provider since the last time.
pub(in crate::flow) fn note_remarks(config: &Config, relying_party: &RelyingParty) {
    let id = relying_party.definition().common.id.as_str();
    for Remark { about, text } in relying_party.take_remarks() {
        let code = match about {
            About::PrivateKey => ErrorCode::PrivateKeyPublished,
            About::Outage => ErrorCode::ProviderOutage,
            About::IssuerSlash => ErrorCode::IssuerSlash,
            About::Endpoint => ErrorCode::DoubtfulSetting,
            About::TokenResponse => ErrorCode::TokenResponse,
            About::Profile => ErrorCode::ProfileMemberLeftOut,
        };
        config.log.note(code, Some(id), &text);
    }
}
