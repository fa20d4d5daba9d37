//! Settings that a program can write, that the compiler takes, and that cannot work or protect less
//! than they seem to.

#[cfg(test)]
mod address;
#[cfg(test)]
mod cookies;
#[cfg(test)]
mod file;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod per_host;
#[cfg(test)]
mod provider_ids;
#[cfg(test)]
mod support;
