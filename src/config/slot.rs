//! What has been told to the builder so far? Markers that stand in its type until `build()`;
//! programs never write them.

use std::sync::Arc;

pub use crate::hooks::{NoJwtCallback, WithJwtCallback};
pub use crate::provider::{NoCredentials, NoEmail, WithCredentials, WithEmail};

/// The setting has not been given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NotGiven;

/// The setting has been given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Given;

/// There is no adapter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoAdapter;

/// There is an adapter, of type `A`.
#[derive(Debug)]
pub struct WithAdapter<A>(pub(crate) Arc<A>);
