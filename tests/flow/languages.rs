//! The language of the built-in pages.

use http::HeaderValue;
use http::header::ACCEPT_LANGUAGE;
use typegate::{Direction, Phrase, Texts, Theme};

use super::support::{World, credentials, world};

fn with_theme(theme: Theme) -> World {
    world!(site => site.provider(credentials()).theme(theme).build().unwrap())
}

#[tokio::test]
async fn a_page_speaks_the_language_of_its_visitor() {
    let mut world = with_theme(Theme::new().site_name("Acme & Sons"));
    for (language, tag, heading, question, title) in [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "Bei Acme &amp; Sons anmelden", "abmelden?", "Fehler"),
        ("fr", "fr", "Se connecter à Acme &amp; Sons", "déconnecter\u{a0}?", "Erreur"),
        ("es-MX", "es", "Iniciar sesión en Acme &amp; Sons", "¿Seguro", "Error"),
        ("pt-BR", "pt", "Entrar em Acme &amp; Sons", "sair?", "Erro"),
        ("ja", "ja", "Acme &amp; Sons にログイン", "ログアウトしますか", "エラー"),
        ("zh-CN", "zh-Hans", "登录 Acme &amp; Sons", "退出登录吗", "错误"),
        ("nl, tlh", "en", "Sign in to Acme &amp; Sons", "want to sign out?", "Error"),
    ] {
        world.browser.headers = vec![(ACCEPT_LANGUAGE, HeaderValue::from_static(language))];
        let page = world.browser.get("/api/auth/signin").await;
        assert!(page.text().contains(&format!("<html lang=\"{tag}\" dir=\"ltr\">")), "{language}");
        assert!(page.text().contains(&format!("<h1>{heading}</h1>")), "{}", page.text());
        assert!(page.text().contains(&format!("<title>{heading}</title>")), "{language}");
        assert_eq!(page.header("vary"), Some("accept-language"));
        assert_eq!(page.header("cache-control"), Some("private, no-cache, no-store"));
        let page = world.browser.get("/api/auth/signout").await;
        assert!(page.text().contains(question), "{language}");
        let page = world.browser.get("/api/auth/error?error=Verification").await;
        assert!(page.text().contains(&format!("<title>{title} · Acme &amp; Sons</title>")));
        assert_eq!(page.status(), 403);
    }
    // A link may ask for another one.
    let page = world.browser.get("/api/auth/signin?ui_locales=ja+de").await;
    assert!(page.text().contains("<html lang=\"ja\""));
    let page = world.browser.get("/api/auth/signin?ui_locales=%22%3E%3Cscript%3E").await;
    assert!(page.text().contains("<html lang=\"en\"") && !page.text().contains("<script"));
}

#[tokio::test]
async fn an_error_is_explained_in_that_language_and_its_code_stays() {
    let mut world = with_theme(Theme::new());
    world.browser.headers = vec![(ACCEPT_LANGUAGE, HeaderValue::from_static("de"))];
    let answer = world.browser.post("/api/auth/callback/credentials", &[("username", "x")]).await;
    assert!(answer.location().ends_with("/error?error=CredentialsSignin&provider=credentials"));
    let page = world.browser.get("/api/auth/signin?error=CredentialsSignin").await;
    let text = "<p>Anmeldung fehlgeschlagen. Bitte prüfen Sie Ihre Angaben.</p>";
    assert!(page.text().contains(text));
}

#[tokio::test]
async fn an_application_has_languages_of_its_own() {
    let arabic = Texts {
        language: "ar",
        direction: Direction::RightToLeft,
        sign_in_to: Phrase::around("تسجيل الدخول إلى ", ""),
        ..Texts::ENGLISH
    };
    let theme = Theme::new().site_name("Acme").languages([Texts::FRENCH, arabic]);
    let mut world = with_theme(theme);
    for (language, tag, direction, heading) in [
        ("ar-EG", "ar", "rtl", "تسجيل الدخول إلى Acme"),
        // Only those that there are.
        ("de", "fr", "ltr", "Se connecter à Acme"),
    ] {
        world.browser.headers = vec![(ACCEPT_LANGUAGE, HeaderValue::from_static(language))];
        let page = world.browser.get("/api/auth/signin").await;
        let html = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
        assert!(page.text().contains(&html), "{language}");
        assert!(page.text().contains(&format!("<h1>{heading}</h1>")), "{language}");
    }
}
