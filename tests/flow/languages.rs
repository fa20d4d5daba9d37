//! The language of the built-in pages.

use http::HeaderValue;
use http::header::ACCEPT_LANGUAGE;
use typegate::adapter::MemoryAdapter;
use typegate::provider::Email;
use typegate::{Direction, Jwt, Phrase, Texts, Theme};

use super::support::{Answer, BASE, Mailbox, World, credentials, parameter, world};

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

const GERMAN: &str = "<html lang=\"de\"";

/// Where the form of a page goes, as a browser reads it.
fn action(page: &Answer, route: &str) -> String {
    let start = format!("action=\"{BASE}/{route}");
    let (_, rest) = page.text().split_once(&start).unwrap_or_else(|| panic!("{}", page.text()));
    format!("{BASE}/{route}{}", rest.split('"').next().unwrap().replace("&amp;", "&"))
}

fn with_email(provider: Email) -> World {
    world!(site => site
        .provider(credentials())
        .provider(provider)
        .adapter(MemoryAdapter::new())
        .session(Jwt::default())
        .build()
        .unwrap())
}

/// Goes to a page of ours, which has to be in German, by way of the error page if that is in between.
async fn german(world: &mut World, address: &str) -> Answer {
    let mut answer = world.browser.get(address).await;
    if answer.status().is_redirection() {
        let next = answer.location().to_owned();
        answer = world.browser.get(&next).await;
    }
    assert!(answer.text().contains(GERMAN), "{address}: {}", answer.text());
    answer
}

#[tokio::test]
async fn a_language_that_was_asked_for_stays_through_a_failure() {
    let mut world = with_theme(Theme::new());
    let page = german(&mut world, "/api/auth/signin?ui_locales=de-AT+fr").await;
    let form = action(&page, "callback/credentials");
    assert_eq!(form, format!("{BASE}/callback/credentials?ui_locales=de"));
    let answer = world.browser.post(&form, &[("username", "ada"), ("password", "wrong")]).await;
    let error = format!("{BASE}/error?error=CredentialsSignin&provider=credentials&ui_locales=de");
    assert_eq!(answer.location(), error);
    let answer = world.browser.get(&error).await;
    let again = format!("{BASE}/signin?error=CredentialsSignin&ui_locales=de");
    assert_eq!(answer.location(), again);
    let page = german(&mut world, &again).await;
    assert_eq!(action(&page, "callback/credentials"), form);
    // A form that was open for too long, and one that a provider is asked by.
    for route in ["callback/credentials", "signin/github"] {
        let answer = world.browser.submit(&action(&page, route), &[]).await;
        assert_eq!(answer.location(), format!("{BASE}/signin?csrf=true&ui_locales=de"));
    }
}

#[tokio::test]
async fn a_language_that_was_asked_for_stays_through_a_sign_out() {
    let mut world = with_theme(Theme::new());
    let page = german(&mut world, "/api/auth/signout?ui_locales=de").await;
    let form = action(&page, "signout");
    let answer = world.browser.submit(&form, &[("csrfToken", "another")]).await;
    assert_eq!(answer.location(), format!("{BASE}/signout?csrf=true&ui_locales=de"));
    let answer = world.browser.post(&form, &[]).await;
    assert_eq!(answer.location(), "http://localhost:3000", "the application has its own way");
}

