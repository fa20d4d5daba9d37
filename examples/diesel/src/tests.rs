//! The conformance cases of typegate, and a sign-in on it.

use bytes::Bytes;
use http::{Request, header};
use typegate::testing::adapter::Conformance;
use typegate::testing::{Browser, IdentityProvider};
use typegate::{Auth, Secret};

use super::DieselAdapter;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn diesel_conforms() {
    Conformance::of(async || DieselAdapter::open(":memory:").unwrap())
        .users()
        .await
        .accounts()
        .await
        .account_tokens()
        .await
        .sessions()
        .await
        .user_sessions()
        .await
        .verification_tokens()
        .await
        .expired_rows()
        .await
        .secrecy()
        .await
        .report()
        .assert();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_and_is_signed_out_elsewhere() {
    let idp = IdentityProvider::new();
    let auth = Auth::builder()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .adapter(DieselAdapter::open(":memory:").unwrap())
        .session_control()
        .provider(idp.oidc("idp"))
        .http_client(idp.clone())
        .build()
        .unwrap();
    let mut browser = Browser::new(auth.service());
    browser.sign_in("idp", &idp).await.unwrap();
    let token = browser.cookie("next-auth.session-token").unwrap().to_owned();
    let request =
        Request::get("/").header(header::COOKIE, format!("next-auth.session-token={token}"));
    let headers = request.body(Bytes::new()).unwrap().into_parts().0.headers;
    let sessions = auth.session_control().unwrap();
    let mine = sessions.of_request(&headers).await.unwrap().expect("signed in");
    let devices = mine.list().await.unwrap();
    assert_eq!(devices.len(), 1);
    mine.revoke(&devices[0].id).await.unwrap();
    assert!(sessions.of_request(&headers).await.unwrap().is_none());
}
