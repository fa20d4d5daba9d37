use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION};
use serde_json::Value;
use typegate::provider::UserInfoRequest;
use typegate::{BoxError, ClientSecret, OAuthProvider, RawProfile};

/// Sign in with GitHub.
///
/// Register an OAuth app at <https://github.com/settings/developers> with the callback URL
/// `https://<your site>/api/auth/callback/github`.
///
/// On a server of one's own:
///
/// ```
/// use typegate::ClientSecret;
/// use typegate::provider::catalog::GitHub;
///
/// let provider = GitHub::new("client id", ClientSecret::new("client secret"))
///     .base_url("https://git.acme.example")
///     .api_url("https://git.acme.example/api/v3");
/// ```
// v4 asks for state only; GitHub has supported PKCE since 2025.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "github",
    name = "GitHub",
    authorization_endpoint = "{base_url}/login/oauth/authorize",
    token_endpoint = "{base_url}/login/oauth/access_token",
    userinfo_endpoint(url = "{api_url}/user", hook = with_email),
    callback_issuer = "{base_url}/login/oauth",
    scope = "read:user user:email",
    email_vouching = "when_verified",
    profile = GitHubUser
)]
pub struct GitHub {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server; `https://github.com` by default.
    #[provider(default = "https://github.com")]
    base_url: String,
    /// The address of the server's API; `https://api.github.com` by default.
    #[provider(default = "https://api.github.com")]
    api_url: String,
}

#[derive(RawProfile)]
struct GitHubUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    login: String,
    #[profile(email)]
    email: Option<String>,
    // Put there by `with_email`.
    #[profile(email_verified)]
    email_verified: Option<bool>,
    #[profile(image)]
    avatar_url: Option<String>,
}

struct ListedAddress<'a> {
    email: &'a str,
    is_primary: bool,
    is_verified: bool,
}

impl<'a> ListedAddress<'a> {
    fn of(entry: &'a Value) -> Option<Self> {
        let is = |name| entry.get(name) == Some(&Value::Bool(true));
        let email = entry.get("email")?.as_str()?;
        Some(Self { email, is_primary: is("primary"), is_verified: is("verified") })
    }
}

/// The profile holds a public address only, and does not say whether it is verified: the list is
/// asked for where there is none, the primary one first, and where accounts are linked by address.
/// Without the list the person signs in with the public address, of which nothing is known, or with
/// none.
async fn with_email(mut request: UserInfoRequest<'_>) -> Result<Value, BoxError> {
    let public = request.raw.get("email").and_then(Value::as_str);
    let public = public.filter(|text| !text.trim().is_empty()).map(str::to_owned);
    let is_enough = public.is_some() && !request.links_by_email;
    let Some(user) = request.endpoint.filter(|_| !is_enough) else { return Ok(request.raw) };
    let token = request.tokens.access_token().unwrap_or_default();
    let question = Request::get(format!("{user}/emails"))
        .header(AUTHORIZATION, format!("token {token}"))
        .header(ACCEPT, "application/json")
        .body(Bytes::new());
    let Some(answer) = request.ask_for("email", question).await else { return Ok(request.raw) };
    if !answer.status().is_success() {
        let reason = format!("the list of addresses: GitHub answered {}", answer.status().as_u16());
        request.leave_out("email", &reason);
        return Ok(request.raw);
    }
    let Ok(Value::Array(addresses)) = serde_json::from_slice(answer.body()) else {
        request.leave_out("email", "the list of addresses is no list");
        return Ok(request.raw);
    };
    let addresses: Vec<_> = addresses.iter().filter_map(ListedAddress::of).collect();
    let mut listed = addresses.iter();
    let address = match &public {
        Some(public) => listed.find(|address| address.email.eq_ignore_ascii_case(public)),
        None => listed.find(|address| address.is_primary).or(addresses.first()),
    };
    if let (Some(address), Some(profile)) = (address, request.raw.as_object_mut()) {
        profile.insert("email".into(), address.email.into());
        profile.insert("email_verified".into(), address.is_verified.into());
    }
    Ok(request.raw)
}
