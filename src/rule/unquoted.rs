//! Where the bounds begin that no message quotes.

/// The item that has `#[typegate_macros::__unquoted]`. The compiler shows where a bound stands that is
/// not met, unless it begins in another file, as here: whoever made the mistake reads their own line only.
macro_rules! unquoted {
    ($($item:tt)*) => {
        typegate_macros::__unquoted_from! { elsewhere $($item)* }
    };
}

pub(crate) use unquoted;
