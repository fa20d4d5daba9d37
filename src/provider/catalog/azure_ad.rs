use typegate::{ClientSecret, OAuthProvider};

use super::microsoft_entra_id::with_photo;

/// Sign in with Azure Active Directory, which is [`MicrosoftEntraId`](crate::provider::catalog::MicrosoftEntraId)
/// today.
///
/// It is here for the accounts and the callback URL of applications that began with it:
/// `https://<your site>/api/auth/callback/azure-ad`. All else is said there.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "azure-ad",
    name = "Azure Active Directory",
    issuer = "{authority}/{tenantid}/v2.0",
    tenant_claim = "tid",
    discovery_document = "{authority}/{tenant_id}/v2.0/.well-known/openid-configuration",
    userinfo_endpoint(
        add(profile_photo_size = "{profile_photo_size}", graph_url = "{graph_url}"),
        hook = with_photo
    ),
    scope = "openid profile email User.Read",
    // Whoever runs a tenant writes the addresses of its accounts.
    email_vouching = "never",
    style(background = "#0072c6", text = "#fff")
)]
pub struct AzureAd {
    client_id: String,
    client_secret: ClientSecret,
    /// Whose accounts are welcome: the id of a tenant, `organizations`, `consumers`, or
    /// `common` for all, which is the default.
    #[provider(default = "common")]
    tenant_id: String,
    /// The width of the picture: 48 by default, 64, 96, 120, 240, 360, 432, 504 or 648.
    #[provider(default = "48")]
    profile_photo_size: String,
    /// The cloud; `https://login.microsoftonline.com` by default. That of the government of the
    /// United States is `https://login.microsoftonline.us`, that in China
    /// `https://login.partner.microsoftonline.cn`.
    #[provider(default = "https://login.microsoftonline.com")]
    authority: String,
    /// Microsoft Graph of that cloud, which has the picture; `https://graph.microsoft.com` by
    /// default. It is `https://graph.microsoft.us` or `https://dod-graph.microsoft.us` in that of
    /// the government of the United States, and `https://microsoftgraph.chinacloudapi.cn` in China.
    #[provider(default = "https://graph.microsoft.com")]
    graph_url: String,
}
