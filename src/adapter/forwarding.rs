//! Forwarding: adapters that leave users and accounts to another adapter, their field `users`.

/// The methods of [`UserStore`](super::UserStore), except `delete_user`: what else goes with a user
/// is for each adapter to say.
///
/// A macro, because two of the methods have a default. An adapter that forgot to forward one would
/// compile, and would list no accounts or lose the transaction around a first sign-in.
macro_rules! forward_to_users {
    () => {
        crate::adapter::forwarding::forward_to_users! {
            create_user(user: NewUser) -> User;
            user(id: &str) -> Option<User>;
            user_by_email(email: &str) -> Option<User>;
            user_by_account(provider: &str, provider_account_id: &str) -> Option<User>;
            update_user(update: UserUpdate) -> User;
            link_account(account: NewAccount) -> ();
            unlink_account(provider: &str, provider_account_id: &str) -> ();
            linked_accounts(user_id: &str) -> Option<Vec<Account>>;
            create_user_with_account(user: NewUser, account: Account) -> User;
        }
    };
    ($($method:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(async fn $method(&self, $($argument: $kind),*) -> Result<$answer, AdapterError> {
            self.users.$method($($argument),*).await
        })*
    };
}

pub(super) use forward_to_users;
