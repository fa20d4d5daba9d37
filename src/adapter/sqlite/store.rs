//! What a sign-in asks of this database. The store that all SQL databases share answers.

use jiff::Timestamp;

use super::SqliteAdapter;
use crate::adapter::sql::methods;
use crate::adapter::{
    AccountStore, DeletedRows, ExpiredRows, SessionStore, UserAccountStore, UserSessionStore,
    UserStore, VerificationTokenStore,
};
use crate::crypto::secret::{SessionToken, TokenHash};
use crate::error::AdapterError;
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, TokenSet, User, UserUpdate,
    VerificationToken,
};
use crate::rate_limit::{AttemptKey, AttemptStore, Counted};

impl UserStore for SqliteAdapter {
    methods!(UserStore);
}

impl SessionStore for SqliteAdapter {
    methods!(SessionStore);
}

impl VerificationTokenStore for SqliteAdapter {
    methods!(VerificationTokenStore);
}

impl UserAccountStore for SqliteAdapter {
    methods!(UserAccountStore);
}

impl AccountStore for SqliteAdapter {
    methods!(AccountStore);
}

impl UserSessionStore for SqliteAdapter {
    methods!(UserSessionStore);
}

impl ExpiredRows for SqliteAdapter {
    methods!(ExpiredRows);
}

impl AttemptStore for SqliteAdapter {
    methods!(AttemptStore);
}
