//! Errors of a sign-in with credentials.

use typegate::hooks::Callbacks;
use typegate::{CallbackError, PageError, Shown};

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
    authorize_fails {
        logs: [CredentialsAuthorize],
        shown: REFUSED,
        provider: Some("credentials"),
        says: "10.0.0.7",
        drive: submitted("broken", "x"),
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
