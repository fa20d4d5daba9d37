//! typegate as it looks from outside: whole requests, whole answers.

#[cfg(test)]
mod catalog;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod layering;
#[cfg(test)]
mod security;
