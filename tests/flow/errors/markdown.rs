//! The two documents as Markdown.

use std::fmt::Write as _;

use typegate::ErrorCode;
use typegate::error::{CausedBy, Flow, Level, PageError, Shown};

use super::all;
use super::document::{DOCUMENTED, raising};
use super::waiting::WAITING;

const FLOWS: [(Flow, &str); 11] = [
    (Flow::Configuration, "Configuration"),
    (Flow::Request, "Any request"),
    (Flow::SignIn, "Sign-in of any kind"),
    (Flow::OAuth, "Sign-in with an identity provider"),
    (Flow::Email, "Sign-in by a link"),
    (Flow::Credentials, "Sign-in with credentials"),
    (Flow::Session, "Sessions"),
    (Flow::SignOut, "Sign-out"),
    (Flow::Client, "Clients"),
    (Flow::Event, "Event handlers"),
    (Flow::Adapter, "Methods of the adapter"),
];

const ABOUT_ERRORS: &str = "\
<!-- Made from src/error by tests/flow/errors/document.rs. Do not edit: see there. -->

# Errors

A failure is logged under a code, through `tracing` (target `typegate`) and to the application's
own logger. The codes are NextAuth's, spelled as there. A line has these fields:

| field | what it is |
|---|---|
| `code` | the code, as below |
| `provider` | the provider's id, where there is one |
| `flow` | where it happened |
| `message` | the error with its causes, in one line; a `LogEntry` has the causes one by one as well |
| `help` | the address of the code's section on this page |

A failure that has several names is one event at its level and, at the level debug, one for each
other name; the application's own logger gets all of them, as in NextAuth.

