//! Which requests from other sites bring a cookie along.

/// Which requests from other sites bring the cookie along.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SameSite {
    /// Top-level navigations do: the default, and what a redirect back from an identity provider
    /// needs.
    Lax,
    /// None do, so it is refused for the cookies that a sign-in needs when it comes back from an
    /// identity provider: state, nonce, PKCE code verifier and callback URL.
    Strict,
    /// All do. Browsers take this only together with `Secure`, so it is always sent with it.
    NoneSecure,
}

/// `SameSite=None` without `Secure`, which browsers refuse.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoneWithoutSecure;

/// What [`same_site`](CookiePolicy::same_site) takes: a [`SameSite`].
#[diagnostic::on_unimplemented(
    message = "this is not a `SameSite` that browsers accept",
    label = "not accepted",
    note = "write `SameSite::Lax`, `SameSite::Strict` or `SameSite::NoneSecure`, which is `None` with \
            the `Secure` that browsers ask for"
)]
pub trait IntoSameSite {
    #[doc(hidden)]
    fn into_same_site(self) -> SameSite;
}

#[diagnostic::do_not_recommend]
impl IntoSameSite for SameSite {
    fn into_same_site(self) -> SameSite {
        self
    }
}

impl SameSite {
    #[doc(hidden)]
    #[expect(non_upper_case_globals, reason = "in the place of the variant that people look for")]
    pub const None: NoneWithoutSecure = NoneWithoutSecure;

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "Lax",
            Self::Strict => "Strict",
            Self::NoneSecure => "None",
        }
    }
}
