//! A hostile mail server, whose answers must not keep others from being served.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use typegate::provider::{Email, SmtpServer};

use super::mail_server::certificate;
use super::world::World;

/// What lies in the sockets, and what is read before the client gives up.
const AT_MOST: usize = 16 * 1024 * 1024;

/// Says `head`, then `endless` again and again, until nobody listens any more.
fn flood(stream: &mut (impl std::io::Read + std::io::Write), endless: &[u8], sent: &AtomicUsize) {
    let many = endless.repeat(1 + 60_000 / endless.len());
    while stream.write_all(&many).is_ok() {
        sent.fetch_add(many.len(), Ordering::SeqCst);
    }
}

fn tls() -> rustls::ServerConnection {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let chain = CertificateDer::from_pem_file(certificate("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(certificate("server-key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    rustls::ServerConnection::new(Arc::new(config)).unwrap()
}

fn serve(mut stream: TcpStream, is_tls: bool, endless: &[u8], sent: &AtomicUsize) {
    if is_tls {
        let mut connection = tls();
        return flood(&mut rustls::Stream::new(&mut connection, &mut stream), endless, sent);
    }
    // The greeting is what it should be: the flood answers the first command.
    stream.write_all(b"220 mail.example\r\n").unwrap();
    let _ = stream.read(&mut [0; 512]);
    flood(&mut stream, endless, sent);
}

#[tokio::test]
async fn r197_no_answer_of_a_mail_server_holds_others_up() {
    let authority = std::fs::read_to_string(certificate("authority.pem")).unwrap();
    for (endless, is_tls) in [
        (&b"x"[..], false),
        (b"220-", false),
        (b"220-\r\n", false),
        (b"250-mail.example greets you\r\n", false),
        (b"250 \r\n", false),
        (b"\r\n", false),
        (b"x", true),
        (b"220-\r\n", true),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let sent = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&sent);
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            drop(listener);
            serve(stream, is_tls, endless, &counter);
        });
        let scheme = if is_tls { "smtps" } else { "smtp" };
        let server: SmtpServer = format!("{scheme}://localhost:{port}").parse().unwrap();
        let server = server.certificate_authority(&authority).unwrap();
        let email = Email::smtp(server).from("no-reply@acme.example".parse().unwrap());
        let mut world = World::with(|_| email, true);
        let asked = world.ask("ada@example.com").await;
        assert!(asked.contains("error=EmailSignin"), "{asked}");
        let sent = sent.load(Ordering::SeqCst);
        assert!(sent <= AT_MOST, "{}: {sent} bytes", String::from_utf8_lossy(endless));
    }
}
