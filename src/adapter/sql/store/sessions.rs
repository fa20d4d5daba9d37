//! Sessions, each with its user, and all of a user.

use jiff::Timestamp;

use super::{Answer, Store, is_blank, new_key};
use crate::adapter::sql::failure::Failure;
use crate::adapter::sql::{Driver, Value};
use crate::crypto::secret::SessionToken;
use crate::model::{NewSession, SessionRecord, User};

impl<D: Driver> Store<D> {
    pub(in crate::adapter) async fn create_session(&self, session: NewSession) -> Answer<()> {
        if !self.profile.is_id(&session.user_id) {
            return Err(Failure::NoUser.into());
        }
        let key = new_key()?;
        let values = [
            session.session_token.expose().into(),
            session.user_id.as_str().into(),
            session.expires.as_millisecond().into(),
            key.as_str().into(),
        ];
        self.write(&self.statements.insert_session, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Answer<Option<(SessionRecord, User)>> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [token.expose().into()];
        let Some(mut row) = self.find(&self.statements.session_and_user, &values).await? else {
            return Ok(None);
        };
        let (expires, user) = (row.time()?, row.user(&self.profile)?);
        Ok(Some((SessionRecord::new(token.clone(), &user.id, expires), user)))
    }

    pub(in crate::adapter) async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Answer<()> {
        if is_blank(token.expose()) {
            return Ok(());
        }
        let values = [token.expose().into(), expires.as_millisecond().into()];
        match self.write(&self.statements.update_session, &values).await {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    pub(in crate::adapter) async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Answer<Option<SessionRecord>> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [token.expose().into()];
        let (read, delete) = (&self.statements.session, &self.statements.delete_session);
        let Some(mut row) = self.take(read, delete, &values).await? else {
            return Ok(None);
        };
        Ok(Some(SessionRecord::new(token.clone(), row.required_text()?, row.time()?)))
    }

    pub(in crate::adapter) async fn sessions_of_user(
        &self,
        user_id: &str,
    ) -> Answer<Vec<SessionRecord>> {
        let rows = self.rows_of_user(&self.statements.sessions_of_user, user_id).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| {
                let token = SessionToken::new(row.required_text()?);
                Ok(SessionRecord::new(token, user_id, row.time()?))
            })
            .collect::<Result<_, Failure>>()?)
    }

    pub(in crate::adapter) async fn end_sessions(&self, user_id: &str) -> Answer<Option<u64>> {
        self.delete_sessions_of_user(user_id, None).await.map(Some)
    }

    pub(in crate::adapter) async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Answer<u64> {
        if !self.profile.is_id(user_id) {
            return Ok(0);
        }
        let statement = &self.statements.delete_sessions_of_user;
        let user = user_id.into();
        let except = Value::Text(except.map(SessionToken::expose));
        let written = match self.write(statement, &[user, except]).await {
            // No session has a token that the database would refuse, so none is excepted.
            Err(Failure::Refused(_)) => self.write(statement, &[user, Value::Text(None)]).await,
            answer => answer,
        };
        match written {
            Ok(written) => Ok(written.affected),
            Err(Failure::Refused(_)) => Ok(0),
            Err(failure) => Err(failure.into()),
        }
    }
}
