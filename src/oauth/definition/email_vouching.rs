//! Vouching for e-mail addresses: what a provider's word on them is worth.

use super::word::words;

/// Whether a provider vouches for the addresses it gives: only such an address links an account to
/// the user who has it.
///
/// Whatever is set here, an address of which the provider says `email_verified: false` is not
/// vouched for.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum EmailVouching {
    /// It says so of each address: by the claim `email_verified` (OpenID Connect Core section 5.1;
    /// true, or the text `true` that some send) or by the profile's own
    /// [`email_verified`](crate::Profile::email_verified).
    #[default]
    WhenVerified,
    /// It only gives addresses that their owners proved to it, and does not say so each time.
    Always,
    /// It does not, whatever it says: whoever has an account there may write any address into it.
    Never,
}

words! {
    EmailVouching { "when_verified" => WhenVerified, "always" => Always, "never" => Never }
}
