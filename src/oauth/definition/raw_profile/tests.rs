use serde_json::json;

use super::*;

#[test]
fn members_are_read_by_type_and_errors_name_the_path() {
    let raw = json!({"a": {"b": [null, 5]}, "text": "x", "real": 1.5, "big": u64::MAX, "n": null});
    let read = |pointer| member::<String>(&raw, &[(pointer, "the.path")]);
    assert_eq!(read("/a/b/1").unwrap(), "5");
    assert_eq!(read("/big").unwrap(), u64::MAX.to_string());
    assert_eq!(read("/real"), Err(ProfileError::Type("the.path".into(), "a text")));
    for (number, id) in [
        ("7.0", Some("7")),
        ("-7.00", Some("-7")),
        ("1e2", Some("100")),
        ("-0.0", Some("0")),
        ("8796093022207.0", Some("8796093022207")),
        ("7.0000000000000000000", Some("7")),
        ("70000000000000000e-16", Some("7")),
        ("7.0000000000000001", None),
        ("6.99999999999999999", None),
        ("-7.0000000000000001", None),
        ("8796093022206.99999999", None),
        ("70000000000000001e-16", None),
        ("0.70000000000000000001e1", None),
        ("1e-400", None),
        ("-1E-99999999999999999999", None),
        ("4503599627370496.3", None),
        ("9007199254740990.7", None),
        ("9007199254740991.0", None),
        ("9007199254740993", Some("9007199254740993")),
        ("9007199254740992.0", None),
        ("1e21", None),
        ("7.5", None),
    ] {
        let answer = format!(r#"{{"id":{number}}}"#);
        let raw = crate::json::unambiguous::document(answer.as_bytes()).unwrap();
        assert_eq!(member::<String>(&raw, &[("/id", "id")]).ok().as_deref(), id, "{number}");
        let number = member::<i64>(&raw, &[("/id", "id")]).ok();
        assert_eq!(number.map(|number| number.to_string()).as_deref(), id);
    }
    assert_eq!(read("/n"), Err(ProfileError::Missing("the.path".into())));
    assert_eq!(member::<Option<u64>>(&raw, &[("/n", "n")]), Ok(None));
    assert_eq!(member::<u64>(&raw, &[("/n", "n"), ("/big", "big")]), Ok(u64::MAX));
    assert!(member::<u16>(&raw, &[("/big", "big")]).is_err());
    assert!(member::<Option<u64>>(&raw, &[("/text", "text")]).is_err());
    assert_eq!(
        member::<u64>(&raw, &[("/x", "x"), ("/y", "y")]).unwrap_err().to_string(),
        "the profile has no member `x` or `y`"
    );
}

#[test]
fn a_name_leaves_missing_parts_out_and_a_picture_needs_all_of_them() {
    let parts = |first: &'static str, last: &'static str| {
        let part = |text: &'static str| (!text.is_empty()).then_some(Cow::Borrowed(text));
        [part(first), Some(" ".into()), part(last)]
    };
    assert_eq!(composed(&parts("Ada", "Lovelace")).as_deref(), Some("Ada Lovelace"));
    assert_eq!(composed(&parts("Ada", "")).as_deref(), Some("Ada"));
    assert_eq!(composed(&parts("", "")), None);
    assert_eq!(complete(&parts("Ada", "")), None);
}
