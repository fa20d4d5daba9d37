//! Proven addresses: whoever proves an address gets the user who has it, and nobody else who came
//! to that user without a proof stays. By OpenID Connect, by a provider of the catalogue and by
//! e-mail, with sessions in cookies and in the database, in memory and in SQLite.

mod plain_adapter;
mod race;
mod reclaim;
mod site;
mod vouching;
