use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with an account of NetSuite.
///
/// Create an integration record under "Setup, Integration, Manage Integrations" with the callback
/// URL `https://<your site>/api/auth/callback/netsuite`.
///
/// NetSuite does not say who signed in. A RESTlet of your own does, deployed in the account and
/// answering with `id`, `name` and `email` of the current user.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "netsuite",
    name = "NetSuite",
    authorization_endpoint = "https://{account_id}.app.netsuite.com/app/login/oauth2/authorize.nl",
    token_endpoint = "https://{account_id}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
    userinfo_endpoint = "{userinfo}",
    scope = "restlets rest_webservices",
    profile = NetSuiteUser,
    style(background = "#181a1b", text = "#fbfbfb")
)]
pub struct NetSuite {
    client_id: String,
    client_secret: ClientSecret,
    /// The id of the account as its host names have it, such as `1234567-sb1`.
    account_id: String,
    /// The address of the RESTlet.
    userinfo: String,
}

#[derive(RawProfile)]
struct NetSuiteUser {
    #[profile(id)]
    id: i64,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
}
