//! The application's own pages.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use typegate::{Auth, Session};

use crate::sessions::{AppSession, SessionList, Visitor};

const STYLE: &str = include_str!("style.css");

/// A document with the head of every page.
pub(crate) fn page(title: &str, navigation: &Markup, content: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Quickstart" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { strong { "Quickstart" } (navigation) }
                main { (content) }
            }
        }
    };
    Html(page.into_string())
}

/// For everybody.
pub(crate) async fn home(
    State(auth): State<Auth<Visitor>>,
    State(sessions): State<SessionList>,
    headers: HeaderMap,
    session: Option<Session<Visitor>>,
) -> Html<String> {
    let base = auth.base_path();
    let Some(session) = session.and_then(|Session(visitor)| visitor) else {
        let navigation = html! { a.button.primary href={ (base) "/signin" } { "Sign in" } };
        let content = html! {
            h1 { "Not signed in" }
            p.lead { "Sign in to see who you are, and where else you are signed in." }
            section {
                h2 { "Two ways in" }
                p { "User name " code { "ada" } ", password " code { "1815" } ", or any name with the \
                     development provider, which runs beside this page." }
            }
            (what_next())
        };
        return page("Welcome", &navigation, &content);
    };
    sessions.seen(&session.id, &headers);
    let content = html! {
        h1 { "Signed in" }
        (who_am_i(&session))
        section {
            h2 { "My sessions" }
            ul {
                @for entry in sessions.of(&session.person) {
                    li.session {
                        span {
                            (entry.device)
                            small { "since " time { (entry.began.strftime("%-d %B %Y, %H:%M UTC")) } }
                        }
                        @if entry.id == session.id {
                            em { "this one" }
                        } @else {
                            form method="post" action="/sessions/end" {
                                input type="hidden" name="id" value=(entry.id);
                                button { "End" }
                            }
                        }
                    }
                }
            }
        }
        (what_next())
    };
    let navigation = html! {
        a href="/account" { "Account" }
        a href={ (base) "/signout" } { "Sign out" }
    };
    page("Home", &navigation, &content)
}

fn who_am_i(session: &AppSession) -> Markup {
    html! {
        section {
            h2 { "Who am I?" }
            dl {
                dt { "Name" } dd id="name" { (session.user.name.as_deref().unwrap_or("not told")) }
                dt { "E-mail" } dd id="email" { (session.user.email.as_deref().unwrap_or("not told")) }
                dt { "Session ends" } dd { (session.expires) }
            }
        }
    }
}

fn what_next() -> Markup {
    html! {
        section {
            h2 { "What to change next" }
            ul {
                li { "The providers, in " code { "main.rs" } ": " code { ".provider(GitHub::from_env()?)" }
                     " in the place of the development provider." }
                li { "The password check, " code { "authorize" } " in " code { "main.rs" } ": look the \
                     person up, and compare a hash." }
                li { "The look and the name of the sign-in page: " code { "Theme" } " in "
                     code { "main.rs" } "." }
                li { "What a session says, in " code { "sessions.rs" } "." }
                li { "The secret: " code { "NEXTAUTH_SECRET" } ", 32 bytes that nobody knows." }
            }
        }
    }
}

/// For signed-in people; everybody else is sent to the sign-in page and comes back here.
pub(crate) async fn account(Session(visitor): Session<Visitor>) -> Response {
    let Some(session) = visitor else { return Redirect::to("/").into_response() };
    let content = html! {
        h1 { "Account" }
        section {
            p { "What the browser's " code { "getSession()" } " sees:" }
            p { code id="session" { (serde_json::json!(session)) } }
        }
    };
    page("Account", &html! { a href="/" { "Home" } }, &content).into_response()
}

/// Browsers ask for one and complain in the console if they get 404.
pub(crate) async fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
}
