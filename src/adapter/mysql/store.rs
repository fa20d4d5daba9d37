//! What a sign-in asks of this database. The store that all SQL databases share answers.

use jiff::Timestamp;

use super::MySqlAdapter;
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

impl UserStore for MySqlAdapter {
    methods!(UserStore);
}

impl SessionStore for MySqlAdapter {
    methods!(SessionStore);
}

impl VerificationTokenStore for MySqlAdapter {
    methods!(VerificationTokenStore);
}

impl UserAccountStore for MySqlAdapter {
    methods!(UserAccountStore);
}

impl AccountStore for MySqlAdapter {
    methods!(AccountStore);
}

impl UserSessionStore for MySqlAdapter {
    methods!(UserSessionStore);
}

impl ExpiredRows for MySqlAdapter {
    methods!(ExpiredRows);
}

impl AttemptStore for MySqlAdapter {
    methods!(AttemptStore);
}
