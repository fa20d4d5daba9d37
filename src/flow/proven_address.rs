//! A proven e-mail address: proved by a link that was sent to it, or by a provider that vouches for
//! it. Nothing else makes this type, and nothing without it links an account to the user of an
//! address.

use serde_json::Value;

use crate::model::email_address::EmailAddress;
use crate::model::{Account, Profile, VerificationToken};
use crate::oauth::{EmailVouching, address_text, says_proven, stored_claims};

/// An address that was proved in this request.
#[derive(Debug)]
pub(crate) struct ProvenAddress(EmailAddress);

impl ProvenAddress {
    /// By the link that was sent there, whose stored half was taken out just now.
    pub(crate) fn by_link(address: EmailAddress, used: &VerificationToken) -> Option<Self> {
        let sent_to = EmailAddress::of_rule(&used.identifier);
        (sent_to.as_ref() == Ok(&address)).then_some(Self(address))
    }

    /// By a provider that vouches for the address of this profile.
    pub(crate) fn by_provider(
        address: &EmailAddress,
        profile: &Profile,
        raw_profile: &Value,
        vouching: EmailVouching,
    ) -> Option<Self> {
        let said = profile.email_verified.or_else(|| claim(raw_profile, address));
        is_vouched(said, vouching).then(|| Self(address.clone()))
    }

    pub(crate) fn address(&self) -> &EmailAddress {
        &self.0
    }

    /// Whether the provider vouched for this very address when it issued the ID token that is kept
    /// with the account. The token was verified when it came, and has been in the database since.
    pub(crate) fn is_of_account(&self, account: &Account, vouching: EmailVouching) -> bool {
        let Some(claims) = kept_claims(account) else { return false };
        names(&claims, &self.0) && is_vouched(claim(&claims, &self.0), vouching)
    }

    /// Whether nothing that is kept with the account says anything else than a provider that
    /// vouches for all of its addresses.
    pub(crate) fn is_of_account_of_trust(&self, account: &Account) -> bool {
        let Some(claims) = kept_claims(account) else { return true };
        let names_another = claims.get("email").is_some_and(|email| !email.is_null());
        (names(&claims, &self.0) || !names_another)
            && is_vouched(claim(&claims, &self.0), EmailVouching::Always)
    }
}

fn kept_claims(account: &Account) -> Option<Value> {
    account.tokens.id_token().and_then(stored_claims).map(Value::Object)
}

fn is_vouched(said: Option<bool>, vouching: EmailVouching) -> bool {
    match vouching {
        EmailVouching::WhenVerified => said == Some(true),
        EmailVouching::Always => said != Some(false),
        EmailVouching::Never => false,
    }
}

/// What the claim `email_verified` says of an address; in doubt, that it is not verified.
fn claim(claims: &Value, address: &EmailAddress) -> Option<bool> {
    // It speaks of the claim `email`, and a mapping may have taken the address from elsewhere.
    match says_proven(claims.get("email_verified")?)? {
        true if !names(claims, address) => None,
        verified => Some(verified),
    }
}

/// Whether the claim `email` is this address.
fn names(claims: &Value, address: &EmailAddress) -> bool {
    let text = claims.get("email").and_then(address_text).unwrap_or_default();
    EmailAddress::of_provider(text).as_ref() == Ok(address)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn r192_in_doubt_a_provider_does_not_vouch() {
        let address: EmailAddress = "ann@corp.test".parse().unwrap();
        let vouched = |raw: Value, vouching| {
            ProvenAddress::by_provider(&address, &Profile::new("1"), &raw, vouching).is_some()
        };
        let said =
            |verified: Value| json!({ "email": " ANN@corp.test", "email_verified": verified });
        use EmailVouching::{Always, Never, WhenVerified};
        for (verified, when_verified, always) in [
            (json!(true), true, true),
            (json!("true"), true, true),
            (json!(null), false, true),
            (json!(false), false, false),
            (json!("false"), false, false),
            (json!("True"), false, false),
            (json!("yes"), false, false),
            (json!(1), false, false),
            (json!([true]), false, false),
        ] {
            assert_eq!(vouched(said(verified.clone()), WhenVerified), when_verified, "{verified}");
            assert_eq!(vouched(said(verified.clone()), Always), always, "{verified}");
            assert!(!vouched(said(verified.clone()), Never), "{verified}");
        }
        // The claim is about another address than the one that the mapping took.
        let other =
            json!({ "email": "eve@evil.test", "email_verified": true, "upn": "ann@corp.test" });
        assert!(!vouched(other, WhenVerified));
        assert!(!vouched(json!({ "email_verified": true }), WhenVerified));
        assert!(!vouched(json!({}), WhenVerified));
        assert!(vouched(json!({}), Always));
        // The profile's own word counts.
        let mut profile = Profile::new("1").email_verified(false);
        let by = |profile: &Profile, vouching| {
            ProvenAddress::by_provider(&address, profile, &said(json!(true)), vouching).is_some()
        };
        assert!(!by(&profile, WhenVerified) && !by(&profile, Always));
        profile.email_verified = Some(true);
        assert!(by(&profile, WhenVerified) && !by(&profile, Never));
    }
}
