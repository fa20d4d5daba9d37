//! Settings that have one value: a second one is refused, because it would replace the first.

use super::slot::NotGiven;
use super::table::explained;

explained! { GIVEN_ONCE
    /// Rule 9: a setting is given once.
    ///
    /// *Cause:* the later value would silently replace the earlier. *Cure:* remove one of the two
    /// calls. Methods that add to a list, such as `provider` and `previous_secret`, are no such
    /// settings.
    pub trait GivenOnce<Setting> {}
}

#[diagnostic::do_not_recommend]
impl<Setting> GivenOnce<Setting> for NotGiven {}
