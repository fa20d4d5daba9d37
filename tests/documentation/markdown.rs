//! As much of Markdown as links need: headings with the anchors that GitHub and mdBook give them, links,
//! and the code in which neither counts.

use std::collections::BTreeSet;

pub(crate) struct Page {
    pub(crate) anchors: BTreeSet<String>,
    pub(crate) links: Vec<String>,
}

impl Page {
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self { anchors: BTreeSet::new(), links: Vec::new() };
        let mut prose = String::new();
        let mut is_code = false;
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
                continue;
            }
            if is_code {
                continue;
            }
            if let Some(heading) = line.strip_prefix('#') {
                page.add_heading(heading.trim_start_matches('#').trim());
            }
            prose.push_str(line);
            prose.push('\n');
        }
        page.add_links(&prose);
        page
    }

    fn add_heading(&mut self, heading: &str) {
        let slug = slug(&without_links(heading));
        let repeated = (1..).map(|number| format!("{slug}-{number}"));
        let anchor =
            std::iter::once(slug.clone()).chain(repeated).find(|name| !self.anchors.contains(name));
        self.anchors.extend(anchor);
    }

    fn add_links(&mut self, prose: &str) {
        let prose = without_code(prose);
        for start in ["](", " src=\"", " srcset=\"", " href=\""] {
            let end = if start == "](" { [')', ' '] } else { ['"', '"'] };
            for rest in prose.split(start).skip(1) {
                self.links.extend(rest.split(end).next().map(ToOwned::to_owned));
            }
        }
        // A definition: `[name]: docs/errors.md`.
        for line in prose.lines().filter(|line| line.starts_with('[')) {
            if let Some((_, target)) = line.split_once("]: ") {
                self.links.push(target.trim().to_owned());
            }
        }
    }
}

/// A heading as an anchor: lower case, hyphens for blanks, no punctuation.
fn slug(heading: &str) -> String {
    let letters = heading.chars().filter_map(|letter| match letter {
        ' ' | '-' => Some('-'),
        '_' => Some('_'),
        _ if letter.is_alphanumeric() => Some(letter),
        _ => None,
    });
    letters.flat_map(char::to_lowercase).collect()
}

/// `[text](target)` as `text`.
fn without_links(text: &str) -> String {
    let mut left = String::new();
    let mut parts = text.split("](");
    left.push_str(parts.next().unwrap_or_default());
    for part in parts {
        left.push_str(part.split_once(')').map_or("", |(_, after)| after));
    }
    left
}

/// Without what stands between backticks, however many open it.
fn without_code(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('`') {
        left.push_str(before);
        let code = from.trim_start_matches('`');
        let closing = "`".repeat(1 + from.len() - code.len());
        rest = code.split_once(&closing).map_or("", |(_, after)| after);
    }
    left.push_str(rest);
    left
}

#[test]
fn headings_and_links_are_read_and_code_is_not() {
    let page = Page::read(
        "# A `Guard`, its use\n## Again\n## Again\n```sh\n# [no](heading)\n```\n\
         [a](b.md#c) ![d](e.png) `[no](link)` ``[`no`](link)``\n<img src=\"f.png\">\n[g]: h.md\n",
    );
    assert_eq!(page.anchors, ["a-guard-its-use", "again", "again-1"].map(String::from).into());
    assert_eq!(page.links, ["b.md#c", "e.png", "f.png", "h.md"]);
}
