//! Provider ids that two readers of an address would tell apart differently.

use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, Secret};

use crate::support::{Numbers, SECRET, reasons};

fn of(ids: &[&str]) -> Vec<String> {
    let (first, rest) = ids.split_first().unwrap();
    let provider = |id: &str| {
        Oidc::builder()
            .id(id)
            .name("Acme")
            .issuer("https://id.acme.example")
            .client(OAuthClient::new("id", "s3cr3t".into()))
            .build()
    };
    let mut builder = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("https://app.example.com".parse().unwrap())
        .provider(provider(first));
    for id in rest {
        builder = builder.provider(provider(id));
    }
    reasons(builder.build())
}

#[test]
fn r196_ids_that_differ_by_their_case_are_one() {
    for ids in [["google", "google"], ["google", "Google"], ["GOOGLE", "gooGle"]] {
        let reasons = of(&ids);
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert!(reasons[0].contains(ids[1]), "{reasons:?}");
    }
    let three = of(&["a", "A", "b", "B", "a"]);
    assert_eq!(three.len(), 3, "{three:?}");
    assert_eq!(of(&["google", "google-2", "github"]), Vec::<String>::new());
}

#[test]
fn r196_an_id_is_a_segment_that_nobody_writes_differently() {
    for id in ["", ".", "..", "a/b", "a%62", "é", "e\u{301}", "a b", "a?b", "a#b", "ＡＢ", "a\u{0}"]
    {
        let reasons = of(&["github", id]);
        assert_eq!(reasons.len(), 1, "{id:?}: {reasons:?}");
        assert!(reasons[0].contains("segment"), "{reasons:?}");
    }
}

/// Whatever ids are taken, no two of them meet after decoding, in whichever case.
#[test]
fn r196_no_two_ids_meet() {
    let mut numbers = Numbers(1960);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..300 {
        let mut id = String::new();
        for _ in 0..=numbers.below(3) {
            id.push_str(numbers.one_of(&["a", "A", "%41", "%61", "b", "-", "é", "~"]));
        }
        let ids = [id.as_str(), "a", "bA"];
        let folded: Vec<String> = ids
            .iter()
            .map(|id| percent_encoding::percent_decode_str(id).decode_utf8_lossy().to_lowercase())
            .collect();
        let meet = folded[0] == folded[1] || folded[0] == folded[2];
        match of(&ids).is_empty() {
            true => {
                assert!(!meet, "{id}");
                taken += 1;
            }
            false => refused += 1,
        }
    }
    assert!(taken > 30 && refused > 30, "{taken} {refused}");
}
