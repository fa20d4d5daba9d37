//! Sessions and e-mail links in Redis, without a command that touches two keys.
//!
//! Each session is a key of its own, and that key alone decides whether the session exists: `SET
//! NX` creates it, `SET XX` extends it and `GETDEL` ends it, so one of several concurrent callers
//! wins. The set of a user's sessions is written before the session and cleaned up after it. It may
//! therefore name sessions that are gone, which are skipped, but never misses one that exists.

use jiff::Timestamp;
use redis::{Cmd, FromRedisValue, cmd, pipe};

use super::RedisAdapter;
use super::failure::Failure;
use super::key::handle;
use super::record::{Lifetime, read_session, write_session};
use crate::adapter::{SessionStore, UserSessionStore, UserStore, VerificationTokenStore};
use crate::crypto::secret::{SessionToken, TokenHash};
use crate::error::AdapterError;
use crate::model::{NewSession, SessionRecord, User, VerificationToken};
use crate::runtime::clock::at_millisecond;

impl<U: UserStore> SessionStore for RedisAdapter<U> {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        if self.users.user(&session.user_id).await?.is_none() {
            return Err(Failure::NoUser.into());
        }
        let handle = handle(&session.session_token);
        let lifetime = Lifetime::of(session.expires);
        self.enlist(&session.user_id, &handle, lifetime).await?;
        let set = set(&self.keys.session(&handle), write_session(&session)?, lifetime, "NX");
        if self.connection.run::<Option<String>>(&set).await?.is_some() {
            return Ok(());
        }
        if let Some(taken) = self.session(&handle).await?
            && taken.user_id != session.user_id
        {
            self.strike(&session.user_id, &[handle]).await?;
        }
        Err(Failure::Duplicate.into())
    }

    /// The session by one command, then its user by one query.
    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let Some(session) = self.session(&handle(token)).await? else { return Ok(None) };
        let user = self.users.user(&session.user_id).await?;
        Ok(user.map(|user| (session, user)))
    }

    async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Result<(), AdapterError> {
        if is_blank(token.expose()) {
            return Ok(());
        }
        let handle = handle(token);
        let Some(mut session) = self.session(&handle).await? else { return Ok(()) };
        session.expires = expires;
        let lifetime = Lifetime::of(expires);
        self.enlist(&session.user_id, &handle, lifetime).await?;
        let set = set(&self.keys.session(&handle), write_session(&session)?, lifetime, "XX");
        if self.connection.run::<Option<String>>(&set).await?.is_none() {
            // Ended in the meantime.
            self.strike(&session.user_id, &[handle]).await?;
        }
        Ok(())
    }

    async fn end_sessions(&self, user_id: &str) -> Result<Option<u64>, AdapterError> {
        self.delete_sessions_of_user(user_id, None).await.map(Some)
    }

    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let handle = handle(token);
        let mut get_and_delete = cmd("GETDEL");
        get_and_delete.arg(self.keys.session(&handle));
        let found: Option<Vec<u8>> = self.connection.run(&get_and_delete).await?;
        let Some(value) = found else { return Ok(None) };
        let session = read_session(&value)?;
        // The session is over; that a name of it is left in the set harms nobody.
        drop(self.strike(&session.user_id, &[handle]).await);
        Ok(Some(session))
    }
}

impl<U: UserStore> UserSessionStore for RedisAdapter<U> {
    async fn sessions_of_user(&self, user_id: &str) -> Result<Vec<SessionRecord>, AdapterError> {
        let mut sessions: Vec<_> =
            self.listed(user_id).await?.into_iter().map(|(_, session)| session).collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.expires));
        Ok(sessions)
    }

    async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Result<u64, AdapterError> {
        let except = except.map(handle);
        let handles = self.listed(user_id).await?.into_iter().map(|(handle, _)| handle);
        let ended: Vec<_> = handles.filter(|handle| Some(handle) != except.as_ref()).collect();
        if ended.is_empty() {
            return Ok(0);
        }
        let values: Vec<Option<Vec<u8>>> = self.of_each("GETDEL", &ended).await?;
        self.strike(user_id, &ended).await?;
        Ok(values.iter().flatten().count() as u64)
    }
}

