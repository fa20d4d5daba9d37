use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Battle.net, which gives no address and no picture.
///
/// Create a client at <https://develop.battle.net/access/clients> with the callback URL
/// `https://<your site>/api/auth/callback/battlenet`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "battlenet",
    name = "Battle.net",
    issuer = "{issuer}",
    profile = BattleNetUser,
    style(background = "#148eff", text = "#000")
)]
pub struct BattleNet {
    client_id: String,
    client_secret: ClientSecret,
    /// The region's server; `https://oauth.battle.net` by default, and
    /// `https://oauth.battlenet.com.cn` in China.
    #[provider(default = "https://oauth.battle.net")]
    issuer: String,
}

#[derive(RawProfile)]
struct BattleNetUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    battle_tag: Option<String>,
}
