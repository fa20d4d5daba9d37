//! What a sign-in asks of this database. The store that all SQL databases share answers.

use jiff::Timestamp;

use super::MySqlAdapter;
use crate::adapter::sql::methods;
use crate::adapter::{
    DeletedRows, ExpiredRows, SessionStore, UserAccountStore, UserSessionStore, UserStore,
    VerificationTokenStore,
};
use crate::error::AdapterError;
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, User, UserUpdate, VerificationToken,
};
use crate::secret::{SessionToken, TokenHash};

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

impl UserSessionStore for MySqlAdapter {
    methods!(UserSessionStore);
}

impl ExpiredRows for MySqlAdapter {
    methods!(ExpiredRows);
}
