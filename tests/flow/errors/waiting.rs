//! Codes that no scenario raises yet, with what each waits for. When that is there, a scenario
//! takes the place of the line here: [`super::document`] fails if a code has both, or neither.

use typegate::ErrorCode;

const CLIENT: &str = "the Rust client, which raises it";
const RULES: &str = "configuration read at run time; in Rust the rule refuses it";

pub(super) const WAITING: &[(ErrorCode, &str)] = &[
    (ErrorCode::AdapterUnlinkAccount, "a flow that removes an account; none does"),
    (ErrorCode::CallbackCredentialsHandler, RULES),
    (ErrorCode::CallbackCredentialsJwt, RULES),
    (ErrorCode::ClientFetch, CLIENT),
    (ErrorCode::ClientSession, CLIENT),
    (ErrorCode::EmailRequiresAdapter, RULES),
    (ErrorCode::MissingAdapterMethods, RULES),
];
