//! The endpoints by which a comparison sets the scene and reads what happened.
//!
//! | Request | Effect |
//! |---|---|
//! | GET `records` | the calls so far |
//! | GET `mails`, `db` | messages sent; rows |
//! | POST `clear` | forgets calls and messages |
//! | POST `reset` | also rows, behaviour and the clock's offset |
//! | GET, POST `behaviour` | reads or replaces the behaviour |
//! | POST `clock` | `{"offset": seconds}` sets it forward, `{"now": date}` stops it |
//! | POST `seed` | adds rows |

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Server;
use super::clock::Time;
use super::store::Database;
use super::world::locked;

/// What the clock shall show.
#[derive(Deserialize)]
struct ClockSetting {
    #[serde(default)]
    offset: i64,
    now: Option<Timestamp>,
}

/// Answers one request.
pub(crate) async fn answer(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    method: Method,
    body: Bytes,
) -> Response {
    match carry_out(&server, &method, &name, &body) {
        Ok(Some(answer)) => Json(answer).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

/// `None` if there is no such endpoint.
fn carry_out(
    server: &Server,
    method: &Method,
    name: &str,
    body: &[u8],
) -> Result<Option<Value>, serde_json::Error> {
    let world = &server.world;
    let answer = match (method.as_str(), name) {
        ("GET", "records") => json!(world.records.all()),
        ("GET", "mails") => json!(*locked(&world.mails)),
        ("GET", "db") => locked(&world.database).contents(),
        ("GET", "behaviour") => json!(world.behaviour()),
        ("POST", "behaviour") => {
            *locked(&world.behaviour) = read(body)?;
            server.rebuild();
            json!(world.behaviour())
        }
        ("POST", "clear") => {
            forget(server);
            json!({})
        }
        ("POST", "reset") => {
            forget(server);
            *locked(&world.behaviour) = server.setup.behaviour.clone();
            *locked(&world.database) = Database::default();
            world.clock.set(Time::default());
            server.rebuild();
            json!({})
        }
        ("POST", "clock") => {
            let ClockSetting { offset, now } = read(body)?;
            world.clock.set(now.map_or(Time::Ahead(offset), Time::Stopped));
            json!({ "offset": offset, "now": now })
        }
        ("POST", "seed") => {
            let seed = read(body)?;
            locked(&world.database).seed(seed);
            json!({})
        }
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

fn forget(server: &Server) {
    server.world.records.forget();
    locked(&server.world.mails).clear();
}

/// A missing body counts as an empty object.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(if body.is_empty() { b"{}" } else { body })
}
