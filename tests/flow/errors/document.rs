//! The documents of errors: every code is raised, and they say what the tests saw.
//!
//! `docs/errors.md` is made from the table, `docs/error-matrix.md` from the scenarios. Both are
//! compared here and written anew by `TYPEGATE_REWRITE_DOCS=1 cargo test --test flow documents`.

use std::fs;
use std::path::{Path, PathBuf};

use typegate::ErrorCode;
use typegate::error::Origin;

use super::waiting::WAITING;
use super::{Scenario, all, markdown};

/// The list of NextAuth's documentation, in its order; the last is a message, not a code.
pub(super) const DOCUMENTED: [&str; 23] = [
    "CLIENT_SESSION_ERROR",
    "CLIENT_FETCH_ERROR",
    "OAUTH_GET_ACCESS_TOKEN_ERROR",
    "OAUTH_V1_GET_ACCESS_TOKEN_ERROR",
    "OAUTH_GET_PROFILE_ERROR",
    "OAUTH_PARSE_PROFILE_ERROR",
    "OAUTH_CALLBACK_HANDLER_ERROR",
    "GET_AUTHORIZATION_URL_ERROR",
    "SIGNIN_OAUTH_ERROR",
    "CALLBACK_OAUTH_ERROR",
    "SIGNIN_EMAIL_ERROR",
    "CALLBACK_EMAIL_ERROR",
    "EMAIL_REQUIRES_ADAPTER_ERROR",
    "CALLBACK_CREDENTIALS_JWT_ERROR",
    "CALLBACK_CREDENTIALS_HANDLER_ERROR",
    "PKCE_ERROR",
    "JWT_SESSION_ERROR",
    "SESSION_ERROR",
    "SIGNOUT_ERROR",
    "SEND_VERIFICATION_EMAIL_ERROR",
    "MISSING_NEXTAUTH_API_ROUTE_ERROR",
    "NO_SECRET",
    EMPTY_BODY,
];

const EMPTY_BODY: &str = "expected 200 OK with body but no body was returned";

/// What NextAuth v4 logs besides, at the levels error and warn.
const UNDOCUMENTED: [&str; 29] = [
    "OAUTH_CALLBACK_ERROR",
    "INVALID_CALLBACK_URL_ERROR",
    "MISSING_ADAPTER_METHODS_ERROR",
    "AUTH_ON_ERROR_PAGE_ERROR",
    "LOGGER_ERROR",
    "NEXTAUTH_URL",
    "DEBUG_ENABLED",
    "TWITTER_OAUTH_2_BETA",
    "CREATE_USER_EVENT_ERROR",
    "LINK_ACCOUNT_EVENT_ERROR",
    "SESSION_EVENT_ERROR",
    "SIGN_IN_EVENT_ERROR",
    "SIGN_OUT_EVENT_ERROR",
    "UPDATE_USER_EVENT_ERROR",
    "adapter_error_createUser",
    "adapter_error_getUser",
    "adapter_error_getUserByEmail",
    "adapter_error_getUserByAccount",
    "adapter_error_updateUser",
    "adapter_error_deleteUser",
    "adapter_error_linkAccount",
    "adapter_error_unlinkAccount",
    "adapter_error_createSession",
    "adapter_error_getSessionAndUser",
    "adapter_error_updateSession",
    "adapter_error_deleteSession",
    "adapter_error_createVerificationToken",
    "adapter_error_useVerificationToken",
    // A warning there, an error there too; see DOCUMENTED.
    "NO_SECRET",
];

pub(super) fn raising(code: ErrorCode) -> Vec<&'static Scenario> {
    all().filter(|scenario| scenario.logs.contains(&code)).collect()
}

#[test]
fn every_code_is_raised_or_waits() {
    for code in ErrorCode::ALL {
        let waits = WAITING.iter().any(|(waiting, _)| waiting == code);
        assert_eq!(raising(*code).is_empty(), waits, "{code} is raised and waits, or neither");
    }
    let mut names: Vec<&str> = all().map(|scenario| scenario.test).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn all_23_of_nextauths_list_are_here() {
    let (message, codes) = DOCUMENTED.split_last().unwrap();
    for text in codes {
        let code = ErrorCode::from_text(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert_eq!(code.origin(), Origin::Documented, "{code}");
    }
    let documented = ErrorCode::ALL.iter().filter(|code| code.origin() == Origin::Documented);
    assert_eq!(documented.count(), codes.len());
    for code in [ErrorCode::SignInOAuth, ErrorCode::OAuthCallback] {
        assert_eq!(code.documented_message(), Some(*message));
        let raised = raising(code).iter().any(|scenario| scenario.says == *message);
        assert!(raised, "an empty body does not raise {code}");
    }
}

#[test]
fn all_that_v4_logs_besides_is_here() {
    for text in UNDOCUMENTED {
        let code = ErrorCode::from_text(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert_ne!(code.origin(), Origin::Typegate, "{code}");
    }
    let undocumented = ErrorCode::ALL.iter().filter(|code| code.origin() == Origin::Undocumented);
    assert_eq!(undocumented.count(), UNDOCUMENTED.len() - 1);
}

#[test]
fn a_retired_code_comes_with_todays_and_before_it() {
    for code in ErrorCode::ALL {
        let Some(retired) = code.retired() else { continue };
        for scenario in raising(*code) {
            let place = |wanted| scenario.logs.iter().position(|code| *code == wanted);
            let today = retired.with.iter().find_map(|today| place(*today));
            assert!(today > place(*code), "{} in {}", code, scenario.test);
        }
    }
}

#[test]
fn a_rule_has_examples_that_do_not_compile() {
    let cases = root().join("ui-tests/tests/fail");
    let folders: Vec<String> = fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for code in ErrorCode::ALL {
        let Some(rule) = code.rule() else { continue };
        let folder = folders.iter().find(|name| name.starts_with(&format!("{rule:02}_")));
        assert!(folder.is_some(), "{code} names rule {rule}, which has no case");
    }
}

#[test]
fn the_documents_say_what_the_table_and_the_tests_say() {
    let documents =
        [("docs/errors.md", markdown::errors()), ("docs/error-matrix.md", markdown::matrix())];
    for (name, made) in documents {
        let path = root().join(name);
        if std::env::var_os("TYPEGATE_REWRITE_DOCS").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let differs = kept.lines().zip(made.lines()).find(|(kept, made)| kept != made);
        assert!(
            kept == made,
            "{name} is stale at {differs:?}: run `TYPEGATE_REWRITE_DOCS=1 cargo test --test flow \
             documents`"
        );
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
