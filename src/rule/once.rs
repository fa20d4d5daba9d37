//! Rule 9: a setting is given once. One trait for each setting, because the message of a trait names
//! it.
//!
//! *Cause:* the later value would silently replace the earlier. *Cure:* remove one of the two calls.
//! Methods that add to a list, such as `provider` and `previous_secret`, are no such settings. The
//! options of a provider have theirs in [`provider::oauth_option::once`] and
//! [`provider::oauth1_option::once`].
//!
//! [`provider::oauth_option::once`]: typegate::provider::oauth_option::once
//! [`provider::oauth1_option::once`]: typegate::provider::oauth1_option::once
//!
//! ```compile_fail,E0277
//! # use typegate::{Auth, Theme};
//! // `theme` is given twice
//! Auth::builder().theme(Theme::new()).theme(Theme::new());
//! ```

use crate::setting::settings;

/// The rule for each row of a list of settings.
macro_rules! once {
    ($($kind:ident {$(
        $setting:ident $(/ $given:ident)?: $method:ident of $owner:literal
            $(as $name:literal)? $(such as $example:literal)? $(but $meant:literal)?;
    )*})*) => {
        $($(
            $crate::rule::explained! { GIVEN_ONCE filled { $(Setting = $name)? Setting = $method }
                $(#[diagnostic::on_unimplemented(note = $meant)])?
                #[doc = concat!("`", stringify!($method), "` of [`", $owner, "`](typegate::", $owner, ").")]
                #[expect(non_camel_case_types, reason = "called as its setting")]
                pub trait $setting {}
            }

            #[diagnostic::do_not_recommend]
            impl $setting for $crate::rule::slot::NotGiven {}

            // `build()` looks whether it was given twice.
            #[diagnostic::do_not_recommend]
            impl $setting for $crate::rule::slot::Unknown {}
        )*)*
    };
}

settings! { once }

pub(crate) use once;
