//! The stores as trait objects, with boxed futures: the engine holds an adapter without knowing its
//! type. Each failure is marked with the code of its method, under v4's name.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use tracing::Instrument as _;

use super::{AccountStore, SessionStore, UserSessionStore, UserStore, VerificationTokenStore};
use crate::crypto::secret::{SessionToken, TokenHash};
use crate::error::{AdapterError, ErrorCode};
use crate::log::{Step, step};
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, TokenSet, User, UserUpdate,
    VerificationToken,
};
use crate::runtime::{metric, span};

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, AdapterError>> + Send + 'a>>;

/// The trait object of a store, from one row for each method.
///
/// A macro, because a row says all there is: the signature and the code. Trait, implementation and
/// code cannot come apart, and "go to definition" on a call leads to the row.
macro_rules! erase {
    ($(#[$docs:meta])* $erased:ident from $store:ident {
        $($code:ident: fn $method:ident<$lifetime:lifetime>(&self $(, $argument:ident: $kind:ty)*) -> $answer:ty;)*
    }) => {
        $(#[$docs])*
        pub(crate) trait $erased: Send + Sync {
            $(fn $method<$lifetime>(&$lifetime self $(, $argument: $kind)*) -> Answer<$lifetime, $answer>;)*
        }

        impl<A: $store> $erased for A {
            $(fn $method<$lifetime>(&$lifetime self $(, $argument: $kind)*) -> Answer<$lifetime, $answer> {
                step(Step::Adapter(ErrorCode::$code), None, || "is called".into());
                Box::pin(async move {
                    let call = $store::$method(self $(, $argument)*);
                    let span = span::adapter_call(stringify!($method));
                    let call = metric::adapter_call(stringify!($method), call);
                    let answer = call.instrument(span.clone()).await;
                    span::returned(&span, &answer);
                    answer.map_err(|error| error.during(ErrorCode::$code))
                })
            })*
        }
    };
}

erase! {
    /// [`UserStore`] as an object.
    ErasedUserStore from UserStore {
        AdapterCreateUser: fn create_user<'a>(&self, user: NewUser) -> User;
        AdapterGetUser: fn user<'a>(&self, id: &'a str) -> Option<User>;
        AdapterGetUserByEmail: fn user_by_email<'a>(&self, email: &'a str) -> Option<User>;
        AdapterGetUserByAccount: fn user_by_account<'a>(&self, provider: &'a str, id: &'a str) -> Option<User>;
        AdapterUpdateUser: fn update_user<'a>(&self, update: UserUpdate) -> User;
        AdapterDeleteUser: fn delete_user<'a>(&self, id: &'a str) -> ();
        AdapterLinkAccount: fn link_account<'a>(&self, account: NewAccount) -> ();
        AdapterUnlinkAccount: fn unlink_account<'a>(&self, provider: &'a str, id: &'a str) -> ();
        AdapterGetUserByAccount: fn linked_accounts<'a>(&self, user_id: &'a str) -> Option<Vec<Account>>;
        AdapterCreateUser: fn create_user_with_account<'a>(&self, user: NewUser, account: Account) -> User;
    }
}

erase! {
    /// [`SessionStore`] as an object.
    ErasedSessionStore from SessionStore {
        AdapterCreateSession: fn create_session<'a>(&self, session: NewSession) -> ();
        AdapterGetSessionAndUser: fn session_and_user<'a>(&self, token: &'a SessionToken) -> Option<(SessionRecord, User)>;
        AdapterUpdateSession: fn update_session<'a>(&self, token: &'a SessionToken, expires: Timestamp) -> ();
        AdapterDeleteSession: fn delete_session<'a>(&self, token: &'a SessionToken) -> Option<SessionRecord>;
        AdapterDeleteSession: fn end_sessions<'a>(&self, user_id: &'a str) -> Option<u64>;
    }
}

erase! {
    /// [`VerificationTokenStore`] as an object.
    ErasedVerificationTokenStore from VerificationTokenStore {
        AdapterCreateVerificationToken: fn create_verification_token<'a>(&self, token: VerificationToken) -> ();
        AdapterUseVerificationToken: fn use_verification_token<'a>(&self, identifier: &'a str, token: &'a TokenHash) -> Option<VerificationToken>;
    }
}

/// [`UserSessionStore`] as an object. NextAuth has no such methods, so there are no codes to note.
pub(crate) trait ErasedUserSessionStore: ErasedSessionStore {
    fn sessions_of_user<'a>(&'a self, user_id: &'a str) -> Answer<'a, Vec<SessionRecord>>;

    fn delete_sessions_of_user<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a SessionToken>,
    ) -> Answer<'a, u64>;
}

impl<A: UserSessionStore> ErasedUserSessionStore for A {
    fn sessions_of_user<'a>(&'a self, user_id: &'a str) -> Answer<'a, Vec<SessionRecord>> {
        Box::pin(UserSessionStore::sessions_of_user(self, user_id))
    }

    fn delete_sessions_of_user<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a SessionToken>,
    ) -> Answer<'a, u64> {
        Box::pin(UserSessionStore::delete_sessions_of_user(self, user_id, except))
    }
}

/// [`AccountStore`] as an object. NextAuth has no such methods, so there are no codes to note.
pub(crate) trait ErasedAccountStore: Send + Sync {
    fn account<'a>(&'a self, provider: &'a str, id: &'a str) -> Answer<'a, Option<Account>>;

    fn update_account_tokens<'a>(
        &'a self,
        provider: &'a str,
        id: &'a str,
        tokens: &'a TokenSet,
    ) -> Answer<'a, ()>;
}

impl<A: AccountStore> ErasedAccountStore for A {
    fn account<'a>(&'a self, provider: &'a str, id: &'a str) -> Answer<'a, Option<Account>> {
        Box::pin(AccountStore::account(self, provider, id))
    }

    fn update_account_tokens<'a>(
        &'a self,
        provider: &'a str,
        id: &'a str,
        tokens: &'a TokenSet,
    ) -> Answer<'a, ()> {
        Box::pin(AccountStore::update_account_tokens(self, provider, id, tokens))
    }
}