#[tokio::test]
async fn a_language_that_was_asked_for_stays_in_the_link_and_behind_it() {
    let mailbox = Mailbox::default();
    let mut world = with_email(mailbox.provider().ask_before_sign_in());
    let page = german(&mut world, "/api/auth/signin?ui_locales=de").await;
    let fields = [("email", "ada@example.com")];
    let answer = world.browser.post(&action(&page, "signin/email"), &fields).await;
    let sent = format!("{BASE}/verify-request?provider=email&type=email&ui_locales=de");
    assert_eq!(answer.location(), sent);
    let page = german(&mut world, &sent).await;
    assert_eq!(action(&page, "signin/email"), format!("{BASE}/signin/email?ui_locales=de"));
    assert!(page.text().contains(&format!("href=\"{BASE}/signin?ui_locales=de\"")));

    // Somewhere else, perhaps, where another language is preferred.
    let link = mailbox.link();
    assert!(link.ends_with("&email=ada%40example.com&ui_locales=de"), "{link}");
    let page = german(&mut world, &link).await;
    let form = action(&page, "callback/email");
    let answer = world.browser.post(&form, &[("token", "used"), ("email", "a@b.example")]).await;
    let error = format!("{BASE}/error?error=Verification&ui_locales=de");
    assert_eq!(answer.location(), error);
    let page = german(&mut world, &error).await;
    assert!(page.text().contains(&format!("href=\"{BASE}/signin?ui_locales=de\"")));
}

#[tokio::test]
async fn a_language_that_was_asked_for_comes_back_from_a_provider() {
    let mut world = with_theme(Theme::new());
    let page = german(&mut world, "/api/auth/signin?ui_locales=de").await;
    // The provider is asked for it, too, as by a link of the application's.
    let answer = world.browser.post(&action(&page, "signin/idp"), &[]).await;
    assert!(answer.location().contains("&ui_locales=de&"), "{}", answer.location());
    let state = parameter(answer.location(), "state");
    let back = format!("{BASE}/callback/idp?error=access_denied&state={state}");
    // What the provider writes into the address is not asked.
    let answer = world.browser.get(&format!("{back}&ui_locales=fr")).await;
    assert_eq!(answer.location(), format!("{BASE}/error?error=Callback&ui_locales=de"));
    german(&mut world, answer.location()).await;
}

#[tokio::test]
async fn what_is_no_language_goes_nowhere_and_nobody_who_asks_for_none_sees_a_difference() {
    let mailbox = Mailbox::default();
    for query in [
        "",
        "?ui_locales=",
        "?ui_locales=it",
        "?ui_locales=%22%3E%0D%0Ax:y",
        "?ui_locales=de&ui_locales=fr",
    ] {
        let mut world = with_email(mailbox.provider());
        let german = HeaderValue::from_static("de");
        world.browser.headers = vec![(ACCEPT_LANGUAGE, german)];
        let page = world.browser.get(&format!("/api/auth/signin{query}")).await;
        assert!(page.text().contains(GERMAN) && !page.text().contains("ui_locales"), "{query}");
        let address = format!("/api/auth/callback/credentials{query}");
        let answer =
            world.browser.post(&address, &[("username", "ada"), ("password", "wrong")]).await;
        let error = format!("{BASE}/error?error=CredentialsSignin&provider=credentials");
        assert_eq!(answer.location(), error, "{query}");
        let fields = [("email", "ada@example.com")];
        let answer = world.browser.post(&format!("/api/auth/signin/email{query}"), &fields).await;
        assert_eq!(answer.location(), format!("{BASE}/verify-request?provider=email&type=email"));
        assert!(mailbox.link().ends_with("&email=ada%40example.com"), "{query}");
        let answer = world.browser.post("/api/auth/signin/github", &[]).await;
        assert!(answer.cookie("typegate.last-attempt").is_none(), "{query}");
    }
}

/// The tag is the application's, and no tag of ours: it is written as a value.
#[tokio::test]
async fn a_tag_of_the_applications_own_is_encoded() {
    let odd = Texts { language: "x-a&b=\"c", ..Texts::ENGLISH };
    let mut world = with_theme(Theme::new().languages([Texts::ENGLISH, odd]));
    let page = world.browser.get("/api/auth/signout?ui_locales=x-a%26b%3D%22c").await;
    assert_eq!(action(&page, "signout"), format!("{BASE}/signout?ui_locales=x-a%26b%3D%22c"));
    let answer = world.browser.submit(&action(&page, "signout"), &[]).await;
    assert_eq!(answer.location(), format!("{BASE}/signout?csrf=true&ui_locales=x-a%26b%3D%22c"));
}
