use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Notion.
///
/// Register a public integration at <https://www.notion.so/my-integrations> with the callback URL
/// `https://<your site>/api/auth/callback/notion`. The address needs the capability "read user
/// information including email addresses".
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "notion",
    name = "Notion",
    authorization_endpoint(url = "https://api.notion.com/v1/oauth/authorize", params(owner = "user")),
    token_endpoint = "https://api.notion.com/v1/oauth/token",
    userinfo_endpoint(
        url = "https://api.notion.com/v1/users/me",
        headers("Notion-Version" = "2022-06-28"),
        // The answer is about the integration; the person is its owner.
        select = "bot.owner.user"
    ),
    profile = NotionUser,
    style(background = "#fff", text = "#000")
)]
pub struct Notion {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct NotionUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email, path = "person.email")]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
