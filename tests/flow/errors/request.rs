//! Errors of any request: its path, its body, its callback URL, its CSRF token.

use http::Method;
use http_body_util::BodyExt as _;
use tower_service::Service as _;
use typegate::error::Shown;
use typegate::hooks::Callbacks;
use typegate::testing::NoRandomness;
use typegate::{CallbackError, Pages};

use super::super::support::{Answer, Database, Operation, World, credentials, world};
use super::{Outcome, scenarios};

scenarios! {
    a_method_of_an_adapter_panics {
        logs: [Panic],
        shown: Shown::Status(500),
        provider: None,
        says: "it panicked",
        drive: async {
            let database = Database::default();
            let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
            database.panic_at(Operation::SessionAndUser);
            world.browser.jar.plant("next-auth.session-token", "stored");
            let answer = world.browser.get("/api/auth/session").await;
            Outcome::answered(world, answer)
        },
    }
    a_method_of_an_adapter_panics_in_a_callback {
        logs: [Panic],
        shown: Shown::Error(typegate::error::PageError::Callback),
        provider: Some("idp"),
        says: "it panicked",
        drive: async {
            let database = Database::default();
            let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
            database.panic_at(Operation::UserByAccount);
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_path_names_no_action {
        logs: [MissingApiRoute],
        shown: Shown::ServerError,
        provider: None,
        says: "the request names no action",
        drive: get("/api/auth"),
    }
    the_querys_callback_url_is_none_on_a_page {
        logs: [InvalidCallbackUrl],
        shown: Shown::ServerError,
        provider: None,
        says: "neither a path nor an http or https URL",
        drive: get("/api/auth/signin?callbackUrl=junk"),
    }
    the_querys_callback_url_is_none_elsewhere {
        logs: [InvalidCallbackUrl],
        shown: Shown::ServerError,
        provider: None,
        says: "neither a path nor an http or https URL",
        drive: get("/api/auth/session?callbackUrl=javascript:alert(1)"),
    }
    the_error_page_asks_for_a_sign_in {
        logs: [InvalidCallbackUrl, AuthOnErrorPage],
        shown: Shown::ServerError,
        provider: None,
        says: "the error page itself asks for a sign-in",
        drive: async {
            let pages = Pages::new().error("https://app.example");
            let mut world = world!(site => site.pages(pages).build().unwrap());
            let address = "/api/auth/signin?callbackUrl=https://app.example:x";
            let answer = world.browser.get(address).await;
            Outcome::answered(world, answer)
        },
    }
    a_form_lacks_the_csrf_token {
        logs: [CsrfToken],
        shown: Shown::FormAgain,
        provider: None,
        says: "no right CSRF token",
        drive: submit("/api/auth/signin/idp", &[]),
    }
    a_sign_out_has_a_foreign_csrf_token {
        logs: [CsrfToken],
        shown: Shown::FormAgain,
        provider: None,
        says: "no right CSRF token",
        drive: submit("/api/auth/signout", &[("csrfToken", "of another browser")]),
    }
    an_update_of_the_session_lacks_the_csrf_token {
        logs: [CsrfToken],
        shown: Shown::FormAgain,
        provider: None,
        says: "no right CSRF token",
        drive: submit("/api/auth/session", &[]),
    }
    a_body_is_no_json {
        logs: [RequestBody],
        shown: Shown::Status(400),
        provider: None,
        says: "the body is no JSON",
        drive: async {
            let mut world = World::new();
            let kind = Some("application/json");
            let address = "/api/auth/signin/idp";
            let answer = world.browser.request(Method::POST, address, kind, "{\"a\":").await;
            Outcome::answered(world, answer)
        },
    }
    a_body_is_too_long {
        logs: [RequestBody],
        shown: Shown::Status(413),
        provider: None,
        says: "longer than 64 KiB",
        drive: async {
            let world = World::new();
            let request = http::Request::post("/api/auth/signin/idp");
            let body = http_body_util::Full::new(bytes::Bytes::from(vec![b'x'; 65 * 1024]));
            let mut service = world.auth.service();
            let answer = service.call(request.body(body).unwrap()).await.unwrap();
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let answer = Answer::new(http::Response::from_parts(parts, body));
            Outcome::answered(world, answer)
        },
    }
    there_is_no_such_action {
        logs: [UnsupportedAction],
        shown: Shown::Status(400),
        provider: None,
        says: "no such action",
        drive: get("/api/auth/elsewhere"),
    }
    there_is_no_such_provider {
        logs: [UnsupportedAction],
        shown: Shown::FormAgain,
        provider: None,
        says: "no such provider",
        drive: submit("/api/auth/signin/elsewhere", &[]),
    }
    credentials_come_by_get {
        logs: [UnsupportedAction],
        shown: Shown::Status(500),
        provider: Some("credentials"),
        says: "credentials are posted",
        drive: async {
            let mut world = world!(site => site.provider(credentials()).build().unwrap());
            let answer = world.browser.get("/api/auth/callback/credentials").await;
            Outcome::answered(world, answer)
        },
    }
    the_redirect_callback_fails {
        logs: [CallbackRedirect],
        shown: Shown::GoesOn,
        provider: None,
        says: "rules.internal",
        drive: async {
            let callbacks = Callbacks::new()
                .redirect(|_| async { Err(CallbackError::new("rules.internal is down")) });
            let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
            let answer = world.browser.get("/api/auth/csrf?callbackUrl=/next").await;
            Outcome::answered(world, answer)
        },
    }
    there_are_no_random_bytes {
        logs: [RandomGenerator],
        shown: Shown::ServerError,
        provider: None,
        says: "random generator",
        drive: async {
            let _outage = NoRandomness::start();
            get("/api/auth/signin").await
        },
    }
}

async fn get(address: &str) -> Outcome {
    let mut world = World::new();
    let answer = world.browser.get(address).await;
    Outcome::answered(world, answer)
}

async fn submit(address: &str, fields: &[(&str, &str)]) -> Outcome {
    let mut world = World::new();
    let answer = world.browser.submit(address, fields).await;
    Outcome::answered(world, answer)
}
