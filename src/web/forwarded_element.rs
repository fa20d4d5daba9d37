//! The header `Forwarded` (RFC 7239): what each proxy on the way says of the request that it was
//! sent.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::FORWARDED;

/// What one proxy wrote.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct ForwardedElement<'h> {
    /// Who asked the proxy (section 5.2).
    pub(crate) client: Option<Cow<'h, str>>,
    /// The `Host` that it was asked for (section 5.3).
    pub(crate) host: Option<Cow<'h, str>>,
    /// The scheme by which it was asked (section 5.4).
    pub(crate) proto: Option<Cow<'h, str>>,
}

/// The elements, the last one first: each was appended by whoever stands to its right. `None`
/// stands for a line that is none of this header, and ends the list: a visitor's line, if it is
/// one, cannot spoil those that proxies wrote after it.
pub(crate) fn forwarded_elements(
    headers: &HeaderMap,
) -> impl Iterator<Item = Option<ForwardedElement<'_>>> {
    let lines = headers.get_all(FORWARDED).iter().rev();
    let mut is_broken = false;
    lines
        .flat_map(|line| match str::from_utf8(line.as_bytes()).ok().and_then(elements) {
            Some(elements) => elements.into_iter().rev().map(Some).collect(),
            None => vec![None],
        })
        .take_while(move |element| !std::mem::replace(&mut is_broken, element.is_none()))
}

/// Section 4: `forwarded-pair *( ";" forwarded-pair )`, in a list.
fn elements(line: &str) -> Option<Vec<ForwardedElement<'_>>> {
    let mut elements = Vec::new();
    let mut element = ForwardedElement::default();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if let Some(after) = rest.strip_prefix([',', ';']) {
            if rest.starts_with(',') {
                elements.push(std::mem::take(&mut element));
            }
            rest = after;
            continue;
        }
        if rest.is_empty() {
            elements.push(element);
            // Empty elements of a list are none (RFC 9110 section 5.6.1.2).
            elements.retain(|element| *element != ForwardedElement::default());
            return Some(elements);
        }
        let (name, after) = rest.split_once('=')?;
        if name.is_empty() || !name.bytes().all(is_token_byte) {
            return None;
        }
        let (value, after) = value(after)?;
        rest = after.trim_start_matches([' ', '\t']);
        if !rest.is_empty() && !rest.starts_with([',', ';']) {
            return None;
        }
        let slot = match name.to_ascii_lowercase().as_str() {
            "for" => &mut element.client,
            "host" => &mut element.host,
            "proto" => &mut element.proto,
            _ => continue,
        };
        // A parameter occurs once in an element.
        if slot.replace(value).is_some() {
            return None;
        }
    }
}

/// `token / quoted-string`. A token may have a colon and brackets in it, which proxies write without
/// the quotation marks that the grammar wants around them.
fn value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ';', ' ', '\t']).unwrap_or(text.len());
        let (token, rest) = text.split_at_checked(end)?;
        let is_token = token.bytes().all(|b| is_token_byte(b) || b":[]".contains(&b));
        return is_token.then_some((Cow::Borrowed(token), rest));
    };
    let mut unescaped = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((Cow::Owned(unescaped), quoted.get(at + 1..)?)),
            '\\' => unescaped.push(letters.next()?.1),
            letter => unescaped.push(letter),
        }
    }
    None
}

/// RFC 9110 section 5.6.2.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(lines: &[&str]) -> Vec<Option<[Option<String>; 3]>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let owned = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned);
        forwarded_elements(&headers)
            .map(|element| element.map(|e| [owned(e.client), owned(e.host), owned(e.proto)]))
            .collect()
    }

    fn element(client: &str, host: &str, proto: &str) -> Option<[Option<String>; 3]> {
        Some([client, host, proto].map(|text| (!text.is_empty()).then(|| text.to_owned())))
    }

    #[test]
    fn r136_elements_are_read_from_the_last_proxy_back() {
        for (lines, expected) in [
            (&["for=192.0.2.43"][..], vec![element("192.0.2.43", "", "")]),
            (
                &["For=\"[2001:db8::1]:4711\";HOST=\"a.example:8443\";proto=https;by=_x"],
                vec![element("[2001:db8::1]:4711", "a.example:8443", "https")],
            ),
            (
                &["for=1.2.3.4;host=a.example, for=10.0.0.1 ; proto=http", "for=unknown"],
                vec![
                    element("unknown", "", ""),
                    element("10.0.0.1", "", "http"),
                    element("1.2.3.4", "a.example", ""),
                ],
            ),
            (&["host=a.example:8443"], vec![element("", "a.example:8443", "")]),
            (&["for=\"a\\\"b,;c\""], vec![element("a\"b,;c", "", "")]),
            (&[",, for=1.2.3.4 ,;,"], vec![element("1.2.3.4", "", "")]),
            (&["", "secret=x"], vec![]),
        ] {
            assert_eq!(read(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn r136_a_broken_line_ends_the_list_and_hides_nothing_after_it() {
        let good = element("10.0.0.1", "a.example", "");
        for broken in [
            "for",
            "for=\"",
            "for=\"1.2.3.4",
            "=x",
            "f r=x",
            "for=a b",
            "for=\"a\"b",
            "for=1;for=2",
            "host=a/b",
            "host=\u{fc}",
        ] {
            assert_eq!(read(&[broken]), [None], "{broken}");
            let lines = ["for=9.9.9.9;host=evil.example", broken, "for=10.0.0.1;host=a.example"];
            assert_eq!(read(&lines), [good.clone(), None], "{broken}");
            // In one line with the proxy's, nobody knows where the proxy's begins.
            let joined = format!("{broken}, for=10.0.0.1;host=a.example");
            assert_eq!(read(&[&joined]), [None], "{broken}");
        }
    }
}
