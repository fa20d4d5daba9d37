//! What stands in the place of [`Auth::routes`] without the feature `axum`.

use crate::Auth;
use crate::rule::feature::{Axum, Features};

#[doc(hidden)]
#[typegate_macros::__unquoted]
impl<D> Auth<D> {
    #[must_use]
    pub fn routes<R>(&self) -> R
    where
        for<'a> Features<'a>: Axum,
    {
        Features::absent()
    }
}
