//! Options in next-auth's words, as typegate's builder takes them.

use serde_json::Value;
use typegate::cookie::{CookieName, CookiePolicy, Cookies, SameSite};
use typegate::{ColorScheme, ConfigError, JsonObject, Theme};

/// `theme`. next-auth takes any text for a colour or an address; here what is none is left out.
pub(super) fn theme(options: &JsonObject) -> Theme {
    let text = |name| options.get("theme").and_then(|theme| theme.get(name)?.as_str());
    let mut theme = Theme::new();
    theme = match text("colorScheme") {
        Some("dark") => theme.color_scheme(ColorScheme::Dark),
        Some("light") => theme.color_scheme(ColorScheme::Light),
        _ => theme,
    };
    if let Some(color) = text("brandColor").and_then(|text| text.parse().ok()) {
        theme = theme.brand_color(color);
    }
    if let Some(color) = text("buttonText").and_then(|text| text.parse().ok()) {
        theme = theme.button_text(color);
    }
    if let Some(logo) = text("logo").and_then(|text| text.parse().ok()) {
        theme = theme.logo(logo);
    }
    theme
}

/// `useSecureCookies` and `cookies`.
pub(super) fn cookies(options: &JsonObject) -> Result<Cookies, ConfigError> {
    let mut cookies = Cookies::new();
    if let Some(secure) = options.get("useSecureCookies").and_then(Value::as_bool) {
        cookies = cookies.use_secure_cookies(secure);
    }
    for (cookie, wanted) in options.get("cookies").and_then(Value::as_object).into_iter().flatten()
    {
        let policy = policy(wanted)?;
        cookies = match cookie.as_str() {
            "sessionToken" => cookies.session_token(policy),
            "callbackUrl" => cookies.callback_url(policy),
            "csrfToken" => cookies.csrf_token(policy),
            "pkceCodeVerifier" => cookies.pkce_code_verifier(policy),
            "state" => cookies.state(policy),
            _ => cookies.nonce(policy),
        };
    }
    Ok(cookies)
}

fn policy(wanted: &Value) -> Result<CookiePolicy, ConfigError> {
    let option = |name| wanted.get("options").and_then(|options| options.get(name));
    let name = wanted.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut policy = CookiePolicy::new(CookieName::new(name)?);
    if let Some(domain) = option("domain").and_then(Value::as_str) {
        policy = policy.domain(domain);
    }
    if let Some(path) = option("path").and_then(Value::as_str) {
        policy = policy.path(path);
    }
    if option("secure").is_some_and(|secure| secure == true) {
        policy = policy.secure();
    }
    policy = match option("sameSite").and_then(Value::as_str) {
        Some("strict") => policy.same_site(SameSite::Strict),
        Some("none") => policy.same_site(SameSite::NoneSecure),
        _ => policy,
    };
    let seconds = option("maxAge").and_then(Value::as_u64);
    Ok(match seconds.and_then(|seconds| u32::try_from(seconds).ok()) {
        Some(seconds) => policy.max_age(seconds),
        None => policy,
    })
}

/// `session.maxAge` or `session.updateAge`.
pub(super) fn seconds(session: &JsonObject, name: &str) -> Option<u32> {
    session.get(name).and_then(Value::as_u64).and_then(|seconds| seconds.try_into().ok())
}