impl<U: UserStore> VerificationTokenStore for RedisAdapter<U> {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        let key = self.keys.link(&token.identifier, &token.token);
        let end = token.expires.as_millisecond().to_string().into_bytes();
        let set = set(&key, end, Lifetime::of(token.expires), "NX");
        match self.connection.run::<Option<String>>(&set).await? {
            Some(_) => Ok(()),
            None => Err(Failure::Duplicate.into()),
        }
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        if is_blank(identifier) || is_blank(token.expose()) {
            return Ok(None);
        }
        let mut get_and_delete = cmd("GETDEL");
        get_and_delete.arg(self.keys.link(identifier, token));
        let end: Option<i64> = self.connection.run(&get_and_delete).await?;
        let Some(end) = end else { return Ok(None) };
        Ok(Some(VerificationToken::new(identifier, token.clone(), at_millisecond(end))))
    }
}

impl<U: UserStore> RedisAdapter<U> {
    async fn session(&self, handle: &str) -> Result<Option<SessionRecord>, Failure> {
        let mut get = cmd("GET");
        get.arg(self.keys.session(handle));
        let value: Option<Vec<u8>> = self.connection.run(&get).await?;
        value.as_deref().map(read_session).transpose()
    }

    /// The sessions of a user that are there, with their handles.
    async fn listed(&self, user_id: &str) -> Result<Vec<(String, SessionRecord)>, Failure> {
        let mut range = cmd("ZRANGE");
        range.arg(self.keys.sessions_of_user(user_id)).arg(0).arg(-1);
        let handles: Vec<String> = self.connection.run(&range).await?;
        if handles.is_empty() {
            return Ok(Vec::new());
        }
        // Not `MGET`, which a cluster refuses where keys are in several places.
        let values: Vec<Option<Vec<u8>>> = self.of_each("GET", &handles).await?;
        let mut sessions = Vec::with_capacity(handles.len());
        for (handle, value) in handles.into_iter().zip(values) {
            let Some(value) = value else { continue };
            let session = read_session(&value)?;
            // A refused duplicate may have left the handle of somebody else's session.
            if session.user_id == user_id {
                sessions.push((handle, session));
            }
        }
        Ok(sessions)
    }

    /// What a command says of each session.
    async fn of_each<T: FromRedisValue>(
        &self,
        command: &str,
        handles: &[String],
    ) -> Result<Vec<T>, Failure> {
        let of_one = |handle: &String| {
            let mut of_one = cmd(command);
            of_one.arg(self.keys.session(handle));
            of_one
        };
        self.connection.run_each(&handles.iter().map(of_one).collect::<Vec<_>>()).await
    }

    /// Puts a session into the set of its user, which lives as long as the last of them.
    pub(super) async fn enlist(
        &self,
        user_id: &str,
        handle: &str,
        lifetime: Lifetime,
    ) -> Result<(), Failure> {
        let Lifetime { remaining, until, now } = lifetime;
        let key = self.keys.sessions_of_user(user_id);
        let mut commands = pipe();
        commands.atomic();
        commands.cmd("ZREMRANGEBYSCORE").arg(&key).arg("-inf").arg(now).ignore();
        commands.cmd("ZADD").arg(&key).arg("GT").arg(until).arg(handle).ignore();
        // `GT` alone takes a set without an end for one that never ends.
        commands.cmd("PEXPIRE").arg(&key).arg(remaining).arg("NX").ignore();
        commands.cmd("PEXPIRE").arg(&key).arg(remaining).arg("GT").ignore();
        self.connection.run_all(&commands).await
    }

    async fn strike(&self, user_id: &str, handles: &[String]) -> Result<(), Failure> {
        let mut remove = cmd("ZREM");
        remove.arg(self.keys.sessions_of_user(user_id)).arg(handles);
        self.connection.run::<u64>(&remove).await.map(drop)
    }
}

/// `SET` on the condition that the key is new (`NX`) or there (`XX`). No answer is "neither".
pub(super) fn set(key: &str, value: Vec<u8>, lifetime: Lifetime, condition: &str) -> Cmd {
    let mut set = cmd("SET");
    set.arg(key).arg(value).arg(condition).arg("PX").arg(lifetime.remaining);
    set
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
