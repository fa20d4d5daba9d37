//! Facts: what decides whether the rules are kept, as values; and the rules that they violate.
//!
//! The impls beside this file say the same in types.

use crate::adapter::DynamicAdapter;
use crate::error::ConfigError;
use crate::rule::Rule;

/// What decides whether the rules are kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) has_secret: bool,
    pub(crate) has_site: bool,
    pub(crate) trusts_proxy: bool,
    pub(crate) has_client_address: bool,
    pub(crate) has_provider: bool,
    pub(crate) adapter: Option<Capabilities>,
    pub(crate) strategy: Strategy,
    pub(crate) has_email: bool,
    pub(crate) has_credentials: bool,
    pub(crate) lacks_authorize: bool,
    pub(crate) has_jwt_callback: bool,
    pub(crate) has_update_age: bool,
    pub(crate) has_signing_key: bool,
    pub(crate) has_back_channel_logout: bool,
    pub(crate) has_logout_sender: bool,
    pub(crate) has_session_control: bool,
    pub(crate) has_account_tokens: bool,
}

/// What an adapter keeps besides users and accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capabilities {
    pub(crate) sessions: bool,
    pub(crate) user_sessions: bool,
    pub(crate) verification_tokens: bool,
    pub(crate) accounts: bool,
}

impl Capabilities {
    pub(crate) fn of(adapter: &DynamicAdapter) -> Self {
        Self {
            sessions: adapter.keeps_sessions(),
            user_sessions: adapter.lists_sessions(),
            verification_tokens: adapter.keeps_verification_tokens(),
            accounts: adapter.hands_out_accounts(),
        }
    }
}

/// The strategy as it was chosen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Strategy {
    #[default]
    Default,
    Jwt,
    Database,
}

impl Facts {
    /// Whether sessions live in the database: chosen, or by default because an adapter is there.
    pub(crate) fn are_sessions_stored(&self) -> bool {
        match self.strategy {
            Strategy::Jwt => false,
            Strategy::Database => true,
            Strategy::Default => self.adapter.is_some(),
        }
    }

    /// The violated rules, in the order of their numbers.
    pub(crate) fn violated(&self) -> Vec<Rule> {
        let stored = self.are_sessions_stored();
        let violations = [
            (Rule::SECRET_GIVEN, !self.has_secret),
            (Rule::EMAIL_FITS, self.has_email && self.adapter.is_none()),
            (
                Rule::EMAIL_TOKENS_KEPT,
                self.has_email && self.adapter.is_some_and(|adapter| !adapter.verification_tokens),
            ),
            (Rule::CREDENTIALS_FIT, self.has_credentials && stored),
            (Rule::AUTHORIZE_GIVEN, self.lacks_authorize),
            (Rule::SESSIONS_FIT, stored && self.adapter.is_none()),
            (Rule::SESSIONS_KEPT, stored && self.adapter.is_some_and(|adapter| !adapter.sessions)),
            (Rule::SITE_GIVEN, !self.has_site),
            (Rule::CLIENT_ADDRESS_FITS, self.trusts_proxy && !self.has_client_address),
            (Rule::PROVIDER_GIVEN, !self.has_provider),
            (Rule::JWT_CALLBACK_FITS, self.has_jwt_callback && stored),
            (Rule::UPDATE_AGE_FITS, self.has_update_age && !stored),
            (Rule::SIGNING_KEY_FITS, self.has_signing_key && stored),
            (Rule::SESSION_CONTROL_FITS, self.has_session_control && !stored),
            (Rule::BACK_CHANNEL_LOGOUT_FITS, self.has_back_channel_logout && !stored),
            (
                Rule::USER_SESSIONS_KEPT,
                (self.has_back_channel_logout || self.has_session_control)
                    && stored
                    && self.adapter.is_some_and(|adapter| !adapter.user_sessions),
            ),
            (
                Rule::LOGOUT_SENDER_GIVEN,
                self.has_back_channel_logout && self.has_provider && !self.has_logout_sender,
            ),
            (Rule::ACCOUNT_TOKENS_FIT, self.has_account_tokens && self.adapter.is_none()),
            (
                Rule::ACCOUNTS_KEPT,
                self.has_account_tokens && self.adapter.is_some_and(|adapter| !adapter.accounts),
            ),
        ];
        violations.into_iter().filter(|(_, violated)| *violated).map(|(rule, _)| rule).collect()
    }
}

/// What `build()` says of a violated rule. `name` is that of the adapter or of the setting, where the
/// rule's text has one.
pub(crate) fn refusal(rule: Rule, name: &str) -> ConfigError {
    let fix = rule.fixes().first().copied().unwrap_or_default();
    let message = format!("{}: {fix}", rule.cause());
    let message = message.replace("{Self}", name).replace("{Setting}", name);
    let error = ConfigError::new(message);
    match rule.code() {
        Some(code) => error.with_code(code),
        None => error,
    }
}
