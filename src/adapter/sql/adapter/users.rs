//! Users and the accounts that they sign in with.

use jiff::Timestamp;

use super::accounts::account_values;
use super::{Answer, SqlAdapter, new_key};
use crate::adapter::sql::rows::stored;
use crate::adapter::sql::statements::{Statement, insert_without};
use crate::adapter::sql::{
    Backend, Call, Failure, IdKind, SchemaProfile, SqlDatabase, Store, Value, Written,
};
use crate::adapter::{UserAccountStore as _, UserStore};
use crate::model::{Account, NewAccount, NewUser, User, UserUpdate};

#[diagnostic::do_not_recommend]
impl<D: SqlDatabase> UserStore for SqlAdapter<D> {
    async fn create_user(&self, user: NewUser) -> Answer<User> {
        let mut user = self.store.row(user)?;
        let partial = self.store.insert_of(&user);
        let insert = partial.as_ref().unwrap_or(&self.statements().users.insert);
        let user_values = UserValues::of(&user, &self.store.profile);
        let written = self.store.write(insert, &user_values.0).await?;
        let id = self.store.inserted_id(written)?;
        drop(user_values);
        if let Some(id) = id {
            user.id = id;
        }
        self.as_stored(user, partial.is_some()).await
    }

    async fn user(&self, id: &str) -> Answer<Option<User>> {
        if !self.store.profile.is_id(id) {
            return Ok(None);
        }
        self.store.find_user(&self.statements().users.by_id, &[id.into()]).await
    }

