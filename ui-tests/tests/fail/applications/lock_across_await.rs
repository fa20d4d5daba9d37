extern crate renamed_typegate as typegate;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use typegate::User;
use typegate::provider::Credentials;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn slow() {}

fn main() {
    let users: Arc<Mutex<HashMap<String, String>>> = Arc::default();
    let _provider = Credentials::new(move |login: Login| {
        let users = Arc::clone(&users);
        async move {
            let users = users.lock().unwrap();
            slow().await;
            Ok(users.get(&login.username).map(|id| User::new(id.clone())))
        }
    });
}
