//! Settings: a name for each value that a configuration has once, as messages print it.
//!
//! Programs never write them. No public module or type of this crate has the same name, because
//! the compiler would then print the whole path.

macro_rules! settings {
    ($($setting:ident: $method:literal;)*) => {
        $(
            #[doc = concat!("[`", $method, "`](typegate::", $method, ").")]
            #[derive(Clone, Copy, Debug)]
            #[expect(non_camel_case_types, reason = "printed in the place of a noun")]
            #[non_exhaustive]
            pub struct $setting;
        )*
    };
}

settings! {
    secret: "builder::AuthBuilder::secret";
    site_url: "builder::AuthBuilder::url";
    provider: "builder::AuthBuilder::provider";
    database_adapter: "builder::AuthBuilder::adapter";
    session_strategy: "builder::AuthBuilder::session";
    callbacks: "builder::AuthBuilder::callbacks";
    session_control: "builder::AuthBuilder::session_control";
    account_tokens: "builder::AuthBuilder::account_tokens";
    back_channel_logout: "builder::AuthBuilder::back_channel_logout";
    events: "builder::AuthBuilder::events";
    pages: "builder::AuthBuilder::pages";
    theme: "builder::AuthBuilder::theme";
    cookies: "builder::AuthBuilder::cookies";
    logger: "builder::AuthBuilder::logger";
    diagnostics: "builder::AuthBuilder::diagnostics";
    clock_source: "builder::AuthBuilder::clock";
    http_client: "builder::AuthBuilder::http_client";
    provider_metadata_lifetime: "builder::AuthBuilder::provider_metadata_lifetime";
    rate_limiter: "builder::AuthBuilder::rate_limit";
    client_address: "builder::AuthBuilder::client_address";

    sign_in_callback: "hooks::Callbacks::sign_in";
    redirect_callback: "hooks::Callbacks::redirect";
    jwt_callback: "hooks::Callbacks::jwt";
    session_callback: "hooks::Callbacks::session";

    sign_in_handler: "hooks::Events::sign_in";
    sign_out_handler: "hooks::Events::sign_out";
    create_user_handler: "hooks::Events::create_user";
    update_user_handler: "hooks::Events::update_user";
    link_account_handler: "hooks::Events::link_account";
    session_handler: "hooks::Events::session";

    sign_in_page: "Pages::sign_in";
    sign_out_page: "Pages::sign_out";
    error_page: "Pages::error";
    verify_request_page: "Pages::verify_request";
    new_user_page: "Pages::new_user";

    max_age: "Jwt::max_age";
    absolute_max_age: "Jwt::absolute_max_age";
    max_size: "Jwt::max_size";
    signing_key: "Jwt::signed";
    auth_js_v5: "Jwt";
    update_age: "Database::update_age";

    email_id: "provider::Email::id";
    email_name: "provider::Email::name";
    email_secret: "provider::Email::secret";
    email_normalisation: "provider::Email::normalise";
}
