//! The application's own two pages.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use maud::{DOCTYPE, html};
use typegate::{Auth, Session};

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 38rem; margin: 12vh auto; padding: 0 1.25rem }
a { display: inline-block; padding: .5rem 0 }
code { overflow-wrap: anywhere }
dt { opacity: .7 } dd { margin: 0 0 .5rem }
";

pub(crate) fn page(title: &str, content: &maud::Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body { (content) }
        }
    };
    Html(page.into_string())
}

/// For everybody.
pub(crate) async fn home(State(auth): State<Auth>, session: Option<Session>) -> Html<String> {
    let base = auth.base_path();
    let content = match session {
        Some(Session(session)) => html! {
            h1 { "Signed in" }
            dl {
                dt { "Name" } dd id="name" { (session.user.name.as_deref().unwrap_or("not told")) }
                dt { "E-mail" } dd id="email" { (session.user.email.as_deref().unwrap_or("not told")) }
                dt { "Session ends" } dd { (session.expires) }
            }
            p { a href="/account" { "A page for signed-in people" } }
            p { a href={ (base) "/signout" } { "Sign out" } }
        },
        None => html! {
            h1 { "Not signed in" }
            p { a href={ (base) "/signin" } { "Sign in" } }
            p { "User name " code { "ada" } ", password " code { "1815" } ", or any name with the \
                 development provider." }
        },
    };
    page("typegate quickstart", &content)
}

/// For signed-in people; everybody else is sent to the sign-in page and comes back here.
pub(crate) async fn account(Session(session): Session) -> Html<String> {
    page(
        "Account",
        &html! {
            h1 { "Account" }
            p { "What the browser's " code { "getSession()" } " sees:" }
            p { code id="session" { (serde_json::json!(session)) } }
            p { a href="/" { "Home" } }
        },
    )
}

/// Browsers ask for one and complain in the console if they get 404.
pub(crate) async fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
}
