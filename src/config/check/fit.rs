//! Combinations of settings that work: who implements the traits of the rules.
//!
//! `Given` stands for a value that nothing but its presence is known of. Where a rule has a single
//! impl the compiler would print, besides our message, that it exists; so there is a second one,
//! for a combination that no builder makes.

use crate::config::slot::{
    FromProxy, Given, NoCredentials, NoEmail, NotGiven, Unknown, WithAdapter, WithCredentials,
    WithEmail, WithProviders,
};
use crate::config::strategy::{Database, Jwt};
use crate::rule::{
    AccountTokensFit, BackChannelLogoutFits, ClientAddressFits, CredentialsFit, EmailFits,
    JwtCallbackFits, ProviderGiven, SecretGiven, SessionControlFits, SessionsFit, SiteGiven,
};

macro_rules! fit {
    ($(
        $(#[$comment:meta])*
        $([$($parameter:ident),*])? $rule:ident $(<$($argument:ty),*>)? for $slot:ty;
    )*) => {
        $(
            $(#[$comment])*
            #[diagnostic::do_not_recommend]
            impl $(<$($parameter),*>)? $rule $(<$($argument),*>)? for $slot {}
        )*
    };
}

fit! {
    SecretGiven for Given;

    SiteGiven for Given;
    SiteGiven for FromProxy;

    [Address] ClientAddressFits<Address> for Given;
    ClientAddressFits<Given> for FromProxy;
    /// Refused by [`SiteGiven`]; without this it would be reported twice.
    [Address] ClientAddressFits<Address> for NotGiven;
    /// Never made.
    ClientAddressFits<FromProxy> for FromProxy;

    [Email, Credentials] ProviderGiven for WithProviders<Email, Credentials>;

    [Adapter] SessionsFit<Adapter> for Jwt;
    [Adapter] SessionsFit<Adapter> for NotGiven;
    [A] SessionsFit<WithAdapter<A>> for Database;
    /// Never made.
    SessionsFit<Given> for Database;

    [Adapter] EmailFits<Adapter> for NoEmail;
    [A] EmailFits<WithAdapter<A>> for WithEmail;
    /// Never made.
    EmailFits<Given> for WithEmail;

    [Strategy, Adapter] CredentialsFit<Strategy, Adapter> for NoCredentials;
    [Adapter] CredentialsFit<Jwt, Adapter> for WithCredentials;
    CredentialsFit<NotGiven, NotGiven> for WithCredentials;

    [Strategy, Adapter] JwtCallbackFits<Strategy, Adapter> for NotGiven;
    [Adapter] JwtCallbackFits<Jwt, Adapter> for Given;
    JwtCallbackFits<NotGiven, NotGiven> for Given;

    [Strategy, Adapter] SessionControlFits<Strategy, Adapter> for NotGiven;
    [A] SessionControlFits<NotGiven, WithAdapter<A>> for Given;
    /// Without an adapter it is refused by [`SessionsFit`].
    [Adapter] SessionControlFits<Database, Adapter> for Given;

    [Strategy, Adapter] BackChannelLogoutFits<Strategy, Adapter> for NotGiven;
    [A] BackChannelLogoutFits<NotGiven, WithAdapter<A>> for Given;
    /// Without an adapter it is refused by [`SessionsFit`].
    [Adapter] BackChannelLogoutFits<Database, Adapter> for Given;

    [Adapter] AccountTokensFit<Adapter> for NotGiven;
    [A] AccountTokensFit<WithAdapter<A>> for Given;
    /// Never made.
    AccountTokensFit<Given> for Given;
}

// What types do not know is looked at when the program runs.
fit! {
    SecretGiven for Unknown;
    SiteGiven for Unknown;
    ClientAddressFits<Unknown> for Unknown;
    ProviderGiven for Unknown;
    SessionsFit<Unknown> for Unknown;
    EmailFits<Unknown> for Unknown;
    CredentialsFit<Unknown, Unknown> for Unknown;
    JwtCallbackFits<Unknown, Unknown> for Unknown;
    SessionControlFits<Unknown, Unknown> for Unknown;
    BackChannelLogoutFits<Unknown, Unknown> for Unknown;
    AccountTokensFit<Unknown> for Unknown;
}
