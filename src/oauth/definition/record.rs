//! The record of a provider, and the builder of it.

/// Declares a record out of what it requires and its options, each of which has a type, a value that
/// stands there at first, and what its setter takes. The record keeps what every provider has in a
/// [`Common`](super::Common).
///
/// A macro, because two records share a part, and a builder has no parts.
macro_rules! record {
    (
        $(#[$docs:meta])*
        $record:ident { $builder:ident, $slots:ident, $told:ident }
        required {$(
            $(#[$required_docs:meta])*
            $required:ident [$part:ident $given:ident]: $required_type:ty = $blank:expr;
        )*}
        $($group:ident {$(
            $(#[$option_docs:meta])*
            $option:ident: $option_type:ty = $default:expr,
                $argument:ident: $argument_type:ty => $value:expr;
        )*})*
    ) => {
        $(#[$docs])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $record {
            pub(crate) common: $crate::oauth::definition::Common,
            $(pub(crate) $required: $required_type,)*
            $($(pub(crate) $option: $option_type,)*)*
        }

        $crate::rule::parts! {
            #[doc = concat!("Builds an [`", stringify!($record), "`]; no part is left out or given twice.")]
            pub struct $builder: $slots, $told makes $record = $record {
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
            required {
                /// A segment of the provider's addresses and part of stored accounts: never change
                /// it.
                id [id IdGiven]: |definition, id: impl Into<String>| definition.common.id = id.into();
                /// The name people read.
                name [name NameGiven]: |definition, name: impl Into<String>| definition.common.name = name.into();
                /// What the provider says, mapped.
                profile [profile ProfileGiven]: |definition, profile: $crate::oauth::ProfileMapper|
                    definition.common.profile = profile;
                $(
                    $(#[$required_docs])*
                    $required [$part $given]: |definition, value: impl Into<$required_type>|
                        definition.$required = value.into();
                )*
            }
            optional {
                /// The look of the button.
                style: |definition, style: $crate::theme::ButtonStyle|
                    definition.common.style = Some(style);
                /// Whether the provider vouches for the addresses it gives; by default if it says so
                /// of each.
                email_vouching: |definition, vouching: $crate::oauth::EmailVouching|
                    definition.common.email_vouching = vouching;
                /// Whether a new account is linked to an existing user with the same address, if the
                /// provider [vouches](crate::provider::EmailVouching) for the address. Whoever has
                /// the address there then signs in as that user.
                dangerously_link_by_email: |definition, links: bool|
                    definition.common.dangerously_link_by_email = links;
                $($(
                    $(#[$option_docs])*
                    $option: |definition, $argument: $argument_type| definition.$option = $value;
                )*)*
            }
        }

        impl $record {
            /// Starts a definition. Id, name, client, endpoints and profile are required.
            pub fn builder() -> $builder {
                $builder::start()
            }
        }
    };
}

pub(crate) use record;
