//! The people, accounts and sessions that the cases are about.

use jiff::Timestamp;

use crate::model::{
    Account, AccountType, NewAccount, NewSession, NewUser, UserUpdate, VerificationToken,
};

/// Keys that no adapter makes, some of a form that a careless one chokes on.
pub(crate) const FOREIGN_TEXTS: [&str; 9] = [
    "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a",
    "",
    " ",
    "%",
    "_",
    "99999999999999999999",
    "' OR '1'='1",
    "1; DROP TABLE users",
    "\u{0}",
];

/// Texts that come back changed from a database that normalises, trims, folds or cuts.
pub(crate) const DIFFICULT_TEXTS: [&str; 9] = [
    "Åsa Öberg",
    "A\u{30a}sa, decomposed",
    "山田太郎",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "עברית \u{202b}مرحبا",
    "quotes ' \" ` and \\ backslash",
    "100 % of _",
    "  spaces around  ",
    "line\r\nbreak",
];

/// Texts that would be part of the statement where they were pasted into it.
pub(crate) const STATEMENTS: [&str; 8] = [
    "'; DROP TABLE users; --",
    "\"; DELETE FROM sessions; --",
    "`; UPDATE users SET email = NULL; #",
    "' OR '1'='1",
    "\\' OR 1=1 /*",
    "x'), ('y', 'z') --",
    "$1 ?1 ? :token @token %s {0} ${0}",
    "'||(SELECT token FROM verification_tokens)||'",
];

/// A user with an address, a name, a picture and a member that no table has a column for.
pub(crate) fn ada() -> NewUser {
    let mut user = NewUser {
        name: Some("Ada".to_owned()),
        image: Some("https://example.com/ada.png".to_owned()),
        ..new_user("ada@example.com")
    };
    user.extra.insert("typegate_no_such_column".to_owned(), "engineer".into());
    user
}

pub(crate) fn new_user(email: &str) -> NewUser {
    NewUser { email: Some(email.to_owned()), ..NewUser::default() }
}

pub(crate) fn grace() -> NewUser {
    new_user("grace@example.com")
}

pub(crate) fn account(provider: &str, id: &str) -> Account {
    Account::new(AccountType::OAuth, provider, id)
}

pub(crate) fn link(user_id: &str, provider: &str, id: &str) -> NewAccount {
    NewAccount::new(user_id, account(provider, id))
}

pub(crate) fn session(token: &str, user_id: &str, expires: Timestamp) -> NewSession {
    NewSession::new(token.into(), user_id, expires)
}

pub(crate) fn link_for(identifier: &str, token: &str) -> VerificationToken {
    VerificationToken::new(identifier, token.into(), time())
}

pub(crate) fn update(id: &str) -> UserUpdate {
    UserUpdate::new(id)
}

/// 2026-10-25T01:00:00Z: an hour that clocks in Europe show twice, in whole seconds.
pub(crate) fn time() -> Timestamp {
    Timestamp::constant(1_792_890_000, 0)
}
