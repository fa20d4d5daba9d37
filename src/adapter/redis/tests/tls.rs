//! TLS with certificates of one's own.

use super::servers::{Cluster, Server, certificate, program, server, until};
use super::{refusal, refusal_with};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{
    MemoryAdapter, RedisAdapter, RedisAddress, RedisOptions, SessionStore as _,
    UserSessionStore as _, UserStore as _, VerificationTokenStore as _,
};
use crate::testing::adapter::fixture::{ada, link_for, session, time};

fn pem(name: &str) -> Vec<u8> {
    std::fs::read(certificate(name)).unwrap()
}

fn ours() -> RedisOptions {
    RedisOptions::default().certificate_authority(pem("ca.pem"))
}

/// The certificate of a client, which servers know.
const CLIENT: &str = "self_signed.pem";

/// A server with a certificate for `localhost`.
async fn tls_server(program: &str, asks_clients: &str) -> Server {
    let [certificate, key, authority] =
        ["good.pem", "server.key", CLIENT].map(|name| certificate(name).display().to_string());
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

/// Clients, replicas and the nodes among each other. Nodes go by the name in their certificate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_speaks_tls_with_everybody() {
    let Some(program) = program() else { return };
    let folder = Folder::new();
    // What nodes show to each other is no certificate of a server's.
    let authorities = folder.file("authorities.pem").display().to_string();
    std::fs::write(&authorities, [pem("ca.pem"), pem(CLIENT)].concat()).unwrap();
    let [good, key, shown] =
        ["good.pem", "server.key", CLIENT].map(|name| certificate(name).display().to_string());
    let options = [
        ["--port", "0"],
        ["--tls-port", "PORT"],
        ["--tls-cluster", "yes"],
        ["--tls-replication", "yes"],
        ["--tls-auth-clients", "no"],
        ["--tls-cert-file", &good],
        ["--tls-key-file", &key],
        ["--tls-client-cert-file", &shown],
        ["--tls-client-key-file", &key],
        ["--tls-ca-cert-file", &authorities],
        ["--cluster-announce-hostname", "localhost"],
        ["--cluster-preferred-endpoint-type", "hostname"],
    ];
    let cluster = Cluster::start_with(&program, 60_000, options.as_flattened()).await;
    let nodes = || RedisAddress::cluster(cluster.urls());
    let adapter = RedisAdapter::connect_with(nodes(), MemoryAdapter::new(), ours()).await.unwrap();
    let ada = adapter.create_user(ada()).await.unwrap().id;
    let tokens: Vec<_> = (0..50).map(|number| format!("s{number}")).collect();
    for token in &tokens {
        adapter.create_session(session(token, &ada, time())).await.unwrap();
    }
    for primary in &cluster.primaries {
        assert!(primary.ask::<u64>("DBSIZE").await.unwrap() > 0);
    }
    // To a node that has another task by now, too.
    let replica = &cluster.replicas[0];
    replica.ask::<()>("CLUSTER FAILOVER").await.unwrap();
    until("the replica takes over", async || replica.is_primary().await).await;
    for token in &tokens {
        assert!(adapter.session_and_user(&token.as_str().into()).await.unwrap().is_some());
    }
    assert_eq!(adapter.delete_sessions_of_user(&ada, None).await.unwrap(), 50);

    // The platform's authorities do not know the nodes.
    refusal(nodes()).await;
    // Nor does any name stand in the certificate.
    let by_number = cluster.urls().into_iter().map(|url| url.replace("localhost", "127.0.0.1"));
    refusal_with(RedisAddress::cluster(by_number), ours()).await;
}
