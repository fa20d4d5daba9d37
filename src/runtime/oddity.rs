//! The oddity of a value: what it has that nobody meant, such as a reference that nothing replaced.

/// Something about a value that is hardly meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Oddity {
    Spaces,
    QuotationMarks,
    /// A character that no editor shows.
    Invisible(char),
    /// `${NAME}` and the like, which something was to replace.
    Reference,
    /// What documentation has in the place of a value.
    Placeholder,
    /// `NAME=value`, as a file of variables has it.
    Assignment,
    /// More than one, of what is no key in an armour of its own.
    Lines,
}

/// Words of documentation, without their case and separators.
const PLACEHOLDERS: [&str; 14] = [
    "changeit",
    "changeme",
    "changethis",
    "insertsecrethere",
    "placeholder",
    "replaceme",
    "replacethis",
    "secrethere",
    "todo",
    "yourclientid",
    "yourclientsecret",
    "yoursecret",
    "yoursecrethere",
    "yoursecretkey",
];

impl Oddity {
    /// Of a value with whatever stands around it.
    pub(crate) fn of(value: &str) -> Option<Self> {
        let is_in =
            |mark: char| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
        if value.starts_with(' ') || value.ends_with(' ') {
            return Some(Self::Spaces);
        }
        if is_in('"') || is_in('\'') || is_in('`') {
            return Some(Self::QuotationMarks);
        }
        Self::within(value)
    }

    /// Of the value itself. All of it has to be a reference or a placeholder: in the middle of a
    /// secret any of their letters may stand.
    pub(crate) fn within(value: &str) -> Option<Self> {
        if let Some(invisible) = value.chars().find(|c| is_invisible(*c)) {
            return Some(Self::Invisible(invisible));
        }
        if is_reference(value) {
            return Some(Self::Reference);
        }
        if is_placeholder(value) {
            return Some(Self::Placeholder);
        }
        if is_assignment(value) {
            return Some(Self::Assignment);
        }
        has_lines(value).then_some(Self::Lines)
    }

    /// What it is, after "the value of …".
    pub(crate) fn what(&self) -> String {
        match self {
            Self::Spaces => "begins or ends with spaces".into(),
            Self::QuotationMarks => "stands in quotation marks".into(),
            Self::Invisible(c) => {
                format!("has a character in it that nobody sees, U+{:04X}", u32::from(*c))
            }
            Self::Reference => {
                "is a reference, such as `${NAME}`, `%NAME%` or `{{ name }}`, that nothing replaced"
                    .into()
            }
            Self::Placeholder => "is a placeholder, such as `<your-secret>` or `changeme`".into(),
            Self::Assignment => "begins with the name of a variable, as in `NAME=value`".into(),
            Self::Lines => "has several lines".into(),
        }
    }

    /// What to do about it.
    pub(crate) fn fix(&self) -> &'static str {
        match self {
            Self::Spaces | Self::QuotationMarks => "remove them",
            Self::Invisible(_) => "remove it, or type the value anew",
            Self::Reference => {
                "write the value itself, or have it replaced by what starts the process"
            }
            Self::Placeholder => "write the value itself",
            Self::Assignment => "write the value alone",
            Self::Lines => "write the value alone, in one line",
        }
    }
}

