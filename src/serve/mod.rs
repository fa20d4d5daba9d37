//! Requests in, responses out: the auth routes as a `tower::Service` and as routes of axum, the
//! layer that writes the session's cookies, the session of a request or the answer of whoever has
//! none, and the guard of an application's own routes.

#[cfg(feature = "axum")]
mod axum;
mod browser_address;
mod denial;
mod extraction;
pub mod guard;
mod service;
mod session_layer;
#[cfg(not(feature = "axum"))]
mod without_axum;

#[cfg(feature = "axum")]
pub use self::axum::{HoldsAuth, Session};
pub use self::extraction::SessionRejection;
pub use self::service::{AuthService, ResponseFuture, Routed};
pub use self::session_layer::{DueCookies, SessionLayer, SessionService};
