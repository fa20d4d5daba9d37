//! How do values become parameters, and rows become values again?

use jiff::Timestamp;
use serde_json::Value;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteRow, SqliteTypeInfo};
use sqlx::{FromRow, Row as _, Sqlite, Type};

use crate::error::AdapterError;
use crate::model::{Account, JsonObject, TokenSet, User};

/// The members of a token response that have a text column, in the order of the statements.
pub(super) const ACCOUNT_TEXTS: [&str; 8] = [
    "refresh_token",
    "access_token",
    "token_type",
    "scope",
    "id_token",
    "session_state",
    "oauth_token",
    "oauth_token_secret",
];

/// Longest text that is given to the driver, in bytes: room for a picture in a data URL.
const LONGEST_TEXT: usize = 1 << 20;

/// A text parameter. One that is too long fails before the database sees it.
pub(super) struct Text<'a>(pub(super) &'a str);

/// A text is longer than [`LONGEST_TEXT`].
#[derive(Debug, thiserror::Error)]
#[error("a text is longer than {LONGEST_TEXT} bytes")]
struct TooLong;

impl Type<Sqlite> for Text<'_> {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Text<'_> {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        if self.0.len() > LONGEST_TEXT {
            return Err(TooLong.into());
        }
        self.0.encode_by_ref(buffer)
    }
}

/// A text parameter that may be null.
pub(super) fn text(value: &Option<String>) -> Option<Text<'_>> {
    value.as_deref().map(Text)
}

/// A failed statement, as a sign-in understands it.
pub(super) fn failure(error: sqlx::Error) -> AdapterError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => AdapterError::duplicate(error),
        _ => AdapterError::unavailable(error),
    }
}

/// The answer of a look-up. Only [`Text`] ever refuses to be encoded, and no row has a key that is
/// too long to be stored.
pub(super) fn found<T>(answer: sqlx::Result<Option<T>>) -> Result<Option<T>, AdapterError> {
    match answer {
        Err(sqlx::Error::Encode(_)) => Ok(None),
        answer => answer.map_err(failure),
    }
}

/// A time as the database keeps it.
pub(super) fn stored(time: Timestamp) -> Result<Timestamp, AdapterError> {
    timestamp(time.as_millisecond()).map_err(failure)
}

fn timestamp(milliseconds: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A row that starts with a time.
pub(super) struct Expires(pub(super) Timestamp);

impl FromRow<'_, SqliteRow> for Expires {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        timestamp(row.try_get("expires")?).map(Self)
    }
}

/// A row of `users`.
pub(super) struct UserRow(pub(super) User);

impl FromRow<'_, SqliteRow> for UserRow {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let mut user = User::new(row.try_get::<String, _>("id")?);
        user.name = row.try_get("name")?;
        user.email = row.try_get("email")?;
        user.email_verified =
            row.try_get::<Option<i64>, _>("emailVerified")?.map(timestamp).transpose()?;
        user.image = row.try_get("image")?;
        Ok(Self(user))
    }
}

/// A row of `accounts`, without its owner.
pub(super) struct AccountRow(pub(super) Account);

impl FromRow<'_, SqliteRow> for AccountRow {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let account_type = serde_json::from_value(Value::String(row.try_get("type")?))
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let mut members = JsonObject::new();
        for name in ACCOUNT_TEXTS {
            if let Some(value) = row.try_get::<Option<String>, _>(name)? {
                members.insert(name.to_owned(), value.into());
            }
        }
        if let Some(expires_at) = row.try_get::<Option<i64>, _>("expires_at")? {
            members.insert("expires_at".to_owned(), expires_at.into());
        }
        let mut account = Account::new(
            account_type,
            row.try_get::<String, _>("provider")?,
            row.try_get::<String, _>("providerAccountId")?,
        );
        account.tokens = TokenSet::from_members(members);
        Ok(Self(account))
    }
}
