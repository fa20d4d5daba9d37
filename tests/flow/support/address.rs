//! The parts of an address, taken apart and put together.

use url::Url;

/// The address with other values of a parameter.
pub(crate) fn with_parameter(address: &str, name: &str, values: &[&str]) -> String {
    let mut url = Url::parse(address).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    url.query_pairs_mut().clear();
    for value in values {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.query_pairs_mut().extend_pairs(pairs.iter().filter(|(existing, _)| existing != name));
    url.into()
}

/// The value of a parameter that is there.
pub(crate) fn parameter(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(existing, _)| existing == name).unwrap().1.into_owned()
}
