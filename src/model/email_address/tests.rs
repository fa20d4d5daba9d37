use serde_json::Value;

use std::collections::HashMap;

use super::{AddressRefused, EmailAddress};
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

fn parse(text: &str) -> Result<String, AddressRefused> {
    text.parse::<EmailAddress>().map(String::from)
}

/// Recorded on next-auth 4.24.15; a case with `ours` is an agreed difference (R068, R070).
#[test]
fn r067_addresses_are_normalised_as_in_v4() {
    let data: Value = serde_json::from_str(include_str!("../../../tests/data/email.json")).unwrap();
    for case in data["normalise"].as_array().unwrap() {
        let expected = case.get("ours").unwrap_or(&case["v4"]).as_str();
        let input = case["input"].as_str().unwrap();
        assert_eq!(parse(input).ok().as_deref(), expected, "{case}");
    }
}

#[test]
fn r068_what_no_mailer_should_get_is_refused() {
    for bad in [
        "a\u{0}@b.co",
        "a\r\n@b.co",
        "a\nbcc:x@b.co",
        "a b@c.co",
        "<a@b.co>",
        "a(c)@b.co",
        "a@b.co(c)",
        "a;b@c.co",
        "a:b@c.co",
        "a@b;c.co",
        "a@b:25.co",
        "a@b.co:25",
        "a@b c.co",
        "a@b\u{9}.co",
        "a@b\u{202e}c.co",
        "a@b\u{200b}c.co",
        "a@b\u{200d}c.co",
        "a@b\u{2060}c.co",
        "a@b\u{feff}c.co",
        "a@b\u{180e}c.co",
        "a\u{ad}b@c.co",
        "a\u{200d}b@c.co",
        "a\u{2066}b@c.co",
        "a\u{7f}b@c.co",
        "a\u{85}b@c.co",
        "a@[IPv6:::1]",
        "a@0x7f.1",
        "a,b@c.co",
        "a\u{202e}@b.co",
        "a\u{200b}@b.co",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@1.2",
        "a@b..co",
        "a@.co",
        "a@b.",
        ".a@b.co",
        "a.@b.co",
        "a..b@c.co",
        "a@-b.co",
        "a@b-.co",
        "a@b_c.co",
        "a@b.co/x",
        "a@b.co?x",
        "a\\b@c.co",
        "a@b",
        "@b.co",
        "a@",
        "",
        "a@b.co b@c.co",
        "a@b.co;c@d.co",
        "a@b.co,c@d.co",
        "a%00@b\u{0}.co",
        "|cmd@b.co",
        "-oq@b.co",
        "/dev/null@b.co",
        "a%b.co@c.co",
        "b.co!a@c.co",
        "=?utf-8?q?a=40b.co=3e=00?=@c.co",
    ] {
        assert!(parse(bad).is_err(), "{bad:?}");
    }
    let long =
        |local: usize, label: usize| format!("{}@{}.co", "a".repeat(local), "b".repeat(label));
    assert!(parse(&long(64, 63)).is_ok());
    assert!(parse(&long(65, 10)).is_err());
    assert!(parse(&long(10, 64)).is_err());
    let labels = |count: usize| format!("a@{}co", "bbbbbbbbb.".repeat(count));
    assert!(parse(&labels(24)).is_ok());
    assert!(parse(&labels(26)).is_err());
    assert!(parse(&"a".repeat(100_000)).is_err());
    for good in ["ann+tag@example.com", "a.b-c_d@x-1.example.co", "o'hara@example.com", "1@2.de"] {
        assert_eq!(parse(good).as_deref(), Ok(good));
    }
}

