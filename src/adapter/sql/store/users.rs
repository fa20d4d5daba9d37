//! Users, and the row that a new one becomes.

use jiff::Timestamp;

use super::{Answer, Store, new_key};
use crate::adapter::sql::failure::Failure;
use crate::adapter::sql::rows::stored;
use crate::adapter::sql::statements::Statement;
use crate::adapter::sql::{Call, Driver, IdKind, SchemaProfile, Value, Written};
use crate::model::{NewUser, User, UserUpdate};

impl<D: Driver> Store<D> {
    pub(in crate::adapter) async fn create_user(&self, user: NewUser) -> Answer<User> {
        let mut user = self.row(user)?;
        let user_values = UserValues::of(&user, &self.profile);
        let written = self.write(&self.statements.insert_user, &user_values.0).await?;
        let id = self.inserted_id(written)?;
        drop(user_values);
        if let Some(id) = id {
            user.id = id;
        }
        Ok(user)
    }

    pub(in crate::adapter) async fn user(&self, id: &str) -> Answer<Option<User>> {
        if !self.profile.is_id(id) {
            return Ok(None);
        }
        self.find_user(&self.statements.user_by_id, &[id.into()]).await
    }

    pub(in crate::adapter) async fn user_by_email(&self, email: &str) -> Answer<Option<User>> {
        self.find_user(&self.statements.user_by_email, &[email.into()]).await
    }

    pub(in crate::adapter) async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<Option<User>> {
        let values = [provider.into(), provider_account_id.into()];
        self.find_user(&self.statements.user_by_account, &values).await
    }

    pub(in crate::adapter) async fn update_user(&self, update: UserUpdate) -> Answer<User> {
        let UserUpdate { id, name, email, email_verified, image } = &update;
        if !self.profile.is_id(id) {
            return Err(Failure::NoUser.into());
        }
        let text = |value: &'_ Option<Option<String>>| value.is_some();
        let values = [
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
        let update = &self.statements.update_user;
        let read = Call::new(&self.statements.user_by_id, &values);
        let mut rows = if self.dialect.returns_updated() {
            self.write(update, &values).await?.rows
        } else {
            let calls = [self.call(update, &values)?, read];
            self.together(&calls).await?.rows
        };
        match rows.pop() {
            Some(mut row) => Ok(row.user(&self.profile)?),
            None => Err(Failure::NoUser.into()),
        }
    }

    pub(in crate::adapter) async fn delete_user(&self, id: &str) -> Answer<()> {
        let values = [id.into()];
        if !self.profile.is_id(id) || self.call(&self.statements.delete_user, &values).is_err() {
            return Ok(());
        }
        if self.profile.cascades {
            self.write(&self.statements.delete_user, &values).await?;
            return Ok(());
        }
        let [accounts, sessions] = &self.statements.delete_rows_of_user;
        let calls = [accounts, sessions, &self.statements.delete_user]
            .map(|statement| Call::new(statement, &values));
        self.together(&calls).await?;
        Ok(())
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
