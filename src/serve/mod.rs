//! Requests in, responses out: the auth routes as a `tower::Service` and as routes of axum, the
//! layer that writes the session's cookies, and the guard of an application's own routes.

#[cfg(feature = "axum")]
mod axum;
mod browser_address;
mod denial;
pub mod guard;
mod service;
mod session_layer;

#[cfg(feature = "axum")]
pub use self::axum::{Session, SessionRejection};
pub use self::service::{AuthService, ResponseFuture};
pub use self::session_layer::{SessionLayer, SessionService};
