//! From what was read to the engine: the very one that the typed builder makes.

use super::problem::Problems;
use super::server::ServerSettings;
use super::settings::{AdapterChoice, Read, report_whole};
use crate::config::{Auth, Config, UnresolvedStores};
use crate::error::ConfigErrors;

/// The engine, and the server that goes with it. `None` after a report.
pub(super) async fn build<D>(
    mut read: Read,
    problems: &mut Problems,
) -> Option<(Auth<D>, ServerSettings)> {
    let adapter = match read.adapter {
        AdapterChoice::None => None,
        AdapterChoice::Registered { adapter, .. } => Some(adapter),
        AdapterChoice::Database(address) => {
            // Boxed, like what else asks a database here: a driver's futures are nested so deeply that
            // the application's own might reach the compiler's limit.
            let opened = Box::pin(address.open(read.shared_limit.take(), problems)).await?;
            read.settings.rate_limit = opened.rate_limit.or(read.settings.rate_limit);
            read.server.upkeep = Some(opened.upkeep);
            Some(opened.adapter)
        }
    };
    let Read { facts, jwt, database, .. } = read;
    let stores = UnresolvedStores { adapter, jwt, database }.of(&facts);
    match Config::resolve(read.settings, stores, ConfigErrors::default()) {
        Ok(config) => Some((Auth::from_config(config), read.server)),
        Err(error) => {
            report_whole(&error, problems);
            None
        }
    }
}
