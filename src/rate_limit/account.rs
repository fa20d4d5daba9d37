//! Which account is meant? The one spelling by which attempts are counted, whatever the
//! application or a mail server takes for the same.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_normalizer::DecomposingNormalizerBorrowed;

/// Characters of a name that are looked at; no account has so many.
const MAXIMUM_LENGTH: usize = 512;

/// The spelling by which a name or an address is counted; none for a blank one.
///
/// It tells fewer apart than any application does. Two that fall together share what strangers may
/// try, and whoever has signed in before keeps an allowance of their own; one that fell apart would
/// let strangers try again under another spelling. So case, width, accents, spaces and invisible
/// characters do not count, nor do other letters and digits that a database's collation takes for
/// one (`ø` and `o`, `æ` and `ae`, `٧` and `7`), nor does what follows a `+` in an address
/// (RFC 5233), which most servers deliver to the mailbox before it. Dots in front of the `@` do not
/// count at Gmail, which documents that; other servers tell them apart.
pub(crate) fn account_key(text: &str) -> Option<String> {
    let folded = folded(text);
    let key = match folded.rsplit_once('@') {
        Some((local, domain)) => mailbox(local, domain),
        None => folded,
    };
    if !key.is_empty() {
        return Some(weighed(key));
    }
    let rest = text.trim().to_lowercase();
    (!rest.is_empty()).then_some(rest)
}

fn mailbox(local: &str, domain: &str) -> String {
    let plain = local.split('+').next().filter(|plain| !plain.is_empty()).unwrap_or(local);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", plain.replace('.', "")),
        _ => format!("{plain}@{domain}"),
    }
}

/// Compatible characters are one (NFKD), upper and lower case too, and what ASCII has a letter or a
/// digit for; marks, spaces, symbols and fillers are left out.
fn folded(text: &str) -> String {
    let text = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let letters = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let letters = letters.filter(|c| c.is_ascii_graphic() || c.is_alphanumeric() && !is_filler(*c));
    let mut folded = String::new();
    for letter in letters.take(MAXIMUM_LENGTH) {
        match ascii(letter) {
            Some(ascii) => folded.push_str(&ascii),
            None => folded.push(letter),
        }
    }
    // Most collations take a sharp s for two, and MariaDB's `utf8mb4_general_ci` for one.
    while folded.contains("ss") {
        folded = folded.replace("ss", "s");
    }
    folded
}

/// Letters that nobody sees.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
}

/// The order of UTS 10 without accents and case, which is that of databases: letters of one weight
/// are one letter to them. None if it cannot be made, which compiled data never cause.
static WEIGHTS: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Primary);
    CollatorBorrowed::try_new(CollatorPreferences::default(), options).ok()
});

/// Digits and letters of ASCII, in the order of their weights.
const ASCII: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The one or two letters or digits of ASCII that have the weight of one that ASCII has not.
fn ascii(letter: char) -> Option<String> {
    let weights = WEIGHTS.as_ref().filter(|_| !letter.is_ascii())?;
    let (mut buffer, mut ascii) = ([0; 4], String::new());
    let letter: &str = letter.encode_utf8(&mut buffer);
    for _ in 0..2 {
        let with = |next: u8| format!("{ascii}{}", char::from(next));
        let is_above = |text: &str| weights.compare(text, letter) == Ordering::Greater;
        let not_above = ASCII.partition_point(|next| !is_above(&with(*next)));
        ascii = with(*ASCII.get(not_above.checked_sub(1)?)?);
        if weights.compare(&ascii, letter) == Ordering::Equal {
            return Some(ascii);
        }
    }
    None
}

/// The weights, where there are letters that have none of ASCII's.
fn weighed(text: String) -> String {
    let Some(weights) = WEIGHTS.as_ref().filter(|_| !text.is_ascii()) else { return text };
    let mut key = Vec::new();
    let Ok(()) = weights.write_sort_key_to(&text, &mut key);
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::account_key;

    #[test]
    fn r194_spellings_of_one_account_are_counted_together() {
        for (expected, spellings) in [
            ("ada", &["ada", "ADA", " a d a ", "ａｄａ", "ádà", "a\u{200b}da", "a\u{3164}da"][..]),
            ("strase", &["strasse", "Straße", "STRASSE", "ſtraſſe", "strase", "ßtraße"]),
            ("bjorn17", &["bjorn17", "BJØRN17", "bjørn\u{661}\u{667}", "bjorn\u{967}7"]),
            ("lukaszaether", &["łukaszæther", "ŁUKASZÆTHER", "łukaszaether"]),
            ("ilik", &["ilik", "İLİK", "ılık"]),
            (
                "victim@corp.test",
                &["victim@corp.test", "Victim+1@Corp.test", "victim+a+b@corp.test"],
            ),
            ("victim@gmail.com", &["v.i.ctim@gmail.com", "victim+x@googlemail.com"]),
            ("v.i@corp.test", &["v.i@corp.test"]),
            ("+1@corp.test", &["+1@corp.test"]),
        ] {
            for spelling in spellings {
                assert_eq!(account_key(spelling).as_deref(), Some(expected), "{spelling:?}");
            }
        }
        assert_ne!(account_key("анна"), account_key("иван"));
        assert_eq!(account_key("はなこ"), account_key("ﾊﾅｺ"));
        assert_eq!(account_key("анна\u{663}"), account_key("анна3"));
        assert_eq!(account_key("🦀").as_deref(), Some("🦀"));
        for blank in ["", " ", "\t\u{a0}"] {
            assert_eq!(account_key(blank), None);
        }
    }
}
