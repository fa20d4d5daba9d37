//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt as _};
use typegate::{ErrorCode, SigningAlgorithm};

pub(crate) const USAGE: &str = "\
typegate: authentication beside an application in any language

    typegate serve --config auth.toml     serve the auth routes (--verbose for more in the log)
    typegate check --config auth.toml     say everything that is wrong; the exit code is 1 if
                                          something is
    typegate explain <code>               say what a code of the log means and what to do about it
    typegate secret                       print a new secret
    typegate newkey [HS512|HS256|EdDSA]   print a new key that signs session tokens, as a JWK;
                                          HS512 by default
    typegate publickey <file>             print the public half of an EdDSA key

The keys of a configuration are listed in docs/configuration-file.md.
";

pub(crate) enum Command {
    Serve { configuration: PathBuf, is_verbose: bool },
    Check { configuration: PathBuf },
    Explain { code: ErrorCode },
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
        let needed = || configuration.clone().ok_or("--config with the path of a file is missing");
        Ok(match words.as_slice() {
            ["serve"] => Self::Serve { configuration: needed()?, is_verbose },
            ["check"] => Self::Check { configuration: needed()? },
            ["explain", text] => Self::Explain { code: code(text)? },
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

/// As it was copied from a log, in any case.
fn code(text: &str) -> Result<ErrorCode, String> {
    let found = ErrorCode::ALL.iter().find(|code| code.as_str().eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| {
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
