//! Methods that ask for a rule of a provider without showing the library's own source.

/// Methods, each with the trait that it asks for. The compiler shows where a bound stands, unless its
/// tokens are of two files, as here: whoever reads it is to read their own line only.
macro_rules! bounded {
    (
        $place:ident
        $(
            [$rule:ident]
            $(#[$docs:meta])*
            fn $method:ident($this:ident $(, $argument:ident: $type:ty)*) -> $made:ty $body:block
        )*
    ) => {
        $(typegate_macros::__in_place! { $place
            $(#[$docs])*
            fn $method($this $(, $argument: $type)*) -> $made
            where
                Self: crate::provider::$rule,
            $body
        })*
    };
}

pub(crate) use bounded;
