//! A list of providers: what the compiler says of something else.

use super::{Provider, ProviderDefinition, ProviderKind};

/// What [`providers`](crate::builder::AuthBuilder::providers) takes: a list, an iterator or an `Option`
/// of providers of one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of providers",
    label = "neither a list nor an `Option` of providers",
    note = "a single provider is given by `.provider(..)`",
    note = "a list is `[one, another]`, a `Vec`, an `Option` or an iterator, of providers of one type; to \
            put several types into one list, write `.into_definition()` behind each"
)]
pub trait ProviderList {
    /// The kind of each.
    type Kind: ProviderKind;

    #[doc(hidden)]
    fn into_definitions(self) -> impl Iterator<Item = ProviderDefinition>;
}

#[diagnostic::do_not_recommend]
impl<P: Provider, L: IntoIterator<Item = P>> ProviderList for L {
    type Kind = P::Kind;

    fn into_definitions(self) -> impl Iterator<Item = ProviderDefinition> {
        self.into_iter().map(|provider| provider.into_definition().into())
    }
}
