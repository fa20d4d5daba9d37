use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Azure DevOps, by its own OAuth.
///
/// Microsoft has registered no new applications since April 2025, has announced the end of this OAuth
/// for 2026 (whether it has come could not be tried in November 2026), and sends people to
/// [`MicrosoftEntraId`](crate::provider::catalog::MicrosoftEntraId). The secret is what the application's page calls
/// the client secret, a JWT, and the callback URL is
/// `https://<your site>/api/auth/callback/azure-devops`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "azure-devops",
    name = "Azure DevOps",
    authorization_endpoint(
        url = "https://app.vssps.visualstudio.com/oauth2/authorize",
        params(response_type = "Assertion")
    ),
    // The code is the assertion of RFC 7523, and so is the secret.
    token_endpoint(
        url = "https://app.vssps.visualstudio.com/oauth2/token",
        form(
            client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion = "{client_secret}",
            grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            assertion = "{code}",
            redirect_uri = "{redirect_uri}"
        ),
        only_declared_form
    ),
    userinfo_endpoint(
        url = "https://app.vssps.visualstudio.com/_apis/profile/profiles/me",
        query(details = "true", coreAttributes = "Avatar", "api-version" = "6.0"),
        // The token's type is `jwt-bearer`.
        headers(Authorization = "Bearer {access_token}")
    ),
    scope = "vso.profile",
    checks(state),
    profile = AzureDevOpsUser
)]
pub struct AzureDevOps {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(image = "data:image/jpeg;base64,{avatar}")]
struct AzureDevOpsUser {
    #[profile(id)]
    id: String,
    #[profile(name, path = "displayName")]
    display_name: Option<String>,
    #[profile(email, path = "emailAddress")]
    email: Option<String>,
    #[profile(path = "coreAttributes.Avatar.value.value")]
    avatar: Option<String>,
}
