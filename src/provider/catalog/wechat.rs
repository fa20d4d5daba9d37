use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with WeChat, which calls the client id "appid", gives no address and knows no PKCE.
///
/// For pages inside WeChat register an official account at <https://mp.weixin.qq.com>; for a
/// website with a QR code register a website application at <https://open.weixin.qq.com> and
/// write [`website_app`](Self::website_app). Either asks for the domain of the callback URL
/// `https://<your site>/api/auth/callback/wechat` only.
///
/// The account's id is `unionid`, which WeChat gives to applications that are bound to an Open
/// Platform account. Without it nobody is signed in.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "wechat",
    name = "WeChat",
    authorization_endpoint(url = "{authorization_url}", params(appid = "{client_id}")),
    token_endpoint(
        url = "https://api.weixin.qq.com/sns/oauth2/access_token",
        query(appid = "{client_id}", secret = "{client_secret}")
    ),
    userinfo_endpoint(
        url = "https://api.weixin.qq.com/sns/userinfo",
        query(access_token = "{access_token}", openid = "{tokens.openid}", lang = "zh_CN")
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
}

#[derive(RawProfile)]
struct WeChatUser {
    #[profile(id)]
    unionid: String,
    #[profile(name)]
    nickname: Option<String>,
    #[profile(image)]
    headimgurl: Option<String>,
}

impl WeChat {
    /// For a website application: the person scans a QR code.
    #[must_use]
    pub fn website_app(self) -> Self {
        self.authorization_url("https://open.weixin.qq.com/connect/qrconnect")
            .scope("snsapi_login")
    }
}
