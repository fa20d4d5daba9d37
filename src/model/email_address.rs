//! The e-mail address. One parser decides, for every source: what it returns is looked up, stored,
//! compared, put into the link and handed to the mailer.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use url::Host;

use crate::error::debug_as_display;

/// RFC 5321 section 4.5.3.1, in octets.
const MAXIMUM_LOCAL_PART: usize = 64;
const MAXIMUM_ADDRESS: usize = 254;

/// Text that is not one plain address.
#[derive(Clone, Copy, Eq, PartialEq, thiserror::Error)]
#[error("the text is not one plain e-mail address")]
#[non_exhaustive]
pub struct AddressRefused;

debug_as_display!(AddressRefused);

/// One plain e-mail address, in the one form in which it is looked up, stored, compared and sent
/// to.
///
/// Parsing normalises as NextAuth v4.24.15 does (NFKC, trimmed, lower case, the domain cut at its
/// first comma), maps an international domain to its ASCII form by UTS 46, once, and refuses what
/// no mailer should be given: white space, control and invisible characters, angle brackets,
/// comments, quotes, lists, domain literals, empty labels, too much text, and local parts that
/// mail servers read as a route, a program, a file or an option. What was parsed is parsed to
/// itself.
///
/// ```
/// use typegate::EmailAddress;
///
/// let address: EmailAddress = " Ann@Bücher.example".parse()?;
/// assert_eq!(address.as_str(), "ann@xn--bcher-kva.example");
/// assert_eq!(address, "ann@BÜCHER.example".parse()?);
/// assert!("ann@example%2ecom".parse::<EmailAddress>().is_err());
/// # Ok::<(), typegate::AddressRefused>(())
/// ```
///
/// An application that looks its users up by address parses first:
/// `adapter.user_by_email(address.as_str())`.
#[derive(Clone)]
pub struct EmailAddress {
    text: String,
    /// How NextAuth v4 would have stored the same address, where that differs.
    other_spellings: Vec<String>,
}

impl EmailAddress {
    /// The address in its one form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The texts under which a row of this address may be found, this one's own first.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.as_str()).chain(self.other_spellings.iter().map(String::as_str))
    }

    /// What a provider says. NextAuth v4 stores it in lower case and otherwise as it is. The provider
    /// has proved the very text, if at all: one that v4's parsing makes another address of, by
    /// compatible letters (NFKC) or by the cut at a comma, is none.
    pub(crate) fn of_provider(text: &str) -> Result<Self, AddressRefused> {
        let v4 = v4_spelling(text)?;
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let lower = nfc.normalize(text.trim_ascii()).to_lowercase();
        // The Kelvin sign is canonically the letter K, and is another mailbox's name to a server.
        let mut buffer = [0; 4];
        let is_ascii_twin =
            |c: char| !c.is_ascii() && nfc.normalize(c.encode_utf8(&mut buffer)).is_ascii();
        if nfc.normalize(&lower) != v4 || text.contains(is_ascii_twin) {
            return Err(AddressRefused);
        }
        Self::parse(text, Some(text.to_lowercase()))
    }

    /// What an application's own rule returned, or a link says: rows may have the very text.
    pub(crate) fn of_rule(text: &str) -> Result<Self, AddressRefused> {
        Self::parse(text, Some(text.to_owned()))
    }

    fn parse(text: &str, stored_as: Option<String>) -> Result<Self, AddressRefused> {
        let v4 = v4_spelling(text)?;
        let address = judge(&v4)?;
        let (local, domain) = address.split_once('@').ok_or(AddressRefused)?;
        let unicode = format!("{local}@{}", url::quirks::domain_to_unicode(domain));
        let mut other_spellings: Vec<String> = Vec::new();
        for spelling in stored_as.into_iter().chain([v4, unicode]) {
            // A spelling that the parser reads as another address is another address.
            let is_same = spelling != address
                && !other_spellings.contains(&spelling)
                && v4_spelling(&spelling).and_then(|text| judge(&text)).as_ref() == Ok(&address);
            if is_same {
                other_spellings.push(spelling);
            }
        }
        Ok(Self { text: address, other_spellings })
    }
}

