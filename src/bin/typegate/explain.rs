//! What the documentation says of a code, for somebody who has a log line before them and no
//! network.

use std::io::{self, Write};

use typegate::ErrorCode;
use typegate::error::{CausedBy, Level, PageError, Shown};

pub(crate) fn explain(code: ErrorCode, out: &mut impl Write) -> io::Result<()> {
    let level = match code.level() {
        Level::Error => "error",
        Level::Warn => "warning",
        _ => "note",
    };
    let by = match code.caused_by() {
        CausedBy::Strangers => ", which anybody can cause by a request",
        _ => "",
    };
    writeln!(out, "{code}: {}\n", code.cause())?;
    writeln!(out, "when         {}: {}", code.flow().as_str(), code.step())?;
    writeln!(out, "logged as    {level}{by}")?;
    writeln!(out, "to find out  {}", code.diagnosis())?;
    writeln!(out, "to mend it   {}", code.remedy())?;
    if let Some(retired) = code.retired() {
        let today: Vec<&str> = retired.with.iter().map(|code| code.as_str()).collect();
        writeln!(out, "NextAuth     {}; today {}", retired.when, today.join(", "))?;
    }
    writeln!(out, "more         {}", code.help_url())
}

/// What stands in the address of a page after a failure. The visitor reads one text for many causes:
/// which one it was stands in the log.
pub(crate) fn explain_shown(error: PageError, out: &mut impl Write) -> io::Result<()> {
    let page = if error.is_on_sign_in_page() { "sign-in page" } else { "error page" };
    writeln!(out, "{error}: what the {page} has in its address, `?error={error}`\n")?;
    writeln!(out, "it reads     {}", error.text())?;
    let is_shown = |code: &&ErrorCode| code.shown().contains(&Shown::Error(error));
    let mut label = "the log has";
    for code in ErrorCode::ALL.iter().filter(is_shown) {
        writeln!(out, "{label:<12} {code}: {}", code.cause())?;
        label = "or";
    }
    if label == "or" {
        writeln!(out, "to mend it   `typegate explain <code>`, for the one that it has")?;
    } else {
        writeln!(
            out,
            "the log has  nothing: the application or its client sent the browser there"
        )?;
    }
    Ok(())
}
