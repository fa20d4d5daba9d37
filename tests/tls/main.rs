//! TLS: the default HTTP client speaks to whoever has the right certificate and to nobody else.

#![cfg(test)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use typegate::{DefaultHttpClient, HttpClient as _};

const CHILD: &str = "TYPEGATE_TLS_CHILD";

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls")
}

/// A server with that certificate: its port, and how many bytes it could read.
async fn server(certificate: &str) -> (u16, Arc<AtomicUsize>) {
    let chain = CertificateDer::from_pem_file(folder().join(certificate)).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder().join("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&received);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let read = stream.read(&mut [0; 4096]).await.unwrap_or_default();
            counter.fetch_add(read, Ordering::SeqCst);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, received)
}

/// The platform's authorities are those of a file for this one process.
#[test]
fn r026_certificates_are_checked_and_nothing_is_sent_before() {
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(check());
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "r026_certificates_are_checked_and_nothing_is_sent_before"])
        .env(CHILD, "1")
        .env("SSL_CERT_FILE", folder().join("ca.pem"))
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

async fn check() {
    let client = DefaultHttpClient::new().unwrap();
    for (certificate, is_good) in [
        ("good.pem", true),
        ("wrong_host.pem", false),
        ("expired.pem", false),
        ("self_signed.pem", false),
    ] {
        let (port, received) = server(certificate).await;
        let request = Request::post(format!("https://localhost:{port}/token"));
        let request = request.body(Bytes::from_static(b"client_secret=s3cr3t")).unwrap();
        let answer = client.send(request).await;
        assert_eq!(answer.is_ok(), is_good, "{certificate}: {answer:?}");
        assert_eq!(received.load(Ordering::SeqCst) > 0, is_good, "{certificate}");
    }
}
