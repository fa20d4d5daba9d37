//! Errors of a sign-in with credentials.

use std::net::Ipv4Addr;

use typegate::CallbackError;
use typegate::error::{PageError, Shown};
use typegate::hooks::Callbacks;
use typegate::rate_limit::{Allowances, Attempt, RateLimit, Verdict};

use super::super::support::{World, credentials, world};
use super::{Outcome, scenarios};

const REFUSED: Shown = Shown::Error(PageError::CredentialsSignin);

scenarios! {
    the_password_is_wrong {
        logs: [AccessDenied],
        shown: REFUSED,
        provider: Some("credentials"),
        says: "authorize refused",
        drive: submitted("ada", "1816"),
    }
    authorize_refuses_in_words {
        logs: [AccessDenied],
        shown: Shown::ApplicationText,
        provider: Some("credentials"),
        says: "authorize refused",
        drive: submitted("locked", "x"),
    }
    the_form_does_not_fit {
        logs: [CredentialsForm],
        shown: REFUSED,
        provider: Some("credentials"),
        says: "`password` is missing",
        drive: async {
            let mut world = world!(site => site.provider(credentials()).build().unwrap());
            let form = [("username", "ada"), ("pass", "1815")];
            let answer = world.browser.post("/api/auth/callback/credentials", &form).await;
            Outcome::answered(world, answer)
        },
    }
    authorize_fails {
        logs: [CredentialsAuthorize],
        shown: REFUSED,
        provider: Some("credentials"),
        says: "10.0.0.7",
        drive: submitted("broken", "x"),
    }
    somebody_tries_too_often {
        logs: [RateLimit],
        shown: REFUSED,
        provider: Some("credentials"),
        says: "too many attempts",
        drive: async {
            let mut world = counted(Allowances::default().per_client(1));
            let wrong = [("username", "ada"), ("password", "1816")];
            world.browser.post("/api/auth/callback/credentials", &wrong).await;
            world.lines.take();
            let answer = world.browser.sign_in_with_credentials().await;
            Outcome::answered(world, answer)
        },
    }
    nobody_says_who_tries {
        logs: [RateLimitIncomplete],
        shown: Shown::GoesOn,
        provider: None,
        says: "into_make_service_with_connect_info",
        drive: async {
            let mut world = counted(Allowances::default());
            world.browser.peer = None;
            let answer = world.browser.sign_in_with_credentials().await;
            Outcome::answered(world, answer)
        },
    }
    nobody_can_count_the_attempts {
        logs: [RateLimitStore],
        shown: REFUSED,
        provider: Some("credentials"),
        says: "10.0.0.9:6379",
        drive: async {
            let mut world = counted(Down);
            let answer = world.browser.sign_in_with_credentials().await;
            Outcome::answered(world, answer)
        },
    }
    the_application_refuses {
        logs: [AccessDenied],
        shown: Shown::Error(PageError::AccessDenied),
        provider: Some("credentials"),
        says: "the signIn callback refused",
        drive: async {
            let callbacks = Callbacks::new().sign_in(|_| async { Ok(false) });
            let mut world = world!(site => {
                site.provider(credentials()).callbacks(callbacks).build().unwrap()
            });
            let answer = world.browser.sign_in_with_credentials().await;
            Outcome::answered(world, answer)
        },
    }
    the_jwt_callback_fails {
        logs: [JwtSession],
        shown: Shown::Error(PageError::Callback),
        provider: Some("credentials"),
        says: "claims.internal",
        drive: async {
            let callbacks = Callbacks::new()
                .jwt(|_| async { Err(CallbackError::new("claims.internal is down")) });
            let mut world = world!(site => {
                site.provider(credentials()).callbacks(callbacks).build().unwrap()
            });
            let answer = world.browser.sign_in_with_credentials().await;
            Outcome::answered(world, answer)
        },
    }
}

async fn submitted(username: &str, password: &str) -> Outcome {
    let mut world: World = world!(site => site.provider(credentials()).build().unwrap());
    let fields = [("username", username), ("password", password)];
    let answer = world.browser.post("/api/auth/callback/credentials", &fields).await;
    Outcome::answered(world, answer)
}

fn counted(rate_limit: impl RateLimit) -> World {
    let mut world =
        world!(site => site.provider(credentials()).rate_limit(rate_limit).build().unwrap());
    world.browser.peer = Some(Ipv4Addr::LOCALHOST.into());
    world
}

/// A store of counts that does not answer.
struct Down;

impl RateLimit for Down {
    async fn allow(&self, _: Attempt) -> Result<Verdict, CallbackError> {
        Err(CallbackError::new("10.0.0.9:6379 refused the connection"))
    }
}
