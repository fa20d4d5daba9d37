//! TLS with certificates of one's own.

use std::path::{Path, PathBuf};

use super::refusal_with;
use super::servers::{Server, program, server};
use crate::adapter::{
    MemoryAdapter, RedisAdapter, RedisAddress, RedisOptions, VerificationTokenStore as _,
};
use crate::testing::adapter::fixture::link_for;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(name)
}

fn pem(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

fn ours() -> RedisOptions {
    RedisOptions::default().certificate_authority(pem("ca.pem"))
}

/// The certificate of a client, which servers know.
const CLIENT: &str = "self_signed.pem";

/// A server with a certificate for `localhost`.
async fn tls_server(program: &str, asks_clients: &str) -> Server {
    let [certificate, key, authority] =
        ["good.pem", "server.key", CLIENT].map(|name| file(name).display().to_string());
    let options = [
        "--port",
        "0",
        "--tls-port",
        "PORT",
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-ca-cert-file",
        &authority,
        "--tls-auth-clients",
        asks_clients,
    ];
    server(program, &options).await
}

#[tokio::test]
async fn a_server_is_known_by_a_certificate_of_ones_own_authority() {
    let Some(program) = program() else { return };
    let server = tls_server(&program, "no").await;
    let url = format!("rediss://localhost:{}", server.port);
    let users = MemoryAdapter::new();
    let adapter = RedisAdapter::connect_with(&url, users, ours()).await.unwrap();
    adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
    assert!(
        adapter.use_verification_token("ada@example.com", &"t".into()).await.unwrap().is_some()
    );

    // The platform's authorities and others do not know it.
    refusal_with(url.clone(), RedisOptions::default()).await;
    let other = RedisOptions::default().certificate_authority(pem("self_signed.pem"));
    refusal_with(url.clone(), other).await;
    // It is for another name.
    refusal_with(url.replace("localhost", "127.0.0.1"), ours()).await;
    // What cannot be checked is not left unchecked.
    let plain = url.replace("rediss", "redis");
    let nodes = RedisAddress::sentinel([plain.clone()], "redis://mymaster");
    for address in [plain.clone().into(), nodes, RedisAddress::cluster([plain])] {
        let refused = refusal_with(address, ours()).await;
        assert!(refused.contains("write `rediss://`"), "{refused}");
    }
    let nothing = RedisOptions::default().certificate_authority("no certificate");
    refusal_with(url, nothing).await;
}

#[tokio::test]
async fn a_server_that_asks_for_certificates_is_shown_one() {
    let Some(program) = program() else { return };
    let server = tls_server(&program, "yes").await;
    let url = format!("rediss://localhost:{}", server.port);
    refusal_with(url.clone(), ours()).await;
    let options = ours().client_certificate(pem(CLIENT), pem("server.key"));
    RedisAdapter::connect_with(url, MemoryAdapter::new(), options).await.unwrap();
}
