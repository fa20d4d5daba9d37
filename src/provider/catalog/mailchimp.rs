use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Mailchimp.
///
/// Register an app at <https://admin.mailchimp.com/account/oauth2/> with the callback URL
/// `https://<your site>/api/auth/callback/mailchimp`. The answer's `api_endpoint`, the address of
/// the account's data centre, is in the raw profile.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "mailchimp",
    name = "Mailchimp",
    authorization_endpoint = "https://login.mailchimp.com/oauth2/authorize",
    token_endpoint = "https://login.mailchimp.com/oauth2/token",
    userinfo_endpoint = "https://login.mailchimp.com/oauth2/metadata",
    profile = MailchimpUser,
    style(background = "#000", text = "#fff")
)]
pub struct Mailchimp {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct MailchimpUser {
    #[profile(id, path = "login.login_id")]
    login_id: u64,
    #[profile(name)]
    accountname: Option<String>,
    #[profile(email, path = "login.email")]
    email: Option<String>,
}
