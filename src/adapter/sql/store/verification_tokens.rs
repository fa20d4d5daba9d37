//! Sign-in links, each good for one use.

use super::{Answer, Store, is_blank, new_key};
use crate::adapter::sql::Driver;
use crate::crypto::secret::TokenHash;
use crate::model::VerificationToken;

impl<D: Driver> Store<D> {
    pub(in crate::adapter) async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Answer<()> {
        let key = new_key()?;
        let values = [
            token.identifier.as_str().into(),
            token.token.expose().into(),
            token.expires.as_millisecond().into(),
            key.as_str().into(),
        ];
        self.write(&self.statements.insert_verification_token, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Answer<Option<VerificationToken>> {
        if is_blank(identifier) || is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [identifier.into(), token.expose().into()];
        let (read, delete) =
            (&self.statements.verification_token, &self.statements.use_verification_token);
        let Some(mut row) = self.take(read, delete, &values).await? else {
            return Ok(None);
        };
        Ok(Some(VerificationToken::new(identifier, token.clone(), row.time()?)))
    }
}
