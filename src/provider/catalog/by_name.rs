//! A provider's name in the place of a provider: `.provider(GitHub)`.

use std::marker::PhantomData;

use crate::provider::{OAuthDefinition, OAuthKind, Provider};

/// Stands for the name of a provider's type where a value is looked for.
#[derive(Debug)]
pub struct ByName<P>(PhantomData<P>);

impl<P> ByName<P> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// A provider that is made by its name alone: there is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the type of a provider, and no provider yet",
    label = "a provider has to be made",
    note = "write `{Self}::from_env()?`, which reads the client's id and secret from the environment",
    note = "or give what the provider needs: `GitHub::new(client_id, client_secret)`, \
            `Auth0::builder()..build()`"
)]
pub trait MadeByName {
    #[doc(hidden)]
    fn never<T>() -> T;
}

#[typegate_macros::__unquoted]
impl<P> Provider for ByName<P>
where
    P: MadeByName,
{
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        P::never()
    }
}
