use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;
use typegate::provider::UserInfoRequest;
use typegate::{BoxError, ClientSecret, OAuthProvider};

/// Sign in with Microsoft Entra ID.
///
/// Register an application at <https://entra.microsoft.com> with the redirect URI
/// `https://<your site>/api/auth/callback/microsoft-entra-id` of the platform "Web".
///
/// Unless `tenant_id` says otherwise, everybody with an account at Microsoft can sign in, and the
/// address is what the administrators of their tenant say it is: do not link accounts by it, and
/// look at the claim `tid` in the `signIn` callback where only some tenants are welcome.
///
/// In one of Microsoft's national clouds:
///
/// ```
/// use typegate::provider::catalog::MicrosoftEntraId;
///
/// let provider = MicrosoftEntraId::new("client id", "client secret".into())
///     .authority("https://login.microsoftonline.us")
///     .graph_url("https://graph.microsoft.us");
/// ```
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "microsoft-entra-id",
    name = "Microsoft Entra ID",
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
pub struct MicrosoftEntraId {
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

/// The picture is at Microsoft Graph only, and not everybody has one (404). Whoever has none, or
/// whose picture cannot be had, signs in without.
pub(super) async fn with_photo(mut request: UserInfoRequest<'_>) -> Result<Value, BoxError> {
    let size = request.raw.get("profile_photo_size").and_then(Value::as_str).unwrap_or("48");
    let token = request.tokens.access_token().unwrap_or_default();
    let graph = request.raw.get("graph_url").and_then(Value::as_str).unwrap_or_default();
    let graph = graph.trim_end_matches('/');
    let url = format!("{graph}/v1.0/me/photos/{size}x{size}/$value");
    let question =
        Request::get(url).header(AUTHORIZATION, format!("Bearer {token}")).body(Bytes::new());
    let Some(answer) = request.ask_for("picture", question).await else { return Ok(request.raw) };
    let kind = answer.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or_default());
    let is_picture = kind.is_none_or(|kind| kind.to_ascii_lowercase().starts_with("image/"));
    match (answer.status().as_u16(), answer.body()) {
        (404, _) => {}
        (200..300, photo) if is_picture && !photo.is_empty() => {
            // The blank is NextAuth's.
            let picture = format!("data:image/jpeg;base64, {}", BASE64.encode(photo));
            if let Some(claims) = request.raw.as_object_mut() {
                claims.insert("picture".into(), picture.into());
            }
        }
        (200..300, _) => {
            request.leave_out("picture", "the answer of Microsoft Graph is no picture");
        }
        (status, _) => {
            request.leave_out("picture", &format!("Microsoft Graph answered {status}"));
        }
    }
    Ok(request.raw)
}
