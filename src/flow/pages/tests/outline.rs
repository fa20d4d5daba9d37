//! The outline of a page, read the way a browser does, far enough to compare it.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use serde_json::{Map, Value, json};

#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) attributes: BTreeMap<String, String>,
    children: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Element(Element),
    Text(String),
}

/// Parses a document and insists that it is free of parse errors and properly nested.
pub(super) fn parse(html: &str) -> Element {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut open = vec![Element::default()];
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let element = Element {
                    tag: text_of(&tag.name),
                    attributes: tag
                        .attributes
                        .iter()
                        .map(|(name, value)| (text_of(name), text_of(value)))
                        .collect(),
                    children: Vec::new(),
                };
                if ["hr", "img", "input", "link", "meta", "source"].contains(&element.tag.as_str())
                {
                    open.last_mut().unwrap().children.push(Node::Element(element));
                } else {
                    open.push(element);
                }
            }
            Token::EndTag(tag) => {
                let element = open.pop().unwrap();
                assert_eq!(element.tag, text_of(&tag.name), "badly nested");
                open.last_mut().unwrap().children.push(Node::Element(element));
            }
            Token::String(text) => {
                let text = Node::Text(text_of(&text));
                open.last_mut().unwrap().children.push(text);
            }
            Token::Doctype(doctype) => assert_eq!(text_of(&doctype.name), "html"),
            Token::Comment(comment) => panic!("a comment: {comment:?}"),
            Token::Error(error) => panic!("a parse error: {error:?}"),
        }
    }
    assert_eq!(open.len(), 1, "elements were left open");
    open.pop().unwrap()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All elements below this one in document order.
    pub(super) fn descendants(&self) -> Vec<&Element> {
        self.children().flat_map(|child| [vec![child], child.descendants()].concat()).collect()
    }

    pub(super) fn all(&self, tag: &str) -> Vec<&Element> {
        let mut found = self.descendants();
        found.retain(|element| element.tag == tag);
        found
    }

    pub(super) fn text(&self) -> String {
        self.children
            .iter()
            .map(|node| match node {
                Node::Element(element) => element.text(),
                Node::Text(text) => text.clone(),
            })
            .collect()
    }

    /// Tags and names of attributes, without any value or text.
    pub(super) fn skeleton(&self) -> Vec<(String, Vec<String>)> {
        self.descendants()
            .into_iter()
            .map(|element| {
                let names = element.attributes.keys().cloned().collect();
                (element.tag.clone(), names)
            })
            .collect()
    }
}

/// What a client or a test can observe of a page; what is empty is left out.
pub(super) fn outline(document: &Element) -> Value {
    let body = document.all("body")[0];
    let page = body.all("main")[0].children().next().unwrap();
    let root = page.children().next().unwrap();
    let card = root.children().next().unwrap();
    assert_eq!(page.attribute("class"), Some("page"));
    assert_eq!(card.attribute("class"), Some("card"));

    let in_forms: Vec<*const Element> = card
        .all("form")
        .into_iter()
        .flat_map(Element::descendants)
        .map(std::ptr::from_ref)
        .collect();
    let outside: Vec<&Element> = card
        .descendants()
        .into_iter()
        .filter(|element| !in_forms.contains(&std::ptr::from_ref(*element)))
        .collect();
    let texts = |tag: &str, class: Option<&str>| -> Vec<String> {
        outside
            .iter()
            .filter(|element| element.tag == tag)
            .filter(|element| class.is_none() || element.attribute("class") == class)
            .map(|element| element.text())
            .collect()
    };
    let alert = texts("div", Some("error"));
    let mut paragraphs = texts("p", None);
    paragraphs.retain(|paragraph| !alert.contains(paragraph));

    let mut found = Map::new();
    let mut put = |name: &str, value: Value| {
        let is_empty = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if !is_empty {
            found.insert(name.to_owned(), value);
        }
    };
    put("title", json!(document.all("title")[0].text()));
    put("body", json!(body.attribute("class")));
    put("root", json!(root.attribute("class")));
    put("variables", variables(document));
    put(
        "logo",
        json!(
            outside
                .iter()
                .find(|element| element.attribute("class") == Some("logo"))
                .and_then(|logo| logo.attribute("src"))
        ),
    );
    put("heading", json!(texts("h1", None).first()));
    put("alert", json!(alert.first()));
    put("paragraphs", json!(paragraphs));
    put(
        "links",
        outside.iter().filter(|element| element.tag == "a").map(|link| with_text(link)).collect(),
    );
    put(
        "order",
        outside
            .iter()
            .map(|element| element.tag.as_str())
            .filter(|tag| ["form", "hr"].contains(tag))
            .collect(),
    );
    put("forms", card.all("form").into_iter().map(form).collect());
    Value::Object(found)
}

fn form(form: &Element) -> Value {
    let labels: Map<String, Value> = form
        .all("label")
        .into_iter()
        .map(|label| {
            let target = label.attribute("for").expect("a label is for a field");
            (target.to_owned(), json!(label.text()))
        })
        .collect();
    let inputs: Vec<_> = form.all("input").into_iter().map(|input| &input.attributes).collect();
    let buttons: Vec<Value> = form
        .all("button")
        .into_iter()
        .map(|button| {
            let mut found = with_text(button);
            found["images"] =
                button.all("img").into_iter().map(|image| json!(image.attributes)).collect();
            found
        })
        .collect();
    json!({
        "action": form.attribute("action"),
        "method": form.attribute("method"),
        "labels": labels,
        "inputs": inputs,
        "buttons": buttons,
    })
}

fn with_text(element: &Element) -> Value {
    let mut found = json!(element.attributes);
    found["text"] = json!(element.text());
    found
}

/// The theme's variables as set on `:root` outside the constant style sheet.
fn variables(document: &Element) -> Value {
    let mut found = Map::new();
    for style in document.all("style").into_iter().skip(1) {
        let rule = style.text();
        let declarations = rule
            .strip_prefix(":root { ")
            .and_then(|rest| rest.strip_suffix("; }"))
            .expect("one rule on :root");
        for declaration in declarations.split("; ") {
            let (name, value) = declaration.split_once(": ").unwrap();
            found.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(found)
}
