//! Configuration files: any text is read or refused, and a refusal names a place in the file.

use typegate::dynamic::{Configuration, Registry, Report};

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    for configuration in
        [Configuration::from_toml("auth.toml", text), Configuration::from_json("auth.json", text)]
    {
        let report = match configuration {
            Ok(configuration) => configuration.check(&Registry::new()),
            Err(report) => report,
        };
        assert_has_places(&report, text);
    }
}

fn assert_has_places(report: &Report, text: &str) {
    for violation in report.violations() {
        let said = violation.to_string();
        assert!(!violation.cause().is_empty(), "{said}");
        if let Some(line) = violation.place().line() {
            assert!(line >= 1 && line <= text.split('\n').count() + 1, "{said}");
        }
    }
}
