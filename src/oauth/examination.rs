//! The examination of a provider: what can be asked of it without a visitor, for whoever sets it up.

use bytes::Bytes;
use http::Request;
use http::header::DATE;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use url::Url;

use super::RelyingParty;
use crate::error::{BoxError, OAuthError};

/// What a provider answered.
#[derive(Debug)]
pub(crate) struct Examination {
    /// The address that was asked: the discovery document, or the token endpoint where all
    /// endpoints are declared.
    pub(crate) asked: Option<Url>,
    /// The metadata, or that there was an answer at all.
    pub(crate) metadata: Result<(), BoxError>,
    /// Whether there are keys that can be used; none where no ID token needs them.
    pub(crate) keys: Option<Result<(), OAuthError>>,
    /// Why none of them verifies anything, as the end of a sentence.
    pub(crate) useless_keys: Option<String>,
    /// How many seconds this machine's clock is ahead of the provider's.
    pub(crate) clock_ahead: Option<i64>,
}

impl RelyingParty {
    /// Fetches metadata and keys, and compares the clocks.
    pub(crate) async fn examine(&self) -> Examination {
        let now = self.clock.now();
        let endpoints = &self.definition.endpoints;
        let document = endpoints.document_url().and_then(|url| Url::parse(&url).ok());
        let metadata = match self.server.metadata(&self.http_client, now).await {
            Ok(metadata) => metadata,
            Err(error) => {
                let metadata = Err(error.into());
                return Examination {
                    asked: document,
                    metadata,
                    keys: None,
                    useless_keys: None,
                    clock_ahead: None,
                };
            }
        };
        let asked = document.unwrap_or_else(|| metadata.token_endpoint.clone());
        let (answered, clock_ahead) = match self.date(&asked).await {
            Ok(date) => (Ok(()), date),
            Err(error) => (Err(error), None),
        };
        let keys = match (&metadata.jwks_uri, endpoints.is_openid_connect()) {
            (Some(_), true) => {
                let keys = self.server.keys(&self.http_client, &metadata, now, None).await;
                Some(keys)
            }
            _ => None,
        };
        let useless_keys = match &keys {
            Some(Ok(keys)) => keys.value.uselessness(),
            _ => None,
        };
        Examination {
            asked: Some(asked),
            metadata: answered,
            keys: keys.map(|keys| keys.map(drop)),
            useless_keys,
            clock_ahead,
        }
    }

    /// How far the clocks are apart, by the `Date` of an answer of whatever status (RFC 9110
    /// section 6.6.1).
    async fn date(&self, url: &Url) -> Result<Option<i64>, BoxError> {
        let request = Request::get(url.as_str()).body(Bytes::new())?;
        let answer = self.http_client.send(request).await?;
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        let theirs = date.and_then(|date| rfc2822::parse(date).ok());
        Ok(theirs.map(|theirs| seconds_ahead(self.clock.now(), theirs.timestamp())))
    }
}

fn seconds_ahead(ours: Timestamp, theirs: Timestamp) -> i64 {
    ours.as_second().saturating_sub(theirs.as_second())
}
