//! Declares a mail service: what has a key and one text more, both of them required.

macro_rules! service {
    (
        $(#[$docs:meta])*
        $service:ident: $builder:ident, $slots:ident, $told:ident {
            $(#[$text_docs:meta])*
            $text:ident [$part:ident $given:ident]
            $(, $other:ident: $type:ty = $value:expr)?
        }
    ) => {
        $(#[$docs])*
        ///
        /// It is an e-mail provider; [`Email::service`](crate::provider::Email::service) makes one of it
        /// that has settings of its own.
        #[derive(Clone, Debug)]
        pub struct $service {
            key: crate::crypto::secret::ClientSecret,
            $text: String,
            $($other: $type,)?
        }

        crate::rule::parts! {
            /// Builds the service; no part is left out or given twice.
            pub struct $builder: $slots, $told makes $service = $service {
                key: crate::crypto::secret::ClientSecret::new(""),
                $text: String::new(),
                $($other: $value,)?
            };
            /// The service.
            build
            required {
                /// The key.
                key [mail_key MailKeyGiven]: |service, key: impl Into<crate::crypto::secret::ClientSecret>|
                    service.key = key.into();
                $(#[$text_docs])*
                $text [$part $given]: |service, text: impl Into<String>| service.$text = text.into();
            }
        }

        impl crate::provider::Provider for $service {
            type Kind = crate::provider::EmailKind;

            fn into_definition(self) -> crate::provider::EmailDefinition {
                crate::provider::Email::service(self).into_definition()
            }
        }

        impl $service {
            #[doc = concat!("Starts the service. `key` and `", stringify!($text), "` are required.")]
            pub fn builder() -> $builder {
                $builder::start()
            }
        }
    };
}

pub(super) use service;
