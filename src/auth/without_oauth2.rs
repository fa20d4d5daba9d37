//! What stands in the place of [`Auth::oauth2_client`] without the feature `oauth2`.

use std::future::Ready;

use crate::config::Auth;
use crate::error::ConfigError;
use crate::rule::feature::{Absent, Features, OAuth2};

#[doc(hidden)]
#[expect(clippy::missing_errors_doc, reason = "nobody can call it")]
#[typegate_macros::__unquoted]
impl<D> Auth<D> {
    pub fn oauth2_client(&self, _: &str) -> Ready<Result<Absent, ConfigError>>
    where
        for<'a> Features<'a>: OAuth2,
    {
        Features::absent()
    }
}