impl FromStr for EmailAddress {
    type Err = AddressRefused;

    fn from_str(text: &str) -> Result<Self, AddressRefused> {
        Self::parse(text, None)
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.text
    }
}

/// NextAuth v4.24.15's normalisation, in a form that is its own: lower-casing can undo NFKC (of
/// `J` with a caron there is no capital letter in one piece).
fn v4_spelling(text: &str) -> Result<String, AddressRefused> {
    if text.len() > 4 * MAXIMUM_ADDRESS {
        return Err(AddressRefused);
    }
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let text = nfkc.normalize(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase();
    let text = nfkc.normalize(&text);
    let (local, domain) = text.split_once('@').ok_or(AddressRefused)?;
    if domain.contains('@') {
        return Err(AddressRefused);
    }
    Ok(format!("{local}@{}", domain.split(',').next().unwrap_or_default()))
}

/// The address that the text is, if it is one and the address is nothing else when it is read
/// again.
fn judge(text: &str) -> Result<String, AddressRefused> {
    let address = mapped(text)?;
    let again = v4_spelling(&address).and_then(|text| mapped(&text));
    if again.as_ref() == Ok(&address) { Ok(address) } else { Err(AddressRefused) }
}

fn mapped(text: &str) -> Result<String, AddressRefused> {
    // What nobody sees makes twins of a local part, and UTS 46 drops most of it from a domain, so
    // that the address would not be the one that was shown.
    let is_invisible = |c| CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
    if text.contains(is_invisible) {
        return Err(AddressRefused);
    }
    let (local, domain) = text.split_once('@').ok_or(AddressRefused)?;
    if !is_local_part(local) {
        return Err(AddressRefused);
    }
    let address = format!("{local}@{}", ascii_domain(domain)?);
    if address.len() > MAXIMUM_ADDRESS { Err(AddressRefused) } else { Ok(address) }
}

/// RFC 5322's dot-atom, and beyond ASCII letters, digits and marks (RFC 6532), without what mail
/// servers have read as more than a name.
fn is_local_part(local: &str) -> bool {
    // `!` and `%` are not among them: routes (RFC 5321 appendix F.2, RFC 1123 section 5.2.16),
    // which Postfix rewrites to this day. `victim%corp.test@relay.test` is for the relay to say.
    let is_atom = |c: char| {
        c.is_ascii_alphanumeric()
            || "#$&'*+-/=?^_`{|}~.".contains(c)
            || !c.is_ascii() && (c.is_alphanumeric() || is_mark_or_symbol(c))
    };
    // A recipient of Postfix and Sendmail: a file, a program, an option of the delivery command;
    // to a parser of URLs `//user@host` names a host.
    let is_command = local.starts_with(['/', '|', '-']);
    // An encoded word (RFC 2047) has no place in an address, and is decoded there nevertheless.
    let is_encoded = local.contains("=?");
    !local.is_empty()
        && local.len() <= MAXIMUM_LOCAL_PART
        && !is_command
        && !is_encoded
        && local.chars().all(is_atom)
        && !local.split('.').any(str::is_empty)
}

/// Characters beyond ASCII that people use in names and that are neither invisible, white space,
/// control nor direction marks.
fn is_mark_or_symbol(c: char) -> bool {
    let is_combining = matches!(c, '\u{300}'..='\u{36f}');
    let is_pictograph = matches!(c, '\u{1f300}'..='\u{1faff}');
    is_combining || is_pictograph
}

fn ascii_domain(domain: &str) -> Result<String, AddressRefused> {
    // A host name by the URL standard's rules: UTS 46, no forbidden characters, no numbers that
    // mean an IP address. Its first step is to decode percent signs, and no domain has any.
    if domain.contains('%') {
        return Err(AddressRefused);
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else { return Err(AddressRefused) };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let has_dot = domain.contains('.');
    if has_dot && domain.split('.').all(is_label) { Ok(domain) } else { Err(AddressRefused) }
}

#[cfg(test)]
mod tests;
