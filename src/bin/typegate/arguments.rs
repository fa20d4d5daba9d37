//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt as _};
use typegate::error::PageError;
use typegate::{ErrorCode, SigningAlgorithm};

pub(crate) const USAGE: &str = "\
typegate: authentication beside an application in any language

    typegate serve --config auth.toml     serve the auth routes (--verbose for more in the log)
    typegate check --config auth.toml     say everything that is wrong; the exit code is 1 if
                                          something is
    typegate doctor --config auth.toml    ask all that it names, database, providers and mail
                                          servers, and say what to do; the exit code is 1 at problems
    typegate migrate --config auth.toml   make the tables of its database, or update them
    typegate explain <code>               say what a code of the log, or an `?error=` of an address,
                                          means and what to do about it
    typegate secret                       print a new secret
    typegate newkey [HS512|HS256|EdDSA]   print a new key that signs session tokens, as a JWK;
                                          HS512 by default
    typegate publickey <file>             print the public half of an EdDSA key

The keys of a configuration are listed in docs/configuration-file.md.
";

pub(crate) enum Command {
    Serve { configuration: PathBuf, is_verbose: bool },
    Check { configuration: PathBuf },
    Doctor { configuration: PathBuf },
    Migrate { configuration: PathBuf },
    Explain { code: ErrorCode },
    ExplainShown { error: PageError },
    Secret,
    NewKey { algorithm: SigningAlgorithm },
    PublicKey { file: PathBuf },
    Help,
    Version,
}

impl Command {
    pub(crate) fn read() -> Result<Self, lexopt::Error> {
        Self::parse(Parser::from_env())
    }

    fn parse(mut parser: Parser) -> Result<Self, lexopt::Error> {
        let (mut values, mut configuration, mut is_verbose) = (Vec::new(), None, false);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("version") | Arg::Short('V') => return Ok(Self::Version),
                Arg::Long("config") | Arg::Short('c') => {
                    configuration = Some(PathBuf::from(parser.value()?));
                }
                Arg::Long("verbose") | Arg::Short('v') => is_verbose = true,
                Arg::Value(value) => values.push(value.string()?),
                other => return Err(other.unexpected()),
            }
        }
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        let needed = || configuration.clone().ok_or("the path of a configuration file is missing");
        Ok(match words.as_slice() {
            ["serve"] => Self::Serve { configuration: needed()?, is_verbose },
            ["check"] => Self::Check { configuration: needed()? },
            ["doctor"] => Self::Doctor { configuration: needed()? },
            ["migrate"] => Self::Migrate { configuration: needed()? },
            [command @ ("serve" | "check" | "doctor" | "migrate"), file]
                if configuration.is_none() =>
            {
                let configuration = PathBuf::from(file);
                match *command {
                    "serve" => Self::Serve { configuration, is_verbose },
                    "check" => Self::Check { configuration },
                    "doctor" => Self::Doctor { configuration },
                    _ => Self::Migrate { configuration },
                }
            }
            ["explain", text] => explain(text)?,
            ["explain"] => {
                return Err("say which code, such as `typegate explain NO_SECRET`".into());
            }
            ["secret"] => Self::Secret,
            ["newkey"] | ["newkey", "HS512"] => Self::NewKey { algorithm: SigningAlgorithm::Hs512 },
            ["newkey", "HS256"] => Self::NewKey { algorithm: SigningAlgorithm::Hs256 },
            ["newkey", "EdDSA"] => Self::NewKey { algorithm: SigningAlgorithm::EdDsa },
            ["newkey", _] => return Err("the algorithms are HS512, HS256 and EdDSA".into()),
            ["publickey", file] => Self::PublicKey { file: file.into() },
            [] => return Err("say what to do".into()),
            _ => return Err(format!("`{}` is not known", words.join(" ")).into()),
        })
    }
}

/// As it was copied from a log or from an address, in any case.
fn explain(text: &str) -> Result<Command, String> {
    let text = text.strip_prefix("?error=").or_else(|| text.strip_prefix("error=")).unwrap_or(text);
    let is_code = |code: &&ErrorCode| code.as_str().eq_ignore_ascii_case(text);
    let is_shown = |error: &&PageError| error.as_str().eq_ignore_ascii_case(text);
    let is_written_otherwise = |code: &&ErrorCode| letters(code.as_str()) == letters(text);
    if let Some(code) = ErrorCode::ALL.iter().find(is_code) {
        return Ok(Command::Explain { code: *code });
    }
    if let Some(error) = PageError::ALL.iter().find(is_shown) {
        return Ok(Command::ExplainShown { error: *error });
    }
    let found = ErrorCode::ALL.iter().find(is_written_otherwise);
    found.map(|code| Command::Explain { code: *code }).ok_or_else(|| {
        let alike = |code: &&ErrorCode| {
            let code = code.as_str().to_ascii_lowercase();
            let text = text.to_ascii_lowercase();
            !text.is_empty() && (code.contains(&text) || text.contains(&code))
        };
        let alike: Vec<&str> =
            ErrorCode::ALL.iter().filter(alike).map(|code| code.as_str()).collect();
        match alike.as_slice() {
            [] => format!("`{text}` is no code; docs/errors.md lists them"),
            alike => format!("`{text}` is no code; there is {}", alike.join(", ")),
        }
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
