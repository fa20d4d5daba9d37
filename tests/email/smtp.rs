//! Sign-in links through a mail server: whole conversations on loopback.

use std::time::Duration;

use typegate::provider::{Email, SmtpServer};

use super::mail_server::{At, Fault, MailServer, Received, Setup, certificate};
use super::world::{BASE, World, error, location};

const SENDER: &str = "Acme <no-reply@acme.example>";

fn authority() -> String {
    std::fs::read_to_string(certificate("authority.pem")).unwrap()
}

fn trusted(url: &str) -> SmtpServer {
    url.parse::<SmtpServer>().unwrap().certificate_authority(&authority()).unwrap()
}

fn world(server: SmtpServer) -> World {
    let email = Email::smtp(server).from(SENDER.parse().unwrap());
    World::with(|_| email, true)
}

fn sent(provider: &str) -> String {
    format!("{BASE}/verify-request?provider={provider}&type=email")
}

/// The text of a part, with quoted-printable and base64 undone.
fn part(received: &Received, kind: &str) -> String {
    use base64::Engine as _;
    let boundary = received.header("Content-Type");
    let boundary = boundary.split('"').nth(1).unwrap().to_owned();
    let delimiter = format!("\r\n--{boundary}");
    let parts = received.data.split(&*delimiter);
    let wanted = |part: &&str| part.contains(&format!("Content-Type: {kind}"));
    let part = parts.skip(1).find(wanted).unwrap_or_else(|| panic!("{}", received.data));
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    if head.contains("quoted-printable") {
        let joined = body.replace("=\r\n", "");
        let mut pieces = joined.split('=');
        let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
        for piece in pieces {
            bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
            bytes.extend(piece[2..].bytes());
        }
        return String::from_utf8(bytes).unwrap();
    }
    if head.contains("base64") {
        let text: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    body.to_owned()
}

fn link(received: &Received) -> String {
    let text = part(received, "text/plain");
    text.lines().find(|line| line.starts_with("http")).unwrap().to_owned()
}

#[tokio::test]
async fn a_message_arrives_and_its_link_signs_in() {
    let server = MailServer::start(Setup::default()).await;
    let mut world = world(server.url("smtp", "").parse().unwrap());
    assert_eq!(world.ask("Ada@Example.com").await, sent("email"));
    let [received] = server.received().try_into().unwrap();
    assert_eq!(received.from, "no-reply@acme.example");
    assert_eq!(received.recipients, ["ada@example.com"]);
    assert_eq!(received.header("From"), SENDER);
    assert_eq!(received.header("To"), "ada@example.com");
    assert_eq!(received.header("Subject"), "Sign in to localhost:3000");
    assert_eq!(received.header("Auto-Submitted"), "auto-generated");
    assert!(received.header("Message-ID").ends_with("@acme.example>"));
    assert!(received.header("Content-Type").starts_with("multipart/alternative"));
    assert_eq!(received.header("MIME-Version"), "1.0");
    assert!(!received.header("Date").is_empty());

    let url = link(&received);
    assert!(part(&received, "text/html").contains(&url.replace('&', "&amp;")));
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
}

#[tokio::test]
async fn a_connection_is_used_again_after_a_whole_conversation_only() {
    let server = MailServer::start(Setup::default()).await;
    let mut world = world(server.url("smtp", "").parse().unwrap());
    for name in ["ada", "bob", "cleo"] {
        assert_eq!(world.ask(&format!("{name}@example.com")).await, sent("email"));
    }
    assert_eq!((server.received().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn with_starttls_nothing_is_said_before_encryption() {
    let setup =
        Setup { offers_starttls: true, credentials: Some(("ada", "p@ss")), ..Setup::default() };
    let server = MailServer::start(setup).await;
    let mut world = world(trusted(&server.url("smtp", "ada:p%40ss@")).require_tls());
    assert_eq!(world.ask("ada@example.com").await, sent("email"));
    let [received] = server.received().try_into().unwrap();
    assert!(received.is_encrypted && received.is_authenticated);
    assert_eq!(server.in_the_clear(), "EHLO acme.example\r\nSTARTTLS\r\n");
}

#[tokio::test]
async fn smtps_encrypts_from_the_first_byte() {
    let setup = Setup {
        is_tls_from_the_start: true,
        credentials: Some(("ada", "p@ss")),
        ..Setup::default()
    };
    let server = MailServer::start(setup).await;
    let mut world = world(trusted(&server.url("smtps", "ada:p%40ss@")));
    assert_eq!(world.ask("ada@example.com").await, sent("email"));
    assert!(server.received()[0].is_encrypted && server.received()[0].is_authenticated);
    assert_eq!(server.in_the_clear(), "");
}

#[tokio::test]
async fn r026_without_a_trusted_certificate_nothing_is_sent() {
    let offers = Setup { offers_starttls: true, ..Setup::default() };
    let encrypts = Setup { is_tls_from_the_start: true, ..Setup::default() };
    let plain = Setup::default();
    for (setup, scheme) in [(offers, "smtp"), (encrypts, "smtps"), (plain, "smtp")] {
        let server = MailServer::start(setup).await;
        let unknown: SmtpServer = server.url(scheme, "ada:p%40ss@").parse().unwrap();
        let mut world = world(unknown.require_tls());
        assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"), "{setup:?}");
        assert!(server.received().is_empty());
        assert!(!server.in_the_clear().contains("AUTH"), "{}", server.in_the_clear());
    }
    // The certificate is for another name.
    let server = MailServer::start(encrypts).await;
    let url = server.url("smtps", "").replace("localhost", "127.0.0.1");
    let mut world = world(trusted(&url));
    assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn r082_whatever_the_server_does_the_visitor_is_told_and_no_link_works() {
    let points = [At::Greeting, At::Hello, At::MailFrom, At::RcptTo, At::Data, At::Message];
    let faults = [
        Fault::Answer("550 5.1.1 <ada@example.com> nobody\u{7} here"),
        Fault::Answer("421 4.3.2 later"),
        Fault::Answer("no SMTP at all"),
        Fault::Close,
    ];
    for at in points {
        for fault in faults {
            let setup = Setup { fault: Some((at, fault)), ..Setup::default() };
            let server = MailServer::start(setup).await;
            fails(&server, server.url("smtp", "").parse().unwrap(), &format!("{setup:?}")).await;
        }
    }
}

#[tokio::test]
async fn r082_a_silent_server_ends_at_the_deadline() {
    for at in [At::Greeting, At::Hello, At::RcptTo, At::Data, At::Message] {
        let setup = Setup { fault: Some((at, Fault::Silence)), ..Setup::default() };
        let server = MailServer::start(setup).await;
        let slow: SmtpServer = server.url("smtp", "").parse().unwrap();
        fails(&server, slow.deadline(Duration::from_millis(200)), &format!("{at:?}")).await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_logged_without_it() {
    let setup = Setup { credentials: Some(("ada", "right")), ..Setup::default() };
    let server = MailServer::start(setup).await;
    fails(&server, server.url("smtp", "ada:wr0ng@").parse().unwrap(), "password").await;
    // Nobody listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("smtp://ada:wr0ng@127.0.0.1:{port}");
    fails(&server, url.parse().unwrap(), "nobody listens").await;
}

/// The visitor is told, the log says why without what the server wrote, and no link that the
/// server may have seen works.
async fn fails(server: &MailServer, settings: SmtpServer, what: &str) {
    let mut world = world(settings);
    for _ in 0..2 {
        assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"), "{what}");
        let lines = world.lines.take();
        let codes: Vec<_> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(codes, ["SEND_VERIFICATION_EMAIL_ERROR", "SIGNIN_EMAIL_ERROR"], "{what}");
        for secret in ["ada@example.com", "\u{7}", "no SMTP at all", "wr0ng", "token="] {
            assert!(!lines.concat().contains(secret), "{what}: {lines:?}");
        }
        assert!(lines[0].contains("mail server"), "{lines:?}");
    }
    assert!(server.received().is_empty(), "{what}");
    for message in server.seen() {
        assert_eq!(location(&world.get(&link(&message)).await), error("Verification"), "{what}");
    }
}

/// What the log says of a message that was not sent.
async fn said(settings: SmtpServer) -> String {
    let mut world = world(settings);
    assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
    world.lines.take().remove(0)
}

#[tokio::test]
async fn r212_a_failure_names_the_server_the_step_its_answer_and_the_setting() {
    let faults = [
        (
            At::Greeting,
            "421 4.3.2 too busy",
            "at the greeting (EHLO), it answered 421 `4.3.2 too busy`",
        ),
        (At::Hello, "550 go away", "at the greeting (EHLO), it answered 550 `go away`"),
        (
            At::MailFrom,
            "530 5.7.0 sign in first",
            "at MAIL FROM, it answered 530 `5.7.0 sign in first`; look at the sender (`EMAIL_FROM`, `from`)",
        ),
        (
            At::RcptTo,
            "550 5.1.1 <ada@example.com> nobody here",
            "at RCPT TO, it answered 550 `5.1.1 <…> nobody here`",
        ),
        (At::Data, "554 no", "at DATA, it answered 554 `no`"),
        (
            At::Message,
            "554 5.7.1 SPF failed",
            "at DATA, it answered 554 `5.7.1 SPF failed`; look at the sender",
        ),
    ];
    for (at, answer, expected) in faults {
        let setup = Setup { fault: Some((at, Fault::Answer(answer))), ..Setup::default() };
        let server = MailServer::start(setup).await;
        let line = said(server.url("smtp", "").parse().unwrap()).await;
        assert!(line.contains(expected), "{line}");
        let host = server.url("smtp", "").replace("smtp://", "the mail server ");
        assert!(line.contains(&host) && !line.contains("the application's callback"), "{line}");
    }
    let wants = Setup { credentials: Some(("ada", "right")), ..Setup::default() };
    let server = MailServer::start(wants).await;
    let line = said(server.url("smtp", "ada:wr0ng@").parse().unwrap()).await;
    assert!(
        line.contains("at AUTH, it answered 535") && line.contains("user and password in"),
        "{line}"
    );
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let line = said(format!("smtp://{closed}").parse().unwrap()).await;
    assert!(
        line.contains(&format!("the mail server {closed}")) && line.contains("host and port"),
        "{line}"
    );
}

#[tokio::test]
async fn r212_the_wrong_scheme_for_a_port_is_recognised() {
    // Encryption from the first byte, where the server begins in the clear.
    let server = MailServer::start(Setup::default()).await;
    let line = said(trusted(&server.url("smtps", ""))).await;
    assert!(line.contains("write `smtp://` in the place of `smtps://`"), "{line}");
    // And the other way round: both wait for the other to begin.
    let server = MailServer::start(Setup { is_tls_from_the_start: true, ..Setup::default() }).await;
    let silent = server.url("smtp", "").parse::<SmtpServer>().unwrap();
    let line = said(silent.deadline(Duration::from_millis(200))).await;
    assert!(line.contains("write `smtps://` in the place of `smtp://`"), "{line}");
    // No STARTTLS where it is needed.
    let server = MailServer::start(Setup::default()).await;
    let line = said(server.url("smtp", "").parse::<SmtpServer>().unwrap().require_tls()).await;
    assert!(line.contains("at STARTTLS") && line.contains("`smtps://`"), "{line}");
    // The certificate of somebody else.
    let server = MailServer::start(Setup { is_tls_from_the_start: true, ..Setup::default() }).await;
    let line = said(server.url("smtps", "").parse().unwrap()).await;
    assert!(line.contains("certificate_authority"), "{line}");
}

/// While the server takes no message of anybody, nobody's requests count; what may be about one
/// address does.
#[tokio::test]
async fn r210_a_mail_server_that_is_down_uses_nobodys_requests_up() {
    let setup = |at, answer| Setup { fault: Some((at, Fault::Answer(answer))), ..Setup::default() };
    for (setup, expected) in [
        (setup(At::Greeting, "421 4.3.2 later"), 8),
        (setup(At::MailFrom, "530 5.7.0 sign in"), 8),
        (setup(At::RcptTo, "421 4.3.2 later"), 8),
        (setup(At::RcptTo, "550 5.1.1 nobody"), 5),
        (setup(At::Message, "554 5.7.1 no"), 5),
    ] {
        let server = MailServer::start(setup).await;
        let mut world = world(server.url("smtp", "").parse().unwrap());
        let mut tried = 0;
        for _ in 0..8 {
            world.ask("ada@example.com").await;
            let lines = world.lines.take().concat();
            tried += usize::from(lines.contains("SEND_VERIFICATION_EMAIL_ERROR"));
        }
        assert_eq!(tried, expected, "{setup:?}");
    }
}

/// A generator of addresses, good and bad ones, the same in every run.
struct Addresses(u64);

impl Addresses {
    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        // Numbers of Knuth's MMIX generator; the high bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(self.0 >> 33).unwrap() % from.len();
        &from[index]
    }

    fn word(&mut self, pieces: &[&str]) -> String {
        let count = *self.pick(&[1, 2, 3, 4]);
        (0..count).map(|_| *self.pick(pieces)).collect()
    }

    fn next(&mut self) -> String {
        let local =
            ["a", "B", "ann", "x1", ".", "+", "-", "_", "é", "ß", "ａ", "'", "日本", "\u{301}"];
        let odd =
            ["\"", " ", ",", ";", "<", ">", "(", ")", "\\", "\r\n", "\0", "\u{202e}", "%", "@"];
        let domain = ["a", "Example", "bücher", "x-1", "-", "ⓑ", "\u{ad}", "1", "例え", "_"];
        let mut text = self.word(&local);
        if *self.pick(&[false, false, false, true]) {
            let odd = self.pick::<&str>(&odd);
            text.push_str(odd);
        }
        let at = *self.pick(&["@", "@", "@", "@", "＠", "@@"]);
        let dot = *self.pick(&[".", ".", ".", "\u{3002}", ".."]);
        let top = *self.pick(&["example", "co", "de", "рф", "co,x.y"]);
        let labels = self.word(&domain);
        let space = *self.pick(&["", "", "", " ", "\u{a0}"]);
        format!("{space}{text}{at}{labels}{dot}{top}{space}")
    }
}

/// 500 addresses that are taken, and those refused in between.
#[tokio::test]
async fn r069_envelope_header_link_and_user_are_one_address() {
    let mut visitors = tokio::task::JoinSet::new();
    for seed in 0..10 {
        visitors.spawn(compare(Addresses(seed), 50));
    }
    let refused: u32 = visitors.join_all().await.iter().sum();
    assert!(refused > 100, "{refused}");
}

/// Signs in with that many addresses; how many others were refused.
async fn compare(mut addresses: Addresses, wanted: u32) -> u32 {
    let server = MailServer::start(Setup::default()).await;
    let mut world = world(server.url("smtp", "").parse().unwrap());
    let (mut taken, mut refused) = (0, 0);
    while taken < wanted {
        // One visitor does not ask so often.
        world.clock.advance(15 * 60);
        let text = addresses.next();
        let before = server.count();
        if world.ask(&text).await == error("EmailSignin") {
            assert_eq!(server.count(), before, "{text:?}");
            refused += 1;
            continue;
        }
        taken += 1;
        let received = server.last();
        assert_eq!(server.count(), before + 1);
        let [recipient] = &received.recipients[..] else { panic!("{received:?}") };
        let url = url::Url::parse(&link(&received)).unwrap();
        let in_link = url.query_pairs().find(|(name, _)| name == "email").unwrap().1.into_owned();
        assert_eq!(*recipient, in_link, "{text:?}");
        assert_eq!(received.header("To"), *recipient, "{text:?}");
        assert_eq!(recipient.matches('@').count(), 1, "{text:?}");
        world.get(url.as_str()).await;
        assert_eq!(world.session().await["user"]["email"], **recipient, "{text:?}");
        world.forget();
    }
    refused
}
