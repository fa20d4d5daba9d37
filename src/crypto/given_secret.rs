//! Secrets where somebody writes them: what the compiler says of a value of another type.

use super::secret::{ClientSecret, Secret};

/// What [`secret`](crate::builder::AuthBuilder::secret) takes: a [`Secret`], whose length was checked when
/// it was made.
///
/// ```
/// use typegate::Secret;
/// use typegate::builder::IntoSecret;
///
/// let secret = Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?;
/// assert_eq!(format!("{:?}", secret.into_secret()), "Secret(redacted)");
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "the application's secret is a `Secret`, and not `{Self}`",
    label = "this is not a `Secret`",
    note = "write `Secret::from_env()?`, which reads NEXTAUTH_SECRET or AUTH_SECRET, or \
            `Secret::new(text)?` with at least 32 bytes"
)]
pub trait IntoSecret {
    /// The secret.
    fn into_secret(self) -> Secret;
}

#[diagnostic::do_not_recommend]
impl IntoSecret for Secret {
    fn into_secret(self) -> Secret {
        self
    }
}

/// What the client of a provider may prove itself with, where it is given by name: a [`ClientSecret`], or
/// a text.
///
/// ```
/// use typegate::ClientSecret;
/// use typegate::provider::IntoClientSecret;
///
/// let secret: ClientSecret = "s3cr3t".into_client_secret();
/// assert_eq!(format!("{secret:?}"), "ClientSecret(redacted)");
/// ```
#[diagnostic::on_unimplemented(
    message = "a client secret is what the provider gave to this application, and `{Self}` is not one",
    label = "this is not a client secret",
    note = "write `ClientSecret::new(text)` with the provider's text, or the text; `Secret` seals the \
            application's own cookies"
)]
pub trait IntoClientSecret<Given = ClientSecret> {
    /// The secret.
    fn into_client_secret(self) -> Given;
}

#[diagnostic::do_not_recommend]
impl<Given, Secret: Into<Given>> IntoClientSecret<Given> for Secret {
    fn into_client_secret(self) -> Given {
        self.into()
    }
}
