//! The source text: where something stands in it, and how that is shown without showing a secret.

use super::document::Span;
use super::report::Place;

/// A text and its name.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
    /// Places of texts that may be secrets.
    pub(super) texts: Vec<Span>,
    /// Whether the text could not be taken apart, so that `texts` is not known.
    pub(super) is_malformed: bool,
}

/// Whether a stretch of text reads like a key of a configuration, and not like a stretch of a
/// secret.
fn is_key(text: Option<&str>) -> bool {
    const LONGEST: usize = 40;
    let is_punctuation = |c: char| c.is_whitespace() || "{,[\"'".contains(c);
    let key = text.unwrap_or_default().trim_matches(is_punctuation);
    !key.is_empty()
        && key.len() <= LONGEST
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.".contains(&b))
}

/// In the place of a text that is not shown.
const HIDDEN: &str = "\"…\"";

impl Source {
    /// A text that is not there.
    pub(super) fn without_text(name: String) -> Self {
        Self { name, text: String::new(), texts: Vec::new(), is_malformed: false }
    }

    /// The place of `span`. Of its line, every text is hidden except the one that the span is, and
    /// that only if `is_shown`.
    pub(super) fn place(&self, span: Option<&Span>, is_shown: bool) -> Place {
        let mut place = Place::of_file(&self.name);
        let Some(span) = span.filter(|span| span.end <= self.text.len()) else { return place };
        let before = self.text.get(..span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text.get(span.start..).and_then(|rest| rest.find('\n'));
        let end = end.map_or(self.text.len(), |length| span.start + length);
        let count = |range: Span| self.text.get(range).map_or(0, |text| text.chars().count());
        let marked_end = span.end.min(end);

        place.line = Some(before.matches('\n').count() + 1);
        place.column = Some(count(start..span.start) + 1);
        let (mut line, mut indent, mut width) = (String::new(), 0, 0);
        let mut at = start;
        let mut show = |text: &str, part: Span, length: usize| {
            line.push_str(text);
            if part.end <= span.start {
                indent += length;
            } else if part.start < marked_end {
                width += length;
            }
        };
        let is_hidden = |text: &Span| !(is_shown && text == span);
        let hidden = self.texts.iter().filter(|text| is_hidden(text));
        let mut hidden: Vec<Span> = hidden
            .filter(|text| text.start < end && text.end > start)
            .map(|text| text.start.max(start)..text.end.min(end))
            .collect();
        hidden.sort_by_key(|text| text.start);
        if self.is_malformed {
            // Nothing but the name of a key and the sign that a value follows.
            let rest = self.text.get(start..end).unwrap_or_default();
            let sign = rest.find(['=', ':']).filter(|sign| is_key(rest.get(..*sign)));
            hidden.clear();
            hidden.push(start + sign.map_or(0, |sign| sign + 1)..end);
        }
        for part in hidden {
            self.show_plain(at..part.start, span, marked_end, &mut show);
            let shown = if self.is_malformed { " …" } else { HIDDEN };
            show(shown, part.clone(), shown.chars().count());
            at = part.end;
        }
        self.show_plain(at..end, span, marked_end, &mut show);
        place.text = Some(line.trim_end().to_owned());
        place.indent = indent;
        place.width = width.max(1);
        place
    }

    /// Shows a stretch of the line in up to three parts: before, under and after the mark.
    fn show_plain(
        &self,
        stretch: Span,
        marked: &Span,
        marked_end: usize,
        show: &mut impl FnMut(&str, Span, usize),
    ) {
        let (first, second) = (
            marked.start.clamp(stretch.start, stretch.end.max(stretch.start)),
            marked_end.clamp(stretch.start, stretch.end.max(stretch.start)),
        );
        for part in [stretch.start..first, first..second, second..stretch.end] {
            if part.start < part.end {
                // A tab is as wide as a space in the line of the mark.
                let text = self.text.get(part.clone()).unwrap_or_default();
                let text: String =
                    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                let length = text.chars().count();
                show(&text, part, length);
            }
        }
    }
}
