//! The authorization response (RFC 6749 section 4.1.2): the parameters with which the browser comes
//! back.

use super::advice::Asked;
use super::issuer::difference;
use super::{CheckValues, OAuthDefinition, ProviderMetadata, RelyingParty};
use crate::crypto::hash::equal;
use crate::error::{OAuthError, Quoted};
use crate::web::outbound::{error_code, quotes, sentence};
use crate::web::{Field, Fields};

/// Longest code that is passed on.
const MAXIMUM_CODE_LENGTH: usize = 8 * 1024;

/// The parameters of a response, none of which has been checked yet.
pub(crate) struct AuthorizationResponse<'a> {
    code: Option<&'a str>,
    state: Option<&'a str>,
    pub(super) iss: Option<&'a str>,
    /// OpenID Connect Session Management 1.0 section 2.
    pub(super) session_state: Option<&'a str>,
    pub(super) parameters: &'a Fields,
}

impl<'a> AuthorizationResponse<'a> {
    /// Refuses parameters that are repeated (RFC 6749 section 3.1) or not text.
    pub(crate) fn read(answer: &'a Fields) -> Result<Self, OAuthError> {
        for name in ["code", "state", "iss"] {
            if answer.field(name) == Field::Unusable {
                return Err(OAuthError::parameter(name, "is repeated or no text"));
            }
        }
        let [code, state, iss, session_state] =
            ["code", "state", "iss", "session_state"].map(|name| answer.text(name));
        Ok(Self { code, state, iss, session_state, parameters: answer })
    }

    pub(super) fn check_state(&self, checks: &CheckValues) -> Result<(), OAuthError> {
        let refused = |reason: &'static str| Err(OAuthError::parameter("state", reason));
        match (checks.state.as_deref(), self.state) {
            (Some(expected), Some(given)) if equal(expected.as_bytes(), given.as_bytes()) => Ok(()),
            (Some(_), Some(_)) => refused("is not the one sent"),
            (Some(_), None) => refused("is missing"),
            (None, Some(_)) => refused("was not asked for"),
            (None, None) => Ok(()),
        }
    }

    /// The front channel carries nothing but a code (RFC 9700 section 2.1.2).
    pub(super) fn code(&self) -> Result<&'a str, OAuthError> {
        match self.code.filter(|code| !code.is_empty()) {
            Some(code) if code.len() > MAXIMUM_CODE_LENGTH => {
                Err(OAuthError::parameter("code", "is too long"))
            }
            // RFC 6749 appendix A.11.
            Some(code) if code.contains(char::is_control) => {
                Err(OAuthError::parameter("code", "holds a control character"))
            }
            Some(code) => Ok(code),
            None => Err(OAuthError::parameter("code", "is missing")),
        }
    }

    /// RFC 9207 section 2.4. Of a provider whose issuer nobody knows there is nothing to compare
    /// with, so its `iss` is as good as none.
    pub(super) fn check_issuer(
        &self,
        definition: &OAuthDefinition,
        metadata: &ProviderMetadata,
    ) -> Result<(), OAuthError> {
        match (self.iss, metadata.issuer.as_deref()) {
            (Some(_), None) => Ok(()),
            (Some(given), Some(issuer)) if definition.is_issuer(given, issuer) => Ok(()),
            (Some(given), Some(issuer)) => {
                let hint = difference(given, issuer);
                let (given, issuer) = (Quoted(given), Quoted(issuer));
                let reason = format!("is {given}, and the provider's issuer is {issuer}{hint}");
                Err(OAuthError::parameter("iss", reason))
            }
            (None, _) if metadata.authorization_response_iss_parameter_supported => {
                Err(OAuthError::parameter("iss", "is missing, and the provider sends it"))
            }
            (None, _) => Ok(()),
        }
    }
}

/// The error that a provider sent along with the browser (RFC 6749 section 4.1.2.1). Some put it
/// into the query of a callback that is otherwise a form. What of it is repeated has nothing of `sent`.
pub(crate) fn error_response(answer: &Fields, query: &Fields, sent: &[&str]) -> Option<OAuthError> {
    let error = match (answer.field("error"), query.field("error")) {
        (Field::Absent, Field::Absent) => return None,
        (Field::Absent, field) | (field, _) => field,
    };
    let code = error.text().and_then(error_code).filter(|code| !quotes(code, sent));
    let texts = [answer, query].into_iter();
    let description = texts.filter_map(|fields| fields.text("error_description")).next();
    Some(OAuthError::ProviderRefused {
        error: code.unwrap_or_else(|| "unreadable".into()),
        description: description.and_then(|text| sentence(text, sent)),
        advice: None,
    })
}

impl RelyingParty {
    /// The error that the provider sent, with what to do about it.
    pub(crate) fn error_response(
        &self,
        answer: &Fields,
        query: &Fields,
        redirect_uri: &str,
    ) -> Option<OAuthError> {
        let asked = Asked {
            definition: &self.definition,
            metadata: None,
            redirect_uri: Some(redirect_uri),
        };
        // Not the client secret, which the browser never had: how long it takes to find a secret in a
        // text of a visitor's choice depends on both.
        let sent = ["state", "code"].map(|name| answer.text(name));
        let sent: Vec<&str> = sent.into_iter().flatten().collect();
        Some(match error_response(answer, query, &sent)? {
            OAuthError::ProviderRefused { error, description, .. } => {
                let advice = asked.advice(&error);
                OAuthError::ProviderRefused { error, description, advice }
            }
            other => other,
        })
    }

    /// Whether an error response may be this provider's. RFC 9207 section 2.4 holds for errors too:
    /// one that names another issuer says nothing about this sign-in.
    pub(crate) fn may_have_sent(&self, answer: &Fields) -> bool {
        let Some(issuer) = self.definition.issuer_of_callbacks() else { return true };
        match answer.field("iss") {
            Field::Absent => true,
            field => field.text().is_some_and(|given| self.definition.is_issuer(given, issuer)),
        }
    }
}
