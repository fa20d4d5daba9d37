extern crate renamed_typegate as typegate;

use typegate::{ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    let secret = Secret::from_env()?;
    if secret == Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")? {
        println!("the default");
    }
    Ok(())
}
