//! Bodies that come as forms: a part for each field, or written like a query. The parts become the JSON value that the
//! same body would be, as far as the schema tells what a text stands for; the rules of a [`Dialect`](crate::dialect::Dialect) do the rest.

use bytes::Bytes;
use http::HeaderMap;
use multer::Multipart;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use openapi_wire::form::FilePart;
use serde_json::{Map, Value};

use crate::checker::fits;
pub use crate::files::{Files, file_length};
use crate::media;
use crate::operation::Encoding;
use crate::request::QueryString;
use crate::schema::{ObjectSchema, Rule};
use crate::style::Written;

/// One part of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The content of the part.
    pub value: PartValue,
}

/// The content of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum PartValue {
    /// A text.
    Text(String),
    /// A file.
    File(FilePart),
}

/// Returns the parts of a multipart body. Outside of `multipart/form-data` a part may have no name and then has that of the
/// field in its place, the first of which is that of the part that `start` names; and what is a file is said by the field.
///
/// # Errors
/// If the body is not put together as its content type says.
pub async fn multipart(rule: &Rule, headers: &HeaderMap, bytes: &Bytes) -> Result<Vec<Part>, FormError> {
    let content_type = media::content_type(headers);
    let parameters = content_type.find(';').map_or("", |start| &content_type[start..]);
    let boundary = multer::parse_boundary(format!("{FORM_DATA}{parameters}"))?;
    let fields = schema(rule).map_or(&[][..], |schema| schema.fields);
    // A form names its parts and its files.
    let fields = if media::essence(&content_type) == FORM_DATA { &[] } else { fields };
    let mut starts = media::parameters(&content_type).filter(|(name, _)| name.eq_ignore_ascii_case("start"));
    let root = match starts.next() {
        Some((_, id)) if !fields.is_empty() => {
            place_of(id.trim_matches('"'), opened(bytes, &boundary)).await?
        }
        _ => 0,
    };
    let mut multipart = opened(bytes, &boundary);
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await? {
        let place = match parts.len() {
            place if place == root => 0,
            place if place < root => place + 1,
            place => place,
        };
        let place = fields.get(place).map(|field| field.name);
        let name = field.name().or(place).unwrap_or_default().to_owned();
        let is_file = fields.iter().any(|field| field.name == name && holds_files(&field.rule));
        let file_name = field.file_name().map(str::to_owned).or_else(|| is_file.then(String::new));
        let content_type = field.content_type().map(ToString::to_string);
        let value = match file_name {
            Some(file_name) => {
                let content = field.bytes().await?;
                PartValue::File(FilePart { file_name, content_type, content })
            }
            None => PartValue::Text(field.text().await?),
        };
        parts.push(Part { name, value });
    }
    Ok(parts)
}

fn opened(bytes: &Bytes, boundary: &str) -> Multipart<'static> {
    let whole = bytes.clone();
    let stream = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(whole) });
    Multipart::new(stream, boundary)
}

/// Returns the place of the part with this `Content-ID`; the first one if none has it.
async fn place_of(id: &str, mut multipart: Multipart<'_>) -> Result<usize, FormError> {
    let mut place = 0;
    while let Some(field) = multipart.next_field().await? {
        if field.headers().get("content-id").is_some_and(|known| known.as_bytes() == id.as_bytes()) {
            return Ok(place);
        }
        place += 1;
    }
    Ok(0)
}

const FORM_DATA: &str = "multipart/form-data";

/// Returns `true` if a field is a file, or a list of files.
fn holds_files(rule: &Rule) -> bool {
    match rule {
        Rule::File => true,
        Rule::Nullable(rule) => holds_files(rule),
        Rule::List(list) => matches!(list.get().item, Rule::File),
        _ => false,
    }
}

/// The reason why a body is not a form.
#[derive(Debug)]
pub struct FormError(multer::Error);

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for FormError {}

