//! The path of a member: `data.user`, `images[0].url`, or a JSON Pointer.

/// The JSON Pointer (RFC 6901) of a path, as the derives make it. What is neither stays as it is,
/// which is no pointer, and is refused by the configuration's `build()`.
pub(super) fn pointer(path: String) -> String {
    if path.is_empty() || path.starts_with('/') {
        return path;
    }
    let steps: Option<Vec<String>> = path.split('.').enumerate().map(step).collect();
    steps.map_or(path, |steps| steps.concat())
}

/// `name`, `name[0]` or, at the beginning, `[0]`.
fn step((number, step): (usize, &str)) -> Option<String> {
    let (name, indexes) = step.split_once('[').map_or((step, None), |(n, i)| (n, Some(i)));
    let mut pointer = match name {
        "" if number == 0 && indexes.is_some() => String::new(),
        "" => return None,
        name => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
    };
    if let Some(indexes) = indexes {
        for index in indexes.strip_suffix(']')?.split("][") {
            index.parse::<u32>().ok()?;
            pointer.push('/');
            pointer.push_str(index);
        }
    }
    Some(pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_pointer() {
        for (path, expected) in [
            ("[0]", "/0"),
            ("[1][2].a", "/1/2/a"),
            ("data.user", "/data/user"),
            ("response[0]", "/response/0"),
            ("a/b.c~d", "/a~1b/c~0d"),
            ("/a.b/0", "/a.b/0"),
            ("", ""),
        ] {
            assert_eq!(pointer(path.into()), expected);
        }
        for wrong in ["a..b", ".a", "a.", "a[", "a[x]", "[]", "[0", "a.[0]"] {
            assert_eq!(pointer(wrong.into()), wrong);
        }
    }
}
