//! The commands `doctor` and `migrate`: whether what a configuration names is there, and its tables.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use typegate::dynamic::{Configuration, Registry};

/// A line for each finding.
pub(crate) fn examine(configuration: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let configuration = Configuration::from_file(configuration)?;
    let registry = Registry::new();
    let findings = runtime()?.block_on(configuration.examine(&registry))?;
    for finding in &findings {
        let mark = match (finding.is_problem, finding.is_warning) {
            (true, _) => "problem",
            (false, true) => "warning",
            (false, false) => "ok",
        };
        writeln!(out, "{mark:<8} {}: {}", finding.subject, finding.text)?;
    }
    match findings.iter().filter(|finding| finding.is_problem).count() {
        0 => Ok(()),
        1 => Err("there is 1 problem".into()),
        problems => Err(format!("there are {problems} problems").into()),
    }
}

pub(crate) fn migrate(configuration: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let name = configuration.display();
    let is_migrated = {
        let configuration = Configuration::from_file(configuration)?;
        let registry = Registry::new();
        runtime()?.block_on(configuration.migrate(&registry))?
    };
    if !is_migrated {
        return Err(format!("{name} names no database: write `url` under `[adapter]`").into());
    }
    writeln!(out, "{name}: the tables are up to date")?;
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
