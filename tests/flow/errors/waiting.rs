//! Codes that no scenario raises yet, with what each waits for. When that exists, a scenario
//! replaces the line here: [`super::document`] fails if a code has both, or neither.

use typegate::ErrorCode;

pub(super) const WAITING: &[(ErrorCode, &str)] =
    &[(ErrorCode::AdapterUnlinkAccount, "a flow that removes an account; none does")];
