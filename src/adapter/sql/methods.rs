//! How do the adapters' own types come to the methods of the [`Store`](super::Store)?

/// The methods of a trait, for an adapter with a `store`. The `impl` around them is written out:
/// the compiler shows its line to users whose own adapter cannot do what is asked.
macro_rules! methods {
    (UserStore) => {
        crate::adapter::sql::methods! {
            create_user(user: NewUser) -> User;
            user(id: &str) -> Option<User>;
            user_by_email(email: &str) -> Option<User>;
            user_by_account(provider: &str, id: &str) -> Option<User>;
            update_user(update: UserUpdate) -> User;
            delete_user(id: &str) -> ();
            link_account(account: NewAccount) -> ();
            unlink_account(provider: &str, id: &str) -> ();
            linked_accounts(user_id: &str) -> Option<Vec<Account>>;
            create_user_with_account(user: NewUser, account: Account) -> User;
        }
    };
    (SessionStore) => {
        crate::adapter::sql::methods! {
            create_session(session: NewSession) -> ();
            session_and_user(token: &SessionToken) -> Option<(SessionRecord, User)>;
            update_session(token: &SessionToken, expires: Timestamp) -> ();
            delete_session(token: &SessionToken) -> Option<SessionRecord>;
            end_sessions(user_id: &str) -> Option<u64>;
        }
    };
    (VerificationTokenStore) => {
        crate::adapter::sql::methods! {
            create_verification_token(token: VerificationToken) -> ();
            use_verification_token(identifier: &str, token: &TokenHash) -> Option<VerificationToken>;
        }
    };
    (UserAccountStore) => {
        crate::adapter::sql::methods! {
            accounts_of_user(user_id: &str) -> Vec<Account>;
        }
    };
    (AccountStore) => {
        crate::adapter::sql::methods! {
            account(provider: &str, provider_account_id: &str) -> Option<Account>;
            update_account_tokens(
                provider: &str,
                provider_account_id: &str,
                tokens: &TokenSet
            ) -> ();
        }
    };
    (UserSessionStore) => {
        crate::adapter::sql::methods! {
            sessions_of_user(user_id: &str) -> Vec<SessionRecord>;
            delete_sessions_of_user(user_id: &str, except: Option<&SessionToken>) -> u64;
        }
    };
    (ExpiredRows) => {
        crate::adapter::sql::methods! {
            delete_expired(now: Timestamp) -> DeletedRows;
        }
    };
    (AttemptStore) => {
        crate::adapter::sql::methods! {
            count(key: AttemptKey<'_>, now: Timestamp, window: u32) -> Counted;
            take_back(key: AttemptKey<'_>, now: Timestamp) -> ();
            remember(key: AttemptKey<'_>, now: Timestamp, until: Timestamp) -> ();
            remembers(key: AttemptKey<'_>, now: Timestamp) -> bool;
        }
    };
    ($($method:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(async fn $method(&self, $($argument: $kind),*) -> Result<$answer, AdapterError> {
            self.store.$method($($argument),*).await
        })*
    };
}

pub(in crate::adapter) use methods;
