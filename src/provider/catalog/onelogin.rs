use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a subdomain of OneLogin.
///
/// The issuer is `https://acme.onelogin.com/oidc/2`, with the path, which NextAuth v4 added by
/// itself. Add an application of the kind OpenID Connect with the callback URL
/// `https://<your site>/api/auth/callback/onelogin`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(id = "onelogin", name = "OneLogin", issuer = "{issuer}")]
pub struct OneLogin {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
