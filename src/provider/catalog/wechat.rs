use serde_json::Value;
use typegate::provider::UserInfoRequest;
use typegate::{BoxError, ClientSecret, OAuthProvider, RawProfile};

/// Sign in with WeChat, which calls the client id "appid", gives no address and knows no PKCE.
///
/// For pages inside WeChat register an official account at <https://mp.weixin.qq.com>; for a
/// website with a QR code register a website application at <https://open.weixin.qq.com> and
/// write [`website_app`](Self::website_app). Either asks for the domain of the callback URL
/// `https://<your site>/api/auth/callback/wechat` only.
///
/// The account's id is `unionid`, which WeChat gives to applications that are bound to an Open
/// Platform account. Without it nobody is signed in, unless [`account_id`](Self::account_id) says
/// that it is `openid`, which a person has for one application only: choose once, because it finds
/// other accounts.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "wechat",
    name = "WeChat",
    authorization_endpoint(
        url = "{authorization_url}",
        params(appid = "{client_id}"),
        fragment = "wechat_redirect"
    ),
    token_endpoint(
        url = "https://api.weixin.qq.com/sns/oauth2/access_token",
        query(appid = "{client_id}", secret = "{client_secret}")
    ),
    userinfo_endpoint(
        url = "https://api.weixin.qq.com/sns/userinfo",
        query(access_token = "{access_token}", openid = "{tokens.openid}", lang = "zh_CN"),
        add(account_id = "{account_id}"),
        hook = with_id
    ),
    scope = "{scope}",
    checks(state),
    profile = WeChatUser,
    style(background = "#fff", text = "#000")
)]
pub struct WeChat {
    client_id: String,
    client_secret: ClientSecret,
    /// Where the person is sent; the page of official accounts by default.
    #[provider(default = "https://open.weixin.qq.com/connect/oauth2/authorize")]
    authorization_url: String,
    /// What is asked for; `snsapi_userinfo` by default.
    #[provider(default = "snsapi_userinfo")]
    scope: String,
    /// Which member is the account's id: `unionid`, the default, or `openid`.
    #[provider(default = "unionid")]
    account_id: String,
}

#[derive(RawProfile)]
struct WeChatUser {
    // Put there by `with_id`.
    #[profile(id)]
    account_id: String,
    #[profile(name)]
    nickname: Option<String>,
    #[profile(image)]
    headimgurl: Option<String>,
}

impl WeChat {
    /// For a website application: the person scans a QR code.
    #[must_use]
    pub fn website_app(self) -> Self {
        self.authorization_url("https://open.weixin.qq.com/connect/qrconnect").scope("snsapi_login")
    }
}

/// Puts the chosen id in the place of its name.
async fn with_id(mut request: UserInfoRequest<'_>) -> Result<Value, BoxError> {
    let chosen = request.raw.get("account_id").and_then(Value::as_str).unwrap_or_default();
    let id = ["unionid", "openid"].into_iter().find(|member| *member == chosen);
    let id = id.ok_or("the account_id of WeChat is neither `unionid` nor `openid`")?;
    let given = request.raw.get(id).and_then(Value::as_str).filter(|id| !id.is_empty());
    let given = given.ok_or_else(|| {
        format!(
            "WeChat gives no `{id}`: bind the application to an account of the Open Platform, or \
             choose `openid` as the account_id"
        )
    })?;
    let given = Value::from(given);
    if let Some(profile) = request.raw.as_object_mut() {
        profile.insert("account_id".into(), given);
    }
    Ok(request.raw)
}
