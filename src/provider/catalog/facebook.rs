use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Facebook.
///
/// Create an app with Facebook Login at <https://developers.facebook.com/apps> with the OAuth
/// redirect URI `https://<your site>/api/auth/callback/facebook`. Who signed up with a telephone
/// number, or does not consent, has no address.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "facebook",
    name = "Facebook",
    authorization_endpoint = "https://www.facebook.com/v25.0/dialog/oauth",
    token_endpoint = "https://graph.facebook.com/oauth/access_token",
    userinfo_endpoint(url = "https://graph.facebook.com/me", query(fields = "id,name,email,picture")),
    scope = "email",
    profile = FacebookUser,
    style(background = "#006aff", text = "#fff")
)]
pub struct Facebook {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct FacebookUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image, path = "picture.data.url")]
    picture: Option<String>,
}
