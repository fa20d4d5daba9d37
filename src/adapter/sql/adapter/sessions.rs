//! Sessions: read together with their users, and listed by user.

use jiff::Timestamp;

use super::{Answer, SqlAdapter, is_blank, new_key};
use crate::adapter::sql::{Failure, SqlDatabase, Value};
use crate::adapter::{SessionStore, UserSessionStore};
use crate::crypto::secret::SessionToken;
use crate::model::{NewSession, SessionRecord, User};

impl<D: SqlDatabase> SessionStore for SqlAdapter<D> {
    async fn create_session(&self, session: NewSession) -> Answer<()> {
        if !self.store.profile.is_id(&session.user_id) {
            return Err(Failure::NoUser.into());
        }
        let key = new_key()?;
        let values = [
            session.session_token.expose().into(),
            session.user_id.as_str().into(),
            session.expires.as_millisecond().into(),
            key.as_str().into(),
        ];
        self.store.write(&self.statements().sessions.insert, &values).await?;
        Ok(())
    }

    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Answer<Option<(SessionRecord, User)>> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [token.expose().into()];
        let Some(mut row) = self.store.find(&self.statements().sessions.with_user, &values).await?
        else {
            return Ok(None);
        };
        let (expires, user) = (row.time()?, row.user(&self.store.profile)?);
        Ok(Some((SessionRecord::new(token.clone(), &user.id, expires), user)))
    }

    async fn update_session(&self, token: &SessionToken, expires: Timestamp) -> Answer<()> {
        if is_blank(token.expose()) {
            return Ok(());
        }
        let values = [token.expose().into(), expires.as_millisecond().into()];
        match self.store.write(&self.statements().sessions.update, &values).await {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn delete_session(&self, token: &SessionToken) -> Answer<Option<SessionRecord>> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [token.expose().into()];
        let (read, delete) = (&self.statements().sessions.find, &self.statements().sessions.delete);
        let Some(mut row) = self.store.take(read, delete, &values).await? else {
            return Ok(None);
        };
        Ok(Some(SessionRecord::new(token.clone(), row.required_text()?, row.time()?)))
    }

    async fn end_sessions(&self, user_id: &str) -> Answer<Option<u64>> {
        self.delete_sessions_of_user(user_id, None).await.map(Some)
    }
}

impl<D: SqlDatabase> UserSessionStore for SqlAdapter<D> {
    async fn sessions_of_user(&self, user_id: &str) -> Answer<Vec<SessionRecord>> {
        let rows = self.store.rows_of_user(&self.statements().sessions.of_user, user_id).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| {
                let token = SessionToken::new(row.required_text()?);
                Ok(SessionRecord::new(token, user_id, row.time()?))
            })
            .collect::<Result<_, Failure>>()?)
    }

    async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Answer<u64> {
        if !self.store.profile.is_id(user_id) {
            return Ok(0);
        }
        let statement = &self.statements().sessions.delete_of_user;
        let user = user_id.into();
        let except = Value::Text(except.map(SessionToken::expose));
        let written = match self.store.write(statement, &[user, except]).await {
            // No session has a token that the database would refuse, so none is excepted.
            Err(Failure::Refused(_)) => {
                self.store.write(statement, &[user, Value::Text(None)]).await
            }
            answer => answer,
        };
        match written {
            Ok(written) => Ok(written.affected),
            Err(Failure::Refused(_)) => Ok(0),
            Err(failure) => Err(failure.into()),
        }
    }
}
