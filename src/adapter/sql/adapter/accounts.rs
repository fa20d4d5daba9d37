//! Accounts at providers, and the transaction of a first sign-in, which adds a user with one.

use super::users::UserValues;
use super::{Answer, SqlAdapter};
use crate::adapter::sql::statements::{ACCOUNT_TEXTS, account_texts};
use crate::adapter::sql::{
    Backend, Dialect, Driver as _, Failure, SqlDatabase, Store, Transaction as _, Value,
};
use crate::adapter::{AccountStore, UserAccountStore};
use crate::log::warning;
use crate::model::{Account, TokenSet, User};

impl<D: SqlDatabase> AccountStore for SqlAdapter<D> {
    async fn account(&self, provider: &str, provider_account_id: &str) -> Answer<Option<Account>> {
        let values = [provider.into(), provider_account_id.into()];
        let row = self.store.find(&self.statements().accounts.find, &values).await?;
        Ok(row.map(|mut row| row.account(&self.store.profile)).transpose()?)
    }

    async fn update_account_tokens(
        &self,
        provider: &str,
        provider_account_id: &str,
        tokens: &TokenSet,
    ) -> Answer<()> {
        let mut values = vec![provider.into(), provider_account_id.into()];
        // No account has a key that the database would refuse. A token that it refuses is an error.
        if self.store.call(&self.statements().accounts.find, &values).is_err() {
            return Ok(());
        }
        values.extend(token_values(tokens, provider, &self.store));
        self.store.write(&self.statements().accounts.update, &values).await?;
        Ok(())
    }
}

impl<D: SqlDatabase> UserAccountStore for SqlAdapter<D> {
    async fn accounts_of_user(&self, user_id: &str) -> Answer<Vec<Account>> {
        let rows = self.store.rows_of_user(&self.statements().accounts.of_user, user_id).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| row.account(&self.store.profile))
            .collect::<Result<_, Failure>>()?)
    }
}

impl<D: Backend> Store<D> {
    /// The id that the database gave to the user, if it does that.
    pub(super) async fn insert_user_with_account(
        &self,
        user: &User,
        account: &Account,
        key: &str,
    ) -> Result<Option<String>, Failure> {
        let values = UserValues::of(user, &self.profile);
        let partial = self.insert_of(user);
        let insert_user = partial.as_ref().unwrap_or(&self.statements.users.insert);
        let insert_user = self.call(insert_user, &values.0)?;
        let mut transaction = self.driver.begin().await?;
        let id = self.inserted_id(transaction.run(insert_user).await?)?;
        let user_id = id.as_deref().unwrap_or(&user.id);
        let values = account_values(user_id, account, key, self);
        let insert_account = self.call(&self.statements.accounts.insert, &values)?;
        transaction.run(insert_account).await?;
        transaction.commit().await?;
        Ok(id)
    }
}

/// The values of `insert_account`. Members of the wrong type, such as a `scope` that is no text,
/// are ignored.
pub(super) fn account_values<'a, D: Backend>(
    user_id: &'a str,
    account: &'a Account,
    key: &'a str,
    store: &Store<D>,
) -> Vec<Value<'a>> {
    let mut values = vec![
        user_id.into(),
        account.account_type.as_str().into(),
        account.provider.as_str().into(),
        account.provider_account_id.as_str().into(),
    ];
    values.extend(token_values(&account.tokens, &account.provider, store));
    values.push(key.into());
    values
}

/// [`ACCOUNT_TEXTS`] and `expires_at`. A time that does not fit its column costs nobody the sign-in:
/// such a token is as good as one without an end.
fn token_values<'a, D: Backend>(
    tokens: &'a TokenSet,
    provider: &str,
    store: &Store<D>,
) -> impl Iterator<Item = Value<'a>> + use<'a, D> {
    let columns = account_texts(&store.profile).len();
    let is_sqlite = store.dialect == Dialect::Sqlite;
    let expires_at = tokens.expires_at();
    let stored = expires_at.filter(|end| store.profile.holds_seconds(*end, is_sqlite));
    if stored != expires_at {
        warning(&format!(
            "a token of the provider `{provider}` is stored without its end: it lies beyond the year \
             2038, and the column `expires_at` has 32 bits"
        ));
    }
    let texts = ACCOUNT_TEXTS
        .iter()
        .enumerate()
        .map(move |(index, name)| Value::Text(tokens.text(name).filter(|_| index < columns)));
    texts.chain([Value::Integer(stored)])
}
