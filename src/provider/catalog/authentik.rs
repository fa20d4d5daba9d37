use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a server of authentik.
///
/// Create an OAuth2/OpenID provider and an application of it with the callback URL `https://<your
/// site>/api/auth/callback/authentik`. The issuer is `https://<server>/application/o/<slug>/`, with
/// the slash at its end; without it, it is taken too and logged once (`ISSUER_SLASH`). The provider needs a signing key: without one it signs ID tokens with the
/// client secret, and they are refused.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "authentik",
    name = "Authentik",
    issuer = "{issuer}",
    issuer_comparison = "ignoring_final_slash"
)]
pub struct Authentik {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
