use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Twitter (X), by OAuth 2.0.
///
/// Register an app at <https://developer.x.com> with the callback URL
/// `https://<your site>/api/auth/callback/twitter`. The address comes only
/// [`with_email`](Self::with_email).
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "twitter",
    name = "Twitter",
    authorization_endpoint = "https://x.com/i/oauth2/authorize",
    token_endpoint = "https://api.x.com/2/oauth2/token",
    userinfo_endpoint(
        url = "https://api.x.com/2/users/me",
        query("user.fields" = "{user_fields}")
    ),
    scope = "{scope}",
    profile = TwitterUser,
    beta = "signs in by OAuth 2.0, which does not give the e-mail address, save `with_email`",
    style(background = "#1da1f2", text = "#000")
)]
pub struct Twitter {
    client_id: String,
    client_secret: ClientSecret,
    /// What is asked for; `users.read tweet.read offline.access` by default.
    #[provider(default = "users.read tweet.read offline.access")]
    scope: String,
    /// Which members the answer has besides id, name and user name; `profile_image_url` by default.
    #[provider(default = "profile_image_url")]
    user_fields: String,
}

impl Twitter {
    /// Asks for the address that the person has confirmed to X, by the scope `users.email`. Only
    /// for an app that is allowed to: "Request email from users" in its settings.
    #[must_use]
    pub fn with_email(self) -> Self {
        self.scope("users.read users.email tweet.read offline.access")
            .user_fields("profile_image_url,confirmed_email")
    }
}

#[derive(RawProfile)]
struct TwitterUser {
    #[profile(id, path = "data.id")]
    id: String,
    #[profile(name, path = "data.name")]
    name: Option<String>,
    #[profile(email, path = "data.confirmed_email", or = "data.email")]
    email: Option<String>,
    #[profile(image, path = "data.profile_image_url")]
    picture: Option<String>,
}
