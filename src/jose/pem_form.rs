//! The form of a PEM text (RFC 7468) that cannot be read: what happened to it on its way here.
//! Nothing of the key is in a reason.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN ";

/// What is wrong with the form, and what to do.
pub(super) fn fault_of_form(text: &str) -> &'static str {
    let trimmed = text.trim();
    if trimmed.starts_with(['"', '\'', '`']) {
        return "the text is quoted: remove the quotation marks around it";
    }
    let Some(begin) = trimmed.find(BEGIN) else {
        let decoded = STANDARD.decode(trimmed.split_whitespace().collect::<String>());
        let is_encoded = |bytes: &[u8]| bytes.trim_ascii_start().starts_with(BEGIN.as_bytes());
        return match decoded {
            Ok(bytes) if is_encoded(&bytes) => {
                "the text is the base64 of a PEM text: decode it once"
            }
            Ok(_) if trimmed.len() > 64 => {
                "the text is the base64 of a key alone: put `-----BEGIN PRIVATE KEY-----` and \
                 `-----END PRIVATE KEY-----` on lines of their own around it"
            }
            _ => "the text holds no private key in PEM form (`-----BEGIN PRIVATE KEY-----`)",
        };
    };
    let pem = trimmed.get(begin..).unwrap_or_default();
    let label = pem.strip_prefix(BEGIN).and_then(|rest| rest.split("-----").next());
    let label = label.unwrap_or_default();
    if label == "ENCRYPTED PRIVATE KEY" {
        "the key is encrypted with a password: decrypt it by `openssl pkcs8 -in key.pem`"
    } else if !label.ends_with("PRIVATE KEY") {
        "the PEM text holds no private key, but a public key, a certificate or the like"
    } else if !pem.contains(['\n', '\r']) {
        "the text is one line: its line breaks were replaced, so keep them, or write them as \\n"
    } else if text.lines().any(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty()) {
        "the text is indented: remove the blanks before its lines"
    } else if !pem.contains("-----END ") {
        "the text is cut off: its last line, `-----END PRIVATE KEY-----`, is missing"
    } else {
        "what stands between the first and the last line is no base64"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::JwsSigner;

    #[test]
    fn a_pem_text_that_was_changed_on_its_way_is_refused_with_the_reason() {
        let pem = include_str!("../../tests/data/keys/p256.pem");
        assert!(JwsSigner::from_pem(pem).is_ok());
        assert!(JwsSigner::from_pem(&pem.replace('\n', "\r\n")).is_ok());
        let lines: Vec<&str> = pem.lines().collect();
        let body = lines.get(1..lines.len() - 1).unwrap().concat();
        for (text, reason) in [
            (format!("\"{}\"", pem.trim()), "quoted"),
            (format!("'{}'", pem.trim()), "quoted"),
            (pem.replace('\n', " "), "one line"),
            (pem.replace('\n', ""), "one line"),
            (lines.iter().map(|line| format!("    {line}\n")).collect(), "indented"),
            (lines.iter().map(|line| format!("\t{line}\n")).collect(), "indented"),
            (STANDARD.encode(pem), "base64 of a PEM text"),
            (body, "key alone"),
            (lines.get(..lines.len() - 1).unwrap().join("\n"), "cut off"),
            (pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "password"),
            (include_str!("../../tests/data/keys/rsa_public.pem").into(), "public key"),
            ("s3cr3t".into(), "no private key"),
            (String::new(), "no private key"),
        ] {
            let refused = JwsSigner::from_pem(&text).unwrap_err().to_string();
            assert!(refused.contains(reason), "{reason}: {refused}");
            assert!(!refused.contains("MIG"), "{refused}");
        }
    }
}