#[test]
fn r070_international_domains_are_mapped_once() {
    assert_eq!(parse("a@bücher.de").as_deref(), Ok("a@xn--bcher-kva.de"));
    assert_eq!(parse("a@b\u{3002}de").as_deref(), Ok("a@b.de"));
    assert_eq!(parse("a@ⓑ.de").as_deref(), Ok("a@b.de"));
    // The first letter is Cyrillic: another domain, and it stays visible as one.
    assert_eq!(parse("a@аpple.com").as_deref(), Ok("a@xn--pple-43d.com"));
    // What was mapped once is mapped to itself.
    for address in ["a@xn--bcher-kva.de", "a@xn--pple-43d.com", "a@bc.de"] {
        assert_eq!(parse(address).as_deref(), Ok(address));
    }
    for bad in ["a@xn--.de", "a@xn--a.de", "a@xn--bcher-kva\u{202e}.de", "a@\u{301}b.de"] {
        assert!(parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn r191_every_spelling_that_v4_stored_is_looked_for() {
    let spellings = |text: &str| {
        let address: EmailAddress = text.parse().unwrap();
        address.spellings().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(spellings("ann@example.com"), ["ann@example.com"]);
    assert_eq!(spellings("Ann@Example.com"), ["ann@example.com"]);
    let bücher = ["ann@xn--bcher-kva.example", "ann@bücher.example"];
    for text in ["Ann@Bücher.example", "ann@bücher.example", "ann@xn--bcher-kva.example"] {
        assert_eq!(spellings(text), bücher, "{text}");
    }
    // What v4 stored of a provider's text, trailing blank and decomposed letters included.
    let given = "a\u{301}nn@example.com ";
    assert_eq!(spellings(given), ["\u{e1}nn@example.com"]);
    let of_provider = EmailAddress::of_provider(given).unwrap();
    assert_eq!(of_provider.spellings().collect::<Vec<_>>(), ["\u{e1}nn@example.com", given]);
    let of_rule = EmailAddress::of_rule("Ann@Corp.example").unwrap();
    let texts: Vec<_> = of_rule.spellings().collect();
    assert_eq!(texts, ["ann@corp.example", "Ann@Corp.example"]);
}

#[test]
fn r193_what_becomes_another_address_after_the_check_is_refused() {
    for bad in [
        "victim@corp%2etest",
        "victim@%63orp.test",
        "victim@corp%E3%80%82test",
        "victim@corp\u{ff05}2etest",
        "victim@corp\u{fe6a}2etest",
        "//user@corp.test",
        "victim@corp\u{ad}.test",
    ] {
        assert_eq!(parse(bad), Err(AddressRefused), "{bad}");
    }
    for invisible in ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{34f}', '\u{fe0f}'] {
        for text in [format!("vic{invisible}tim@corp.test"), format!("victim@co{invisible}rp.test")]
        {
            assert_eq!(parse(&text), Err(AddressRefused), "{text:?}");
        }
    }
    // There is no capital letter of this one in one piece.
    assert_eq!(parse("J\u{30c}@corp.test"), parse("\u{1f0}@corp.test"));
}

#[test]
fn r193_a_providers_text_is_its_address_or_none() {
    let of = |text: &str| EmailAddress::of_provider(text).map(String::from);
    for (text, address) in [
        ("\t Victim@Example.COM\r\n", "victim@example.com"),
        ("a\u{301}nn@example.com", "\u{e1}nn@example.com"),
        ("J\u{30c}@corp.test", "\u{1f0}@corp.test"),
        ("ann@B\u{dc}CHER.example", "ann@xn--bcher-kva.example"),
        ("ann@bu\u{308}cher.example", "ann@xn--bcher-kva.example"),
        ("gro\u{df}@example.com", "gro\u{df}@example.com"),
    ] {
        assert_eq!(of(text).as_deref(), Ok(address), "{text:?}");
    }
    // By e-mail these are, as in v4, the address to which the message goes.
    for text in [
        "victim@example.com,evil.test",
        "victim@example.com,",
        "victim@example.com,@evil.test",
        "\u{ff56}ictim@example.com",
        "vict\u{2170}m@example.com",
        "\u{1d42f}ictim@example.com",
        "vi\u{1d9c}tim@example.com",
        "victim\u{ff20}example.com",
        "victim@example\u{ff0e}com",
        "victim@\u{24d4}xample.com",
        "o\u{fb03}ce@example.com",
        "victim@example.com\u{ff0c}evil.test",
        "victim@example.com\u{a0}",
        "\u{3000}victim@example.com",
        "\u{feff}victim@example.com",
        "\u{212a}ate@example.com",
        "a\u{1fef}@example.com",
    ] {
        assert_eq!(of(text), Err(AddressRefused), "{text:?}");
    }
    assert_eq!(parse("\u{ff56}ictim@example.com").as_deref(), Ok("victim@example.com"));
    assert_eq!(parse("victim@example.com,evil.test").as_deref(), Ok("victim@example.com"));
}

/// Texts out of pieces that parsers disagree about; a fixed sequence (xorshift).
fn texts(count: usize) -> impl Iterator<Item = String> {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 16) as usize
    };
    let pieces = [
        "a",
        "B",
        "victim",
        "corp",
        "test",
        ".",
        ".",
        "-",
        "/",
        "%",
        "2",
        "e",
        "6",
        "3",
        "80",
        "E3",
        "82",
        "\u{fc}",
        "J\u{30c}",
        "\u{3a3}",
        "\u{130}",
        "\u{df}",
        "\u{ff0e}",
        "\u{3002}",
        "+",
        "!",
        "|",
        "=",
        "\u{301}",
        "\u{1f600}",
        "xn--",
        // Nobody sees these, and no normalization takes them away.
        "\u{115f}",
        "\u{3164}",
        "\u{34f}",
    ];
    (0..count).map(move |_| {
        let mut text = String::new();
        let (local, domain) = (1 + next() % 4, 1 + next() % 5);
        for position in 0..=local + domain {
            if position == local {
                text.push('@');
            }
            match next() % 12 {
                0 => text.extend(char::from_u32((next() % 0x3200) as u32)),
                1 => text.extend(char::from_u32((next() % 0x11_0000) as u32)),
                _ => text.push_str(pieces[next() % pieces.len()]),
            }
        }
        text + ".test"
    })
}

/// On a parser that decodes the domain after the check it finds `corp%2etest` and its like a
/// few times, and on one that lets invisible letters in thousands of twins.
#[test]
fn r193_for_any_text_stored_sent_and_compared_are_the_same() {
    let invisible = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let mut shown = HashMap::new();
    let mut taken = 0;
    for text in texts(25_000) {
        let Ok(address) = text.parse::<EmailAddress>() else { continue };
        taken += 1;
        let address = address.as_str();
        assert_eq!(parse(address).as_deref(), Ok(address), "{text:?}");
        let (_, domain) = address.split_once('@').unwrap();
        assert!(!domain.contains('%') && !text.contains('%'), "{text:?} is {address:?}");
        let visible: String = address.chars().filter(|c| !invisible.contains(*c)).collect();
        let other = shown.insert(visible, address.to_owned());
        assert!(other.is_none_or(|other| other == address), "{text:?} has a twin");
        #[cfg(feature = "smtp")]
        {
            let sent: lettre::Address = address.parse().unwrap();
            assert_eq!(sent.to_string(), address);
            assert_eq!((sent.user(), sent.domain()), address.split_once('@').unwrap());
        }
        let url = url::Url::parse(&format!("http://{domain}/")).unwrap();
        assert_eq!(url.host_str(), Some(domain), "{text:?}");
    }
    assert!(taken > 1000, "{taken}");
}
