//! Rule 9: a setting is given once. One trait for each setting, because the message of a trait names
//! it.
//!
//! *Cause:* the later value would silently replace the earlier. *Cure:* remove one of the two calls.
//! Methods that add to a list, such as `provider` and `previous_secret`, are no such settings.
//!
//! ```compile_fail,E0277
//! # use typegate::{Auth, Theme};
//! // the setting `theme` is given twice
//! Auth::builder().theme(Theme::new()).theme(Theme::new());
//! ```

use super::slot::NotGiven;
use super::table::explained;
use crate::setting::settings;

macro_rules! once {
    ($($kind:ident {$(
        $setting:ident $(/ $given:ident)?: $method:ident of $owner:literal
            $(as $name:literal)? $(such as $example:literal)? $(but $meant:literal)?;
    )*})*) => {
        $($(
            explained! { GIVEN_ONCE filled { $(Setting = $name)? Setting = $method }
                $(#[diagnostic::on_unimplemented(note = $meant)])?
                #[doc = concat!("`", stringify!($method), "` of [`", $owner, "`](typegate::", $owner, ").")]
                #[expect(non_camel_case_types, reason = "called as its setting")]
                pub trait $setting {}
            }

            #[diagnostic::do_not_recommend]
            impl $setting for NotGiven {}
        )*)*
    };
}

settings! { once }
