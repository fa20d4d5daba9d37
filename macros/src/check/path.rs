//! Paths to members of a JSON value.

use syn::LitStr;

use crate::errors::Errors;

/// The JSON Pointer (RFC 6901) of `data.user.id`, `images[0].url` or a pointer itself.
pub(crate) fn pointer(path: &LitStr, errors: &mut Errors) -> String {
    let text = path.value();
    if text.starts_with('/') {
        return text;
    }
    if text.contains(['{', '}']) {
        let message = format!(
            "`{text}` is a template, and a path names one member: what is composed of several stands \
             above the struct, such as `#[profile(name = \"{{first}} {{last}}\")]`"
        );
        errors.add(path.span(), message);
        return String::new();
    }
    let mut pointer = String::new();
    for step in text.split('.') {
        let (name, indexes) = step.split_once('[').map_or((step, None), |(n, i)| (n, Some(i)));
        let indexes = indexes.map(|indexes| indexes.strip_suffix(']').map(|i| i.split("][")));
        if (name.is_empty() && !(pointer.is_empty() && indexes.is_some()))
            || matches!(indexes, Some(None))
        {
            break_off(path, errors);
            return pointer;
        }
        if !name.is_empty() {
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
        for index in indexes.flatten().into_iter().flatten() {
            if index.parse::<u32>().is_err() {
                break_off(path, errors);
                return pointer;
            }
            pointer.push('/');
            pointer.push_str(index);
        }
    }
    pointer
}

fn break_off(path: &LitStr, errors: &mut Errors) {
    let message = format!(
        "`{}` is not the path of a member: write `data.user.id`, `images[0].url`, or a JSON Pointer \
         (RFC 6901) such as `/https:~1~1acme.example~1id`",
        path.value()
    );
    errors.add(path.span(), message);
}
