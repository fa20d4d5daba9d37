//! The profiles: the combinations of sessions, adapter and providers that are compared.

use crate::server::configuration::Profile as Combination;

pub(crate) struct Profile {
    pub(crate) name: &'static str,
    pub(crate) combination: Combination,
}

pub(crate) const JWT: Profile = Profile { name: "jwt", combination: Combination::Tokens };
pub(crate) const JWT_ADAPTER: Profile =
    Profile { name: "jwt-adapter", combination: Combination::TokensWithAdapter };
pub(crate) const DB: Profile = Profile { name: "db", combination: Combination::Database };

pub(crate) const PROFILES: [Profile; 3] = [JWT, JWT_ADAPTER, DB];