impl From<multer::Error> for FormError {
    fn from(error: multer::Error) -> Self {
        Self(error)
    }
}

/// Returns the JSON value of a URL-encoded body. Properties are written as `encoding` says, and else as in [`value`].
#[must_use]
pub fn url_encoded(rule: &'static Rule, encoding: &'static [Encoding], bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    let form = QueryString::parse(&text);
    let fields = schema(rule).map_or(&[][..], |schema| schema.fields);
    let mut styled = Map::new();
    let mut taken = BTreeSet::new();
    for Encoding { property, style, explode } in encoding {
        let rule =
            fields.iter().find(|field| field.name == *property).map_or(&Rule::Any, |field| &field.rule);
        let others = fields.iter().map(|field| field.name).filter(|name| name != property);
        let others: Vec<&str> = others.collect();
        let written = Written::in_form(property, *style, *explode, rule, form.encoded(), &others);
        taken.extend(written.member_names().map(str::to_owned));
        taken.insert((*property).to_owned());
        match written.read(rule) {
            Ok(Some(value)) => drop(styled.insert((*property).to_owned(), value)),
            Ok(None) => {}
            // Text that cannot be read stays text, which the rule then rejects.
            Err(_) => {
                let text = form.last(property).unwrap_or_default();
                styled.insert((*property).to_owned(), text.into());
            }
        }
    }
    let rest = form.iter().filter(|(name, _)| !taken.contains(*name));
    let rest =
        rest.map(|(name, text)| Part { name: name.to_owned(), value: PartValue::Text(text.to_owned()) });
    let (mut value, _) = self::value(rule, rest.collect());
    if let Value::Object(entries) = &mut value {
        entries.extend(styled);
    }
    value
}

/// Returns the JSON value of a form with these parts, and its files. Of parts with the same name the last counts,
/// unless the field is a list or may be one.
#[must_use]
pub fn value(rule: &'static Rule, parts: Vec<Part>) -> (Value, Files) {
    let mut files = Files::default();
    let mut counts = BTreeMap::<String, usize>::new();
    for part in &parts {
        *counts.entry(part.name.clone()).or_default() += 1;
    }
    let schema = schema(rule);
    let mut entries = Map::new();
    for Part { name, value } in parts {
        let field = schema.and_then(|schema| schema.field(&name));
        let rule = field.map(|field| &field.rule);
        // A form has no `null`; where no text belongs, an empty one says it.
        let clears = field.is_some_and(|field| field.nullable)
            && value == PartValue::Text(String::new())
            && !matches!(rule, Some(Rule::Text(_) | Rule::List(_) | Rule::Any));
        if clears {
            entries.insert(name, Value::Null);
            continue;
        }
        let item = rule.and_then(|rule| {
            let is_repeated = counts.get(&name).is_some_and(|count| *count > 1);
            item(rule, &value, is_repeated)
        });
        match (rule, item) {
            (_, Some(item)) => {
                let value = typed(item, value, &mut files);
                match entries.get_mut(&name) {
                    Some(Value::Array(values)) => values.push(value),
                    _ => drop(entries.insert(name, Value::Array(vec![value]))),
                }
            }
            (rule, _) => drop(entries.insert(name, typed(rule.unwrap_or(&Rule::Any), value, &mut files))),
        }
    }
    (Value::Object(entries), files)
}

/// Returns the rule for a part of a field that is a list. Of what may be a list or something else, several parts are a list, and
/// so is one that is nothing else.
fn item(rule: &'static Rule, value: &PartValue, is_repeated: bool) -> Option<&'static Rule> {
    let list = |rule: &'static Rule| if let Rule::List(list) = rule { Some(&list.get().item) } else { None };
    let Rule::Union(union) = rule else { return list(rule) };
    let is_other = || match value {
        PartValue::Text(_) => fits(rule, &typed(rule, value.clone(), &mut Files::default())),
        PartValue::File(_) => true,
    };
    let item = union.get().members.iter().find_map(|member| list(&member.rule))?;
    (is_repeated || !is_other()).then_some(item)
}

/// Returns the schema of a form whose fields are known.
fn schema(rule: &Rule) -> Option<&'static ObjectSchema> {
    if let Rule::Object(schema) = rule { Some(schema.get()) } else { None }
}

