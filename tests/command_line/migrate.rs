//! `typegate migrate`: the tables of a database.

use std::process::Command;

use crate::support::{Folder, TYPEGATE, environment, text};

#[test]
fn a_configuration_without_a_database_has_no_tables_to_make() {
    let folder = Folder::new("tableless");
    let text_of_file = "url = 'http://localhost:3000'\nsecret = { env = 'NEXTAUTH_SECRET' }\n\
         [[providers]]\ntype = 'github'\nclient_id = 'a'\n\
         client_secret = { env = 'OIDC_CLIENT_SECRET' }\n";
    let file = folder.file("tableless.toml", text_of_file);
    let mut process = Command::new(TYPEGATE);
    process.args(["migrate", "--config", &file]).env_clear().envs(environment(&folder));
    let output = process.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("names no database"), "{}", text(&output.stderr));
}
