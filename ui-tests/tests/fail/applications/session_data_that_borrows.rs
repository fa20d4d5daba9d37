extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Member<'a> {
    plan: &'a str,
}

fn main() {
    let _callbacks = Callbacks::new().session(|_| async move { Ok(Member { plan: "free" }) });
}
