//! The builder's type does not grow with the number of providers.

extern crate renamed_typegate as typegate;

use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret};

macro_rules! providers {
    ($builder:expr, $($id:literal)*) => {
        $builder$(.provider(Oidc::builder().id($id).name($id).issuer("https://id.example").client(OAuthClient::new("client", "s3cr3t".into())).build()))*
    };
}

#[test]
fn there_may_be_many_providers() -> Result<(), ConfigError> {
    let builder = Auth::builder();
    let builder = providers!(builder, "a0" "a1" "a2" "a3" "a4" "a5" "a6" "a7" "a8" "a9");
    let builder = providers!(builder, "b0" "b1" "b2" "b3" "b4" "b5" "b6" "b7" "b8" "b9");
    let builder = providers!(builder, "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9");
    let builder = providers!(builder, "d0" "d1" "d2" "d3" "d4" "d5" "d6" "d7" "d8" "d9");
    let builder = providers!(builder, "e0" "e1" "e2" "e3" "e4" "e5" "e6" "e7" "e8" "e9");
    let builder = providers!(builder, "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9");
    let builder = providers!(builder, "g0" "g1" "g2" "g3" "g4" "g5" "g6" "g7" "g8" "g9");
    let builder = providers!(builder, "h0" "h1" "h2" "h3" "h4" "h5" "h6" "h7" "h8" "h9");
    let builder = providers!(builder, "i0" "i1" "i2" "i3" "i4" "i5" "i6" "i7" "i8" "i9");
    let builder = providers!(builder, "j0" "j1" "j2" "j3" "j4" "j5" "j6" "j7" "j8" "j9");
    let builder = providers!(builder, "k0" "k1" "k2" "k3" "k4" "k5" "k6" "k7" "k8" "k9");
    let builder = providers!(builder, "l0" "l1" "l2" "l3" "l4" "l5" "l6" "l7" "l8" "l9");
    let builder = providers!(builder, "m0" "m1" "m2" "m3" "m4" "m5" "m6" "m7" "m8" "m9");
    let _auth = builder
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .build()?;
    Ok(())
}
