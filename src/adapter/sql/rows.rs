//! The records that rows are read into.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::failure::Failure;
use super::statements::account_texts;
use super::{Row, SchemaProfile};
use crate::model::{Account, JsonObject, TokenSet, User};
use crate::runtime::clock::at_millisecond;

/// A time as the database keeps it.
pub(super) fn stored(time: Timestamp) -> Timestamp {
    at_millisecond(time.as_millisecond())
}

impl Row {
    pub(super) fn time(&mut self) -> Result<Timestamp, Failure> {
        let time = self.integer()?.ok_or(Failure::Unreadable("a time that is not null"))?;
        Ok(at_millisecond(time))
    }

    pub(super) fn user(&mut self, profile: &SchemaProfile) -> Result<User, Failure> {
        let mut user = User::new(self.required_text()?);
        user.name = self.text()?;
        user.email = self.text()?;
        user.email_verified = self.integer()?.map(at_millisecond);
        user.image = self.text()?;
        for member in &profile.members {
            if let Some(text) = self.text()? {
                user.extra.insert(member.clone(), text.into());
            }
        }
        Ok(user)
    }

    /// An account without its owner.
    pub(super) fn account(&mut self, profile: &SchemaProfile) -> Result<Account, Failure> {
        let account_type = match self.required_text()?.as_str() {
            // Auth.js writes it for what NextAuth v4 calls `oauth`.
            "oidc" => "oauth".to_owned(),
            written => written.to_owned(),
        };
        let account_type = serde_json::from_value(Json::String(account_type))
            .map_err(|_| Failure::Unreadable("the type of an account"))?;
        let mut account = Account::new(account_type, self.required_text()?, self.required_text()?);
        let mut members = JsonObject::new();
        for name in account_texts(profile) {
            if let Some(text) = self.text()? {
                members.insert((*name).to_owned(), text.into());
            }
        }
        if let Some(expires_at) = self.integer()? {
            members.insert("expires_at".to_owned(), expires_at.into());
        }
        account.tokens = TokenSet::from_members(members);
        Ok(account)
    }
}
