//! A server for comparing typegate with the real next-auth, request by request. It has no access
//! control, forgets everything, and fails on command: it is never for production.
//!
//! It offers the control endpoints below `/__oracle/` (`server/control.rs`) and, beside them, the auth
//! routes under `/api/auth`. A program that drives a next-auth server with the same endpoints, the
//! same providers and the same people can drive this one unchanged.
//!
//! `PORT=4000 ORACLE_STRATEGY=jwt ORACLE_ADAPTER=none cargo run --example compat`
//!
//! | Variable | Default | Meaning |
//! |---|---|---|
//! | `PORT`, `HOST` | 4000, 127.0.0.1 | where to listen |
//! | `NEXTAUTH_URL` | `http://localhost:PORT` | the site |
//! | `ORACLE_STRATEGY` | – | `jwt` or `database`; by default database with an adapter |
//! | `ORACLE_ADAPTER` | `memory` | `none` to do without |
//! | `ORACLE_SECRET` | `oracle-secret` | the secret |
//! | `ORACLE_IDP` | `http://127.0.0.1:4100` | the identity provider |
//! | `ORACLE_BEHAVIOUR` | `{}` | how the application misbehaves at first, as JSON |
//!
//! Three profiles exist, one for each combination that compiles:
//!
//! | Sessions | Adapter | Providers |
//! |---|---|---|
//! | tokens | none | credentials, oidc, oauth2, oauth1 |
//! | tokens | memory | credentials, email, oidc, oauth2, oauth1 |
//! | database | memory | email, oidc, oauth2, oauth1 |
//!
//! typegate refuses credentials together with database sessions at compile time, so the last
//! profile has to leave that provider out, and requests to it are answered as for an unknown one.

mod environment;
mod server;

use std::error::Error;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use environment::Environment;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_target(false)
        .with_env_filter(EnvFilter::from_default_env())
        .init();
    let Environment { host, port, setup } = Environment::read()?;
    let listener = TcpListener::bind((host.as_str(), port)).await?;
    announce(listener.local_addr()?);
    server::serve(listener, setup).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever started this waits for the line")]
fn announce(address: SocketAddr) {
    println!("ready http://{address}");
}
