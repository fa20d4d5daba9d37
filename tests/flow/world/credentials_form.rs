//! Forms of credentials that do not have the fields of the type that `authorize` takes.

use serde_json::json;
use typegate::error::Level;
use typegate::{Auth, Jwt};

use super::site::{warning, warnings};
use crate::support::{Parts, World, credentials, site};

fn world() -> World {
    let parts = Parts::new();
    let auth: Auth = site!(parts.clock)
        .provider(credentials())
        .session(Jwt::default())
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    parts.into_world(auth)
}

/// The visitor sees what everybody sees who is refused; the log names the field, and no value.
#[tokio::test]
async fn a_form_that_does_not_fit_names_the_field_in_the_log() {
    let beginning = "the form does not fit the type that `authorize` takes: ";
    for (form, said) in [
        (
            &[("user", "hunter2"), ("password", "hunter3")][..],
            "`username` is missing; it has `user`, `password`, `csrfToken`",
        ),
        (
            &[("username", "hunter2"), ("username", "hunter3"), ("password", "hunter4")],
            "`username` is not a string; it has `username`, `password`, `csrfToken`",
        ),
        (&[("username", "hunter2")], "`password` is missing; it has `username`, `csrfToken`"),
    ] {
        let mut world = world();
        let answer = world.browser.post("/api/auth/callback/credentials", form).await;
        let mut other = world.another_browser();
        let fields = [("username", "nobody"), ("password", "x")];
        let wrong = other.post("/api/auth/callback/credentials", &fields).await;
        assert_eq!((answer.status(), answer.outline()), (wrong.status(), wrong.outline()));
        assert_eq!(answer.header("location"), wrong.header("location"));
        let lines = world.lines.take();
        assert!(!format!("{lines:?}").contains("hunter"));
        let of = |code: &str| lines.iter().filter(|line| line.code == code).collect::<Vec<_>>();
        let misfits = of("CREDENTIALS_FORM_WARNING");
        assert_eq!(misfits.len(), 1);
        assert_eq!(misfits[0].level, Level::Warn);
        assert_eq!(misfits[0].provider.as_deref(), Some("credentials"));
        assert_eq!(misfits[0].message, format!("{beginning}{said}"));
        // Of whoever was asked for and refused, and of nobody else.
        assert_eq!(of("ACCESS_DENIED").len(), 1);
    }
    // JSON has types, and the same rule.
    let mut world = world();
    let token = world.browser.csrf_token().await;
    let body = json!({ "csrfToken": token, "username": 1815, "password": "hunter2" });
    world.browser.post_json("/api/auth/callback/credentials", &body).await;
    let said = format!(
        "{beginning}`username` is not a string; it has `csrfToken`, `username`, `password`"
    );
    assert_eq!(warnings(&world.lines), [warning("CREDENTIALS_FORM_WARNING", "credentials", &said)]);
}
