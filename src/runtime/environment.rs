//! Environment variables, and what files and panels of hosters add to their values.

use super::oddity::Oddity;
use crate::error::ConfigError;

/// An environment variable as it is; an empty one counts as unset.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a required environment variable.
///
/// # Errors
///
/// [`ConfigError`] naming the variable, if it is not set, or as [`given`] says.
pub fn needed(name: &str, value: Option<String>) -> Result<String, ConfigError> {
    given(name, value)?.ok_or_else(|| ConfigError::missing_variable(name))
}

/// The value of a variable that may be missing, without the line break around it that an editor or
/// `echo` leaves. Ids, secrets and names are made of the printable characters of ASCII and the space
/// (RFC 6749 appendix A), so a line break, a tab or a byte order mark is none of it; a space and a
/// quotation mark may be.
///
/// # Errors
///
/// [`ConfigError`] naming the variable, and never its value, if spaces or quotation marks stand
/// around it (cut off or kept, it would be wrong for somebody), if something in it cannot be seen,
/// or if it is a reference or a placeholder that nothing replaced.
pub fn given(name: &str, value: Option<String>) -> Result<Option<String>, ConfigError> {
    let value = value.map(|value| value.trim_matches(is_no_part_of_a_text).to_owned());
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    match Oddity::of(&value) {
        Some(oddity) => Err(ConfigError::new(format!(
            "the value of the environment variable {name} {}: {}, or if it is meant so give the \
             value in code",
            oddity.what(),
            oddity.fix()
        ))),
        None => Ok(Some(value)),
    }
}

/// The value of a variable that is an address, in which no blank and no quotation mark can stand.
pub(crate) fn address(name: &str) -> Option<String> {
    let value = environment(name)?;
    let is_around = |c: char| c == ' ' || is_no_part_of_a_text(c) || matches!(c, '"' | '\'' | '`');
    Some(value.trim_matches(is_around).to_owned()).filter(|value| !value.is_empty())
}

/// White space other than the space, controls, and the byte order mark.
pub(crate) fn is_no_part_of_a_text(c: char) -> bool {
    c != ' ' && (c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Option<String>, String> {
        given("AUTH_ACME_SECRET", Some(value.to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn what_no_id_or_secret_can_have_around_it_is_cut_off() {
        let clean = Ok(Some("s3 cr\"3t".to_owned()));
        for value in [
            "s3 cr\"3t",
            "s3 cr\"3t\n",
            "\r\ns3 cr\"3t\r\n",
            "\ts3 cr\"3t\t",
            "\u{feff}s3 cr\"3t",
            "\u{a0}s3 cr\"3t\u{2028}",
        ] {
            assert_eq!(read(value), clean, "{value:?}");
        }
        for value in ["", "\n", "\r\n\t"] {
            assert_eq!(read(value), Ok(None), "{value:?}");
            let error = needed("AUTH_ACME_SECRET", Some(value.to_owned())).unwrap_err();
            assert!(error.to_string().contains("AUTH_ACME_SECRET is not set"));
        }
    }

    #[test]
    fn what_may_be_part_of_a_secret_is_refused_by_the_name_of_the_variable() {
        for (value, what) in [
            (" s3cr3t", "spaces"),
            ("s3cr3t ", "spaces"),
            ("s3cr3t \n", "spaces"),
            (" ", "spaces"),
            ("\"s3cr3t\"", "quotation marks"),
            ("'s3cr3t'\n", "quotation marks"),
            ("`s3cr3t`", "quotation marks"),
            ("\"\"", "quotation marks"),
        ] {
            let error = read(value).unwrap_err();
            assert!(error.contains("AUTH_ACME_SECRET") && error.contains(what), "{error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
        for (value, what) in [
            ("${AUTH_ACME_S}", "is a reference"),
            ("$AUTH_ACME_S\n", "is a reference"),
            ("<your secret>", "is a placeholder"),
            ("s3\u{200b}cr3t", "U+200B"),
        ] {
            let error = read(value).unwrap_err();
            assert!(error.contains("AUTH_ACME_SECRET") && error.contains(what), "{error}");
        }
        // A quotation mark on one side is a letter like others.
        for value in ["\"s3cr3t", "s3cr3t'", "\""] {
            assert_eq!(read(value), Ok(Some(value.to_owned())));
        }
    }
}
