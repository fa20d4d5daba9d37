//! Faults: the rules that the test provider can break.

macro_rules! faults {
    ($($(#[$docs:meta])* $name:ident,)*) => {
        /// One rule that an [`IdentityProvider`](super::IdentityProvider) breaks. A sign-in that
        /// meets one of them must end without a session.
        ///
        /// With a configuration whose checks are all on and that asks the userinfo endpoint,
        /// each of [`Fault::ALL`] is noticed; the names follow the modules of the OpenID
        /// conformance suite and published weaknesses of other implementations.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Fault {
            $($(#[$docs])* $name,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

faults! {
    /// The ID token is of another issuer.
    WrongIssuer,
    /// The ID token names no issuer.
    MissingIssuer,
    /// The ID token names nobody.
    MissingSubject,
    /// The ID token's subject is the empty text.
    EmptySubject,
    /// The ID token's subject is a number.
    NumericSubject,
    /// The ID token is for another client.
    WrongAudience,
    /// The ID token is for nobody.
    MissingAudience,
    /// The ID token is for two clients and does not say who asked for it.
    NoAuthorizedParty,
    /// The ID token was asked for by another client.
    WrongAuthorizedParty,
    /// The ID token has expired.
    Expired,
    /// The ID token never expires.
    MissingExpiry,
    /// The ID token's expiry is a text.
    ExpiryAsText,
    /// The ID token does not say when it was issued.
    MissingIssuedAt,
    /// The ID token is of tomorrow.
    IssuedInTheFuture,
    /// The ID token is not valid yet.
    NotYetValid,
    /// The ID token repeats another nonce.
    WrongNonce,
    /// The ID token repeats no nonce.
    MissingNonce,
    /// The ID token belongs to another access token.
    WrongAccessTokenHash,
    /// The ID token is not signed (`alg` is `none`).
    Unsigned,
    /// The ID token's signature is that of another token.
    BrokenSignature,
    /// The ID token is signed by HS256, with the public key as the secret.
    PublicKeyAsSecret,
    /// The ID token brings its own key along.
    KeyInTheHeader,
    /// The ID token names a key that is not published.
    UnknownKey,
    /// The ID token has a critical header parameter that nobody knows.
    CriticalHeader,
    /// There is no ID token.
    MissingIdToken,
    /// There is no access token.
    MissingAccessToken,
    /// The access token is not a bearer token.
    TokenTypeNotBearer,
    /// The userinfo endpoint speaks of somebody else.
    UserInfoOfSomebodyElse,
    /// The discovery document is another issuer's.
    WrongIssuerInDiscovery,
    /// The callback names another issuer (RFC 9207).
    WrongIssuerInTheCallback,
    /// The callback has another state.
    WrongState,
    /// The callback has no state.
    MissingState,
    /// The callback has two codes.
    RepeatedCode,
    /// The callback brings a token in the place of a code.
    TokenInTheFrontChannel,
    /// The person says no.
    RefusedByPerson,
    /// The token endpoint sends the request, and the code in it, elsewhere.
    TokenEndpointRedirects,
    /// The token endpoint answers with a page.
    TokenEndpointIsNotJson,
    /// The keys cannot be had.
    NoKeys,
}
