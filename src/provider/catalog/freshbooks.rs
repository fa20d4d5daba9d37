use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with FreshBooks.
///
/// Create an app at <https://my.freshbooks.com/#/developer> with the redirect URI
/// `https://<your site>/api/auth/callback/freshbooks`. What is asked for are the scopes of the app.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "freshbooks",
    name = "Freshbooks",
    authorization_endpoint = "https://auth.freshbooks.com/service/auth/oauth/authorize",
    token_endpoint = "https://api.freshbooks.com/auth/oauth/token",
    userinfo_endpoint = "https://api.freshbooks.com/auth/api/v1/users/me",
    profile = FreshBooksUser,
    style(background = "#0075dd", text = "#fff")
)]
pub struct FreshBooks {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct FreshBooksUser {
    #[profile(id, path = "response.id")]
    id: u64,
    #[profile(path = "response.first_name")]
    first_name: Option<String>,
    #[profile(path = "response.last_name")]
    last_name: Option<String>,
    #[profile(email, path = "response.email")]
    email: Option<String>,
}
