//! Properties that hold whatever strangers send. Each is a function of bytes: here it runs over the
//! seeds of `fuzz/seeds` and over mutations of them, in the targets of `fuzz` over what coverage
//! leads to.

#![cfg(test)]

mod browser;
mod callback_url;
mod configuration_file;
mod cookie_header;
mod email_address;
mod id_token;
mod json;
mod mutation;
mod oauth1_answers;
mod page;
mod provider_answers;
mod provider_documents;
mod request;
mod session_cookies;
mod session_token;
mod site;

/// One test for each property, named as its module and as the folder of its seeds.
macro_rules! properties {
    ($($property:ident: $mutations:literal;)*) => {
        mod holds_for_mutated_seeds {
            $(#[test]
            fn $property() {
                let seeds = crate::mutation::seeds(stringify!($property));
                for input in crate::mutation::mutations(&seeds, $mutations) {
                    crate::$property::check(&input);
                }
            })*
        }
    };
}

properties! {
    callback_url: 2_000;
    configuration_file: 2_000;
    cookie_header: 3_000;
    email_address: 1_000;
    id_token: 300;
    oauth1_answers: 1_000;
    page: 1_000;
    provider_answers: 1_000;
    provider_documents: 300;
    request: 3_000;
    session_cookies: 500;
    session_token: 3_000;
}
