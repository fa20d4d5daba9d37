//! Builders of what has required parts: none is left out, and nothing is given twice.

/// Declares such a builder. A row has the method, in brackets the part that it gives and the rule that it is
/// given, what the method takes, and where that goes. A blank value stands in the
/// place of what is not there yet, which `build()` does not give away. `optional in module` has rows of
/// what may be left out, whose settings that module declares.
macro_rules! parts {
    (
        $(#[$docs:meta])*
        pub struct $builder:ident: $slots:ident, $told:ident makes $made:ty = $blank:expr;
        $(#[$build_docs:meta])*
        build
        required {$(
            $(#[$required_docs:meta])*
            $required:ident [$part:ident $given:ident]:
                |$required_made:ident, $required_argument:ident: $required_type:ty| $required_store:expr;
        )*}
        $(optional in $options:ident {$(
            $(#[$option_docs:meta])*
            $option:ident: |$option_made:ident, $option_argument:ident: $option_type:ty| $option_store:expr;
        )*})?
    ) => {
        $crate::rule::slot::slots! {
            #[doc = concat!("What has been told to an [`", stringify!($builder), "`].")]
            pub struct $slots: $told { $($part,)* } $(and $options { $($option,)* })?
        }

        $(#[$docs])*
        #[must_use = "nothing is made until `build()` is called"]
        pub struct $builder<T = $slots> {
            made: $made,
            told: std::marker::PhantomData<fn() -> T>,
        }

        impl<T> std::fmt::Debug for $builder<T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($builder)).field(&self.made).finish()
            }
        }

        impl<T> Clone for $builder<T> {
            fn clone(&self) -> Self {
                Self { made: self.made.clone(), told: self.told }
            }
        }

        impl $builder {
            pub(crate) fn start() -> Self {
                Self { made: $blank, told: std::marker::PhantomData }
            }
        }

        impl<T> $builder<T> {
            fn retyped<U>(self) -> $builder<U> {
                $builder { made: self.made, told: std::marker::PhantomData }
            }
        }

        // Paths begin with `crate`, because the span of `$crate` is the macro's.
        typegate_macros::__in_place! { $builder
            #[typegate_macros::__unquoted]
            impl<T: $told> $builder<T> {
                $(
                    $(#[$required_docs])*
                    pub fn $required(
                        mut self,
                        $required_argument: $required_type,
                    ) -> $builder<crate::rule::slot::With<T, crate::setting::$part>>
                    where
                        crate::rule::slot::Now<T, crate::setting::$part>: crate::rule::once::$part,
                    {
                        let $required_made = &mut self.made;
                        $required_store;
                        self.retyped()
                    }
                )*
                $($(
                    $(#[$option_docs])*
                    pub fn $option(
                        mut self,
                        $option_argument: $option_type,
                    ) -> $builder<crate::rule::slot::With<T, $options::$option>>
                    where
                        crate::rule::slot::Now<T, $options::$option>: $options::once::$option,
                    {
                        let $option_made = &mut self.made;
                        $option_store;
                        self.retyped()
                    }
                )*)?

                $(#[$build_docs])*
                #[must_use]
                pub fn build(self) -> $made
                where
                    $(crate::rule::slot::Now<T, crate::setting::$part>: crate::rule::given::$given,)*
                {
                    self.made
                }
            }
        }
    };
}

pub(crate) use parts;
