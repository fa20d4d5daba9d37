//! What providers really send: odd profiles, token answers, key sets and discovery documents. Strict
//! where it decides who somebody is, tolerant in all else, and never silent.

mod address;
mod callback;
mod credentials_form;
mod discovery;
mod failed_request;
mod hook;
mod key_set;
mod letters;
mod mail_link;
mod nothing_granted;
mod profile;
mod session_size;
mod site;
mod site_address;
mod token_answer;
mod user_info;
