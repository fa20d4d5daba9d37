//! What typegate told and asked the application, in order, in next-auth's shapes.

use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde_json::{Value, json};
use typegate::error::Level;
use typegate::{Account, LogEntry, Logger, NewUser, SessionRecord, User, VerificationToken};

use super::world::{World, locked};

/// One call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Record {
    n: usize,
    kind: &'static str,
    name: String,
    args: Value,
}

/// All calls since they were last forgotten.
#[derive(Default)]
pub(crate) struct Records(Mutex<Vec<Record>>);

impl Records {
    pub(crate) fn add(&self, kind: &'static str, name: &str, args: Value) {
        let mut records = locked(&self.0);
        let n = records.len() + 1;
        records.push(Record { n, kind, name: name.to_owned(), args });
    }

    pub(crate) fn all(&self) -> Vec<Record> {
        locked(&self.0).clone()
    }

    pub(crate) fn forget(&self) {
        locked(&self.0).clear();
    }
}

/// Records what would go to the log.
pub(crate) struct RecordingLogger(pub(crate) Arc<World>);

impl Logger for RecordingLogger {
    fn log(&self, entry: &LogEntry<'_>) {
        let kind = match entry.level {
            Level::Error => "log.error",
            Level::Warn => "log.warn",
            // next-auth says other things there, and nobody compares them.
            _ => return,
        };
        let args = json!({ "message": entry.message, "providerId": entry.provider });
        self.0.records.add(kind, entry.code, args);
    }
}

/// A user, as next-auth has it in memory: a date is a date.
pub(crate) fn user(user: &User) -> Value {
    let mut row = json!(user);
    if let (Value::Object(members), Some(time)) = (&mut row, user.email_verified) {
        members.insert("emailVerified".into(), date(Some(time)));
    }
    row
}

/// An account, its tokens beside its own members.
pub(crate) fn account(account: &Account) -> Value {
    let mut members = account.tokens.members().clone();
    members.insert("type".into(), json!(account.account_type));
    members.insert("provider".into(), json!(account.provider));
    members.insert("providerAccountId".into(), json!(account.provider_account_id));
    Value::Object(members)
}

/// An account with its owner, as the adapter gets it.
pub(crate) fn owned_account(user_id: &str, account: &Account) -> Value {
    let mut row = self::account(account);
    if let Value::Object(members) = &mut row {
        members.insert("userId".into(), json!(user_id));
    }
    row
}

/// A user who has no id yet.
pub(crate) fn new_user(user: &NewUser) -> Value {
    let mut members = user.extra.clone();
    for (name, value) in [("name", &user.name), ("email", &user.email), ("image", &user.image)] {
        if let Some(value) = value {
            members.insert(name.into(), json!(value));
        }
    }
    members.insert("emailVerified".into(), date(user.email_verified));
    Value::Object(members)
}

/// The row of a session.
pub(crate) fn session(session: &SessionRecord) -> Value {
    json!({
        "sessionToken": session.session_token.expose(),
        "userId": session.user_id,
        "expires": date(Some(session.expires)),
    })
}

/// The row of an e-mail link.
pub(crate) fn verification_token(token: &VerificationToken) -> Value {
    json!({
        "identifier": token.identifier,
        "token": token.token.expose(),
        "expires": date(Some(token.expires)),
    })
}

/// A point in time, marked as JavaScript's `Date`.
pub(crate) fn date(time: Option<jiff::Timestamp>) -> Value {
    time.map_or(Value::Null, |time| json!({ "@date": format!("{time:.3}") }))
}

/// The same value with dates as text, as JSON has them.
pub(crate) fn with_plain_dates(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(with_plain_dates).collect(),
        Value::Object(mut members) => match members.remove("@date") {
            Some(date) => date,
            None => {
                members.into_iter().map(|(name, value)| (name, with_plain_dates(value))).collect()
            }
        },
        other => other,
    }
}