    async fn user_by_email(&self, email: &str) -> Answer<Option<User>> {
        self.store.find_user(&self.statements().users.by_email, &[email.into()]).await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<Option<User>> {
        let values = [provider.into(), provider_account_id.into()];
        self.store.find_user(&self.statements().users.by_account, &values).await
    }

    async fn update_user(&self, update: UserUpdate) -> Answer<User> {
        let UserUpdate { id, name, email, email_verified, image, extra } = &update;
        if !self.store.profile.is_id(id) {
            return Err(Failure::NoUser.into());
        }
        let text = |value: &'_ Option<Option<String>>| value.is_some();
        let mut values = vec![
            id.as_str().into(),
            Value::Flag(text(name)),
            Value::Text(name.as_ref().and_then(Option::as_deref)),
            Value::Flag(text(email)),
            Value::Text(email.as_ref().and_then(Option::as_deref)),
            Value::Flag(email_verified.is_some()),
            Value::Integer(email_verified.flatten().map(Timestamp::as_millisecond)),
            Value::Flag(text(image)),
            Value::Text(image.as_ref().and_then(Option::as_deref)),
        ];
        for member in &self.store.profile.members {
            let new = extra.get(member).filter(|new| new.is_null() || new.is_string());
            values.push(Value::Flag(new.is_some()));
            values.push(Value::Text(new.and_then(serde_json::Value::as_str)));
        }
        let update = &self.statements().users.update;
        let read = Call::new(&self.statements().users.by_id, &values);
        let mut rows = if self.store.dialect.returns_updated() {
            self.store.write(update, &values).await?.rows
        } else {
            let calls = [self.store.call(update, &values)?, read];
            self.store.together(&calls).await?.rows
        };
        match rows.pop() {
            Some(mut row) => Ok(row.user(&self.store.profile)?),
            None => Err(Failure::NoUser.into()),
        }
    }

    async fn delete_user(&self, id: &str) -> Answer<()> {
        let values = [id.into()];
        if !self.store.profile.is_id(id)
            || self.store.call(&self.statements().users.delete, &values).is_err()
        {
            return Ok(());
        }
        if self.store.profile.cascades {
            self.store.write(&self.statements().users.delete, &values).await?;
            return Ok(());
        }
        let [accounts, sessions] = &self.statements().users.delete_rows;
        let calls = [accounts, sessions, &self.statements().users.delete]
            .map(|statement| Call::new(statement, &values));
        self.store.together(&calls).await?;
        Ok(())
    }

    async fn link_account(&self, account: NewAccount) -> Answer<()> {
        if !self.store.profile.is_id(&account.user_id) {
            return Err(Failure::NoUser.into());
        }
        let key = new_key()?;
        let values = account_values(&account.user_id, &account.account, &key, &self.store);
        self.store.write(&self.statements().accounts.insert, &values).await?;
        Ok(())
    }

    async fn unlink_account(&self, provider: &str, provider_account_id: &str) -> Answer<()> {
        let values = [provider.into(), provider_account_id.into()];
        match self.store.write(&self.statements().accounts.delete, &values).await {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn linked_accounts(&self, user_id: &str) -> Answer<Option<Vec<Account>>> {
        self.accounts_of_user(user_id).await.map(Some)
    }

    async fn create_user_with_account(&self, user: NewUser, account: Account) -> Answer<User> {
        let mut user = self.store.row(user)?;
        let key = new_key()?;
        let store = &self.store;
        let inserted = store.again(|| store.insert_user_with_account(&user, &account, &key)).await;
        if let Some(id) = inserted? {
            user.id = id;
        }
        let is_partial = store.insert_of(&user).is_some();
        self.as_stored(user, is_partial).await
    }
}

impl<D: SqlDatabase> SqlAdapter<D> {
    /// A user who was just added: with what the database filled in, if that is anything.
    async fn as_stored(&self, user: User, is_partial: bool) -> Answer<User> {
        if !is_partial {
            return Ok(user);
        }
        Ok(self.user(&user.id).await?.unwrap_or(user))
    }
}

impl<D: Backend> Store<D> {
    /// The insert for a user who has not all the members that the application has of its own.
    pub(super) fn insert_of(&self, user: &User) -> Option<Statement> {
        let is_given = |member: &str| user.extra.contains_key(member);
        if self.profile.members.iter().all(|member| is_given(member)) {
            return None;
        }
        Some(insert_without(&self.profile, self.dialect, is_given))
    }

    async fn find_user(&self, statement: &Statement, values: &[Value<'_>]) -> Answer<Option<User>> {
        let row = self.find(statement, values).await?;
        Ok(row.map(|mut row| row.user(&self.profile)).transpose()?)
    }

    /// The row that a new user becomes: what the caller gets is what a later look-up finds.
    pub(super) fn row(&self, user: NewUser) -> Answer<User> {
        let mut row = User::new(match self.profile.id {
            IdKind::Integer => String::new(),
            IdKind::Text | IdKind::Uuid => new_key()?,
        });
        row.name = user.name;
        row.email = user.email;
        row.email_verified = user.email_verified.map(stored);
        row.image = user.image;
        for member in &self.profile.members {
            if let Some(text) = user.extra.get(member).and_then(serde_json::Value::as_str) {
                row.extra.insert(member.clone(), text.into());
            }
        }
        Ok(row)
    }

    /// The id that the database gave to a new user, if it does that.
    pub(super) fn inserted_id(&self, mut written: Written) -> Result<Option<String>, Failure> {
        if self.profile.id != IdKind::Integer {
            return Ok(None);
        }
        let id = match written.rows.pop() {
            Some(mut row) => Some(row.required_text()?),
            None => written.inserted.map(|id| id.to_string()),
        };
        id.map(Some).ok_or(Failure::Unreadable("the id of the new row"))
    }
}

/// The values of `insert_user`.
pub(super) struct UserValues<'a>(pub(super) Vec<Value<'a>>);

impl<'a> UserValues<'a> {
    pub(super) fn of(user: &'a User, profile: &SchemaProfile) -> Self {
        let mut values = vec![
            user.id.as_str().into(),
            (&user.name).into(),
            (&user.email).into(),
            Value::Integer(user.email_verified.map(Timestamp::as_millisecond)),
            (&user.image).into(),
        ];
        values.extend(
            profile.members.iter().map(|member| {
                Value::Text(user.extra.get(member).and_then(serde_json::Value::as_str))
            }),
        );
        Self(values)
    }
}
