//! Mutated answers of a good provider: they sign in whom it meant, or nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};

use super::strict_reading::{SUBJECT, text};
use super::support::{NOW, SECRET, World, rsa_key, sign_rs256, sign_with};

/// A sequence that is the same in every run (xorshift).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn of<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }
}

/// Values of which one is sooner or later put where another stood.
fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1),
        json!(0.5),
        json!(1e300),
        json!(NOW),
        json!(NOW * 1000),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!(" "),
        json!("\u{200b}"),
        json!("\u{0}"),
        json!("victim"),
        json!("client id"),
        json!("https://id.example"),
        json!("one"),
        json!("RS256"),
        json!("none"),
        json!("HS256"),
        json!("at+jwt"),
        json!("verify"),
        json!("enc"),
        json!([]),
        json!({}),
        json!(["victim"]),
        json!({ "sub": "victim" }),
        json!(["verify"]),
        json!(SUBJECT),
    ]
}

const NAMES: [&str; 28] = [
    "sub",
    "iss",
    "aud",
    "azp",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "at_hash",
    "c_hash",
    "acr",
    "amr",
    "auth_time",
    "typ",
    "alg",
    "kid",
    "crit",
    "cty",
    "b64",
    "jwk",
    "d",
    "k",
    "use",
    "key_ops",
    "id",
    "email",
    "error",
    "access_token",
];

/// JSON text with a few members replaced, added, removed, renamed or repeated, at any depth.
fn mutated(value: &Value, random: &mut Sequence, odd: &[Value]) -> String {
    let text = match value {
        Value::Object(members) => {
            let mut parts: Vec<(String, String)> = members
                .iter()
                .map(|(name, value)| (name.clone(), mutated(value, random, odd)))
                .collect();
            match random.below(12) {
                0 => parts.push(((*random.of(&NAMES)).into(), random.of(odd).to_string())),
                1 if !parts.is_empty() => {
                    let at = random.below(parts.len());
                    parts.remove(at);
                }
                2 if !parts.is_empty() => {
                    let at = random.below(parts.len());
                    parts[at].1 = random.of(odd).to_string();
                }
                3 if !parts.is_empty() => {
                    let again = (random.of(&parts).0.clone(), random.of(odd).to_string());
                    let at = random.below(parts.len() + 1);
                    parts.insert(at, again);
                }
                4 if !parts.is_empty() => {
                    let at = random.below(parts.len());
                    parts[at].0 = (*random.of(&NAMES)).into();
                }
                _ => {}
            }
            let parts: Vec<String> =
                parts.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(values) => {
            let parts: Vec<String> =
                values.iter().map(|value| mutated(value, random, odd)).collect();
            format!("[{}]", parts.join(","))
        }
        other => other.to_string(),
    };
    if random.below(400) == 0 {
        text.chars().take(random.below(text.len())).collect()
    } else {
        text
    }
}

/// Each value, as text, that an object gives to a member, without those inside of other values.
fn own_members(object: &str, name: &str) -> Vec<String> {
    let name = format!("\"{name}\":");
    let (mut depth, mut in_text, mut found) = (0, false, Vec::new());
    for (at, letter) in object.char_indices() {
        match letter {
            '"' if depth == 1 && !in_text && object.split_at(at).1.starts_with(&name) => {
                let value = object.split_at(at + name.len()).1;
                found.push(value.split([',', '}']).next().unwrap().to_owned());
                in_text = true;
            }
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            _ => {}
        }
    }
    found
}

/// Who is signed in after an answer, by the token's subject.
fn subject_of(world: &World) -> Option<String> {
    let sealed = world.browser.jar.value("next-auth.session-token")?;
    Some(super::support::open(sealed, SECRET, "")["sub"].as_str().unwrap().to_owned())
}

/// Any change of what a good provider says, where nobody but the provider could have signed it, is
/// that person's sign-in or none. The subject itself is the provider's word, so it is left.
#[tokio::test]
async fn r201_no_mutation_of_an_answer_signs_in_somebody_else() {
    let (mut random, odd) = (Sequence(0x0201_2012_0120_1201), odd_values());
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..600 {
        let mut world = World::new();
        let body = match round % 4 {
            0 => mutated(&json!({ "keys": [rsa_key("one")] }), &mut random, &odd),
            _ => String::new(),
        };
        let seed = random.0;
        match round % 4 {
            0 => world.idp.break_endpoint("/keys", 200, &body),
            // The payload is changed after it was signed, or the header before.
            1 => world.idp.change(|idp| {
                let odd = odd.clone();
                idp.sign = Some(Box::new(move |header, claims| {
                    let mut random = Sequence(seed);
                    let claims = Value::Object(claims.clone());
                    let signed = sign_rs256(&header.to_string(), &claims.to_string());
                    let parts: Vec<&str> = signed.split('.').collect();
                    let payload = BASE64URL.encode(mutated(&claims, &mut random, &odd));
                    format!("{}.{payload}.{}", parts[0], parts[2])
                }));
            }),
            2 => world.idp.change(|idp| {
                let odd = odd.clone();
                idp.sign = Some(Box::new(move |header, claims| {
                    let mut random = Sequence(seed);
                    let header = mutated(header, &mut random, &odd);
                    sign_rs256(&header, &text(claims))
                }));
            }),
            // The claims beside the subject are changed before they are signed.
            _ => world.idp.change(|idp| {
                let odd = odd.clone();
                idp.sign = Some(Box::new(move |header, claims| {
                    let mut random = Sequence(seed);
                    let claims = mutated(&Value::Object(claims.clone()), &mut random, &odd);
                    let says_another =
                        claims.matches("\"sub\":").count() != 1 || !claims.contains(SUBJECT);
                    if says_another {
                        return sign_with(&header.to_string(), &claims, |_| vec![0; 256]);
                    }
                    sign_rs256(&header.to_string(), &claims)
                }));
            }),
        }
        let answer = world.sign_in("idp").await;
        assert!(answer.status().as_u16() == 302, "{round} {:?}", answer.outline());
        match subject_of(&world) {
            Some(subject) => {
                assert_eq!(subject, SUBJECT, "{round}");
                accepted += 1;
            }
            None => refused += 1,
        }
    }
    assert!(accepted > 50 && refused > 50, "{accepted} {refused}");

    // OAuth without ID tokens: the answers themselves say who it is.
    let user = json!({ "id": 583_231, "login": "octocat", "name": "The Octocat",
        "email": "octo@example.com", "plan": { "id": 1, "name": "x" } });
    for round in 0..600 {
        let mut world = World::new();
        let body = mutated(&user, &mut random, &odd);
        world.github.break_endpoint("/user", 200, &body);
        let answer = world.sign_in("github").await;
        assert!(answer.status().as_u16() == 302, "{round} {body} {:?}", answer.outline());
        if let Some(subject) = subject_of(&world) {
            // Two parsers, of which one takes the first and one the last, see the same person.
            let ids = own_members(&body, "id");
            assert!(
                ids == [subject.clone()] || ids == [format!("\"{subject}\"")],
                "{body} {ids:?}"
            );
        }
    }
}
