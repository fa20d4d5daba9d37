use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Bitbucket Cloud. It says addresses only on a page of their own, so users have none.
///
/// Add an OAuth consumer in the settings of a workspace with the callback URL
/// `https://<your site>/api/auth/callback/bitbucket` and the permission "Account: read".
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "bitbucket",
    name = "Bitbucket",
    authorization_endpoint = "https://bitbucket.org/site/oauth2/authorize",
    token_endpoint = "https://bitbucket.org/site/oauth2/access_token",
    userinfo_endpoint = "https://api.bitbucket.org/2.0/user",
    scope = "account",
    profile = BitbucketUser,
    style(background = "#205081", text = "#fff")
)]
pub struct Bitbucket {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct BitbucketUser {
    #[profile(id)]
    account_id: String,
    #[profile(name)]
    display_name: Option<String>,
    #[profile(name)]
    username: Option<String>,
    #[profile(image, path = "links.avatar.href")]
    picture: Option<String>,
}
