//! What the documentation says of a code, for somebody who has a log line before them and no
//! network.

use std::io::{self, Write};

use typegate::ErrorCode;
use typegate::error::{CausedBy, Level};

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
