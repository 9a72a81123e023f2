use super::*;

use serde_json::Value;

fn value(text: &str) -> Value {
    read(text).map_err(|fault| fault.message).unwrap().to_value()
}

fn fault(text: &str) -> SyntaxError {
    read(text).err().unwrap()
}

#[test]
fn quoted_and_tagged_scalars_are_text() {
    assert_eq!(
        value("[2024.8, '2024.8', !!str 2024.8, no]"),
        serde_json::json!([2024.8, "2024.8", "2024.8", "no"])
    );
    assert!(fault("a: !ruby/object x").message.contains("!ruby/object"));
}

#[test]
fn keys_are_text_as_written_and_keep_their_order() {
    let read = value("200: a\n1.10: b\nno: c\ndefault: d\n");
    assert_eq!(read.to_string(), r#"{"200":"a","1.10":"b","no":"c","default":"d"}"#);
}

#[test]
fn json_with_tabs_and_escapes_is_read() {
    assert_eq!(
        value("{\n\t\"a\\/b\":\"\\ud83d\\ude00\",\r\n\t\"c\":[1,2.0,null]}").to_string(),
        "{\"a/b\":\"😀\",\"c\":[1,2.0,null]}"
    );
}

#[test]
fn keys_and_values_have_places() {
    let tree = read("a:\n  ü: [1,\n    {b: c}]\n").map_err(|fault| fault.message).unwrap();
    let at = |path: &[usize]| {
        let tree = path.iter().fold(&tree, |tree, index| match &tree.content {
            Content::Map(map) => &map[*index],
            Content::List(items) => &items[*index],
            _ => tree,
        });
        (tree.key.map(|key| (key.line, key.column)), (tree.at.line, tree.at.column))
    };
    assert_eq!(at(&[0]), (Some((1, 1)), (2, 3)));
    assert_eq!(at(&[0, 0]), (Some((2, 3)), (2, 6)));
    assert_eq!(at(&[0, 0, 0]), (None, (2, 7)));
    assert_eq!(at(&[0, 0, 1, 0]), (Some((3, 6)), (3, 9)));
}

#[test]
fn a_duplicate_key_is_refused_where_it_stands() {
    let fault = fault("a: 1\nb: 2\na: 3\n");
    assert!(fault.message.contains("twice"), "{}", fault.message);
    assert_eq!((fault.location.line, fault.location.column), (3, 1));
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let text = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        assert!(read(&text).is_err());
    }
    let allowed = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(read(&allowed).is_ok());
}

#[test]
fn depth_hidden_in_aliases_is_refused() {
    let mut text = String::from("a0: &a0 1\n");
    for level in 1..200 {
        use std::fmt::Write as _;
        writeln!(text, "a{level}: &a{level} [[[[*a{}]]]]", level - 1).unwrap();
    }
    let fault = fault(&text);
    assert!(fault.message.contains("deep"), "{}", fault.message);
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        use std::fmt::Write as _;
        let alias = format!("*a{}, ", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", alias.repeat(9)).unwrap();
    }
    let fault = fault(&text);
    assert!(fault.message.contains("aliases"), "{}", fault.message);
}

#[test]
fn merge_keys_are_expanded() {
    assert_eq!(value("a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\n")["d"], serde_json::json!({"b": 1, "c": 3}));
}

#[test]
fn a_bomb_of_long_texts_is_refused() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), "*a, ".repeat(10_000));
    assert!(fault(&text).message.contains("aliases"));
}
