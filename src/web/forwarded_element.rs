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

/// Commas that are looked at for the beginning of one element: it may have some inside quotation
/// marks, and a line takes no more time than so many times its length.
const MAXIMUM_COMMAS: usize = 64;

/// The elements, the last one first: each was appended by whoever stands to its right. `None`
/// stands for what is none of this header, and ends the list: what a visitor wrote, in a line of its
/// own or in front of the proxies' elements, cannot spoil those.
pub(crate) fn forwarded_elements(
    headers: &HeaderMap,
) -> impl Iterator<Item = Option<ForwardedElement<'_>>> {
    let lines = headers.get_all(FORWARDED).iter().rev();
    let mut is_broken = false;
    lines
        .flat_map(|line| match str::from_utf8(line.as_bytes()).ok().and_then(elements) {
            Some(elements) => elements.into_iter().rev().map(Some).collect(),
            None => last_elements(line.as_bytes()),
        })
        .take_while(move |element| !std::mem::replace(&mut is_broken, element.is_none()))
}

/// The elements at the end of a broken line, the last one first, and `None` for what stands before
/// them. An element begins after the nearest comma from which on it can be read: not after one
/// inside its quotation marks, because then the closing one is where none may be.
fn last_elements(line: &[u8]) -> Vec<Option<ForwardedElement<'_>>> {
    let mut found = Vec::new();
    let last = line.utf8_chunks().last().filter(|chunk| chunk.invalid().is_empty());
    let mut rest = last.map_or("", |chunk| chunk.valid());
    loop {
        let commas = rest.rmatch_indices(',').take(MAXIMUM_COMMAS);
        let mut readable = commas.filter_map(|(at, _)| {
            let (before, after) = rest.split_at_checked(at)?;
            Some((before, elements(after)?))
        });
        let Some((before, read)) = readable.next() else { break };
        found.extend(read.into_iter().rev().map(Some));
        rest = before;
    }
    found.push(None);
    found
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
            // In one line with the proxies', which are read from the right.
            let joined = format!("{broken}, for=10.0.0.1;host=a.example");
            assert_eq!(read(&[&joined]), [good.clone(), None], "{broken}");
            let joined =
                format!("for=9.9.9.9, {broken}, for=\"10.0.0.2\", , for=10.0.0.1;host=a.example");
            let first = element("10.0.0.2", "", "");
            assert_eq!(read(&[&joined]), [good.clone(), first, None], "{broken}");
        }
    }

    #[test]
    fn r136_a_comma_in_quotation_marks_begins_no_element() {
        for (host, written) in [
            ("a, for=9.9.9.9", "a, for=9.9.9.9"),
            ("a, for=\"9.9.9.9", "a, for=\\\"9.9.9.9"),
            ("a, for=9.9.9.9;x=\"", "a, for=9.9.9.9;x=\\\""),
            (",,", ",,"),
        ] {
            for broken in ["for=\"", "x", "a b", "for=9.9.9.9;x=\""] {
                let line = format!("{broken}, for=10.0.0.1;host=\"{written}\"");
                assert_eq!(read(&[&line]), [element("10.0.0.1", host, ""), None], "{line}");
            }
        }
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_bytes(b"for=\xfc, for=10.0.0.1").unwrap();
        headers.append(FORWARDED, line);
        let read: Vec<_> = forwarded_elements(&headers).collect();
        assert_eq!(read[0].as_ref().unwrap().client.as_deref(), Some("10.0.0.1"));
        assert_eq!((read.len(), &read[1]), (2, &None));
    }

    #[test]
    fn r136_a_long_broken_line_is_given_up() {
        let line = format!("x{}", ",a=\"".repeat(20_000));
        assert_eq!(read(&[&line]), [None]);
        let line = format!("x{}", ",".repeat(60_000));
        assert_eq!(read(&[&line]), [None]);
    }
}
