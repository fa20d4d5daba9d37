//! The signature of a provider (RFC 7515 section 5.2), by the keys that it publishes.
//!
//! Providers rotate their keys, and some keep the id when they do. So what the kept keys do not verify
//! is tried once more by a fresh set, which is fetched once a minute at most, whoever sends what.

use std::sync::Arc;

use super::issued_token::Parties;
use super::{Asker, Freshness, RelyingParty};
use crate::error::OAuthError;
use crate::jose::{SignatureError, SignedToken};
use crate::model::JsonObject;

/// The claims of a token that the provider signed.
pub(super) async fn verified_by_keys(
    token: &SignedToken<'_>,
    asker: Asker,
    parties: &Parties<'_>,
    refused: impl Fn(String) -> OAuthError,
) -> Result<JsonObject, OAuthError> {
    let Parties { relying_party: RelyingParty { server, http_client, .. }, metadata, now } =
        *parties;
    let mut keys = server.keys(http_client, metadata, now, None).await?;
    let mut outcome = token.verify(&keys.value);
    if keys.freshness == Freshness::Kept && outcome.as_ref().is_err_and(may_be_of_a_new_key) {
        let kept = Arc::clone(&keys.value);
        keys = server.keys(http_client, metadata, now, Some(asker)).await?;
        // Whoever sends what no key fits has the kept ones tried once.
        if !Arc::ptr_eq(&kept, &keys.value) {
            outcome = token.verify(&keys.value);
        }
    }
    outcome.map_err(|error| match may_be_of_a_new_key(&error) {
        true => refused(format!("{error} ({})", age(&keys.freshness))),
        false => refused(error.to_string()),
    })
}

fn may_be_of_a_new_key(error: &SignatureError) -> bool {
    use SignatureError::{AmbiguousKey, NoKey, Signature};

    matches!(error, NoKey(_) | AmbiguousKey | Signature)
}

/// Whoever reads it should know whether the key is missing there or only here.
fn age(freshness: &Freshness) -> String {
    match freshness {
        Freshness::Fetched => "the key set has just been fetched".into(),
        Freshness::Kept => {
            "the key set is from before: where a key or a signature does not fit, it \
                            is fetched again once a minute at most"
                .into()
        }
        Freshness::Stale(reason) => {
            format!("the key set is from before, and could not be fetched again: {reason}")
        }
    }
}
