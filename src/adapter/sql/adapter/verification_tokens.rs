//! Verification tokens: the stored half of sign-in links, each used once.

use super::{Answer, SqlAdapter, is_blank, new_key};
use crate::adapter::VerificationTokenStore;
use crate::adapter::sql::SqlDatabase;
use crate::crypto::secret::TokenHash;
use crate::model::VerificationToken;

impl<D: SqlDatabase> VerificationTokenStore for SqlAdapter<D> {
    async fn create_verification_token(&self, token: VerificationToken) -> Answer<()> {
        let key = new_key()?;
        let values = [
            token.identifier.as_str().into(),
            token.token.expose().into(),
            token.expires.as_millisecond().into(),
            key.as_str().into(),
        ];
        self.store.write(&self.statements().verification_tokens.insert, &values).await?;
        Ok(())
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Answer<Option<VerificationToken>> {
        if is_blank(identifier) || is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [identifier.into(), token.expose().into()];
        let (read, delete) = (
            &self.statements().verification_tokens.find,
            &self.statements().verification_tokens.delete,
        );
        let Some(mut row) = self.store.take(read, delete, &values).await? else {
            return Ok(None);
        };
        Ok(Some(VerificationToken::new(identifier, token.clone(), row.time()?)))
    }
}