/// A private key has line breaks, and some scripts join letters by characters of no width.
fn is_invisible(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(
            c,
            '\u{ad}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// Of a shell, a compose file, Windows, or a template: all of the value and one name.
fn is_reference(value: &str) -> bool {
    let between = |start: &str, end: &str| value.strip_prefix(start)?.strip_suffix(end);
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    // As variables are written; a secret may begin with a dollar sign.
    let is_variable = |name: &str| {
        is_name(name) && name.len() > 2 && !name.bytes().any(|b| b.is_ascii_lowercase())
    };
    let is_braced = between("${", "}").is_some_and(|inner| {
        // `${NAME:-default}`
        is_name(inner.split([':', '-', '?', '+']).next().unwrap_or_default())
    });
    let is_template = between("{{", "}}").is_some_and(|inner| !inner.contains(['{', '}']));
    let is_workflow = between("${{", "}}").is_some_and(|inner| !inner.contains(['{', '}']));
    is_braced
        || is_template
        || is_workflow
        || value.strip_prefix('$').is_some_and(is_variable)
        || between("%", "%").is_some_and(is_variable)
        || between("$(", ")").is_some()
}

fn is_placeholder(value: &str) -> bool {
    let inner = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    // `<no-reply@acme.example>` is a mailbox.
    let is_in_angles =
        inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(['<', '>', '@']));
    let letters = value.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.' | '!'));
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    let is_crossed = plain.len() > 2 && plain.chars().all(|c| c == 'x');
    is_in_angles || is_crossed || PLACEHOLDERS.contains(&plain.as_str())
}

/// Base64 ends in `=`, and has small letters before it.
fn is_assignment(value: &str) -> bool {
    let assigned = value.strip_prefix("export ").unwrap_or(value);
    assigned.split_once('=').is_some_and(|(name, rest)| {
        name.len() > 2
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            && !rest.trim_start_matches('=').is_empty()
    })
}

/// A private key has lines as PEM and may have them as a JWK.
fn has_lines(value: &str) -> bool {
    value.contains(['\n', '\r']) && !value.starts_with("-----BEGIN ") && !value.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r213_what_nobody_meant_is_told_from_a_good_secret() {
        for (value, expected) in [
            ("${NEXTAUTH_SECRET}", Some(Oddity::Reference)),
            ("${NEXTAUTH_SECRET:-none}", Some(Oddity::Reference)),
            ("${{ secrets.AUTH }}", Some(Oddity::Reference)),
            ("$NEXTAUTH_SECRET", Some(Oddity::Reference)),
            ("%NEXTAUTH_SECRET%", Some(Oddity::Reference)),
            ("{{ auth_secret }}", Some(Oddity::Reference)),
            ("{{auth.secret}}", Some(Oddity::Reference)),
            ("$(cat /run/secret)", Some(Oddity::Reference)),
            ("<your-secret>", Some(Oddity::Placeholder)),
            ("<CLIENT SECRET HERE>", Some(Oddity::Placeholder)),
            ("changeme", Some(Oddity::Placeholder)),
            ("Change-Me!", Some(Oddity::Placeholder)),
            ("your_client_secret", Some(Oddity::Placeholder)),
            ("XXXXXXXX", Some(Oddity::Placeholder)),
            ("s3c\u{200b}r3t", Some(Oddity::Invisible('\u{200b}'))),
            ("s3c\u{feff}r3t", Some(Oddity::Invisible('\u{feff}'))),
            ("s3c\u{7}r3t", Some(Oddity::Invisible('\u{7}'))),
            ("AUTH_SECRET=s3cr3t", Some(Oddity::Assignment)),
            ("export AUTH_SECRET=s3cr3t", Some(Oddity::Assignment)),
            ("s3cr3t\ns3cr3t", Some(Oddity::Lines)),
            // Good secrets, ids and names.
            ("AUTH0SECRET==", None),
            ("auth=s3cr3t", None),
            ("A=s3cr3t", None),
            ("{\n\"kty\":\"oct\"}", None),
            ("a$b${c}", None),
            ("$ecret", None),
            ("$ecr3t$", None),
            ("$AB", None),
            ("${", None),
            ("%41%", None),
            ("50%", None),
            ("{{", None),
            ("{\"kty\":\"oct\"}", None),
            ("<no-reply@acme.example>", None),
            ("a<b>c", None),
            ("<>", None),
            ("changeme7", None),
            ("xx", None),
            ("Acme <no-reply@acme.example>", None),
            ("-----BEGIN PRIVATE KEY-----\nMIIE\r\n-----END PRIVATE KEY-----", None),
            ("👩\u{200d}🚀 Acme", None),
        ] {
            assert_eq!(Oddity::of(value), expected, "{value:?}");
        }
    }
}
