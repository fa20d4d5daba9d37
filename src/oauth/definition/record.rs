//! The record of a provider, and the builder of it.

/// Declares a record out of what it requires and its options, each of which has a type, a value that
/// stands there at first, what its setter takes, and the rest of a row of
/// [`oauth_options`](super::oauth_options). The record keeps what every provider has in a
/// [`Common`](super::Common). A module gets the settings of the options, and `of` says of which builder.
///
/// `@builder` declares a builder that is told the same options and makes something else, in which the
/// record is `record`.
///
/// A macro, because two records share a part, and a builder has no parts.
macro_rules! record {
    (
        $(#[$docs:meta])*
        $record:ident { $builder:ident, $slots:ident, $told:ident, $options:ident of $owner:literal }
        required {$(
            $(#[$required_docs:meta])*
            $required:ident [$part:ident $given:ident]: $required_type:ty = $blank:expr;
        )*}
        $($group:ident {$(
            $(#[$option_docs:meta])*
            $option:ident: $option_type:ty = $default:expr,
                $argument:ident: $argument_type:ty => $value:expr
                $(, by $by:path)? $(, but $meant:literal)?;
        )*})*
    ) => {
        $crate::oauth::definition::record! { @settings $options of $builder $owner {
            style: style of $owner;
            email_vouching: email_vouching of $owner;
            dangerously_link_by_email: dangerously_link_by_email of $owner;
            $($($option: $option of $owner $(but $meant)?;)*)*
        } }

        $(#[$docs])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $record {
            pub(crate) common: $crate::oauth::definition::Common,
            $(pub(crate) $required: $required_type,)*
            $($(pub(crate) $option: $option_type,)*)*
        }

        $crate::oauth::definition::record! { @builder
            #[doc = concat!("Builds an [`", stringify!($record), "`]; no part is left out or given twice.")]
            $builder: $slots, $told makes $record = $record {
                common: $crate::oauth::definition::Common {
                    id: String::new(),
                    name: String::new(),
                    profile: $crate::oauth::ProfileMapper::of::<$crate::oauth::StandardClaims>(),
                    style: None,
                    email_vouching: $crate::oauth::EmailVouching::default(),
                    dangerously_link_by_email: false,
                    beta: None,
                },
                $($required: $blank,)*
                $($($option: $default,)*)*
            };
            /// The definition. URLs are checked by the configuration's `build()`.
            build
            with definition, record definition,
            required {
                /// What the provider says, mapped.
                profile [profile ProfileGiven]: profile: $crate::oauth::ProfileMapper =>
                    definition.common.profile = profile;
                $(
                    $(#[$required_docs])*
                    $required [$part $given]: value: impl crate::oauth::IntoPart<$required_type> =>
                        definition.$required = value.into_part();
                )*
            }
            optional in $options
            $($group {$(
                $(#[$option_docs])*
                $option: $option_type = $default,
                    $argument: $argument_type => $value
                    $(, by $by)? $(, but $meant)?;
            )*})*
        }

        impl $record {
            /// Starts a definition. Id, name, client, endpoints and profile are required.
            pub fn builder() -> $builder {
                $builder::start()
            }
        }
    };
    (
        @builder
        $(#[$docs:meta])*
        $builder:ident: $slots:ident, $told:ident makes $made:ty = $blank:expr;
        $(#[$build_docs:meta])*
        build
        with $made_name:ident, record $record:expr,
        required {$(
            $(#[$required_docs:meta])*
            $required:ident [$part:ident $given:ident]:
                $required_argument:ident: $required_type:ty => $required_store:expr;
        )*}
        optional in $options:ident
        $($group:ident {$(
            $(#[$option_docs:meta])*
            $option:ident: $option_type:ty = $default:expr,
                $argument:ident: $argument_type:ty => $value:expr
                $(, by $by:path)? $(, but $meant:literal)?;
        )*})*
    ) => {
        $crate::rule::parts! {
            $(#[$docs])*
            pub struct $builder: $slots, $told makes $made = $blank;
            $(#[$build_docs])*
            build
            required {
                /// A segment of the provider's addresses and part of stored accounts: never change
                /// it.
                id [id IdGiven]: |$made_name, id: impl Into<String>| $record.common.id = id.into();
                /// The name people read.
                name [name NameGiven]: |$made_name, name: impl Into<String>|
                    $record.common.name = name.into();
                $(
                    $(#[$required_docs])*
                    $required [$part $given]:
                        |$made_name, $required_argument: $required_type| $required_store;
                )*
            }
            optional in $options {
                /// The look of the button.
                style: |$made_name, style: $crate::theme::ButtonStyle|
                    $record.common.style = Some(style);
                /// Whether the provider vouches for the addresses it gives; by default if it says so
                /// of each.
                email_vouching: |$made_name, vouching: $crate::oauth::EmailVouching|
                    $record.common.email_vouching = vouching;
                /// Whether a new account is linked to an existing user with the same address, if the
                /// provider [vouches](crate::provider::EmailVouching) for the address. Whoever has
                /// the address there then signs in as that user; a sign-in with an address that is
                /// not vouched for is refused with `OAuthAccountNotLinked`, as without this.
                dangerously_link_by_email: |$made_name, links: bool|
                    $record.common.dangerously_link_by_email = links;
                $($(
                    $(#[$option_docs])*
                    $option: |$made_name, $argument: $argument_type|
                        $crate::oauth::definition::store!($record.$option, $value $(, $by)?);
                )*)*
            }
        }
    };
    (@settings $options:ident of $builder:ident $owner:literal $settings:tt) => {
        #[doc = concat!(
            "The options of an [`", stringify!($builder), "`](typegate::", $owner, "), of which it is \
             told each once."
        )]
        pub mod $options {
            $crate::setting::markers! { settings $settings }

            /// [Rule 9](typegate::rule::once) for each of them.
            pub mod once {
                $crate::rule::once::once! { settings $settings }
            }
        }
    };
}

pub(crate) use record;
