use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Threads, which gives no address and knows no PKCE.
///
/// Create an app for the Threads API at <https://developers.facebook.com/apps> with the callback
/// URL `https://<your site>/api/auth/callback/threads`. It has to be https, even on the own
/// machine.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "threads",
    name = "Threads",
    authorization_endpoint = "https://www.threads.com/oauth/authorize",
    token_endpoint = "https://graph.threads.net/oauth/access_token",
    userinfo_endpoint(
        url = "https://graph.threads.net/v1.0/me",
        query(fields = "id,username,threads_profile_picture_url")
    ),
    scope = "threads_basic",
    checks(state),
    client_authentication = "post",
    profile = ThreadsUser,
    style(background = "#000", text = "#fff")
)]
pub struct Threads {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct ThreadsUser {
    // Meta documents the members at the top, NextAuth reads them below `data`.
    #[profile(id, path = "data.id", or = "id")]
    id: String,
    #[profile(name, path = "data.username", or = "username")]
    username: Option<String>,
    #[profile(
        image,
        path = "data.threads_profile_picture_url",
        or = "threads_profile_picture_url"
    )]
    picture: Option<String>,
}
