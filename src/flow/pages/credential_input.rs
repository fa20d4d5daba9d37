//! The `input` element of a credentials field.
//!
//! The template's macro knows the names of attributes at compile time only; here they come from the
//! configuration. [`AttributeName`](crate::theme::AttributeName) guarantees that a name is
//! no more than a name, and values go through the template's own escaper.

use std::fmt::Write;

use maud::{Escaper, Render};

use crate::theme::CredentialField;

pub(super) struct CredentialInput<'a> {
    pub(super) id: &'a str,
    pub(super) field: &'a CredentialField,
}

impl Render for CredentialInput<'_> {
    fn render_to(&self, buffer: &mut String) {
        let field = self.field;
        buffer.push_str("<input");
        attribute(buffer, "name", &field.key);
        attribute(buffer, "id", self.id);
        attribute(buffer, "type", field.input_type.as_deref().unwrap_or("text"));
        attribute(buffer, "placeholder", field.placeholder.as_deref().unwrap_or(""));
        // v4 writes every member of the field's object, so the label appears here once more.
        if let Some(label) = &field.label {
            attribute(buffer, "label", label);
        }
        for (name, value) in &field.attributes {
            attribute(buffer, name.as_str(), value);
        }
        buffer.push('>');
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
