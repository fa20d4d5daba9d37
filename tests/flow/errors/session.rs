//! Errors while a session is read or ended.

use http::HeaderMap;
use http::header::COOKIE;
use serde_json::json;
use typegate::error::{PageError, Shown};
use typegate::hooks::{Callbacks, TokenRequest, Trigger};
use typegate::provider::{Adjust as _, Oidc};
use typegate::testing::{IdentityProvider, LogoutFault, NoRandomness};
use typegate::{CallbackError, DefaultSession, RawProfile};

use super::super::support::{Database, NOW, Operation, SECRET, World, credentials, seal, world};
use super::{Outcome, scenarios};

const NAME: &str = "next-auth.session-token";

scenarios! {
    the_token_does_not_open {
        logs: [JwtSession],
        shown: Shown::SignedOut,
        provider: None,
        says: "token",
        drive: read_with("no.token"),
    }
    the_token_has_expired {
        logs: [JwtSession],
        shown: Shown::SignedOut,
        provider: None,
        says: "expired",
        drive: async {
            let mut world = signed_in().await;
            let token = world.browser.jar.value(NAME).unwrap().to_owned();
            world.clock.advance(31 * 24 * 3600);
            world.browser.jar.plant(NAME, &token);
            read(world).await
        },
    }
    the_jwt_callback_fails {
        logs: [JwtSession],
        shown: Shown::EmptySession,
        provider: None,
        says: "claims.internal",
        drive: async {
            let callbacks = Callbacks::new().jwt(|request: TokenRequest| async move {
                match request.trigger {
                    Trigger::Read => Err(CallbackError::new("claims.internal is down")),
                    _ => Ok(request.token),
                }
            });
            let mut world = world!(site => {
                site.provider(credentials()).callbacks(callbacks).build().unwrap()
            });
            world.browser.sign_in_with_credentials().await;
            read(world).await
        },
    }
    the_session_callback_fails {
        logs: [JwtSession],
        shown: Shown::EmptySession,
        provider: None,
        says: "roles.internal",
        drive: async {
            let callbacks = Callbacks::new().session(|_| async {
                Err::<DefaultSession, _>(CallbackError::new("roles.internal is down"))
            });
            let mut world = world!(site => {
                site.provider(credentials()).callbacks(callbacks).build().unwrap()
            });
            world.browser.sign_in_with_credentials().await;
            read(world).await
        },
    }
    the_token_cannot_be_sealed_again {
        logs: [JwtSession],
        shown: Shown::GoesOn,
        provider: None,
        says: "random generator",
        drive: async {
            let world = signed_in().await;
            let _outage = NoRandomness::start();
            read(world).await
        },
    }
    a_sign_in_makes_a_session_that_is_too_large {
        logs: [SessionTooLarge],
        shown: Shown::Error(PageError::Callback),
        provider: Some("credentials"),
        says: "`roles` with 20002 bytes",
        drive: async {
            let mut world = with_roles(Trigger::SignIn, 20_000);
            let answer = world.browser.sign_in_with_credentials().await;
            Outcome::answered(world, answer)
        },
    }
    a_session_has_grown_too_large {
        logs: [SessionTooLarge],
        shown: Shown::GoesOn,
        provider: None,
        says: "`roles` with 20002 bytes",
        drive: async {
            let mut world = with_roles(Trigger::Read, 20_000);
            world.browser.sign_in_with_credentials().await;
            read(world).await
        },
    }
    a_session_takes_two_cookies {
        logs: [LargeSession],
        shown: Shown::GoesOn,
        provider: None,
        says: "`roles` with 4002 bytes",
        drive: async {
            let mut world = with_roles(Trigger::Read, 4000);
            world.browser.sign_in_with_credentials().await;
            read(world).await
        },
    }
    the_session_callback_fails_for_a_row {
        logs: [Session],
        shown: Shown::EmptySession,
        provider: None,
        says: "roles.internal",
        drive: async {
            let callbacks = Callbacks::new().session(|_| async {
                Err::<DefaultSession, _>(CallbackError::new("roles.internal is down"))
            });
            let mut world = world!(site => {
                site.adapter(Database::default()).callbacks(callbacks).build().unwrap()
            });
            world.sign_in("idp").await;
            read(world).await
        },
    }
    the_application_has_no_answer_for_changed_claims {
        logs: [SessionCookieNotSent],
        shown: Shown::NotInAnswer,
        provider: None,
        says: ".layer(SessionLayer::new())",
        drive: async {
            let callbacks = Callbacks::new().jwt(|request: TokenRequest| async move {
                let mut claims = request.token;
                claims.insert("seen", claims.get::<u64>("seen").unwrap_or_default() + 1);
                Ok(claims)
            });
            let mut world = world!(site => {
                site.provider(credentials()).callbacks(callbacks).build().unwrap()
            });
            world.browser.sign_in_with_credentials().await;
            let cookies = world.browser.cookie_header().parse().unwrap();
            let headers = HeaderMap::from_iter([(COOKIE, cookies)]);
            assert!(world.auth.session(&headers).await.unwrap().is_some());
            Outcome::Built(Box::new(world))
        },
    }
    a_member_of_the_token_is_no_text {
        logs: [SessionMember],
        shown: Shown::GoesOn,
        provider: None,
        says: "`picture` of the session token",
        drive: async {
            let claims = json!({ "name": "Ada", "picture": 7, "iat": NOW, "exp": NOW + 3600 });
            read_with(&seal(&claims, SECRET, "")).await
        },
    }
    a_token_that_does_not_open_is_signed_out {
        logs: [SignOut],
        shown: Shown::GoesOn,
        provider: None,
        says: "token",
        drive: async {
            let mut world = World::new();
            world.browser.jar.plant(NAME, "no.token");
            let answer = world.browser.post("/api/auth/signout", &[]).await;
            assert!(answer.cookie(NAME).unwrap().is_deletion());
            Outcome::answered(world, answer)
        },
    }
    a_logout_token_is_for_another_client {
        logs: [LogoutToken],
        shown: Shown::Status(400),
        provider: Some("idp"),
        says: "the logout token is for another audience",
        drive: logout(Database::default(), Some(LogoutFault::WrongAudience)),
    }
    no_logout_token_will_find_an_account {
        logs: [BackChannelLogout],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "no logout token finds this account",
        drive: async {
            let change = |oidc: Oidc| oidc.profile::<ByEmail>();
            let mut world = world!(change, site => {
                site.adapter(Database::default()).back_channel_logout().build().unwrap()
            });
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_sessions_of_a_logout_token_cannot_be_ended {
        logs: [AdapterGetUserByAccount, BackChannelLogout],
        shown: Shown::Status(400),
        provider: Some("idp"),
        says: "the sessions could not be ended",
        drive: async {
            let database = Database::default();
            database.fail_at(&[Operation::UserByAccount]);
            logout(database, None).await
        },
    }
}

/// An application that takes the address for the id.
#[derive(RawProfile)]
struct ByEmail {
    #[profile(id)]
    email: String,
}

/// A provider sends a logout token.
async fn logout(database: Database, fault: Option<LogoutFault>) -> Outcome {
    let mut world = world!(site => site.adapter(database).back_channel_logout().build().unwrap());
    let mut token = world.idp.logout_token(IdentityProvider::SUBJECT);
    if let Some(fault) = fault {
        token = token.fault(fault);
    }
    let fields = [("logout_token", &*token.sign())];
    let answer = world.browser.submit("/api/auth/backchannel-logout/idp", &fields).await;
    Outcome::answered(world, answer)
}

/// An application whose `jwt` callback adds so many bytes at that trigger.
fn with_roles(trigger: Trigger, bytes: usize) -> World {
    let callbacks = Callbacks::new().jwt(move |request: TokenRequest| async move {
        let mut token = request.token;
        if request.trigger == trigger {
            token.insert("roles", "r".repeat(bytes));
        }
        Ok(token)
    });
    world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap())
}

async fn signed_in() -> World {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    world.browser.sign_in_with_credentials().await;
    world
}

async fn read(mut world: World) -> Outcome {
    let answer = world.browser.get("/api/auth/session").await;
    Outcome::answered(world, answer)
}

async fn read_with(token: &str) -> Outcome {
    let mut world = World::new();
    world.browser.jar.plant(NAME, token);
    read(world).await
}
