use http::header::{AUTHORIZATION, CONTENT_TYPE};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::provider::{EmailMessage, MailService};
use crate::theme::{Texts, Theme};
use crate::web::location::SafeLocation;

const FROM: &str = "Acme <no-reply@acme.example>";
const URL: &str = "https://app.example/api/auth/callback/resend?token=t";

fn message() -> EmailMessage {
    let expires = Timestamp::UNIX_EPOCH;
    let link = SafeLocation::of_application(URL).unwrap();
    let to = "ada@example.com".parse().unwrap();
    EmailMessage::new(&to, "app.example", &link, expires, &Theme::new(), &Texts::ENGLISH)
}

fn request(service: &impl MailService, url: &str, header: (&str, &str)) -> Value {
    let request = service.request(&message()).unwrap();
    assert_eq!((request.method().as_str(), request.uri().to_string().as_str()), ("POST", url));
    assert_eq!(request.headers()[header.0], header.1);
    assert_eq!(request.headers()[CONTENT_TYPE], "application/json");
    serde_json::from_slice(request.body()).unwrap()
}

/// Base64 of `key:`.
const KEY_ALONE: &str = "Basic a2V5Og==";

#[test]
fn every_service_is_asked_as_its_vendor_wants() {
    let EmailMessage { subject, text, html, .. } = message();
    let bearer = (AUTHORIZATION.as_str(), "Bearer key");
    let plain = json!({
        "from": FROM, "to": "ada@example.com", "subject": subject, "html": html, "text": text,
    });

    let url = "https://api.resend.com/emails";
    assert_eq!(request(&Resend::builder().key("key").from(FROM).build(), url, bearer), plain);
    let url = "https://api.forwardemail.net/v1/emails";
    let basic = (AUTHORIZATION.as_str(), KEY_ALONE);
    assert_eq!(request(&ForwardEmail::builder().key("key").from(FROM).build(), url, basic), plain);

    let url = "https://api.postmarkapp.com/email";
    let token = ("x-postmark-server-token", "key");
    let expected = json!({
        "From": FROM, "To": "ada@example.com", "Subject": subject, "TextBody": text,
        "HtmlBody": html, "MessageStream": "outbound",
    });
    assert_eq!(request(&Postmark::builder().key("key").from(FROM).build(), url, token), expected);

    let url = "https://api.sendgrid.com/v3/mail/send";
    let expected = json!({
        "personalizations": [{ "to": [{ "email": "ada@example.com" }] }],
        "from": { "email": "no-reply@acme.example" },
        "subject": subject,
        "content": [
            { "type": "text/plain", "value": text }, { "type": "text/html", "value": html },
        ],
    });
    assert_eq!(
        request(&SendGrid::builder().key("key").from("no-reply@acme.example").build(), url, bearer),
        expected
    );

    let url = "https://app.loops.so/api/v1/transactional";
    let expected = json!({
        "transactionalId": "template", "email": "ada@example.com", "dataVariables": { "url": URL },
    });
    assert_eq!(
        request(&Loops::builder().key("key").template("template").build(), url, bearer),
        expected
    );
}

#[test]
fn mailgun_is_asked_for_the_senders_domain_in_its_region() {
    for (service, host) in [
        (Mailgun::builder().key("key").from(FROM).build(), "api.mailgun.net"),
        (
            Mailgun::builder().key("key").from("no-reply@acme.example").build().europe(),
            "api.eu.mailgun.net",
        ),
    ] {
        let request = service.request(&message()).unwrap();
        assert_eq!(request.uri().to_string(), format!("https://{host}/v3/acme.example/messages"));
        // The base64 of `api:key`.
        assert_eq!(request.headers()[AUTHORIZATION], "Basic YXBpOmtleQ==");
        let form: Vec<(String, String)> =
            form_urlencoded::parse(request.body()).into_owned().collect();
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["from", "to", "subject", "html", "text"]);
        assert_eq!(form[1].1, "ada@example.com");
        assert!(form[4].1.contains(URL));
    }
    assert!(Mailgun::builder().key("key").from("nobody").build().request(&message()).is_err());
}

#[test]
fn no_key_is_shown() {
    let shown = format!(
        "{:?} {:?}",
        Resend::builder().key("k3y").from(FROM).build(),
        Loops::builder().key("k3y").template("template").build()
    );
    assert!(!shown.contains("k3y"), "{shown}");
}
