use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Zoho, at its data centre in the United States or another one.
///
/// Register a server-based application at <https://api-console.zoho.com>, or at the same page of the
/// data centre, with the callback URL `https://<your site>/api/auth/callback/zoho`. An application
/// belongs to the data centre where it was registered:
///
/// ```
/// use typegate::provider::catalog::Zoho;
///
/// let provider = Zoho::new("client id", "client secret".into())
///     .accounts_url("https://accounts.zoho.eu");
/// ```
///
/// An application that is allowed to serve several gets the one of the person in the callback
/// (`location`, `accounts-server`). That is not followed, because whoever sends a browser here would
/// choose who is given the client secret: such an application has one provider for each.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "zoho",
    name = "Zoho",
    authorization_endpoint = "{accounts_url}/oauth/v2/auth",
    token_endpoint = "{accounts_url}/oauth/v2/token",
    userinfo_endpoint = "{accounts_url}/oauth/user/info",
    scope = "AaaServer.profile.Read",
    profile = ZohoUser
)]
pub struct Zoho {
    client_id: String,
    client_secret: ClientSecret,
    /// The accounts server of a data centre; `https://accounts.zoho.com` by default. Others are at
    /// `accounts.zoho.eu`, `.in`, `.com.au`, `.jp`, `.sa` and `.uk`, and at `accounts.zohocloud.ca`.
    #[provider(default = "https://accounts.zoho.com")]
    accounts_url: String,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct ZohoUser {
    #[profile(id, path = "ZUID")]
    zuid: String,
    #[profile(path = "First_Name")]
    first_name: Option<String>,
    #[profile(path = "Last_Name")]
    last_name: Option<String>,
    #[profile(email, path = "Email")]
    email: Option<String>,
}
