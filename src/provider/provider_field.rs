//! Fields of derived providers: the types that they may have.

/// The type of a field of a derived provider that texts may name.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot stand in a provider's URLs and parameters",
    label = "neither `String` nor `Option<String>`",
    note = "use `String`, or `Option<String>` for a field that only parameters name"
)]
pub trait ProviderField {
    /// The value that a variable or a default gives.
    fn from_text(text: String) -> Self;

    /// The text, if there is one.
    fn into_text(self) -> Option<String>;
}

#[diagnostic::do_not_recommend]
impl ProviderField for String {
    fn from_text(text: String) -> Self {
        text
    }

    fn into_text(self) -> Option<String> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl ProviderField for Option<String> {
    fn from_text(text: String) -> Self {
        Some(text)
    }

    fn into_text(self) -> Option<String> {
        self
    }
}
