use std::collections::HashSet;

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn signer<'a>(
    client_key: &'a str,
    client_secret: &'a ClientSecret,
    token: Option<(&'a str, &'a str)>,
) -> Signer<'a> {
    let method = SignatureMethod::HmacSha1;
    Signer { method, version: "1.0", client_key, client_secret, token }
}

/// The three requests of RFC 5849 section 1.2. They carry no `oauth_version`.
#[test]
fn r165_the_examples_of_rfc_5849_section_1_2() {
    let secret = ClientSecret::new("kd94hf93k423kf44");
    let common = |timestamp, nonce| {
        vec![
            ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", timestamp),
            ("oauth_nonce", nonce),
        ]
    };

    let mut parameters = common("137131200", "wIjqoS");
    parameters.push(("oauth_callback", "http://printer.example.com/ready"));
    let initiate = url("https://photos.example.net/initiate");
    let signature = signer("", &secret, None).sign(&Method::POST, &initiate, &parameters);
    assert_eq!(signature, "74KNZJeDHnMBp0EMJ9ZHt/XKycU=");

    let mut parameters = common("137131201", "walatlh");
    parameters.push(("oauth_token", "hh5s93j4hdidpola"));
    parameters.push(("oauth_verifier", "hfdp7dh39dks9884"));
    let temporary = signer("", &secret, Some(("hh5s93j4hdidpola", "hdhd0244k9j7ao03")));
    let signature =
        temporary.sign(&Method::POST, &url("https://photos.example.net/token"), &parameters);
    assert_eq!(signature, "gKgrFCywp7rO0OXSjdot/IHF7IU=");

    let mut parameters = common("137131202", "chapoH");
    parameters.push(("oauth_token", "nnch734d00sl2jdk"));
    let photos = url("http://photos.example.net/photos?file=vacation.jpg&size=original");
    let token = signer("", &secret, Some(("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")));
    let signature = token.sign(&Method::GET, &photos, &parameters);
    assert_eq!(signature, "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
}

/// Section 3.4.1.1; the parameters of the body are `c2` and `a3=2 q`. The signature is that of
/// section 3.1, the same request with the secrets given there.
#[test]
fn r165_the_base_string_of_rfc_5849_section_3_4_1() {
    let request = url("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b");
    let parameters = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("c2", ""),
        ("a3", "2 q"),
    ];
    assert_eq!(
        base_string(&Method::POST, &request, &parameters),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D\
         %253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce\
         %3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26\
         oauth_token%3Dkkk9d7dh3k39sjv7"
    );
    let secret = ClientSecret::new("j49sk3j29djd");
    let signer = signer("", &secret, Some(("kkk9d7dh3k39sjv7", "dh893hdasih9")));
    let signature = signer.sign(&Method::POST, &request, &parameters);
    assert_eq!(signature, "r6/TJjbCOr97/+UU0NsvSne7s5g=");
}

/// Section 3.4.1.2: the port counts if it is not the scheme's own.
#[test]
fn r165_the_base_string_url_has_no_default_port_query_fragment_or_user() {
    for (text, expected) in [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
        ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/"),
        ("https://user:password@example.net:443#fragment", "https://example.net/"),
        ("http://[::1]:3000/a", "http://[::1]:3000/a"),
    ] {
        assert_eq!(base_string_url(&url(text)), expected);
    }
}

/// "Creating a signature" in Twitter's documentation of its API 1.1.
#[test]
fn r165_the_example_of_twitter() {
    let secret = ClientSecret::new("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw");
    let token = (
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    );
    let update = url("https://api.twitter.com/1.1/statuses/update.json?include_entities=true");
    let parameters = [
        ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
        ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
        ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1318622958"),
        ("oauth_token", token.0),
        ("oauth_version", "1.0"),
    ];
    let signature = signer("", &secret, Some(token)).sign(&Method::POST, &update, &parameters);
    assert_eq!(signature, "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
}

#[test]
fn r165_reserved_and_other_than_ascii_characters_are_encoded() {
    assert_eq!(encode("azAZ09-._~"), "azAZ09-._~");
    assert_eq!(
        encode("!*'();:@&=+$,/?#[] %"),
        "%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D%20%25"
    );
    assert_eq!(encode("Dogs, Cats & Mice"), "Dogs%2C%20Cats%20%26%20Mice");
    assert_eq!(encode("☃ é\u{7f}\n"), "%E2%98%83%20%C3%A9%7F%0A");
    assert_eq!(
        base_string(&Method::GET, &url("https://a.example/é?z=☃+1&y=%2B"), &[("x", "'")]),
        "GET&https%3A%2F%2Fa.example%2F%25C3%25A9&x%3D%2527%26y%3D%252B%26z%3D%25E2%2598%2583%25201"
    );
}

/// Sorted after encoding, and values where names are equal: `%` comes before letters.
#[test]
fn r165_parameters_are_sorted_by_their_encoded_bytes() {
    let parameters = [("b", "2"), ("é", "1"), ("b", "10"), ("B", "x"), ("a1", ""), ("a", "~")];
    let text = base_string(&Method::GET, &url("https://a.example/"), &parameters);
    let sorted = "%C3%A9=1&B=x&a=~&a1=&b=10&b=2";
    assert_eq!(text, format!("GET&https%3A%2F%2Fa.example%2F&{}", encode(sorted)));
}

#[test]
fn plaintext_sends_both_secrets_encoded() {
    let secret = ClientSecret::new("djr9rjt0&jd");
    let mut signer = signer("key", &secret, Some(("token", "jjd999tj88uiths3")));
    signer.method = SignatureMethod::Plaintext;
    let signature = signer.sign(&Method::GET, &url("https://a.example/"), &[]);
    assert_eq!(signature, "djr9rjt0%26jd&jjd999tj88uiths3");
}

/// Section 3.5.1: the header is encoded once more.
#[test]
fn the_header_holds_the_protocol_parameters() {
    let secret = ClientSecret::new("kd94hf93k423kf44");
    let signer = signer("a key", &secret, Some(("t/1", "s")));
    let address = url("https://a.example/token?x=1");
    let header =
        signer.authorization_with(&Method::POST, &address, &[("oauth_verifier", "\"v\"")], "n", 7);
    let signature = signer.sign(
        &Method::POST,
        &address,
        &[
            ("oauth_verifier", "\"v\""),
            ("oauth_consumer_key", "a key"),
            ("oauth_nonce", "n"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "7"),
            ("oauth_version", "1.0"),
            ("oauth_token", "t/1"),
        ],
    );
    assert_eq!(
        header,
        format!(
            "OAuth oauth_consumer_key=\"a%20key\", oauth_nonce=\"n\", \
             oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"7\", oauth_version=\"1.0\", \
             oauth_token=\"t%2F1\", oauth_verifier=\"%22v%22\", oauth_signature=\"{}\"",
            encode(&signature)
        )
    );
}

#[test]
fn r166_nonces_have_128_bits_and_never_repeat() {
    let secret = ClientSecret::new("s");
    let signer = signer("key", &secret, None);
    let mut seen = HashSet::new();
    for _ in 0..10_000 {
        let header = signer
            .authorization(&Method::GET, &url("https://a.example/"), &[], Timestamp::UNIX_EPOCH)
            .unwrap();
        let nonce = header.split("oauth_nonce=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(nonce.len(), 32);
        assert!(seen.insert(nonce.to_owned()));
    }
}
