//! Whatever an item and its attributes are, a derive writes items that Rust can read.

use syn::DeriveInput;

pub(crate) fn check(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let Ok(input) = syn::parse_str::<DeriveInput>(input) else { return };
    for written in [
        crate::provider::oauth::derive(&input),
        crate::provider::oauth1::derive(&input),
        crate::profile::derive(&input),
        crate::profile::by_another_name(&input),
    ] {
        let text = written.to_string();
        assert!(syn::parse2::<Items>(written).is_ok(), "{text}");
    }
}

/// Items to the end of the text.
struct Items;

impl syn::parse::Parse for Items {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        while !input.is_empty() {
            input.parse::<syn::Item>()?;
        }
        Ok(Self)
    }
}

#[cfg(test)]
#[path = "../../tests/properties/mutation.rs"]
mod mutation;

#[test]
fn derives_write_rust_whatever_the_item_is() {
    let seeds = mutation::seeds("derive_input");
    for input in mutation::mutations(&seeds, 3_000) {
        check(&input);
    }
}
