//! The steps of a sign-in, for whoever looks into one: NextAuth v4's debug codes, and two of
//! our own.
//!
//! They go to `tracing` at the level debug, and name members and lengths only: v4's contain states,
//! verifiers, tokens and client secrets.

use super::OneLine;
use crate::error::ErrorCode;

/// A step that went well.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A method of the adapter, named by the code of its failure, is called.
    Adapter(ErrorCode),
    CallbackIssuer,
    CallbackUrl,
    ChunkingSessionCookie,
    CreateNonce,
    CreatePkceCodeVerifier,
    CreateState,
    GetAuthorizationUrl,
    OAuthCallbackResponse,
    ProfileData,
}

impl Step {
    /// v4's spelling.
    fn code(self) -> String {
        match self {
            Self::Adapter(method) => method.as_str().replacen("_error_", "_", 1),
            Self::CallbackIssuer => "CALLBACK_ISSUER".into(),
            Self::CallbackUrl => "CALLBACK_URL".into(),
            Self::ChunkingSessionCookie => "CHUNKING_SESSION_COOKIE".into(),
            Self::CreateNonce => "CREATE_NONCE".into(),
            Self::CreatePkceCodeVerifier => "CREATE_PKCECODEVERIFIER".into(),
            Self::CreateState => "CREATE_STATE".into(),
            Self::GetAuthorizationUrl => "GET_AUTHORIZATION_URL".into(),
            Self::OAuthCallbackResponse => "OAUTH_CALLBACK_RESPONSE".into(),
            Self::ProfileData => "PROFILE_DATA".into(),
        }
    }
}

/// Reports a step, at no cost if nobody listens.
pub(crate) fn step(step: Step, provider: Option<&str>, says: impl FnOnce() -> String) {
    if tracing::enabled!(target: "typegate", tracing::Level::DEBUG) {
        let message = OneLine::of(says());
        tracing::debug!(target: "typegate", code = step.code(), provider, "{message}");
    }
}

/// Names in one line.
pub(crate) fn names<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    format!("{what}: {}", names.collect::<Vec<_>>().join(", "))
}
