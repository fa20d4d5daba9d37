//! Accounts at providers, alone and together with the user whom a first sign-in makes.

use super::users::UserValues;
use super::{ATTEMPTS, Answer, Store, new_key};
use crate::adapter::sql::failure::Failure;
use crate::adapter::sql::statements::{ACCOUNT_TEXTS, account_texts};
use crate::adapter::sql::{Driver, SchemaProfile, Transaction, Value};
use crate::model::{Account, NewAccount, NewUser, TokenSet, User};

impl<D: Driver> Store<D> {
    pub(in crate::adapter) async fn link_account(&self, account: NewAccount) -> Answer<()> {
        if !self.profile.is_id(&account.user_id) {
            return Err(Failure::NoUser.into());
        }
        let key = new_key()?;
        let values = account_values(&account.user_id, &account.account, &key, &self.profile);
        self.write(&self.statements.insert_account, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<()> {
        let values = [provider.into(), provider_account_id.into()];
        match self.write(&self.statements.delete_account, &values).await {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    pub(in crate::adapter) async fn account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<Option<Account>> {
        let values = [provider.into(), provider_account_id.into()];
        let row = self.find(&self.statements.account, &values).await?;
        Ok(row.map(|mut row| row.account(&self.profile)).transpose()?)
    }

    pub(in crate::adapter) async fn update_account_tokens(
        &self,
        provider: &str,
        provider_account_id: &str,
        tokens: &TokenSet,
    ) -> Answer<()> {
        let mut values = vec![provider.into(), provider_account_id.into()];
        // No account has a key that the database would refuse. A token that it refuses is an error.
        if self.call(&self.statements.account, &values).is_err() {
            return Ok(());
        }
        values.extend(token_values(tokens, &self.profile));
        self.write(&self.statements.update_account, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Answer<User> {
        let mut user = self.row(user)?;
        let key = new_key()?;
        let mut attempt = 1;
        loop {
            match self.try_create_user_with_account(&user, &account, &key).await {
                Ok(id) => {
                    if let Some(id) = id {
                        user.id = id;
                    }
                    return Ok(user);
                }
                Err(Failure::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    async fn try_create_user_with_account(
        &self,
        user: &User,
        account: &Account,
        key: &str,
    ) -> Result<Option<String>, Failure> {
        let values = UserValues::of(user, &self.profile);
        let insert_user = self.call(&self.statements.insert_user, &values.0)?;
        let mut transaction = self.driver.begin().await?;
        let id = self.inserted_id(transaction.run(insert_user).await?)?;
        let user_id = id.as_deref().unwrap_or(&user.id);
        let values = account_values(user_id, account, key, &self.profile);
        let insert_account = self.call(&self.statements.insert_account, &values)?;
        transaction.run(insert_account).await?;
        transaction.commit().await?;
        Ok(id)
    }

    pub(in crate::adapter) async fn linked_accounts(
        &self,
        user_id: &str,
    ) -> Answer<Option<Vec<Account>>> {
        self.accounts_of_user(user_id).await.map(Some)
    }

    pub(in crate::adapter) async fn accounts_of_user(&self, user_id: &str) -> Answer<Vec<Account>> {
        let rows = self.rows_of_user(&self.statements.accounts_of_user, user_id).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| row.account(&self.profile))
            .collect::<Result<_, Failure>>()?)
    }
}

/// The values of `insert_account`. Members of the wrong type, such as a `scope` that is no text,
/// are ignored.
fn account_values<'a>(
    user_id: &'a str,
    account: &'a Account,
    key: &'a str,
    profile: &SchemaProfile,
) -> Vec<Value<'a>> {
    let mut values = vec![
        user_id.into(),
        account.account_type.as_str().into(),
        account.provider.as_str().into(),
        account.provider_account_id.as_str().into(),
    ];
    values.extend(token_values(&account.tokens, profile));
    values.push(key.into());
    values
}

/// [`ACCOUNT_TEXTS`] and `expires_at`.
fn token_values<'a>(
    tokens: &'a TokenSet,
    profile: &SchemaProfile,
) -> impl Iterator<Item = Value<'a>> {
    let columns = account_texts(profile).len();
    let texts = ACCOUNT_TEXTS
        .iter()
        .enumerate()
        .map(move |(index, name)| Value::Text(tokens.text(name).filter(|_| index < columns)));
    texts.chain([Value::Integer(tokens.expires_at())])
}
