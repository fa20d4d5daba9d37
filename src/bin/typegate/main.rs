//! The program `typegate`: authentication beside an application in any language, and commands that
//! help to set it up.

mod arguments;
mod clean_up;
mod connection;
mod doctor;
mod explain;
mod health;
mod log;
mod occasional;
mod patient_stream;
mod places;
mod scrape;
mod serve;
mod signals;

use std::io::{self, Write as _};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use typegate::SigningKey;
use typegate::dynamic::{Configuration, Registry, Report};

use self::arguments::{Command, USAGE};

/// Of what the configuration says, or of what happens while it is served.
const FAILED: u8 = 1;
/// Of the command line.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let outcome = match Command::read() {
        Ok(command) => run(command),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}\n\n{USAGE}");
            return ExitCode::from(MISUSED);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A reader that has gone away needs no explanation.
            let _ = writeln!(io::stderr(), "{}", explained(&*error));
            ExitCode::from(FAILED)
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn run(command: Command) -> Outcome {
    let mut out = io::stdout().lock();
    match command {
        Command::Help => write!(out, "{USAGE}")?,
        Command::Version => writeln!(out, "typegate {}", env!("CARGO_PKG_VERSION"))?,
        Command::Secret => writeln!(out, "{}", secret()?)?,
        Command::NewKey { algorithm } => {
            writeln!(out, "{}", SigningKey::generate_jwk(algorithm)?)?;
        }
        Command::PublicKey { file } => {
            let key = SigningKey::from_jwk(&std::fs::read_to_string(file)?)?;
            let public = key.public_jwk().ok_or("a symmetric key has no public half")?;
            writeln!(out, "{public}")?;
        }
        Command::Check { configuration } => {
            let report = Configuration::from_file(&configuration)?.check(&Registry::new());
            if !report.is_empty() {
                return Err(report.into());
            }
            writeln!(out, "{}: nothing is wrong", configuration.display())?;
        }
        Command::Doctor { configuration } => doctor::examine(&configuration, &mut out)?,
        Command::Migrate { configuration } => doctor::migrate(&configuration, &mut out)?,
        Command::Explain { code } => explain::explain(code, &mut out)?,
        Command::ExplainShown { error } => explain::explain_shown(error, &mut out)?,
        Command::Serve { configuration, is_verbose } => {
            drop(out);
            serve::serve(&configuration, is_verbose)?;
        }
    }
    Ok(())
}

/// As `openssl rand -base64 32` makes it.
fn secret() -> Result<String, Box<dyn std::error::Error>> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "the system has no random bytes to give")?;
    Ok(STANDARD.encode(bytes))
}

fn explained(error: &(dyn std::error::Error + 'static)) -> String {
    match error.downcast_ref::<Report>() {
        Some(report) => {
            let count = report.violations().len();
            let plural = if count == 1 { "" } else { "s" };
            format!("{report}\n\n{count} error{plural}")
        }
        None => {
            let mut text = format!("error: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                // Some errors tell their causes themselves.
                let told = format!(": {cause}");
                if !text.contains(&told) {
                    text.push_str(&told);
                }
                source = cause.source();
            }
            text
        }
    }
}