/// Converts a part to the JSON value that its rule asks for. Text that cannot be converted stays text, which the rule
/// then rejects.
fn typed(rule: &Rule, value: PartValue, files: &mut Files) -> Value {
    let text = match value {
        PartValue::File(file) => return files.take(file),
        PartValue::Text(text) => text,
    };
    let parsed = match rule {
        // Outside of forms a file may be a text, in a form it is a part of its own; nothing of what a field may be is this.
        Rule::File => Some(Value::Array(Vec::new())),
        Rule::Boolean => text.parse().ok().map(Value::Bool),
        Rule::Integer(_) => text.parse::<i64>().ok().map(Value::from),
        Rule::Number(_) => serde_json::from_str(&text).ok().filter(Value::is_number),
        Rule::Object(_) | Rule::Map(_) | Rule::List(_) | Rule::Union(_) => serde_json::from_str(&text).ok(),
        Rule::Nullable(rule) => return typed(rule, PartValue::Text(text), files),
        Rule::Reference { key, .. } => return typed(key.rule(), PartValue::Text(text), files),
        _ => None,
    };
    parsed.unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::CONTENT_TYPE;
    use openapi_wire::form;
    use serde_json::json;

    use super::*;
    use crate::files::MARK;
    use crate::operation::Style;
    use crate::sample::{FIELD, PET};
    use crate::schema::{Additional, Field, Integer, List, Member, Size, To, Union};

    fn text(name: &str, text: &str) -> Part {
        Part { name: name.to_owned(), value: PartValue::Text(text.to_owned()) }
    }

    #[test]
    fn the_texts_of_a_form_become_what_their_fields_hold() {
        static RULE: Rule = Rule::Object(To::Own(&PET));
        let form = b"name=a+b&name=max&good=true&age=x&tricks=sit&tricks=5&colour=red&owner=&kind=";
        let found = url_encoded(&RULE, &[], form);
        let expected = json!({"name": "max", "good": true, "age": "x", "tricks": ["sit", "5"], "colour": "red", "owner": null, "kind": ""});
        assert_eq!(found, expected);
    }

    #[test]
    fn what_may_be_a_list_is_one_of_several_parts_or_of_one_that_is_nothing_else() {
        static FLAGS: Union = Union {
            tag: None,
            members: &[
                Member { words: &[], rule: Rule::List(To::Own(&List::of(Rule::Boolean))) },
                Member { words: &[], rule: Rule::Integer(Integer::ANY) },
            ],
        };
        static FORM: ObjectSchema = ObjectSchema {
            name: "Form",
            additional: Additional::Any,
            size: Size::ANY,
            since: None,
            fields: &[Field { name: "flags", rule: Rule::Union(To::Own(&FLAGS)), nullable: true, ..FIELD }],
        };
        static RULE: Rule = Rule::Object(To::Own(&FORM));
        for (form, expected) in [
            ("flags=true&flags=false", json!([true, false])),
            ("flags=true", json!([true])),
            ("flags=1", json!(1)),
            ("flags=", Value::Null),
        ] {
            assert_eq!(url_encoded(&RULE, &[], form.as_bytes())["flags"], expected, "{form}");
        }
    }

    #[test]
    fn a_property_is_written_as_its_encoding_says() {
        static ENCODING: [Encoding; 3] = [
            Encoding { property: "tricks", style: Style::PipeDelimited, explode: false },
            Encoding { property: "friends", style: Style::Json, explode: false },
            Encoding { property: "home", style: Style::DeepObject, explode: true },
        ];
        static RULE: Rule = Rule::Object(To::Own(&PET));
        let form = b"age=3&tricks=sit%7Croll+over&friends=%5B1%5D&home[size][x]=1&home%5Bdoor%5D=red";
        let expected = json!({
            "age": 3, "tricks": ["sit", "roll over"], "friends": [1], "home": {"size": {"x": "1"}, "door": "red"},
        });
        assert_eq!(url_encoded(&RULE, &ENCODING, form), expected);
        let broken = url_encoded(&RULE, &ENCODING, b"friends=%5B&home[=1");
        assert_eq!(broken, json!({"friends": "[", "home": ""}));
    }

    #[tokio::test]
    async fn parts_have_names_and_files_have_media_types() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b.png\"\r\n\
                    Content-Type: image/png\r\n\r\n\u{1}\r\n--x--\r\n";
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
        let file = FilePart::new("b.png", "\u{1}").with_content_type("image/png");
        let part = Part { name: "b".to_owned(), value: PartValue::File(file.clone()) };
        let expected = vec![text("a", "one"), part];
        let found_parts = multipart(&Rule::Any, &headers, &Bytes::from(body)).await.expect("a form");
        assert_eq!(found_parts, expected);
        let (found, files) = value(&Rule::Any, expected);
        assert_eq!(file_length(&found["b"]), Some(1));
        let fields = [("a", form::Field::Value(json!("one"))), ("b", form::Field::File(file))];
        assert_eq!(files.put_into(found), fields.map(|(name, field)| (name.to_owned(), field)));
    }

    #[tokio::test]
    async fn parts_in_order_need_no_names_and_the_field_says_what_is_a_file() {
        static UPLOAD: ObjectSchema = ObjectSchema {
            name: "Upload",
            additional: Additional::Any,
            size: Size::ANY,
            since: None,
            fields: &[
                Field { name: "meta", rule: Rule::Object(To::Own(&PET)), ..FIELD },
                Field { name: "data", rule: Rule::File, ..FIELD },
            ],
        };
        static RULE: Rule = Rule::Object(To::Own(&UPLOAD));
        let body = "--x\r\nContent-Type: application/json\r\n\r\n{\"age\":3}\r\n\
                    --x\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n--x--\r\n";
        let mut headers = HeaderMap::new();
        let related = "multipart/related; boundary=x; type=\"application/json\"";
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(related));
        let parts = multipart(&RULE, &headers, &Bytes::from(body)).await.expect("parts");
        let file = FilePart::new("", "\u{1}").with_content_type("image/png");
        let mut expected =
            vec![text("meta", "{\"age\":3}"), Part { name: "data".to_owned(), value: PartValue::File(file) }];
        assert_eq!(parts, expected);
        assert_eq!(value(&RULE, parts).0["meta"], json!({"age": 3}));
        let body = "--x\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n\
                    --x\r\nContent-Type: application/json\r\nContent-ID: <root>\r\n\r\n{\"age\":3}\r\n--x--\r\n";
        let related = "multipart/related; boundary=x; Start=\"<root>\"";
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(related));
        expected.reverse();
        assert_eq!(multipart(&RULE, &headers, &Bytes::from(body)).await.expect("parts"), expected);
    }

    #[test]
    fn a_mark_that_was_written_by_hand_stands_for_no_file() {
        let forged = json!({"a": {MARK: [0, 1]}});
        let fields = vec![("a".to_owned(), form::Field::Value(forged["a"].clone()))];
        assert_eq!(Files::default().put_into(forged), fields);
    }

    #[tokio::test]
    async fn a_form_that_is_none_is_refused() {
        for content_type in ["multipart/form-data", "multipart/form-data; boundary=x"] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            assert!(
                multipart(&Rule::Any, &headers, &Bytes::from_static(b"--x\r\nno form")).await.is_err(),
                "{content_type}"
            );
        }
    }
}
