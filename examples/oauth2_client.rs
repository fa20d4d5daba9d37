//! What is no sign-in, with the provider that people sign in with: client credentials, a device
//! without a browser, introspection and revocation. Needs the feature `oauth2`.
//!
//! ```sh
//! cargo run --example oauth2_client
//! ```
//!
//! The provider is the one for tests, in this process, so nothing has to be registered anywhere. For
//! a real one leave out the HTTP client and the clock, and wait by `tokio::time::sleep`.

#![expect(clippy::print_stdout, reason = "a command-line program")]

use std::time::Duration;

use typegate::oauth2::{
    AccessToken, Scope, StandardDeviceAuthorizationResponse, TokenIntrospectionResponse as _,
    TokenResponse as _,
};
use typegate::testing::{FrozenClock, IdentityProvider};
use typegate::{Auth, BoxError, OAuth2Client, Secret};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let clock = FrozenClock::at(1_700_000_000);
    let provider = IdentityProvider::new().clock(clock.clone());
    let auth = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?) // Secret::from_env()
        .url("http://localhost:3000".parse()?)
        .provider(provider.oidc("acme"))
        .http_client(provider.clone())
        .clock(clock.clone())
        .build()?;
    let acme = auth.oauth2_client("acme").await?;

    // RFC 6749 section 4.4: this program speaks for itself.
    let request = acme.client.exchange_client_credentials();
    let request = request.add_scope(Scope::new("reports:read".to_owned()));
    let own = request.request_async(&acme.http_client).await?;
    println!("client credentials: {}", described(&acme, own.access_token()).await?);

    // RFC 8628: a device shows a code, and somebody with a browser enters it.
    let request = acme.client.exchange_device_code()?;
    let request = request.add_scope(Scope::new("calendar".to_owned()));
    let shown: StandardDeviceAuthorizationResponse =
        request.request_async(&acme.http_client).await?;
    let code = shown.user_code().secret();
    println!("device code: go to {} and enter {code}", shown.verification_uri().as_str());
    let wait = |interval: Duration| {
        println!("device code: nobody has yet, so it waits {} s", interval.as_secs());
        clock.advance(interval.as_secs().cast_signed());
        provider.enter_user_code(code, true);
        std::future::ready(())
    };
    let request = acme.client.exchange_device_access_token(&shown);
    let device = request.request_async(&acme.http_client, wait, None).await?;
    println!("device code: {}", described(&acme, device.access_token()).await?);

    // RFC 7009: with the refresh token everything ends that came of the same consent.
    let token = device.refresh_token().ok_or("the provider gave no refresh token")?;
    let request = acme.client.revoke_token(token.into())?;
    request.request_async(&acme.http_client).await?;
    println!("revocation: the device's is {}", described(&acme, device.access_token()).await?);
    println!("revocation: the program's is {}", described(&acme, own.access_token()).await?);
    Ok(())
}

/// What the provider knows of a token (RFC 7662).
async fn described(acme: &OAuth2Client, token: &AccessToken) -> Result<String, BoxError> {
    let request = acme.client.introspect(token)?;
    let answer = request.request_async(&acme.http_client).await?;
    let scopes = answer.scopes().into_iter().flatten().map(|scope| scope.as_str());
    let scopes = scopes.collect::<Vec<_>>().join(" ");
    Ok(match (answer.active(), answer.sub()) {
        (true, Some(subject)) => format!("active, `{scopes}` for `{subject}`"),
        (true, None) => format!("active, `{scopes}`"),
        (false, _) => "not active".to_owned(),
    })
}
