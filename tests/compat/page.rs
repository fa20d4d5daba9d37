//! A page as a visitor sees it, and what its forms send.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements that are more than a place for text.
const ELEMENTS: [&str; 8] = ["form", "input", "button", "a", "img", "label", "h1", "title"];
/// Elements whose content nobody reads.
const HIDDEN: [&str; 3] = ["style", "script", "svg"];
/// Attributes that only a style sheet asks for.
const APPEARANCE: [&str; 3] = ["class", "style", "id"];

/// The theme's colours.
const PROPERTIES: [&str; 2] = ["--brand-color", "--button-text-color"];

/// One line for each element and each text, then one for each colour of the theme.
pub(crate) fn lines(html: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut lines = Vec::new();
    let mut words = String::new();
    let mut hidden_by: Option<String> = None;
    let mut colors = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        // A comment does not end a text: React writes one between its parts. Nor does a `span`.
        let ends_text = match &token {
            Token::StartTag(tag) => tag.name.as_slice() != b"span",
            Token::EndTag(tag) => tag.name.as_slice() != b"span",
            _ => false,
        };
        if ends_text {
            let text = words.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.extend((!text.is_empty()).then_some(text));
            words.clear();
        }
        match token {
            Token::StartTag(tag) => {
                let name = text_of(&tag.name);
                if HIDDEN.contains(&name.as_str()) && !tag.self_closing {
                    hidden_by.get_or_insert(name);
                } else if name == "body" {
                    let class = tag.attributes.get(b"class".as_slice());
                    let class = class.map(|value| text_of(value)).unwrap_or_default();
                    lines.push(format!("<body class=\"{class}\">"));
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
            Token::String(string) => colors.extend(colors_of(&text_of(&string))),
            _ => {}
        }
    }
    lines.extend(colors);
    lines
}

/// What a style sheet declares of the theme.
fn colors_of(style_sheet: &str) -> Vec<String> {
    let declared = |name: &&str| {
        let (_, value) = style_sheet.split_once(&format!("{name}:"))?;
        let value = value.split([';', '}']).next()?;
        Some(format!("{name}: {}", value.trim()))
    };
    PROPERTIES.iter().filter_map(declared).collect()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
