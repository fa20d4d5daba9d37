//! The client's id where somebody writes it.

/// What a client may be named by (`client_id`, RFC 6749 section 2.2; `oauth_consumer_key` of OAuth 1.0a):
/// every text.
///
/// ```
/// use typegate::ClientSecret;
/// use typegate::provider::{IntoClientId, OAuthClient};
///
/// let _ = OAuthClient::new("client id", ClientSecret::new("client secret"));
/// let text: String = "client id".into_client_id();
/// assert_eq!(text, "client id");
/// ```
#[diagnostic::on_unimplemented(
    message = "a client id is text, and `{Self}` is not",
    label = "this is not a client id",
    note = "write the text that the provider gave as the client id; a secret is a separate argument, \
            behind it"
)]
pub trait IntoClientId<Text = String> {
    /// The text.
    fn into_client_id(self) -> Text;
}

#[diagnostic::do_not_recommend]
impl<Text, Id: Into<Text>> IntoClientId<Text> for Id {
    fn into_client_id(self) -> Text {
        self.into()
    }
}
