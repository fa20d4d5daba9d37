//! What a sign-in asks of this database. The store that all SQL databases share answers.

use jiff::Timestamp;

use super::PostgresAdapter;
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

impl UserStore for PostgresAdapter {
    methods!(UserStore);
}

impl SessionStore for PostgresAdapter {
    methods!(SessionStore);
}

impl VerificationTokenStore for PostgresAdapter {
    methods!(VerificationTokenStore);
}

impl UserAccountStore for PostgresAdapter {
    methods!(UserAccountStore);
}

impl AccountStore for PostgresAdapter {
    methods!(AccountStore);
}

impl UserSessionStore for PostgresAdapter {
    methods!(UserSessionStore);
}

impl ExpiredRows for PostgresAdapter {
    methods!(ExpiredRows);
}

impl AttemptStore for PostgresAdapter {
    methods!(AttemptStore);
}
