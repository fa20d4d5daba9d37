//! The ways of the authorization request and of its answer: the response mode, pushed authorization
//! requests (RFC 9126), and further parameters.

use super::word::words;

/// How the browser brings the answer back.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ResponseMode {
    /// In the query of the callback address: what OAuth 2.0 does by default.
    #[default]
    Query,
    /// By a form that the provider's page posts (OAuth 2.0 Form Post Response Mode), which keeps
    /// the code out of addresses and logs. Apple insists on it.
    ///
    /// Such a POST comes from another site, so the check cookies of this provider, and of no
    /// other, are sent with `SameSite=None; Secure`. Cookies of the session are not: whoever is
    /// signed in looks signed out to this callback, so an account cannot be linked by it, and the
    /// browser ends at the site's own address whatever callback URL was asked for.
    FormPost,
}

words! { ResponseMode { "query" => Query, "form_post" => FormPost } }

/// Whether the parameters of the authorization request go to the provider directly before the
/// browser is sent there (RFC 9126), so that nobody on the way can read or change them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum PushedAuthorization {
    /// If the provider's metadata require it.
    #[default]
    WhenRequired,
    /// In any case: without an endpoint for it no sign-in starts.
    Always,
}

words! { PushedAuthorization { "when_required" => WhenRequired, "always" => Always } }

/// Adds parameters by their names: one that is there gets the new value in its place.
pub(crate) fn add_parameters(known: &mut Vec<(String, String)>, added: Vec<(String, String)>) {
    for (name, value) in added {
        match known.iter_mut().find(|(existing, _)| *existing == name) {
            Some((_, existing)) => *existing = value,
            None => known.push((name, value)),
        }
    }
}
