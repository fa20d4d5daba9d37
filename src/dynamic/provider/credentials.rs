//! The application's own check, in this process or behind an endpoint.

use std::sync::Arc;

use super::Context;
use crate::dynamic::authorize_endpoint::AuthorizeEndpoint;
use crate::dynamic::key;
use crate::dynamic::problem::Problems;
use crate::dynamic::reader::{Found, Table};
use crate::dynamic::registry::{self, unregistered};
use crate::oauth::Transport;
use crate::provider::{Credentials, Provider as _, ProviderDefinition};
use crate::rule::Rule;
use crate::rule::slot::NotGiven;
use crate::theme::CredentialField;

impl<D> Context<'_, D> {
    pub(super) fn credentials(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let mut provider = Credentials::<NotGiven>::default();
        if let Some(id) = table.text("id", problems) {
            provider = provider.id(id.value);
        }
        if let Some(name) = table.text("name", problems) {
            provider = provider.name(name.value);
        }
        for field in table.list("fields", problems) {
            if let Some(field) = credential_field(&field, problems) {
                provider = provider.field(field);
            }
        }
        let secret = table.secret("endpoint_secret", &self.registry.secrets, problems);
        let authorize = table.text("authorize", problems);
        let endpoint = table.text("endpoint", problems);
        match (authorize, endpoint) {
            (Some(_), Some(endpoint)) => {
                let cause = "both `authorize` and `endpoint` check the credentials";
                problems.value(endpoint.spot, cause, "remove one of the two");
                None
            }
            (Some(name), None) => {
                if let Some(found) = table.get("endpoint_secret") {
                    let cause = "`endpoint_secret` has no effect without `endpoint`";
                    problems.value(found.key_spot, cause, "remove it");
                }
                let registered = &self.registry.authorize;
                let Some(function) = registered.get(&name.value) else {
                    let names = registered.keys().map(String::as_str);
                    unregistered(&name, &registry::AUTHORIZE, names, problems);
                    return None;
                };
                Some(provider.checked_by(function).into_definition().into())
            }
            (None, Some(endpoint)) => {
                let url = url::Url::parse(&endpoint.value).ok();
                let url = url.filter(|url| Transport::Protected.takes(url));
                let Some(url) = url else {
                    problems.value(
                        endpoint.spot,
                        "the endpoint gets passwords, and is not an https URL (http is accepted \
                         for loopback hosts only)",
                        "write `endpoint = \"http://127.0.0.1:8081/authorize\"`",
                    );
                    return None;
                };
                let client = self.http_client(problems)?;
                let secret = secret.map(|secret| secret.value);
                let endpoint = Arc::new(AuthorizeEndpoint { url, secret, client });
                let definition = endpoint.checks(provider).into_definition();
                self.endpoints.borrow_mut().push((definition.id.clone(), endpoint));
                Some(definition.into())
            }
            (None, None) if table.get("authorize").is_none() && table.get("endpoint").is_none() => {
                problems.rule(Rule::AUTHORIZE_GIVEN, table.spot.clone(), None);
                None
            }
            (None, None) => None,
        }
    }
}

fn credential_field(field: &Found<'_>, problems: &mut Problems) -> Option<CredentialField> {
    let mut table = field.table(&key::FIELD, problems)?;
    table.spot = field.spot.clone().hidden();
    let key = table.required("key", problems);
    let label = table.text("label", problems);
    let input_type = table.text("type", problems);
    let placeholder = table.text("placeholder", problems);
    let optional = table.boolean("optional", problems);
    let mut field = CredentialField::new(key?.value);
    if let Some(optional) = optional {
        field = field.optional(optional.value);
    }
    if let Some(label) = label {
        field = field.label(label.value);
    }
    if let Some(input_type) = input_type {
        field = field.input_type(input_type.value);
    }
    if let Some(placeholder) = placeholder {
        field = field.placeholder(placeholder.value);
    }
    Some(field)
}
