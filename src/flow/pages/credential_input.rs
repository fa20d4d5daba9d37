//! The `input` element of a credentials field.
//!
//! The template's macro knows the names of attributes at compile time only; here they come from the
//! configuration. [`AttributeName`](crate::theme::AttributeName) guarantees that a name is
//! no more than a name, and values go through the template's own escaper.

use std::fmt::Write;

use maud::{Escaper, Render};

use crate::provider::names_account;
use crate::theme::CredentialField;

pub(super) struct CredentialInput<'a> {
    pub(super) id: &'a str,
    pub(super) field: &'a CredentialField,
    /// What people read above it, if that is not the key.
    pub(super) label: Option<&'a str>,
    /// What was typed before.
    pub(super) value: Option<&'a str>,
    pub(super) has_focus: bool,
    /// The id of the message about it.
    pub(super) described_by: Option<&'a str>,
}

impl Render for CredentialInput<'_> {
    fn render_to(&self, buffer: &mut String) {
        let field = self.field;
        let input_type = field.input_type.as_deref().unwrap_or("text");
        buffer.push_str("<input");
        attribute(buffer, "name", &field.key);
        attribute(buffer, "id", self.id);
        attribute(buffer, "type", input_type);
        attribute(buffer, "placeholder", field.placeholder.as_deref().unwrap_or(""));
        // v4 writes every member of the field's object, so the label appears here once more.
        if let Some(label) = self.label {
            attribute(buffer, "label", label);
        }
        for (name, value) in &field.attributes {
            attribute(buffer, name.as_str(), value);
        }
        let is_required = input_type == "password" || names_account(field);
        let is_required = field.optional.map_or(is_required, |optional| !optional);
        let added = [
            ("autocomplete", autocomplete(field)),
            ("required", is_required.then_some("")),
            ("value", self.value),
            ("autofocus", self.has_focus.then_some("")),
            ("aria-describedby", self.described_by),
            ("aria-invalid", self.described_by.map(|_| "true")),
        ];
        for (name, value) in added {
            let is_set = field.attributes.iter().any(|(set, _)| set.as_str() == name);
            if let Some(value) = value.filter(|_| !is_set) {
                attribute(buffer, name, value);
            }
        }
        buffer.push('>');
    }
}

/// What a password manager is to fill in (HTML, section "Autofill").
fn autocomplete(field: &CredentialField) -> Option<&'static str> {
    let key = field.key.to_ascii_lowercase();
    if ["code", "otp"].iter().any(|part| key.contains(part)) {
        Some("one-time-code")
    } else if field.input_type.as_deref() == Some("password") {
        Some("current-password")
    } else if names_account(field) {
        Some("username")
    } else {
        None
    }
}

fn attribute(buffer: &mut String, name: &str, value: &str) {
    buffer.push(' ');
    buffer.push_str(name);
    buffer.push_str("=\"");
    // Writing to a string cannot fail.
    let _ = Escaper::new(buffer).write_str(value);
    buffer.push('"');
}
