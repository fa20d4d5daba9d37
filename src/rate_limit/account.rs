//! Which account is meant? The one spelling by which attempts are counted, whatever the
//! application or a mail server takes for the same.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// The spelling by which a name or an address is counted; none for a blank one.
///
/// It tells fewer apart than any application does. Two that fall together share what strangers may
/// try, and whoever has signed in before keeps an allowance of their own; one that fell apart would
/// let strangers try again under another spelling. So case, width, accents, spaces and invisible
/// characters do not count (a database's collation may ignore them), nor does what follows a `+`
/// in an address (RFC 5233), which most servers deliver to the mailbox before it. Dots in front of
/// the `@` do not count at Gmail, which documents that; other servers tell them apart.
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

/// Compatible characters are one (NFKD), upper and lower case too; marks, spaces, symbols and
/// fillers are left out.
fn folded(text: &str) -> String {
    let text = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let letters = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    letters.filter(|c| c.is_ascii_graphic() || c.is_alphanumeric() && !is_filler(*c)).collect()
}

/// Letters that nobody sees.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
}

#[cfg(test)]
mod tests {
    use super::account_key;

    #[test]
    fn r194_spellings_of_one_account_are_counted_together() {
        for (expected, spellings) in [
            ("ada", &["ada", "ADA", " a d a ", "ａｄａ", "ádà", "a\u{200b}da", "a\u{3164}da"][..]),
            ("strasse", &["strasse", "Straße", "STRASSE", "ſtraſſe"]),
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
        assert_eq!(account_key("🦀").as_deref(), Some("🦀"));
        for blank in ["", " ", "\t\u{a0}"] {
            assert_eq!(account_key(blank), None);
        }
    }
}
