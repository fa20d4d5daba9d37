//! The record of a provider, and the builder of it.

/// Declares a record out of what it requires and its options, each of which has a type, a default,
/// and what its setter takes. The builder has all of them in one row and takes each of them once;
/// the record keeps what every provider has in a [`Common`](super::Common).
///
/// A macro, because two records share a part, and a builder has no parts.
macro_rules! record {
    (
        $(#[$docs:meta])*
        $record:ident { $parts:ident, $builder:ident }
        required {$(
            $(#[$required_docs:meta])*
            $required:ident: $required_type:ty;
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

        #[doc(hidden)]
        #[derive(Debug, typed_builder::TypedBuilder)]
        #[builder(
            builder_type(name = $builder, doc = concat!("Builds an [`", stringify!($record), "`]; no part is given twice.")),
            build_method(into = $record, doc = "The definition. URLs are checked by the configuration's `build()`.")
        )]
        #[must_use]
        pub struct $parts {
            /// A segment of the provider's addresses and part of stored accounts: never change it.
            #[builder(setter(into))]
            id: String,
            /// The name people read.
            #[builder(setter(into))]
            name: String,
            /// What the provider says, mapped.
            profile: $crate::oauth::ProfileMapper,
            $(
                $(#[$required_docs])*
                #[builder(setter(into))]
                $required: $required_type,
            )*
            /// The look of the button.
            #[builder(default, setter(strip_option))]
            style: Option<$crate::theme::ButtonStyle>,
            /// Whether the provider vouches for the addresses it gives; by default if it says so
            /// of each.
            #[builder(default)]
            email_vouching: $crate::oauth::EmailVouching,
            /// Whether a new account is linked to an existing user with the same address, if the
            /// provider [vouches](crate::provider::EmailVouching) for the address. Whoever has the
            /// address there then signs in as that user.
            #[builder(default)]
            dangerously_link_by_email: bool,
            $($(
                $(#[$option_docs])*
                #[builder(default = $default, setter(transform = |$argument: $argument_type| $value))]
                $option: $option_type,
            )*)*
        }

        impl From<$parts> for $record {
            fn from(parts: $parts) -> Self {
                Self {
                    common: $crate::oauth::definition::Common {
                        id: parts.id,
                        name: parts.name,
                        profile: parts.profile,
                        style: parts.style,
                        email_vouching: parts.email_vouching,
                        dangerously_link_by_email: parts.dangerously_link_by_email,
                        beta: None,
                    },
                    $($required: parts.$required,)*
                    $($($option: parts.$option,)*)*
                }
            }
        }

        impl $record {
            /// Starts a definition. Id, name, client, endpoints and profile are required.
            pub fn builder() -> $builder {
                $parts::builder()
            }
        }
    };
}

pub(crate) use record;
