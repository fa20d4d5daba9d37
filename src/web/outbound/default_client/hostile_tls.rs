//! Peers that are hostile below HTTP, in TLS records.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig, ServerConnection, Stream};

use super::*;

pub(super) fn certificate(name: &str) -> CertificateDer<'static> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
    CertificateDer::from_pem_file(folder.join(name)).unwrap()
}

fn client() -> DefaultHttpClient {
    let mut roots = RootCertStore::empty();
    roots.add(certificate("ca.pem")).unwrap();
    let tls = ClientConfig::builder_with_provider(tls_provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    DefaultHttpClient::with_tls(tls, Duration::from_secs(30), Proxies::of_environment().unwrap())
}

pub(super) fn server_configuration(name: &str) -> Arc<ServerConfig> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(tls_provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate(name)], key)
        .unwrap();
    Arc::new(config)
}

/// What goes over the connection, until the client has had enough of it.
#[derive(Clone, Copy)]
enum Flood {
    /// The same records again and again, instead of a handshake.
    Records(&'static [u8]),
    /// After the handshake, a head in records of one byte without end.
    Bytes,
    /// After the handshake, new keys without end (RFC 8446 section 4.6.3).
    KeyUpdates,
}

impl Flood {
    fn serve(self, mut stream: TcpStream, sent: &AtomicUsize) -> std::io::Result<()> {
        if let Self::Records(records) = self {
            let _ = stream.read(&mut [0; 4096])?;
            let many = records.repeat(60_000 / records.len());
            loop {
                stream.write_all(&many)?;
                sent.fetch_add(many.len(), Ordering::SeqCst);
            }
        }
        let mut connection = ServerConnection::new(server_configuration("good.pem")).unwrap();
        let mut tls = Stream::new(&mut connection, &mut stream);
        let _ = tls.read(&mut [0; 4096])?;
        tls.write_all(b"HTTP/1.1 200 OK\r\na: ")?;
        loop {
            match self {
                Self::KeyUpdates => {
                    tls.conn.refresh_traffic_keys().map_err(std::io::Error::other)?;
                    tls.conn.complete_io(tls.sock)?;
                }
                _ => tls.write_all(b"b")?,
            }
            // The least that a record has.
            sent.fetch_add(23, Ordering::SeqCst);
        }
    }
}

/// What lies in the sockets, and what is read before the client gives up.
const AT_MOST: usize = 24 * 1024 * 1024;

#[tokio::test]
async fn r197_no_records_of_tls_hold_others_up() {
    let client = client();
    for (name, flood) in [
        ("handshake records of one byte", Flood::Records(&[0x16, 3, 3, 0, 1, 2])),
        ("alerts that warn", Flood::Records(&[0x15, 3, 3, 0, 2, 1, 90])),
        ("changes of the cipher", Flood::Records(&[0x14, 3, 3, 0, 1, 1])),
        ("empty records", Flood::Records(&[0x17, 3, 3, 0, 0])),
        ("empty handshake records", Flood::Records(&[0x16, 3, 3, 0, 0])),
        ("no records", Flood::Records(b"HTTP/1.1 100 Continue\r\n\r\n")),
        ("records of one byte", Flood::Bytes),
        ("key updates", Flood::KeyUpdates),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        let sent = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&sent);
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            drop(listener);
            drop(flood.serve(stream, &counter));
        });
        let client = client.clone();
        let call = tokio::spawn(async move {
            HttpClient::send(&client, Request::get(url).body(Bytes::new()).unwrap()).await
        });
        let mut turns = 0_usize;
        while !call.is_finished() {
            turns += 1;
            tokio::task::yield_now().await;
        }
        assert!(call.await.unwrap().is_err(), "{name}");
        let sent = sent.load(Ordering::SeqCst);
        assert!(sent <= AT_MOST, "{name}: {sent} bytes beside {turns} turns");
    }
}
