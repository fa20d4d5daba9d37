//! The properties of `tests/properties`, for the targets of this folder.

#[path = "../../tests/properties/browser.rs"]
mod browser;
#[path = "../../tests/properties/json.rs"]
mod json;
#[path = "../../tests/properties/site.rs"]
mod site;

macro_rules! properties {
    ($($property:ident = $path:literal;)*) => {
        $(#[path = $path]
        mod $property;)*

        /// Panics if the property does not hold for the input.
        pub mod property {
            $(pub fn $property(input: &[u8]) {
                crate::$property::check(input);
            })*
        }
    };
}

properties! {
    callback_url = "../../tests/properties/callback_url.rs";
    configuration_file = "../../tests/properties/configuration_file.rs";
    cookie_header = "../../tests/properties/cookie_header.rs";
    email_address = "../../tests/properties/email_address.rs";
    id_token = "../../tests/properties/id_token.rs";
    oauth1_answers = "../../tests/properties/oauth1_answers.rs";
    page = "../../tests/properties/page.rs";
    provider_answers = "../../tests/properties/provider_answers.rs";
    provider_documents = "../../tests/properties/provider_documents.rs";
    request = "../../tests/properties/request.rs";
    session_cookies = "../../tests/properties/session_cookies.rs";
    session_token = "../../tests/properties/session_token.rs";
}
