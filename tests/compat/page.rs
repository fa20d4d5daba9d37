//! What a visitor sees of a page, and what its forms send.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements that are more than a place for text.
const ELEMENTS: [&str; 8] = ["form", "input", "button", "a", "img", "label", "h1", "title"];
/// Elements whose content nobody reads.
const HIDDEN: [&str; 3] = ["style", "script", "svg"];
/// Attributes that only a style sheet asks for.
const APPEARANCE: [&str; 3] = ["class", "style", "id"];

/// One line for each element and each text.
pub(crate) fn lines(html: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut lines = Vec::new();
    let mut words = String::new();
    let mut hidden_by: Option<String> = None;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        // A comment does not end a text: React writes one between its parts.
        if matches!(token, Token::StartTag(_) | Token::EndTag(_)) {
            let text = words.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.extend((!text.is_empty()).then_some(text));
            words.clear();
        }
        match token {
            Token::StartTag(tag) => {
                let name = text_of(&tag.name);
                if HIDDEN.contains(&name.as_str()) && !tag.self_closing {
                    hidden_by.get_or_insert(name);
                } else if ELEMENTS.contains(&name.as_str()) && hidden_by.is_none() {
                    let attributes = tag.attributes.iter();
                    let mut attributes: Vec<_> = attributes
                        .map(|(name, value)| (text_of(name), text_of(value)))
                        .filter(|(name, _)| !APPEARANCE.contains(&name.as_str()))
                        .map(|(name, value)| format!(" {name}=\"{value}\""))
                        .collect();
                    attributes.sort();
                    lines.push(format!("<{name}{}>", attributes.concat()));
                }
            }
            Token::EndTag(tag) => {
                let name = text_of(&tag.name);
                if hidden_by.as_deref() == Some(&name) {
                    hidden_by = None;
                } else if name == "form" {
                    lines.push("</form>".to_owned());
                }
            }
            Token::String(string) if hidden_by.is_none() => words.push_str(&text_of(&string)),
            _ => {}
        }
    }
    lines
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
