//! The proof of an address in a raw profile (`email_verified`, OpenID Connect Core section 5.1).

use serde_json::Value;

use super::{ProfileError, ProfileMember};

/// The type of a field `#[profile(email_verified)]`.
#[diagnostic::on_unimplemented(
    message = "a member of type `{Self}` does not say whether an address is proved",
    label = "neither `bool` nor `Option<bool>`",
    note = "use `Option<bool>` if the provider sends true or false",
    note = "for a date or another text use a type of your own that implements \
            `typegate::provider::ProfileMember` and `typegate::provider::ProfileProof`"
)]
pub trait ProfileProof: ProfileMember {
    /// Whether it is, if that is said.
    fn proof(self) -> Option<bool>;

    /// Reads what is said, in doubt that it is not.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places.
    fn of_proof_member(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError> {
        Self::of_proof(raw, places, left_out)
    }
}

#[diagnostic::do_not_recommend]
impl ProfileProof for bool {
    fn proof(self) -> Option<bool> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl ProfileProof for Option<bool> {
    fn proof(self) -> Option<bool> {
        self
    }
}

/// What a member says about the proof of an address: nothing if it is null; in doubt, that there is
/// none.
pub(crate) fn says_proven(value: &Value) -> Option<bool> {
    match value {
        Value::Null => None,
        Value::Bool(is_proven) => Some(*is_proven),
        // Cognito and Apple send a text.
        Value::String(text) => Some(text == "true"),
        _ => Some(false),
    }
}
