//! Which parts must a provider's definition have? A builder that counts them by type.
//!
//! [`OAuthDefinition::builder`](super::OAuthDefinition::builder) and
//! [`OAuth1Definition::builder`](crate::provider::OAuth1Definition::builder) share it: five parts are
//! required, whatever the protocol, and everything else has a default. The calls work in any
//! order. `build()` returns a plain record; nothing of the builder's type is left in it.

mod part;

use std::fmt;
use std::marker::PhantomData;

pub use self::part::{
    ClientGiven, ClientOnce, EndpointsGiven, EndpointsOnce, IdGiven, IdOnce, NameGiven, NameOnce,
    OAuth1ClientGiven, OAuth1EndpointsGiven, ProfileGiven, ProfileOnce,
};
use super::slot::{Given, NotGiven};
use super::{EmailVouching, OAuthDefinition, ProfileMapper};
use crate::oauth::v1::OAuth1Definition;
use crate::theme::ButtonStyle;

/// A record that [`DefinitionBuilder`] makes.
pub trait Definition: sealed::Parts {
    /// This application at the provider.
    type Client;
    /// Where the endpoints are.
    type Endpoints;
}

pub(in crate::oauth) mod sealed {
    use super::Definition;
    use crate::oauth::{EmailVouching, ProfileMapper};
    use crate::theme::ButtonStyle;

    pub trait Parts {
        fn parts(&mut self) -> CommonParts<'_, Self>
        where
            Self: Definition;
    }

    /// What every definition has, to be written to.
    pub struct CommonParts<'a, D: Definition + ?Sized> {
        pub(crate) id: &'a mut String,
        pub(crate) name: &'a mut String,
        pub(crate) client: &'a mut D::Client,
        pub(crate) endpoints: &'a mut D::Endpoints,
        pub(crate) profile: &'a mut ProfileMapper,
        pub(crate) style: &'a mut Option<ButtonStyle>,
        pub(crate) email_vouching: &'a mut EmailVouching,
        pub(crate) dangerously_link_by_email: &'a mut bool,
    }
}

/// A provider's definition under construction.
///
/// `D` is the record; the other parameters say which of id, name, client, endpoints and profile
/// have been given. Programs never write them. A part that is left out is a compile error of
/// `build()`, one that is given twice is one of the second call; both say which.
#[must_use = "there is no definition until `build()` is called"]
#[expect(clippy::type_complexity, reason = "the five parts in their order")]
pub struct DefinitionBuilder<
    D,
    I = NotGiven,
    N = NotGiven,
    C = NotGiven,
    E = NotGiven,
    P = NotGiven,
> {
    /// Parts that have not been given are blank here; the type knows them, and `build()` refuses.
    pub(in crate::oauth) definition: D,
    told: PhantomData<fn() -> (I, N, C, E, P)>,
}

impl<D: Definition> DefinitionBuilder<D> {
    pub(in crate::oauth) fn of(blank: D) -> Self {
        Self { definition: blank, told: PhantomData }
    }
}

impl<D: Definition, I, N, C, E, P> DefinitionBuilder<D, I, N, C, E, P> {
    /// A segment of the provider's addresses and part of stored accounts: never change it.
    pub fn id(mut self, id: impl Into<String>) -> DefinitionBuilder<D, Given, N, C, E, P>
    where
        I: IdOnce,
    {
        *self.definition.parts().id = id.into();
        self.retyped()
    }

    /// The name people read.
    pub fn name(mut self, name: impl Into<String>) -> DefinitionBuilder<D, I, Given, C, E, P>
    where
        N: NameOnce,
    {
        *self.definition.parts().name = name.into();
        self.retyped()
    }

    /// This application at the provider.
    pub fn client(mut self, client: impl Into<D::Client>) -> DefinitionBuilder<D, I, N, Given, E, P>
    where
        C: ClientOnce,
    {
        *self.definition.parts().client = client.into();
        self.retyped()
    }

    /// Where the endpoints are.
    pub fn endpoints(mut self, endpoints: D::Endpoints) -> DefinitionBuilder<D, I, N, C, Given, P>
    where
        E: EndpointsOnce,
    {
        *self.definition.parts().endpoints = endpoints;
        self.retyped()
    }

    /// What the provider says, mapped.
    pub fn profile(mut self, profile: ProfileMapper) -> DefinitionBuilder<D, I, N, C, E, Given>
    where
        P: ProfileOnce,
    {
        *self.definition.parts().profile = profile;
        self.retyped()
    }

    /// The look of the button.
    pub fn style(mut self, style: ButtonStyle) -> Self {
        *self.definition.parts().style = Some(style);
        self
    }

    /// Whether the provider vouches for the addresses it gives; by default if it says so of each.
    pub fn email_vouching(mut self, vouching: EmailVouching) -> Self {
        *self.definition.parts().email_vouching = vouching;
        self
    }

    /// Whether a new account is linked to an existing user with the same address, if the provider
    /// [vouches](EmailVouching) for the address. Whoever has the address there then signs in as
    /// that user.
    pub fn dangerously_link_by_email(mut self, link: bool) -> Self {
        *self.definition.parts().dangerously_link_by_email = link;
        self
    }

    fn retyped<I2, N2, C2, E2, P2>(self) -> DefinitionBuilder<D, I2, N2, C2, E2, P2> {
        DefinitionBuilder { definition: self.definition, told: PhantomData }
    }
}

// Here, because the compiler prints the whole path of a method that stands apart from its type.
impl<I, N, C, E, P> DefinitionBuilder<OAuthDefinition, I, N, C, E, P> {
    /// The definition. URLs are checked by the configuration's `build()`.
    #[must_use]
    pub fn build(self) -> OAuthDefinition
    where
        I: IdGiven,
        N: NameGiven,
        C: ClientGiven,
        E: EndpointsGiven,
        P: ProfileGiven,
    {
        self.definition
    }
}

impl<I, N, C, E, P> DefinitionBuilder<OAuth1Definition, I, N, C, E, P> {
    /// The definition. URLs are checked by the configuration's `build()`.
    #[must_use]
    pub fn build(self) -> OAuth1Definition
    where
        I: IdGiven,
        N: NameGiven,
        C: OAuth1ClientGiven,
        E: OAuth1EndpointsGiven,
        P: ProfileGiven,
    {
        self.definition
    }
}

impl<D: fmt::Debug, I, N, C, E, P> fmt::Debug for DefinitionBuilder<D, I, N, C, E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DefinitionBuilder").field(&self.definition).finish()
    }
}
