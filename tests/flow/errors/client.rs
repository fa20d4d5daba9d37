//! Errors that the client returns, and log lines of clients that are refused.

use bytes::Bytes;
use http::{Request, Response};
use serde::Deserialize;
use typegate::client::Client;
use typegate::error::Shown;
use typegate::testing::{FakeHttpClient, FrozenClock};
use typegate::{
    Auth, BoxError, ClientAddressSource, Diagnostics, HttpClient, Secret, TrustedProxy,
};

use super::super::support::{BASE, NOW, SECRET, World, credentials, world};
use super::{Outcome, scenarios};

scenarios! {
    the_client_has_another_address_than_the_site {
        logs: [ClientFetch],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "/auth/session: the answer has the status 404; make sure that NEXTAUTH_URL",
        drive: asked(World::new().auth, "http://localhost:3000/auth"),
    }
    the_client_comes_by_another_name_than_the_proxy_gives {
        logs: [ClientFetch],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "the answer has the status 400",
        drive: asked(behind_a_proxy(), BASE),
    }
    the_client_reaches_nobody {
        logs: [ClientFetch],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "/session: no answer",
        drive: async {
            let nobody = FakeHttpClient::new(|_| Err("connection refused".into()));
            let client = client(nobody, BASE);
            client.session().await.unwrap_err().into()
        },
    }
    the_client_awaits_another_session {
        logs: [ClientSession],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "missing field `role`",
        drive: async {
            let world = world!(site => site.provider(credentials()).build().unwrap());
            let client = client(Engine(world.auth), BASE);
            let form = client.sign_in("credentials");
            form.field("username", "ada").field("password", "1815").await.unwrap();
            let client: Client<Claims> = client.typed();
            client.session().await.unwrap_err().into()
        },
    }
    a_client_line_has_no_known_level {
        logs: [Logger],
        shown: Shown::GoesOn,
        provider: None,
        says: "no known level",
        drive: async {
            let mut world = World::new();
            let fields = [("level", "constructor"), ("code", "X")];
            let answer = world.browser.submit("/api/auth/_log", &fields).await;
            Outcome::answered(world, answer)
        },
    }
    clients_send_too_many_lines {
        logs: [Logger],
        shown: Shown::GoesOn,
        provider: None,
        says: "more lines than are taken",
        drive: async {
            let diagnostics = Diagnostics::new().client_lines_per_minute(2);
            let mut world = world!(site => site.diagnostics(diagnostics).build().unwrap());
            let fields = [("level", "warn"), ("code", "X")];
            for _ in 0..2 {
                world.browser.submit("/api/auth/_log", &fields).await;
            }
            world.lines.take();
            let answer = world.browser.submit("/api/auth/_log", &fields).await;
            world.browser.submit("/api/auth/_log", &fields).await;
            Outcome::answered(world, answer)
        },
    }
}

/// What a client of another site's sessions expects.
#[derive(Debug, Deserialize)]
struct Claims {
    #[expect(dead_code, reason = "the session does not have it")]
    role: String,
}

/// The engine as a server that the client reaches.
struct Engine(Auth);

impl HttpClient for Engine {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        Ok(self.0.handle(request).await)
    }
}

fn client(http: impl HttpClient, site: &str) -> Client {
    Client::builder(site.parse().unwrap())
        .http_client(http)
        .clock(FrozenClock::at(NOW))
        .build()
        .unwrap()
}

async fn asked(auth: Auth, site: &str) -> Outcome {
    client(Engine(auth), site).session().await.unwrap_err().into()
}

/// A site that takes its address from a proxy, which the client goes round.
fn behind_a_proxy() -> Auth {
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(TrustedProxy::hosts(["app.example.com"]))
        .client_address(ClientAddressSource::forwarded_for(1))
        .provider(credentials())
        .build()
        .unwrap()
}
