//! The flows, one file each: configuration and request in, reply out. No framework, database or
//! provider is known by name here.

mod account_linking;
mod address_owner;
mod attempt;
mod back_channel_logout;
mod context;
mod credentials;
mod development_help;
mod email_callback;
mod email_request;
mod establish;
mod event;
mod last_attempt;
mod listing;
mod log_line;
mod missed_path;
mod oauth;
mod page;
mod pages;
mod proven_address;
pub(crate) mod route;
mod rp_initiated_logout;
mod session;
mod session_body;
mod sign_in;
mod sign_in_callback;
mod sign_out;

pub(crate) use back_channel_logout::back_channel_logout;
pub(crate) use context::{Begun, Context, Refused};
pub(crate) use credentials::credentials_callback;
pub(crate) use email_callback::email_callback;
pub(crate) use listing::{csrf_token, providers};
pub(crate) use log_line::log_line;
pub(crate) use missed_path::{Seen, note_missed_path, note_nested_path};
pub(crate) use oauth::{oauth_callback, refresh_tokens};
pub(crate) use page::{
    configuration_error, error_page, recall_language, sign_in_page, sign_out_page,
    verify_request_page,
};
pub(crate) use session::{
    NoSession, Read, SessionAction, current_session, log_no_session, session,
};
pub(crate) use sign_in::sign_in;
pub(crate) use sign_out::sign_out;
