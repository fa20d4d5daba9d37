//! What stands in the place of a mail server's methods without the feature `smtp`.

use std::marker::PhantomData;

use super::Email;
use crate::error::ConfigError;
use crate::rule::feature::{Absent, Features, Smtp};
use crate::rule::slot::Given;

#[doc(hidden)]
#[expect(clippy::missing_errors_doc, reason = "nobody can call them")]
#[typegate_macros::__unquoted]
impl Email {
    #[must_use]
    pub fn smtp(_: Absent) -> Email<Absent>
    where
        for<'a> Features<'a>: Smtp,
    {
        Features::absent()
    }

    pub fn from_env() -> Result<Self, ConfigError>
    where
        for<'a> Features<'a>: Smtp,
    {
        Features::absent()
    }
}

#[doc(hidden)]
#[typegate_macros::__unquoted]
impl<T> Email<Given, T> {
    #[must_use]
    pub fn from(self, _: Absent) -> Self
    where
        for<'a> Features<'a>: Smtp,
    {
        self
    }
}

/// Without a bound: `smtp` has said it.
#[doc(hidden)]
impl<T> Email<Absent, T> {
    #[must_use]
    pub fn from(self, _: Absent) -> Email<Given, T> {
        Email { definition: self.definition, types: PhantomData }
    }
}
