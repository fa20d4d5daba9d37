//! Which errors does the sign-in page explain?

/// The codes the sign-in page has a text for. The error page passes exactly these on.
const SIGN_IN_ERRORS: [(&str, &str); 10] = [
    ("Signin", OTHER_ACCOUNT),
    ("OAuthSignin", OTHER_ACCOUNT),
    ("OAuthCallback", OTHER_ACCOUNT),
    ("OAuthCreateAccount", OTHER_ACCOUNT),
    ("EmailCreateAccount", OTHER_ACCOUNT),
    ("Callback", OTHER_ACCOUNT),
    (
        "OAuthAccountNotLinked",
        "To confirm your identity, sign in with the same account you used originally.",
    ),
    ("EmailSignin", "The e-mail could not be sent."),
    ("CredentialsSignin", "Sign in failed. Check the details you provided are correct."),
    ("SessionRequired", "Please sign in to access this page."),
];

const OTHER_ACCOUNT: &str = "Try signing in with a different account.";
const UNKNOWN: &str = "Unable to sign in.";

/// The text for a code, compared exactly; codes without one of their own share the last.
pub(crate) fn sign_in_error_text(error: &str) -> &'static str {
    text(error).unwrap_or(UNKNOWN)
}

/// Whether the error page sends this code on to the sign-in page.
pub(crate) fn redirects_to_sign_in(error: &str) -> bool {
    text(error).is_some()
}

fn text(error: &str) -> Option<&'static str> {
    SIGN_IN_ERRORS.iter().find(|(code, _)| *code == error).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_exactly() {
        assert!(redirects_to_sign_in("OAuthCallback"));
        for error in ["oauthcallback", "OAuthCallback ", "", "Default", "default"] {
            assert!(!redirects_to_sign_in(error), "{error:?}");
            assert_eq!(sign_in_error_text(error), UNKNOWN);
        }
    }

    #[test]
    fn names_on_the_javascript_object_prototype_are_ordinary() {
        // v4 looks the text up in an object and finds functions under these names.
        for error in ["constructor", "toString", "__proto__", "hasOwnProperty"] {
            assert!(!redirects_to_sign_in(error), "{error:?}");
            assert_eq!(sign_in_error_text(error), UNKNOWN);
        }
    }
}
