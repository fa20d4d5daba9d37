extern crate renamed_typegate as typegate;

use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret, SiteUrl};

struct Tenant {
    id: String,
    issuer: String,
}

fn configure(tenants: Vec<Tenant>) -> Result<Auth, ConfigError> {
    let mut builder = Auth::builder().secret(Secret::from_env()?).url(SiteUrl::from_env()?);
    for tenant in tenants {
        let client = OAuthClient::new("client", "s3cr3t".into());
        let provider =
            Oidc::builder().id(&tenant.id).name(&tenant.id).issuer(tenant.issuer).client(client);
        builder = builder.provider(provider.build());
    }
    builder.build()
}

fn main() {}
