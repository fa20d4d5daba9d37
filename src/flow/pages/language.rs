//! The language of a page: what a link asks for (`ui_locales`, OpenID Connect Core section 3.1.2.1),
//! else what the browser prefers (`Accept-Language`, RFC 9110 section 12.5.4).
//!
//! Tags are compared as RFC 4647 section 3.4 does: without the last part again and again. After that
//! another variety of the language will do, in a script that goes with it: `zh` finds `zh-Hans`.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

use crate::theme::Texts;

/// Further wishes are not looked at: nobody reads so many languages.
const MAXIMUM_WISHES: usize = 32;

/// The texts that a link asks for, if there are such.
pub(crate) fn asked_for<'t>(texts: &'t [Texts], ui_locales: &str) -> Option<&'t Texts> {
    let wishes = ui_locales.split_ascii_whitespace().take(MAXIMUM_WISHES);
    wishes.filter_map(|wish| fitting(texts, wish)).next()
}

/// The texts for a visitor who asked for none: the first language of those that there are if there is
/// nothing better.
pub(crate) fn preferred<'t>(texts: &'t [Texts], headers: &HeaderMap) -> &'t Texts {
    let preferences = preferences(headers);
    let found = preferences.iter().filter_map(|wish| fitting(texts, wish)).next();
    found.or(texts.first()).unwrap_or(&Texts::ENGLISH)
}

/// The tags of `Accept-Language`, the most wanted first. What does not follow the grammar is no
/// wish.
fn preferences(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let items = lines.flat_map(|line| line.split(',')).take(MAXIMUM_WISHES);
    let mut weighed: Vec<(u16, String)> = items
        .filter_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let tag = parts.next()?;
            let weight = match parts.next() {
                Some(parameter) => weight(parameter)?,
                None => 1000,
            };
            (weight > 0 && !tag.is_empty()).then(|| (weight, tag.to_owned()))
        })
        .collect();
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighed.into_iter().map(|(_, tag)| tag).collect()
}

/// `q=0.8` in thousandths (RFC 9110 section 12.4.2).
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let value: f32 = value.trim().parse().ok()?;
    // A cast of what is between 0 and 1000.
    (0.0..=1.0).contains(&value).then(|| (value * 1000.0).round() as u16)
}

fn fitting<'t>(texts: &'t [Texts], wish: &str) -> Option<&'t Texts> {
    if wish == "*" {
        return texts.first();
    }
    let tags = std::iter::successors(Some(wish), |tag| Some(tag.rsplit_once('-')?.0));
    let mut exact =
        tags.filter_map(|tag| texts.iter().find(|texts| texts.language.eq_ignore_ascii_case(tag)));
    exact.next().or_else(|| texts.iter().find(|texts| is_understood(texts.language, wish)))
}

/// Whether it is the same language, and in a script that goes with the wish.
fn is_understood(language: &str, wish: &str) -> bool {
    // CLDR, likely subtags: who reads Chinese there reads traditional characters.
    const TRADITIONAL: [&str; 4] = ["Hant", "HK", "MO", "TW"];
    let (mut ours, mut theirs) = (language.split('-'), wish.split('-'));
    let is_one = match (ours.next(), theirs.next()) {
        (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
        _ => false,
    };
    let is_traditional =
        |part: &str| TRADITIONAL.iter().any(|known| known.eq_ignore_ascii_case(part));
    is_one && ours.any(is_traditional) == theirs.any(is_traditional)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(ui_locales: Option<&str>, accept: &[&str]) -> &'static str {
        let mut headers = HeaderMap::new();
        for line in accept {
            headers.append(ACCEPT_LANGUAGE, line.parse().unwrap());
        }
        let asked = ui_locales.and_then(|wishes| asked_for(Texts::ALL, wishes));
        asked.unwrap_or_else(|| preferred(Texts::ALL, &headers)).language
    }

    #[test]
    fn the_most_wanted_language_that_there_is_is_taken() {
        for (accept, expected) in [
            ("", "en"),
            ("de", "de"),
            ("DE-at", "de"),
            ("de-CH-1996, fr;q=0.9", "de"),
            ("fr;q=0.5, de;q=0.8", "de"),
            ("fr;q=0.5,de;q=0.500", "fr"),
            ("it, nl;q=0.9, ja;q=0.1", "ja"),
            ("it, nl", "en"),
            ("it, *;q=0.5", "en"),
            ("de;q=0, fr", "fr"),
            ("de;q=1.5, fr;q=x, es;level=1, pt;q=0.1", "pt"),
            ("pt-BR", "pt"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-Hans-SG", "zh-Hans"),
            ("zh-TW, ja;q=0.5", "ja"),
            ("zh-Hant-HK, en;q=0.5", "en"),
            ("zh-TW, zh;q=0.5", "zh-Hans"),
            (",;,q=1,-,--,de-", "de"),
            ("\u{1},fr", "en"),
        ] {
            let found = match accept.parse::<http::HeaderValue>() {
                Ok(_) => chosen(None, &[accept]),
                Err(_) => chosen(None, &[]),
            };
            assert_eq!(found, expected, "{accept:?}");
        }
        assert_eq!(chosen(None, &["it", "es"]), "es");
    }

    #[test]
    fn a_link_asks_for_its_own() {
        assert_eq!(chosen(Some("ja de"), &["fr"]), "ja");
        assert_eq!(chosen(Some("it de-AT"), &["fr"]), "de");
        assert_eq!(chosen(Some("it"), &["fr"]), "fr");
        assert_eq!(chosen(Some("\"><script>"), &["fr"]), "fr");
    }

    #[test]
    fn an_application_has_its_own_languages() {
        let portuguese = Texts { language: "pt-PT", ..Texts::PORTUGUESE };
        let traditional = Texts { language: "zh-Hant", ..Texts::CHINESE };
        let texts = [Texts::GERMAN, Texts::PORTUGUESE, portuguese, Texts::CHINESE, traditional];
        let found = |wish| asked_for(&texts, wish).map(|texts| texts.language);
        assert_eq!(found("pt-PT"), Some("pt-PT"));
        assert_eq!(found("pt-BR"), Some("pt"));
        assert_eq!(found("zh-TW"), Some("zh-Hant"));
        assert_eq!(found("zh-SG"), Some("zh-Hans"));
        assert_eq!(found("en"), None);
        assert_eq!(preferred(&texts, &HeaderMap::new()).language, "de");
        assert_eq!(asked_for(&[], "de"), None);
        assert_eq!(preferred(&[], &HeaderMap::new()).language, "en");
    }
}
