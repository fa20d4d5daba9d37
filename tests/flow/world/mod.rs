//! What providers really send: odd profiles, token answers, key sets and discovery documents. Strict
//! where it decides who somebody is, tolerant in all else, and never silent.

mod address;
mod credentials_form;
mod discovery;
mod hook;
mod key_set;
mod letters;
mod profile;
mod session_size;
mod site;
mod token_answer;
mod user_info;
