//! Settings of the builder by the names that NextAuth has for them.

use super::builder::AuthBuilder;
use super::slot::Told;
use crate::rule::other_name::{CalledDiagnostics, CalledPathOfUrl, CalledTrustProxy, CalledUrl};
use crate::rule::stand_ins;
use crate::setting;

stand_ins! {
    AuthBuilder<Told>, setting::url, CalledUrl: base_url nextauth_url site_url;
    AuthBuilder<Told>, setting::url, CalledPathOfUrl: base_path;
    AuthBuilder<Told>, setting::url, CalledTrustProxy: trust_host;
    AuthBuilder<Told>, setting::diagnostics, CalledDiagnostics: debug;
}
