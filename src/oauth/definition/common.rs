//! The part of a definition that every identity provider has, whatever protocol it speaks.

use super::{EmailVouching, ProfileMapper};
use crate::theme::ButtonStyle;

/// The part that OAuth 2.0 and OAuth 1.0a share.
#[derive(Clone, Debug)]
pub struct Common {
    /// A segment of the provider's addresses and part of stored accounts.
    pub(crate) id: String,
    /// The name people read.
    pub(crate) name: String,
    pub(crate) profile: ProfileMapper,
    pub(crate) style: Option<ButtonStyle>,
    pub(crate) email_vouching: EmailVouching,
    pub(crate) dangerously_link_by_email: bool,
    /// What to know of a provider that NextAuth calls a beta.
    pub(crate) beta: Option<&'static str>,
}
