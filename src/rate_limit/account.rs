//! The account that an attempt aims at, in the one spelling by which attempts are counted, whatever
//! the application or a mail server takes for the same account.

use std::collections::HashMap;
use std::sync::LazyLock;

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::same_letters::SAME_LETTERS;

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
        return Some(key);
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

/// Compatible characters are one (NFKD), upper and lower case too, and letters and digits that a
/// collation takes for the same; marks, spaces, symbols and letters that nobody sees are left out.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for letter in letters(text).take(MAXIMUM_LENGTH) {
        match PLAIN.get(&letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    // Most collations take a sharp s for two, and MariaDB's `utf8mb4_general_ci` for one.
    while folded.contains("ss") {
        folded = folded.replace("ss", "s");
    }
    folded
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    let text = DecomposingNormalizerBorrowed::new_nfkd().normalize(text).into_owned();
    let cased = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let letters = cased.filter(|c| c.is_ascii_graphic() || c.is_alphanumeric() && !is_filler(*c));
    letters.collect::<Vec<char>>().into_iter()
}

/// Letters that nobody sees, although they have a weight.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
}

static PLAIN: LazyLock<HashMap<char, &str>> = LazyLock::new(|| {
    let rows = SAME_LETTERS.iter();
    rows.flat_map(|(plain, letters)| letters.chars().map(|letter| (letter, *plain))).collect()
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    use icu_collator::options::{CollatorOptions, Strength};
    use icu_collator::{CollatorBorrowed, CollatorPreferences};

    use super::{account_key, letters};

    /// The table as it stands in `same_letters.rs`, from the order of UTS 10 without accents and
    /// case: letters of one weight are one letter to the collations of databases.
    fn same_letters() -> String {
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Primary);
        let order = CollatorBorrowed::try_new(CollatorPreferences::default(), options).unwrap();
        let weight = |text: &str| {
            let mut weight = Vec::new();
            let Ok(()) = order.write_sort_key_to(text, &mut weight);
            weight
        };
        let ascii: Vec<String> = ('0'..='9').chain('a'..='z').map(String::from).collect();
        let pairs = ascii.iter().flat_map(|one| ascii.iter().map(move |two| format!("{one}{two}")));
        let mut plain: BTreeMap<Vec<u8>, String> =
            [String::new()].into_iter().chain(pairs).map(|text| (weight(&text), text)).collect();
        plain.extend(ascii.iter().map(|text| (weight(text), text.clone())));
        // Of letters that ASCII has not, the first stands for all.
        let mut rows: BTreeMap<String, Vec<char>> = BTreeMap::new();
        for letter in ('\u{80}'..=char::MAX).filter(|c| letters(&c.to_string()).eq([*c])) {
            let plain = plain.entry(weight(&letter.to_string())).or_insert(letter.into());
            if *plain != letter.to_string() {
                rows.entry(plain.clone()).or_default().push(letter);
            }
        }
        let mut table = String::new();
        for (plain, letters) in rows {
            let escaped: Vec<String> =
                letters.iter().map(|letter| letter.escape_unicode().to_string()).collect();
            let lines: Vec<String> = escaped.chunks(9).map(<[String]>::concat).collect();
            let plain = if plain.is_ascii() { plain } else { plain.escape_unicode().to_string() };
            writeln!(table, "    (\"{plain}\", \"{}\"),", lines.join("\\\n        ")).unwrap();
        }
        table
    }

    #[test]
    fn r194_letters_that_collations_take_for_one_are_counted_as_one() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rate_limit/same_letters.rs");
        let text = std::fs::read_to_string(file).unwrap();
        let (before, rest) = text.split_once("= &[\n").unwrap();
        let (table, after) = rest.split_once("];").unwrap();
        let expected = same_letters();
        if std::env::var_os("TYPEGATE_REWRITE_TABLES").is_some() {
            std::fs::write(file, format!("{before}= &[\n{expected}];{after}")).unwrap();
            return;
        }
        assert!(
            table == expected,
            "the table is stale: run `TYPEGATE_REWRITE_TABLES=1 cargo test --lib collations`"
        );
    }

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
