use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Foursquare.
///
/// Create a project at <https://foursquare.com/developers> with the redirect URL
/// `https://<your site>/api/auth/callback/foursquare`.
///
/// The profile is that of version 2 of the API. Foursquare has moved places to another API; whether
/// users stay could not be found out in November 2026.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "foursquare",
    name = "Foursquare",
    authorization_endpoint = "https://foursquare.com/oauth2/authenticate",
    token_endpoint = "https://foursquare.com/oauth2/access_token",
    userinfo_endpoint(
        url = "https://api.foursquare.com/v2/users/self",
        query(v = "{api_version}", oauth_token = "{access_token}")
    ),
    profile = FoursquareUser,
    style(background = "#000", text = "#fff")
)]
pub struct Foursquare {
    client_id: String,
    client_secret: ClientSecret,
    /// The day whose version of the API answers, such as `20230131`.
    #[provider(default = "20230131")]
    api_version: String,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}", image = "{photo_prefix}original{photo_suffix}")]
struct FoursquareUser {
    #[profile(id, path = "response.user.id")]
    id: String,
    #[profile(path = "response.user.firstName")]
    first_name: Option<String>,
    #[profile(path = "response.user.lastName")]
    last_name: Option<String>,
    #[profile(email, path = "response.user.contact.email")]
    email: Option<String>,
    #[profile(path = "response.user.photo.prefix")]
    photo_prefix: Option<String>,
    #[profile(path = "response.user.photo.suffix")]
    photo_suffix: Option<String>,
}