No secret, token, code or password is in a line, and of what a provider answered no more than it says
went wrong. What a visitor sees is one of
few fixed texts: see [the last section](#what-a-visitor-reads). Which test raises which code, and
what it saw, is in [the matrix](error-matrix.md).

At the level debug, `tracing` also has NextAuth's debug codes, with names and lengths and no values:
`CREATE_STATE`, `CREATE_PKCECODEVERIFIER`, `CREATE_NONCE`, `GET_AUTHORIZATION_URL`,
`OAUTH_CALLBACK_RESPONSE`, `PROFILE_DATA`, `CHUNKING_SESSION_COOKIE`, and `adapter_<method>` for each
call of the adapter; and `CALLBACK_URL` where a repeated `callbackUrl` is left out.

Codes that NextAuth has given up are logged in addition to today's, right before it;
`Diagnostics::new().retired_codes(false)` turns them off.
";

const ABOUT_MATRIX: &str = "\
<!-- Made by the tests in tests/flow/errors. Do not edit: see document.rs there. -->

# Which test raises which error

Each test drives a whole flow into the failure and compares the log, the redirect, the page and the
status. \"Does not compile\" is the number of the rule that refuses the same mistake in Rust; its
cases are in `ui-tests/tests/fail`.

";

pub(super) fn errors() -> String {
    let mut text = ABOUT_ERRORS.to_owned();
    for (flow, title) in FLOWS {
        write!(text, "\n## {title}\n").unwrap();
        for code in ErrorCode::ALL.iter().filter(|code| code.flow() == flow) {
            section(&mut text, *code);
        }
    }
    text.push_str("\n## What a visitor reads\n\nThe error page takes a value of `?error=`. ");
    text.push_str("NextAuth's values are part of its wire:\n\n");
    text.push_str("| value | page | status | text | may stand for |\n|---|---|---|---|---|\n");
    for error in PageError::ALL {
        let page = if error.is_on_sign_in_page() { "sign-in" } else { "error" };
        let codes = ErrorCode::ALL.iter().filter(|code| {
            code.retired().is_none() && code.shown().contains(&Shown::Error(*error))
        });
        let codes: Vec<String> = codes.map(|code| link(*code)).collect();
        let (status, says) = (error.status(), error.text());
        writeln!(text, "| `{error}` | {page} | {status} | {says} | {} |", codes.join(", "))
            .unwrap();
    }
    let unknown = PageError::UNKNOWN_TEXT;
    writeln!(text, "| any other | sign-in | 200 | {unknown} | |").unwrap();
    text.push_str("| any other | error | 200 | Error | |\n");
    text
}

fn section(text: &mut String, code: ErrorCode) {
    let level = level(code.level());
    write!(text, "\n### `{code}`\n\n{}\n\n", code.cause()).unwrap();
    writeln!(text, "- **When:** {}: {}.", code.flow(), code.step()).unwrap();
    let who = match code.caused_by() {
        CausedBy::Strangers => ", anybody can cause it by a request",
        _ => "",
    };
    writeln!(text, "- **Log:** {level}{who}; {}.", code.origin().as_str()).unwrap();
    match code.shown() {
        [shown] => writeln!(text, "- **The visitor sees:** {shown}").unwrap(),
        several => {
            text.push_str("- **The visitor sees** one of:\n");
            for shown in several {
                writeln!(text, "  - {shown}").unwrap();
            }
        }
    }
    writeln!(text, "- **To find out:** {}", code.diagnosis()).unwrap();
    writeln!(text, "- **To mend it:** {}", code.remedy()).unwrap();
    if let Some(rule) = code.rule() {
        writeln!(text, "- **In Rust:** rule {rule} refuses it at compile time.").unwrap();
    }
    if let Some(message) = code.documented_message() {
        writeln!(
            text,
            "- **Known message:** `{message}`: the provider, or something in its place, answered \
             with nothing."
        )
        .unwrap();
    }
    if let Some(retired) = code.retired() {
        let with: Vec<String> = retired.with.iter().map(|today| link(*today)).collect();
        writeln!(
            text,
            "- **Retired:** NextAuth used it {}; today {}.",
            retired.when,
            with.join(" or ")
        )
        .unwrap();
    }
}

pub(super) fn matrix() -> String {
    let mut text = ABOUT_MATRIX.to_owned();
    nextauths_list(&mut text);
    text.push_str(
        "\n## Every code\n\n| code | level | raised by | logged | redirect | the visitor sees |",
    );
    text.push_str(" does not compile |\n|---|---|---|---|---|---|---|\n");
    for code in ErrorCode::ALL {
        let rule = code.rule().map(|rule| format!("rule {rule}")).unwrap_or_default();
        let (name, level) = (link_to_errors(*code), level(code.level()));
        if let Some((_, what)) = WAITING.iter().find(|(waiting, _)| waiting == code) {
            writeln!(text, "| {name} | {level} | *waits for {what}* | | | | {rule} |").unwrap();
        }
        for scenario in raising(*code) {
            let test = scenario.test.trim_start_matches("flow::");
            let logs: Vec<String> = scenario.logs.iter().map(|code| format!("`{code}`")).collect();
            let (redirect, page) = seen(scenario.shown);
            let logs = logs.join(", ");
            writeln!(
                text,
                "| {name} | {level} | `{test}` | {logs} | {redirect} | {page} | {rule} |"
            )
            .unwrap();
        }
    }
    text
}

/// The 23 errors of NextAuth's documentation, in its order.
fn nextauths_list(text: &mut String) {
    text.push_str("## The list of NextAuth's documentation\n\n");
    text.push_str("| # | error | raised by | does not compile |\n|---|---|---|---|\n");
    for (number, name) in (1..).zip(DOCUMENTED) {
        let code = ErrorCode::from_text(name);
        let count = match code {
            Some(code) => raising(code).len(),
            // The last is a message under two codes.
            None => all().filter(|scenario| scenario.says == name).count(),
        };
        let shown = code.map_or_else(|| format!("`{name}`"), link_to_errors);
        let waits = WAITING.iter().find(|(waiting, _)| Some(*waiting) == code);
        let raised = match waits {
            Some((_, what)) => format!("*waits for {what}*"),
            None => format!("{count} {}", if count == 1 { "test" } else { "tests" }),
        };
        let rule = code.and_then(ErrorCode::rule).map(|rule| format!("rule {rule}"));
        let rule = rule.unwrap_or_default();
        writeln!(text, "| {number} | {shown} | {raised} | {rule} |").unwrap();
    }
}

/// Where the visitor is sent, and what is there.
fn seen(shown: Shown) -> (String, String) {
    match shown {
        Shown::Error(error) => {
            let page = if error.is_on_sign_in_page() { "sign-in page" } else { "error page" };
            (format!("`?error={error}`"), format!("{page}, {}: {}", error.status(), error.text()))
        }
        Shown::ApplicationText => ("`?error=<text>`".into(), "error page, 200".into()),
        Shown::SignInPage => ("`signin`".into(), "sign-in page, 200, no error".into()),
        Shown::FormAgain => ("`?csrf=true`".into(), "the form again; JSON: 400 `{}`".into()),
        shown => (String::new(), shown.to_string()),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Debug => "debug",
        other => panic!("{other:?} has no name"),
    }
}

fn link(code: ErrorCode) -> String {
    format!("[`{code}`](#{})", code.anchor())
}

fn link_to_errors(code: ErrorCode) -> String {
    format!("[`{code}`](errors.md#{})", code.anchor())
}
