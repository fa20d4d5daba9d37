//! The environment variables.

use std::env;
use std::error::Error;

use crate::server::configuration::{Profile, Setup};

pub(crate) struct Environment {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) setup: Setup,
}

impl Environment {
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let port: u16 = variable("PORT", "4000").parse()?;
        let adapter = variable("ORACLE_ADAPTER", "memory");
        let profile = match (variable("ORACLE_STRATEGY", "default").as_str(), adapter.as_str()) {
            ("jwt" | "default", "none") => Profile::Tokens,
            ("jwt", _) => Profile::TokensWithAdapter,
            ("database", "none") => return Err("database sessions need an adapter".into()),
            _ => Profile::Database,
        };
        let setup = Setup {
            profile,
            site: variable("NEXTAUTH_URL", &format!("http://localhost:{port}")).parse()?,
            secret: env::var("ORACLE_SECRET").unwrap_or_else(|_| "oracle-secret".to_owned()),
            issuer: variable("ORACLE_IDP", "http://127.0.0.1:4100"),
            behaviour: serde_json::from_str(&variable("ORACLE_BEHAVIOUR", "{}"))?,
        };
        Ok(Self { host: variable("HOST", "127.0.0.1"), port, setup })
    }
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}
