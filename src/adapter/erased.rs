//! The same traits with boxed futures: the engine holds an adapter without knowing its type.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;

use super::{SessionStore, UserStore, VerificationTokenStore};
use crate::error::AdapterError;
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, User, UserUpdate, VerificationToken,
};
use crate::secret::{SessionToken, TokenHash};

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, AdapterError>> + Send + 'a>>;

macro_rules! erase {
    ($(#[$docs:meta])* $erased:ident from $store:ident {
        $(fn $method:ident<$lifetime:lifetime>(&self $(, $argument:ident: $kind:ty)*) -> $answer:ty;)*
    }) => {
        $(#[$docs])*
        pub(crate) trait $erased: Send + Sync {
            $(fn $method<$lifetime>(&$lifetime self $(, $argument: $kind)*) -> Answer<$lifetime, $answer>;)*
        }

        impl<A: $store> $erased for A {
            $(fn $method<$lifetime>(&$lifetime self $(, $argument: $kind)*) -> Answer<$lifetime, $answer> {
                Box::pin($store::$method(self $(, $argument)*))
            })*
        }
    };
}

erase! {
    /// [`UserStore`] as an object.
    ErasedUserStore from UserStore {
        fn create_user<'a>(&self, user: NewUser) -> User;
        fn user<'a>(&self, id: &'a str) -> Option<User>;
        fn user_by_email<'a>(&self, email: &'a str) -> Option<User>;
        fn user_by_account<'a>(&self, provider: &'a str, id: &'a str) -> Option<User>;
        fn update_user<'a>(&self, update: UserUpdate) -> User;
        fn delete_user<'a>(&self, id: &'a str) -> ();
        fn link_account<'a>(&self, account: NewAccount) -> ();
        fn unlink_account<'a>(&self, provider: &'a str, id: &'a str) -> ();
        fn create_user_with_account<'a>(&self, user: NewUser, account: Account) -> User;
    }
}

erase! {
    /// [`SessionStore`] as an object.
    ErasedSessionStore from SessionStore {
        fn create_session<'a>(&self, session: NewSession) -> ();
        fn session_and_user<'a>(&self, token: &'a SessionToken) -> Option<(SessionRecord, User)>;
        fn update_session<'a>(&self, token: &'a SessionToken, expires: Timestamp) -> ();
        fn delete_session<'a>(&self, token: &'a SessionToken) -> Option<SessionRecord>;
    }
}

erase! {
    /// [`VerificationTokenStore`] as an object.
    ErasedVerificationTokenStore from VerificationTokenStore {
        fn create_verification_token<'a>(&self, token: VerificationToken) -> ();
        fn use_verification_token<'a>(&self, identifier: &'a str, token: &'a TokenHash) -> Option<VerificationToken>;
    }
}
