use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in through WorkOS, which speaks with the customers' identity providers.
///
/// Register the callback URL `https://<your site>/api/auth/callback/workos` at
/// <https://dashboard.workos.com>. WorkOS has to be told whom to ask: by
/// [`connection`](Self::connection), or by an authorization parameter `organization` or
/// `provider`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "workos",
    name = "WorkOS",
    authorization_endpoint(url = "{issuer}/sso/authorize", params(connection = "{connection}")),
    token_endpoint = "{issuer}/sso/token",
    userinfo_endpoint = "{issuer}/sso/profile",
    client_authentication = "post",
    profile = WorkOsUser,
    style(background = "#6363f1", text = "#fff")
)]
pub struct WorkOs {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the API; `https://api.workos.com/` by default.
    #[provider(default = "https://api.workos.com/")]
    issuer: String,
    /// The id of the connection that everybody signs in with.
    connection: Option<String>,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct WorkOsUser {
    #[profile(id)]
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image, path = "raw_attributes.picture")]
    picture: Option<String>,
}
