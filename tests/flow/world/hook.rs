//! What a provider of the catalogue asks besides: a picture or an address that cannot be had costs
//! the picture or the address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use typegate::provider::Adjust as _;
use typegate::provider::catalog::{AzureAd, MicrosoftEntraId};
use typegate::testing::{FakeHttpClient, IdentityProvider as Provider};
use typegate::{BoxError, HttpClient};

use super::site::{user_of, warning, warnings};
use crate::support::{IdentityProvider, Parts, World, client_of, site};

const CODE: &str = "PROFILE_MEMBER_ERROR";
const TENANT: &str = "9122040d-6c67-4c5b-b112-36a304b66dad";

/// What Microsoft Graph does when it is asked for a picture.
#[derive(Clone)]
enum Graph {
    Answers(u16, &'static str, &'static [u8]),
    IsNotReached,
    IsSlow,
}

/// Everybody but Microsoft Graph answers at once.
struct Network {
    known: FakeHttpClient,
    graph: Graph,
}

impl HttpClient for Network {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        if request.uri().host() != Some("graph.microsoft.com") {
            return self.known.send(request).await;
        }
        match self.graph {
            Graph::IsNotReached => Err("connection refused".into()),
            Graph::IsSlow => std::future::pending().await,
            Graph::Answers(status, kind, body) => {
                let response = Response::builder().status(status).header("content-type", kind);
                Ok(response.body(Bytes::from_static(body))?)
            }
        }
    }
}

/// A site where people sign in by `microsoft-entra-id`, or by `azure-ad`, its older name.
fn world_with(graph: &Graph) -> World {
    let mut parts = Parts::new();
    let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    parts.idp = IdentityProvider::at(&issuer, &parts.clock);
    parts.idp.change(|idp| {
        idp.claims.insert("tid", Some(TENANT.into()));
        idp.claims.insert("picture", None);
    });
    let network = Network { known: client_of(&[&parts.idp]), graph: graph.clone() };
    let (id, secret) = (Provider::CLIENT_ID, Provider::CLIENT_SECRET);
    let auth = site!(parts.clock)
        .provider(MicrosoftEntraId::new(id, secret.into()).tenant_id(TENANT))
        .provider(AzureAd::new(id, secret.into()).tenant_id(TENANT))
        .http_client(network)
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    parts.into_world(auth)
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_cannot_be_had_costs_the_picture() {
    let left_out = "the profile's member `picture` is left out: ";
    for (graph, picture, said) in [
        (Graph::Answers(200, "image/jpeg", b"\xff\xd8"), Some(b"\xff\xd8".as_slice()), None),
        (Graph::Answers(404, "application/json", b"{}"), None, None),
        (
            Graph::IsNotReached,
            None,
            Some("GET https://graph.microsoft.com/v1.0/me/photos/48x48/$value: connection refused"),
        ),
        (Graph::IsSlow, None, Some("there was no answer within 5 seconds")),
        (Graph::Answers(503, "text/html", b"<h1>"), None, Some("Microsoft Graph answered 503")),
        (Graph::Answers(302, "text/html", b""), None, Some("Microsoft Graph answered 302")),
        (
            Graph::Answers(200, "text/html; charset=utf-8", b"<h1>"),
            None,
            Some("the answer of Microsoft Graph is no picture"),
        ),
        (
            Graph::Answers(200, "image/jpeg", b""),
            None,
            Some("the answer of Microsoft Graph is no picture"),
        ),
    ] {
        for id in ["microsoft-entra-id", "azure-ad"] {
            let mut world = world_with(&graph);
            let picture =
                picture.map(|photo| format!("data:image/jpeg;base64, {}", STANDARD.encode(photo)));
            let user = user_of(&mut world, id).await;
            let expected =
                json!({ "name": "Jane Doe", "email": "jane@example.com", "image": picture });
            assert_eq!(user, expected);
            let said: Vec<_> = said
                .into_iter()
                .map(|reason| warning(CODE, id, &format!("{left_out}{reason}")))
                .collect();
            assert_eq!(warnings(&world.lines), said);
        }
    }
}

/// GitHub's profile has an empty text where there is no public address.
#[tokio::test]
async fn githubs_empty_address_is_none_and_the_list_is_asked() {
    for public in [json!(""), json!("  "), json!(null), json!(false), json!([])] {
        let mut world = World::new();
        world.github.change(|github| github.user_info["email"] = public.clone());
        let user = user_of(&mut world, "github").await;
        assert_eq!(user["email"], "octo@example.com", "{public}");
        assert!(world.lines.take().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_addresses_that_cannot_be_had_costs_the_address() {
    let left_out = "the profile's member `email` is left out: ";
    for (answer, said) in [
        (None, "GET https://api.github.com/user/emails: the connection was reset"),
        (Some((503, "{}")), "the list of addresses: GitHub answered 503"),
        (Some((200, "<h1>")), "the list of addresses is no list"),
        (Some((200, r#"{"message":"no"}"#)), "the list of addresses is no list"),
    ] {
        let mut world = World::new();
        world.github.change(|github| {
            let answer = answer.map(|(status, body)| (status, "application/json", body.into()));
            github.broken.insert("/user/emails", answer);
        });
        let user = user_of(&mut world, "github").await;
        assert_eq!((&user["name"], &user["email"]), (&json!("The Octocat"), &json!(null)));
        let said = warning(CODE, "github", &format!("{left_out}{said}"));
        assert_eq!(warnings(&world.lines), [said]);
    }
}

/// An odd entry costs the entry.
#[tokio::test]
async fn an_odd_entry_of_the_list_of_addresses_is_passed_over() {
    for odd in [json!(7), json!({}), json!({ "email": null, "primary": true }), json!([])] {
        let mut world = World::new();
        let list: Value = json!([odd, { "email": "octo@example.com", "primary": "yes" }]);
        world.github.change(|github| drop(github.resources.insert("/user/emails", list)));
        assert_eq!(user_of(&mut world, "github").await["email"], "octo@example.com");
    }
}

/// A hook of the application's own says itself what can be done without.
#[tokio::test]
async fn a_hook_that_fails_ends_the_sign_in() {
    let parts = Parts::new();
    let hook = typegate::provider::UserInfoHook::new(|user| {
        Box::pin(async move {
            user.leave_out("team", "there is none");
            Err(BoxError::from("no team, no entry"))
        })
    });
    let auth = site!(parts.clock)
        .provider(parts.idp.oidc().user_info_hook(hook))
        .http_client(client_of(&[&parts.idp]))
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    let mut world = parts.into_world(auth);
    world.expect_refusal("the hook").await;
    let said = world.lines.take();
    assert_eq!(said[0].message, "the profile's member `team` is left out: there is none");
    assert!(said[1].message.ends_with("no team, no entry"), "{said:?}");
}
