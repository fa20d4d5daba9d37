//! The protections of the authorization code flow, and which of them a provider has.

use super::Protocol;
use super::word::words;

/// A protection of the authorization code flow. PKCE is always S256.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// RFC 7636: the code is worth nothing to whoever did not start the sign-in.
    Pkce,
    /// RFC 6749 section 10.12: the callback belongs to this browser.
    State,
    /// OpenID Connect Core section 15.5.2: the ID token belongs to this sign-in.
    Nonce,
}

/// PKCE whose challenge is the verifier itself (`plain`), which protects nobody, so it is no [`Check`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PlainPkceProtectsNobody;

impl Check {
    #[doc(hidden)]
    #[expect(non_upper_case_globals, reason = "in the place of the variant that people look for")]
    pub const PkcePlain: PlainPkceProtectsNobody = PlainPkceProtectsNobody;
}

words! { Check { "pkce" => Pkce, "state" => State, "nonce" => Nonce } }

/// The protections of a provider: those that are listed, or by default PKCE and state, and with
/// OpenID Connect the nonce as well.
///
/// ```
/// use typegate::provider::{Check, Checks};
///
/// let all: Checks = [Check::Pkce, Check::State, Check::Nonce].into();
/// assert_ne!(all, Checks::default());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Checks(Option<Vec<Check>>);

impl Checks {
    pub(super) fn of(&self, protocol: Protocol) -> &[Check] {
        match (&self.0, protocol) {
            (Some(checks), _) => checks,
            (None, Protocol::OAuth2) => &[Check::Pkce, Check::State],
            (None, Protocol::OpenIdConnect) => &[Check::Pkce, Check::State, Check::Nonce],
        }
    }
}

/// What says which protections there are: whatever turns into [`Checks`].
#[diagnostic::on_unimplemented(
    message = "checks are a list of `Check`, and `{Self}` is not one",
    label = "this is not a list of checks",
    note = "write `[Check::Pkce, Check::State]`, with `use typegate::provider::Check`; OpenID Connect has \
            `Check::Nonce` as well"
)]
pub trait IntoChecks {
    /// The list.
    fn into_checks(self) -> Checks;
}

#[diagnostic::do_not_recommend]
impl<C: Into<Checks>> IntoChecks for C {
    fn into_checks(self) -> Checks {
        self.into()
    }
}

impl From<Check> for Checks {
    fn from(check: Check) -> Self {
        Self(Some(vec![check]))
    }
}

impl From<Vec<Check>> for Checks {
    fn from(checks: Vec<Check>) -> Self {
        Self(Some(checks))
    }
}

impl From<&[Check]> for Checks {
    fn from(checks: &[Check]) -> Self {
        Self(Some(checks.to_vec()))
    }
}

impl<const N: usize> From<[Check; N]> for Checks {
    fn from(checks: [Check; N]) -> Self {
        Self(Some(checks.into()))
    }
}
