//! Settings by the names that they have in NextAuth: `wellKnown`, `authorization.params`, `trustHost`.

extern crate renamed_typegate as typegate;

use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    let acme = Oidc::builder()
        .id("acme")
        .name("Acme")
        .well_known("https://id.acme.example/.well-known/openid-configuration")
        .client(OAuthClient::new("client", "s3cr3t".into()))
        .authorization_params([("prompt", "login")])
        .scopes("openid email")
        .build();
    Auth::builder().secret(Secret::from_env()?).trust_host(true).provider(acme).build()?;
    Ok(())
}
