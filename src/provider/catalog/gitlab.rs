use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with GitLab, on gitlab.com or on a server of one's own.
///
/// Register an application in the preferences of a user or a group with the callback URL
/// `https://<your site>/api/auth/callback/gitlab`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "gitlab",
    name = "GitLab",
    authorization_endpoint = "{base_url}/oauth/authorize",
    token_endpoint = "{base_url}/oauth/token",
    userinfo_endpoint = "{base_url}/api/v4/user",
    scope = "read_user",
    profile = GitLabUser,
    style(background = "#FC6D26", text = "#000")
)]
pub struct GitLab {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server; `https://gitlab.com` by default.
    #[provider(default = "https://gitlab.com")]
    base_url: String,
}

#[derive(RawProfile)]
struct GitLabUser {
    // `/oauth/userinfo` says `sub`, `/api/v4/user` says `id`.
    #[profile(id, path = "sub", or = "id")]
    id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    username: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
