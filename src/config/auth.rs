//! `Auth`: the finished configuration, as the application holds it.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Config;
use crate::model::DefaultSession;

/// Authentication, configured: cheap to clone, to be stored anywhere.
///
/// `D` is the application's session data type, which the `session` callback returns. Nothing else
/// of the builder's types is left.
///
/// ```
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Secret};
///
/// let auth: Auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
///     .build()?;
/// assert_eq!(auth.base_path(), "/api/auth");
/// # Ok::<(), typegate::ConfigError>(())
/// ```
pub struct Auth<D = DefaultSession> {
    pub(crate) config: Arc<Config>,
    data: PhantomData<fn() -> D>,
}

impl<D> Auth<D> {
    pub(crate) fn from_config(config: Config) -> Self {
        Self { config: Arc::new(config), data: PhantomData }
    }
}

impl<D> Clone for Auth<D> {
    fn clone(&self) -> Self {
        Self { config: Arc::clone(&self.config), data: PhantomData }
    }
}

impl<D> fmt::Debug for Auth<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Auth").field(&self.config).finish()
    }
}
