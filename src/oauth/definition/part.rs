//! What a part of a provider is given as: what the compiler says of something else.

/// What becomes a client or the endpoints of a provider: the part itself, and what converts into it,
/// such as a [`PublicClient`](super::PublicClient).
///
/// ```
/// use typegate::provider::{IntoPart, OAuthClient};
///
/// let client: OAuthClient = OAuthClient::public("client id").into_part();
/// assert!(format!("{client:?}").contains("client id"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `{Part}`",
    label = "not an `{Part}`",
    note = "a client is `OAuthClient::new(\"client id\", ClientSecret::new(\"client secret\"))`, or \
            `OAuthClient::public(\"client id\")` for one without a secret; of OAuth 1.0a \
            `OAuth1Client::new(client_key, client_secret)`",
    note = "endpoints are `Endpoints::discovered(\"https://id.acme.example\")` of an issuer, or for plain \
            OAuth 2.0 `Endpoints::oauth2()` with its three, ended by `.build()`"
)]
pub trait IntoPart<Part> {
    /// The part.
    fn into_part(self) -> Part;
}

#[diagnostic::do_not_recommend]
impl<Part, Given: Into<Part>> IntoPart<Part> for Given {
    fn into_part(self) -> Part {
        self.into()
    }
}
