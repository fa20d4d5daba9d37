//! A live session: the program shows it, follows what happens elsewhere, and survives a restart of
//! the site.
//!
//! ```sh
//! cargo run --example quickstart      # in one terminal; stop it and start it again
//! cargo run --example live_session    # in another; then type `rename Countess`, `sign out`
//! ```
//!
//! `NEXTAUTH_URL` names another site, `USERNAME` and `PASSWORD` another person, `INTERVAL` how many
//! milliseconds there are between two looks.

#![expect(clippy::print_stdout, reason = "a command-line program")]

use std::env;
use std::error::Error;
use std::io::BufRead as _;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use typegate::client::{Client, SessionProvider, SessionState, SignIn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let sign_in = client
        .sign_in("credentials")
        .field("username", variable("USERNAME", "ada"))
        .field("password", variable("PASSWORD", "1815"));
    if let SignIn::Refused { code, .. } = sign_in.await? {
        return Err(format!("the site refused: {code}").into());
    }

    let interval = Duration::from_millis(variable("INTERVAL", "2000").parse()?);
    let view = SessionProvider::builder(client.clone()).refetch_interval(interval).start();
    // What is typed is done by another member of the same channel, as in another window.
    let mut commands = typed_lines();
    tokio::spawn(async move {
        while let Some(line) = commands.recv().await {
            if let Err(error) = obey(&client, &line).await {
                println!("failed: {error}");
            }
        }
    });

    let mut state = view.subscribe();
    let mut shown = String::new();
    loop {
        let line = match &*state.borrow_and_update() {
            SessionState::Authenticated(session) | SessionState::Updating(session) => {
                format!("signed in as {}", session.user.name.as_deref().unwrap_or("somebody"))
            }
            SessionState::Stale(session, why) => {
                let name = session.user.name.as_deref().unwrap_or("somebody");
                format!("signed in as {name}, as far as known: {why}")
            }
            SessionState::Unauthenticated => "signed out".to_owned(),
            // The site has not answered yet.
            _ => String::new(),
        };
        if line != shown {
            println!("{line}");
            shown = line;
        }
        state.changed().await?;
    }
}

async fn obey(client: &Client, line: &str) -> Result<(), typegate::client::ClientError> {
    if let Some(name) = line.strip_prefix("rename ") {
        client.update(&json!({ "name": name })).await?;
    } else if line == "sign out" {
        client.sign_out().await?;
    } else {
        println!("there is `rename <name>` and `sign out`");
    }
    Ok(())
}

/// Reading a terminal blocks, so a thread of its own does it.
fn typed_lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}
