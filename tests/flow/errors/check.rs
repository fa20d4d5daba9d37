//! The check of a scenario: what was seen agrees with it and with the table.

use http::StatusCode;
use typegate::error::{CausedBy, Flow, Level, PageError, Shown};
use typegate::testing::LoggedErrors;
use typegate::{ErrorCode, Texts};

use super::super::support::{Answer, BASE, Line, World, canary, tap};
use super::{Outcome, Scenario};

const SESSION: &str = "next-auth.session-token";

/// What the engine says while a scenario is driven, besides the log lines.
pub(super) struct Record(LoggedErrors);

impl Record {
    pub(super) fn start() -> Self {
        tap::listen();
        Self(LoggedErrors::record())
    }
}

pub(super) async fn check(scenario: &Scenario, outcome: Outcome, record: &Record) {
    for code in scenario.logs {
        assert!(code.shown().contains(&scenario.shown), "{code} and {:?}", scenario.shown);
    }
    match outcome {
        Outcome::Returned(codes, text) => {
            assert_eq!(scenario.logs, codes, "{text}");
            assert_eq!(scenario.shown, Shown::NotInAnswer);
            assert!(text.starts_with(&format!("{}: ", codes[0])), "{text}");
            assert!(text.contains(scenario.says), "{text}");
            canary::assert_absent(&canary::of_the_server(), &text, "an error");
        }
        Outcome::Built(world) => {
            check_log(scenario, &world.lines.take());
            assert_eq!(scenario.shown, Shown::NotInAnswer);
        }
        Outcome::Answered(mut world, answer) => {
            let lines = world.lines.take();
            check_log(scenario, &lines);
            check_secrecy(&world, &answer, &lines, record);
            check_answer(scenario.shown, &mut world, &answer).await;
            if scenario.shown != Shown::ApplicationText {
                let location = answer.header("location").unwrap_or_default();
                assert!(!answer.text().contains(scenario.says), "the cause is shown");
                assert!(!location.contains(scenario.says), "the cause is shown: {location}");
            }
            for code in scenario.logs {
                assert!(!answer.text().contains(code.as_str()), "{code} is shown");
            }
        }
    }
}

/// R158: whatever fails, nobody's secret is told, by no level of the log and by no form of an
/// error.
fn check_secrecy(world: &World, answer: &Answer, lines: &[Line], record: &Record) {
    let mut secrets = canary::of_the_server();
    canary::assert_absent(&secrets, &canary::whole(answer), "the answer");
    secrets.extend(canary::of_the_browser(world));
    secrets.extend(answer.cookies.iter().map(|cookie| cookie.value.clone()));
    secrets.retain(|secret| secret.len() > 5 && !secret.starts_with("http"));
    for line in lines {
        canary::assert_absent(&secrets, &format!("{line:?}"), "a line");
    }
    let written = tap::written();
    for line in lines {
        assert!(written.contains(&line.code), "{} is not written", line.code);
    }
    canary::assert_absent(&secrets, &written, "what tracing writes");
    for text in record.0.texts() {
        canary::assert_absent(&secrets, &text, "an error");
    }
}

fn check_log(scenario: &Scenario, lines: &[Line]) {
    let codes: Vec<&str> = lines.iter().map(|line| &*line.code).collect();
    let expected: Vec<&str> = scenario.logs.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes, expected, "{lines:#?}");
    for (line, code) in lines.iter().zip(scenario.logs) {
        // Of a code that strangers can cause, a failure of ours is as loud as any.
        let is_loud = code.caused_by() == CausedBy::Strangers && line.level == Level::Error;
        assert!(line.level == code.level() || is_loud, "{code}: {:?}", line.level);
        assert_eq!(line.help, Some(code.help_url()), "{code}");
        // A method of the adapter is called by some flow, and that is told.
        let flow = if code.flow() == Flow::Adapter { line.flow } else { code.flow() };
        assert!(line.flow == flow && flow != Flow::Adapter, "{code}: {flow}");
        assert!(!line.message.contains(['\r', '\n']));
        for cause in &line.causes {
            assert!(line.message.contains(cause), "{code}: {cause} is not in {}", line.message);
        }
    }
    let last = lines.last().unwrap();
    assert_eq!(last.provider.as_deref(), scenario.provider);
    assert!(last.message.contains(scenario.says), "{}", last.message);
}

async fn check_answer(shown: Shown, world: &mut World, answer: &Answer) {
    match shown {
        Shown::Error(error) => check_page(error, world, answer).await,
        Shown::ApplicationText => {
            let location = answer.location();
            assert!(location.starts_with(&format!("{BASE}/error?error=")), "{location}");
            let page = world.browser.get(location).await;
            assert_eq!(page.outline()[0], "200 page Error");
        }
        Shown::SignInPage => {
            assert_eq!(answer.location(), format!("{BASE}/signin"));
            let page = world.browser.get(answer.location()).await;
            assert!(page.status() == 200 && !page.text().contains("role=\"alert\""));
        }
        Shown::FormAgain if answer.status() == StatusCode::BAD_REQUEST => {
            assert_eq!(answer.text(), "{}");
        }
        Shown::FormAgain => assert!(answer.location().ends_with("?csrf=true")),
        Shown::ServerError => {
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(answer.text().contains(PageError::Configuration.text()));
            assert!(answer.cookies.is_empty());
        }
        Shown::SignedOut => {
            assert_eq!(answer.outline()[0], "200 {}");
            assert!(answer.cookie(SESSION).unwrap().is_deletion());
        }
        Shown::EmptySession => {
            assert_eq!(answer.outline()[0], "200 {}");
            assert!(answer.cookie(SESSION).is_none());
        }
        Shown::Status(status) => {
            assert_eq!(answer.status(), status);
            assert!(answer.text().len() < 100);
        }
        Shown::GoesOn => {
            assert!(answer.status().as_u16() < 400);
            let location = answer.header("location").unwrap_or_default();
            assert!(!location.contains("error"), "{location}");
        }
        shown => panic!("{shown:?} is not in an answer"),
    }
}

/// To the error page, from there perhaps to the sign-in page, and its text.
async fn check_page(error: PageError, world: &mut World, answer: &Answer) {
    let location = answer.location().to_owned();
    let value = location.strip_prefix(&format!("{BASE}/error?error=")).unwrap_or(&location);
    let value = value.split('&').next().unwrap();
    // v4 does: a link without a token gives `configuration`, in lower case.
    assert!(value.eq_ignore_ascii_case(error.as_str()), "{location} is not {error}");
    let mut page = world.browser.get(&location).await;
    if error.is_on_sign_in_page() {
        assert_eq!(page.location(), format!("{BASE}/signin?error={error}"));
        let address = page.location().to_owned();
        page = world.browser.get(&address).await;
    }
    assert_eq!(page.status(), error.status());
    // A visitor may read more than the code says.
    let english = Texts::ENGLISH;
    let exact = [english.too_many_links, english.too_many_attempts, english.not_working];
    let unreachable = english.provider_unreachable.with("");
    let texts = [&[error.text(), &*unreachable], &exact[..]].concat();
    assert!(texts.iter().any(|text| page.text().contains(text)), "{}", page.text());
    for code in ErrorCode::ALL {
        assert!(!page.text().contains(code.as_str()), "{code} is shown");
    }
}
