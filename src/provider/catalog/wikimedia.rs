use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with an account of Wikipedia and its sisters. Not everybody has an address there.
///
/// Propose a consumer at <https://meta.wikimedia.org/wiki/Special:OAuthConsumerRegistration> with
/// the callback URL `https://<your site>/api/auth/callback/wikimedia`; it is reviewed before it
/// can be used.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "wikimedia",
    name = "Wikimedia",
    authorization_endpoint = "https://meta.wikimedia.org/w/rest.php/oauth2/authorize",
    token_endpoint = "https://meta.wikimedia.org/w/rest.php/oauth2/access_token",
    userinfo_endpoint = "https://meta.wikimedia.org/w/rest.php/oauth2/resource/profile",
    scope = "",
    profile = WikimediaUser,
    style(background = "#000", text = "#fff")
)]
pub struct Wikimedia {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct WikimediaUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    username: Option<String>,
    #[profile(email)]
    email: Option<String>,
}
