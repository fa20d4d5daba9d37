//! The configuration that is read at run time: from a file, a database row or a tenant's settings.
//!
//! The same rules as the typed builder's, from the same table, checked when the configuration is
//! read. All violations come at once, each with its documented code, its place and what to write.
//!
//! ```
//! use typegate::dynamic::{Configuration, Registry};
//! use typegate::{AuthorizeError, ErrorCode, Secret, User};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! async fn authorize(login: serde_json::Value) -> Result<Option<User>, AuthorizeError> {
//!     Ok((login["username"] == "ada").then(|| User::new("1").name("Ada Lovelace")))
//! }
//!
//! let registry = Registry::new()
//!     .secret("vault", "k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")
//!     .authorize("directory", authorize);
//!
//! let configuration = Configuration::from_toml(
//!     "auth.toml",
//!     r#"
//!         url = "https://app.example.com"
//!         secret = { registered = "vault" }
//!
//!         [[providers]]
//!         type = "credentials"
//!         authorize = "directory"
//!     "#,
//! )?;
//! let auth = configuration.build(&registry).await?;
//! assert_eq!(auth.base_path(), "/api/auth");
//!
//! let report = Configuration::from_toml("auth.toml", "")?.check(&registry);
//! assert_eq!(report.violations()[0].code(), Some(ErrorCode::NoSecret));
//! # Ok(())
//! # }
//! ```
//!
//! The keys are listed in [docs/configuration-file.md](https://github.com/typegate/typegate/blob/main/docs/configuration-file.md).

mod authorize_endpoint;
mod build;
mod configuration;
mod database;
mod doctor;
mod document;
mod format;
mod key;
mod other_name;
mod problem;
mod provider;
mod reader;
mod registry;
mod report;
mod secret_source;
mod server;
mod settings;
mod source;
mod upkeep;

pub use configuration::Configuration;
pub use doctor::Finding;
pub use registry::Registry;
pub use report::{Place, Report, Violation};
pub use server::ServerSettings;
