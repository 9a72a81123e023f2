//! The rules a body is held to, field by field: which spellings of a value are accepted, what they become, and the
//! message for everything else. The rules are those of Django REST framework's serializer fields; which of them applies
//! to a field is in the tables of [`openapi_server_runtime::schema`].

use std::future::Future;
use std::pin::Pin;

use serde_json::{Map as Entries, Number, Value};

use crate::server::date_time;
use crate::server::errors::{ErrorTree, Messages};
use crate::server::fault::{Fault, noted, unless};
use crate::server::python;
use crate::server::reference::{self, Target};
use crate::server::text;
use openapi_server_runtime::failure::Segment;
use openapi_server_runtime::form;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::{Choice, Field, Integer, ObjectSchema, Rule, Union};

const NOT_NULL: &str = "This field may not be null.";
const NOT_A_FILE: &str = "The submitted data was not a file. Check the encoding type on the form.";
pub(crate) const REQUIRED: &str = "This field is required.";
const TRUE: [&str; 14] =
    ["true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "1"];
const FALSE: [&str; 14] =
    ["false", "False", "FALSE", "f", "F", "no", "No", "NO", "n", "N", "off", "Off", "OFF", "0"];
const DATE_TIME_FORMATS: &str = "Datetime has wrong format. Use one of these formats instead: \
                                 YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

/// Holds a whole body to its rule.
///
/// # Errors
/// [`Fault::Invalid`] with what is wrong with it.
pub async fn parse<H: Host>(
    rule: &'static Rule,
    body: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    match rule {
        Rule::Object(schema) => parse_object(schema, body, host, cx).await.map(Value::Object),
        Rule::Any => Ok(body.clone()),
        Rule::Nullable(_) if body.is_null() => Ok(Value::Null),
        _ if body.is_null() => Err(whole("No data provided".to_owned())),
        rule => rule_value(rule, body, host, cx).await,
    }
}

/// Returns an error that concerns a value as a whole.
fn whole(message: String) -> Fault {
    Fault::Invalid(Messages::Parts(ErrorTree::non_field(message)))
}

/// Returns the refusal of a value where an object is expected.
fn not_an_object(value: &Value) -> Fault {
    whole(format!("Invalid data. Expected a dictionary, but got {}.", python::type_name(value)))
}

/// A value held to a rule; boxed, because rules stand within rules.
type Outcome<'a> = Pin<Box<dyn Future<Output = Result<Value, Fault>> + Send + 'a>>;

/// Holds a whole body to its schema: every field that is present and may be written, in the schema's order. Fields the
/// schema does not have are dropped.
///
/// # Errors
/// [`Fault::Invalid`] with what is wrong with every field.
pub async fn parse_object<H: Host>(
    schema: &'static ObjectSchema,
    body: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Entries<String, Value>, Fault> {
    let entries = match body {
        Value::Object(entries) => entries,
        Value::Null => return Err(whole("No data provided".to_owned())),
        other => return Err(not_an_object(other)),
    };
    let mut accepted = Entries::new();
    let mut errors = ErrorTree::new();
    for field in schema.fields.iter().filter(|field| !field.read_only) {
        let outcome = match entries.get(field.name) {
            None if field.required => Err(Fault::invalid(REQUIRED)),
            None => continue,
            Some(value) => match field_value(field, value, host, cx).await {
                Ok(value) => match host.check_field(cx, field, &value, body)? {
                    None => Ok(value),
                    Some(message) => Err(Fault::invalid(message)),
                },
                refused => refused,
            },
        };
        if let Some(value) = noted(outcome, field.name, &mut errors)? {
            accepted.insert(field.name.to_owned(), value);
        }
    }
    unless(errors, accepted)
}

async fn field_value<H: Host>(
    field: &'static Field,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    if is_null(&field.rule, field.nullable, value) {
        return if field.nullable { Ok(Value::Null) } else { Err(Fault::invalid(NOT_NULL)) };
    }
    match &field.rule {
        Rule::Text(rule) => text::parse_field(rule, field, value, host, cx).await.map(Value::String),
        Rule::Map(_) if !value.is_object() && field.message("type").is_some() => {
            Err(Fault::invalid(field.message("type").unwrap_or_default()))
        }
        Rule::Reference { .. } if value.is_boolean() && field.message("type").is_some() => {
            let message = field.message("type").unwrap_or_default();
            Err(Fault::invalid(message.replace("{value}", &python::str(value))))
        }
        rule => {
            let value = rule_value(rule, value, host, cx).await?;
            let refused = text::unique_message(field, &value, host, cx).await?;
            refused.map_or(Ok(value), |message| Err(Fault::invalid(message)))
        }
    }
}

/// Returns `true` if a value stands for null. An empty text does for a reference to an object, and the word does for a
/// boolean that may be null.
fn is_null(rule: &Rule, nullable: bool, value: &Value) -> bool {
    match (rule, value) {
        (_, Value::Null) => true,
        (Rule::Reference { .. }, Value::String(text)) => text.is_empty(),
        (Rule::Boolean, Value::String(text)) => {
            nullable && matches!(text.as_str(), "" | "null" | "Null" | "NULL")
        }
        _ => false,
    }
}

fn rule_value<'a, H: Host>(
    rule: &'static Rule,
    value: &'a Value,
    host: &'a H,
    cx: &'a RequestContext<H::User>,
) -> Outcome<'a> {
    Box::pin(async move {
        match rule {
            Rule::Text(rule) => text::parse(rule, value).map(Value::String),
            Rule::Boolean => boolean(value),
            Rule::Integer(rule) => integer(rule, value),
            Rule::Number(_) => number(value),
            Rule::Uuid => reference::uuid(value)
                .map(|uuid| Value::from(uuid.to_string()))
                .ok_or_else(|| Fault::invalid("Must be a valid UUID.")),
            Rule::File if value.is_string() => Ok(value.clone()),
            Rule::DateTime => value
                .as_str()
                .and_then(date_time::parse)
                .map(Value::from)
                .ok_or_else(|| Fault::invalid(DATE_TIME_FORMATS)),
            Rule::Reference { model, by, key } => {
                reference::key(Target { model, by: *by, key: *key }, value, host, cx).await
            }
            Rule::Choice(choices) => choice(choices, value),
            Rule::List(known) => match &known.item {
                Rule::Reference { model, by, key } => {
                    reference::keys(Target { model, by: *by, key: *key }, value, host, cx).await
                }
                item => list(item, value, host, cx).await,
            },
            Rule::Object(schema) => parse_object(schema, value, host, cx).await.map(Value::Object),
            Rule::Any => Ok(value.clone()),
            Rule::Map(known) => map(&known.value, value, host, cx).await,
            Rule::Nullable(_) if value.is_null() => Ok(Value::Null),
            Rule::Nullable(rule) => rule_value(rule, value, host, cx).await,
            Rule::Union(union) if union.tag.is_some() && !value.is_object() => Err(not_an_object(value)),
            Rule::Union(union) => match union.tag {
                Some(tag) => tagged(union, tag, value, host, cx).await,
                None => first_that_fits(union, value, host, cx).await,
            },
            Rule::File => match form::file_length(value) {
                Some(0) => Err(Fault::invalid("The submitted file is empty.")),
                Some(_) => Ok(value.clone()),
                None => Err(Fault::invalid(NOT_A_FILE)),
            },
        }
    })
}

/// Returns the values of an object, each checked by the same rule.
async fn map<H: Host>(
    rule: &'static Rule,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    let Value::Object(entries) = value else {
        let name = python::type_name(value);
        return Err(Fault::invalid(format!("Expected a dictionary of items but got type \"{name}\".")));
    };
    let mut accepted = Entries::new();
    let mut errors = ErrorTree::new();
    for (name, value) in entries {
        if let Some(value) = noted(rule_value(rule, value, host, cx).await, name, &mut errors)? {
            accepted.insert(name.clone(), value);
        }
    }
    unless(errors, Value::Object(accepted))
}

/// Returns an object checked by the rule that its tag names. The tag stays, whether the rule knows it or not.
async fn tagged<H: Host>(
    union: &'static Union,
    tag: &'static str,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    let of_tag = |message: &str| Fault::Invalid(Messages::Parts(ErrorTree::of(tag, message)));
    let Some(word) = value.get(tag) else { return Err(of_tag(REQUIRED)) };
    let text = python::str(word);
    let rule = union.named(&text).ok_or_else(|| of_tag(&format!("\"{text}\" is not a valid choice.")))?;
    let mut accepted = rule_value(rule, value, host, cx).await?;
    if let Value::Object(entries) = &mut accepted {
        entries.entry(tag).or_insert(Value::String(text));
    }
    Ok(accepted)
}

/// Returns a value checked by several rules. If none accepts it, the first gives the errors.
async fn first_that_fits<H: Host>(
    union: &'static Union,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    let mut first = None;
    for member in union.members {
        match rule_value(&member.rule, value, host, cx).await {
            Err(Fault::Invalid(messages)) => first = first.or(Some(messages)),
            outcome => return outcome,
        }
    }
    first.map_or_else(|| Ok(value.clone()), |messages| Err(Fault::Invalid(messages)))
}

async fn list<H: Host>(
    item: &'static Rule,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    let Value::Array(values) = value else {
        return Err(match (Fault::not_a_list(value), item) {
            // A list of objects has a serializer of its own, whose errors are those of an object.
            (Fault::Invalid(Messages::Own(messages)), Rule::Object(_)) => {
                whole(messages.into_iter().next().unwrap_or_default())
            }
            (fault, _) => fault,
        });
    };
    let mut accepted = Vec::with_capacity(values.len());
    let mut errors = ErrorTree::new();
    for (position, value) in values.iter().enumerate() {
        let outcome = if value.is_null() && !matches!(item, Rule::Nullable(_)) {
            Err(Fault::invalid(NOT_NULL))
        } else {
            rule_value(item, value, host, cx).await
        };
        let segment = match item {
            Rule::Object(_) => Segment::Position(position),
            _ => Segment::Name(position.to_string()),
        };
        accepted.extend(noted(outcome, segment, &mut errors)?);
    }
    unless(errors, Value::Array(accepted))
}

fn boolean(value: &Value) -> Result<Value, Fault> {
    let truth = match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if TRUE.contains(&text.as_str()) => Some(true),
        Value::String(text) if FALSE.contains(&text.as_str()) => Some(false),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
        _ => None,
    };
    truth.map(Value::Bool).ok_or_else(|| Fault::invalid("Must be a valid boolean."))
}

fn integer(rule: &Integer, value: &Value) -> Result<Value, Fault> {
    if !rule.values.is_empty() {
        let text = python::str(value);
        let known = rule.values.iter().find(|known| known.to_string() == text);
        return known.map(|known| Value::from(*known)).ok_or_else(|| not_a_choice(&text));
    }
    let text = match value {
        Value::Number(_) | Value::String(_) => python::str(value),
        _ => String::new(),
    };
    let text = text.trim_end_matches(python::is_space);
    // A fraction of zeros is no fraction.
    let whole = match text.rsplit_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    };
    python::int(whole)
        .and_then(|number| i64::try_from(number).ok())
        .ok_or_else(|| Fault::invalid("A valid integer is required."))
        .and_then(|number| within(rule, number))
        .map(Value::from)
}

/// Returns a number that is not out of bounds.
fn within(rule: &Integer, number: i64) -> Result<i64, Fault> {
    let above = rule.maximum.filter(|most| number > *most);
    let below = rule.minimum.filter(|least| number < *least);
    let above = above.map(|most| format!("Ensure this value is less than or equal to {most}."));
    let below = below.map(|least| format!("Ensure this value is greater than or equal to {least}."));
    above.or(below).map_or(Ok(number), |message| Err(Fault::invalid(message)))
}

fn number(value: &Value) -> Result<Value, Fault> {
    let number = match value {
        Value::Number(_) => return Ok(value.clone()),
        Value::String(text) => python::strip(text).parse().ok().and_then(Number::from_f64),
        // A truth value is a number, too.
        Value::Bool(flag) => Number::from_f64(f64::from(u8::from(*flag))),
        _ => None,
    };
    number.map(Value::Number).ok_or_else(|| Fault::invalid("A valid number is required."))
}

fn choice(choices: &'static [Choice], value: &Value) -> Result<Value, Fault> {
    let text = python::str(value);
    if choices.iter().any(|choice| choice.value == text) {
        return Ok(Value::String(text));
    }
    Err(not_a_choice(&text))
}

fn not_a_choice(text: &str) -> Fault {
    Fault::invalid(format!("\"{text}\" is not a valid choice."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use openapi_wire::form::FilePart;

    use openapi_server_runtime::form::{Part, PartValue};
    use openapi_server_runtime::sample::{OWNER, PET, Shelter, context};
    use openapi_server_runtime::schema::{Map, Member, Text, To};

    /// Returns the value of one field in a body that is otherwise complete, or its messages.
    async fn set(field: &str, value: Value) -> Result<Value, Value> {
        let mut body = json!({"name": "max"});
        body[field] = value;
        match parse_object(&PET, &body, &Shelter, &context("")).await {
            Ok(fields) => Ok(fields.get(field).cloned().unwrap_or_default()),
            Err(Fault::Invalid(messages)) => Err(ErrorTree::from(messages).to_value()[field].clone()),
            Err(Fault::Failed(failure)) => panic!("{failure:?}"),
        }
    }

    async fn check(field: &str, cases: Vec<(Value, Result<Value, Value>)>) {
        for (value, expected) in cases {
            assert_eq!(set(field, value.clone()).await, expected, "{field}: {value}");
        }
    }

    #[tokio::test]
    async fn text_is_trimmed_and_numbers_are_text() {
        let slug = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
        let long = "Ensure this field has no more than 9 characters.";
        let cases = vec![
            (json!(" a-b_1 \n"), Ok(json!("a-b_1"))),
            (json!(12), Ok(json!("12"))),
            (json!(""), Err(json!(["This field may not be blank."]))),
            (json!(" \u{3000}"), Err(json!(["This field may not be blank."]))),
            (json!(null), Err(json!(["This field may not be null."]))),
            (json!(true), Err(json!([slug]))),
            (json!(["a"]), Err(json!([slug]))),
            (json!({}), Err(json!([slug]))),
            (json!(1.5), Err(json!([slug]))),
            (json!("a b"), Err(json!([slug]))),
            (json!("abcdefghij"), Err(json!([long]))),
            (json!("éééééééééé"), Err(json!([long, slug]))),
            (json!("a\u{0}"), Err(json!(["Null characters are not allowed.", slug]))),
            (json!("rex"), Err(json!(["animal with this name already exists."]))),
        ];
        check("name", cases).await;
        let cases = vec![
            (json!(["a", 1.5, 1e2, "a", " b "]), Ok(json!(["a", "1.5", "100.0", "a", "b"]))),
            (json!([]), Ok(json!([]))),
            (
                json!(["a", "", null, true]),
                Err(json!({
                    "1": ["This field may not be blank."],
                    "2": ["This field may not be null."],
                    "3": ["Not a valid string."],
                })),
            ),
            (json!({}), Err(json!(["Expected a list of items but got type \"dict\"."]))),
            (json!("a"), Err(json!(["Expected a list of items but got type \"str\"."]))),
            (json!(null), Err(json!(["This field may not be null."]))),
        ];
        check("tricks", cases).await;
    }

    #[test]
    fn only_no_text_at_all_is_blank_where_blanks_are_kept() {
        let kept = |min_length| text::parse(&Text { blanks: true, min_length, ..Text::ANY }, &json!(" "));
        assert_eq!((kept(None), kept(Some(1))), (Ok(" ".to_owned()), Ok(" ".to_owned())));
        let refused = text::parse(&Text { blanks: true, min_length: Some(1), ..Text::ANY }, &json!(""));
        assert_eq!(refused, Err(Fault::invalid("This field may not be blank.")));
        assert_eq!(text::parse(&Text::ANY, &json!(" ")), Ok(String::new()));
    }

    #[tokio::test]
    async fn truth_has_many_spellings() {
        for truth in [
            json!(true),
            json!(1),
            json!(1.0),
            json!("true"),
            json!("T"),
            json!("YES"),
            json!("On"),
            json!("1"),
        ] {
            assert_eq!(set("good", truth.clone()).await, Ok(json!(true)), "{truth}");
        }
        for lie in [
            json!(false),
            json!(0),
            json!(0.0),
            json!("FALSE"),
            json!("f"),
            json!("no"),
            json!("Off"),
            json!("0"),
        ] {
            assert_eq!(set("good", lie.clone()).await, Ok(json!(false)), "{lie}");
        }
        for neither in [
            json!("tRUE"),
            json!(" true "),
            json!(""),
            json!("null"),
            json!(2),
            json!(-1),
            json!([]),
            json!({}),
        ] {
            assert_eq!(
                set("good", neither.clone()).await,
                Err(json!(["Must be a valid boolean."])),
                "{neither}"
            );
        }
        assert_eq!(set("good", json!(null)).await, Err(json!(["This field may not be null."])));
    }

    #[tokio::test]
    async fn references_name_existing_objects() {
        let owner = OWNER.to_string();
        let missing = |text: &str| Err(json!([format!("Invalid pk \"{text}\" - object does not exist.")]));
        let malformed = |text: &str| Err(json!([format!("“{text}” is not a valid UUID.")]));
        let cases = vec![
            (json!(owner), Ok(json!(owner))),
            (json!(owner.to_uppercase().replace('-', "")), Ok(json!(owner))),
            (json!(format!("urn:uuid:{owner}")), Ok(json!(owner))),
            (json!(7), Ok(json!(owner))),
            (json!(null), Ok(json!(null))),
            (json!(""), Ok(json!(null))),
            (json!("3FA85F64-5717-4562-b3fc-2c963f66afa6"), missing("3FA85F64-5717-4562-b3fc-2c963f66afa6")),
            (json!(9_223_372_036_854_775_808_u64), missing("9223372036854775808")),
            (json!("x"), malformed("x")),
            (json!(" "), malformed(" ")),
            (json!(-1), malformed("-1")),
            (json!(1.5), malformed("1.5")),
            (json!([owner]), malformed(&format!("['{owner}']"))),
            (json!({"a": null}), malformed("{'a': None}")),
            (json!(true), Err(json!(["Incorrect type. Expected pk value, received bool."]))),
        ];
        check("owner", cases).await;
        let cases = vec![
            (json!([owner, OWNER.simple().to_string()]), Ok(json!([owner]))),
            (json!([]), Ok(json!([]))),
            (json!({}), Ok(json!([]))),
            (json!({owner.clone(): 1}), Ok(json!([owner]))),
            (json!({"a": owner}), malformed("a")),
            (json!([owner, "x", 1]), malformed("x")),
            (json!([1, "x"]), missing("1")),
            (json!([null]), missing("None")),
            (json!([""]), malformed("")),
            (json!([false]), Err(json!(["Incorrect type. Expected pk value, received bool."]))),
            (json!("x"), Err(json!(["Expected a list of items but got type \"str\"."]))),
            (json!(1.5), Err(json!(["Expected a list of items but got type \"float\"."]))),
            (json!(null), Err(json!(["This field may not be null."]))),
        ];
        check("friends", cases).await;
    }

    #[tokio::test]
    async fn choices_are_exact_and_quoted_as_python_spells_them() {
        let invalid = |text: &str| Err(json!([format!("\"{text}\" is not a valid choice.")]));
        let cases = vec![
            (json!("dog"), Ok(json!("dog"))),
            (json!("DOG"), invalid("DOG")),
            (json!("dog "), invalid("dog ")),
            (json!(""), invalid("")),
            (json!("\"x\"'<>"), invalid("\"x\"'<>")),
            (json!(true), invalid("True")),
            (json!(1.5), invalid("1.5")),
            (json!(["dog"]), invalid("['dog']")),
            (json!(null), Err(json!(["This field may not be null."]))),
        ];
        check("kind", cases).await;
    }

    #[tokio::test]
    async fn whole_numbers_may_come_as_text() {
        let invalid = || Err(json!(["A valid integer is required."]));
        let cases = vec![
            (json!(3), Ok(json!(3))),
            (json!(3.0), Ok(json!(3))),
            (json!(" 3.00 "), Ok(json!(3))),
            (json!("-3"), Ok(json!(-3))),
            (json!(3.5), invalid()),
            (json!("x"), invalid()),
            (json!(true), invalid()),
            (json!([]), invalid()),
        ];
        check("age", cases).await;
    }

    #[test]
    fn numbers_may_come_as_text_and_truth() {
        for (value, expected) in [
            (json!(2), Some(json!(2))),
            (json!(" 2.5 "), Some(json!(2.5))),
            (json!(true), Some(json!(1.0))),
            (json!(false), Some(json!(0.0))),
            (json!("x"), None),
            (json!([]), None),
        ] {
            assert_eq!(number(&value).ok(), expected, "{value}");
        }
    }

    #[tokio::test]
    async fn a_file_is_a_part_of_a_form_that_is_not_empty() {
        let not_a_file = "The submitted data was not a file. Check the encoding type on the form.";
        let part = |content: &'static str| Part {
            name: "photo".to_owned(),
            value: PartValue::File(FilePart::new("a.png", content)),
        };
        let text = |text: &str| Part { name: "photo".to_owned(), value: PartValue::Text(text.to_owned()) };
        for (part, expected) in [
            (part("x"), Ok(())),
            (part(""), Err(json!(["The submitted file is empty."]))),
            (text("x"), Err(json!([not_a_file]))),
        ] {
            static RULE: Rule = Rule::Object(To::Own(&PET));
            let (value, _) = form::value(&RULE, vec![part.clone()]);
            let found = set("photo", value["photo"].clone()).await.map(drop);
            assert_eq!(found, expected, "{part:?}");
        }
        assert_eq!(set("photo", json!(5)).await, Err(json!([not_a_file])));
        assert_eq!(set("photo", json!("a text")).await, Ok(json!("a text")));
    }

    #[tokio::test]
    async fn a_value_follows_one_of_several_rules() {
        static OWNER_OR_PET: Union = Union {
            tag: Some("kind"),
            members: &[
                Member { words: &["dog", "cat"], rule: Rule::Object(To::Own(&PET)) },
                Member { words: &["owner"], rule: Rule::Any },
            ],
        };
        static NUMBER_OR_TRUTH: Union = Union {
            tag: None,
            members: &[
                Member { words: &[], rule: Rule::Integer(Integer::ANY) },
                Member { words: &[], rule: Rule::Boolean },
            ],
        };
        let choice = |word: &str| Err(json!({"kind": [format!("\"{word}\" is not a valid choice.")]}));
        let cases = [
            (
                &OWNER_OR_PET,
                json!({"kind": "dog", "name": "max", "id": 1}),
                Ok(json!({"name": "max", "kind": "dog"})),
            ),
            (&OWNER_OR_PET, json!({"kind": "owner", "a": 1}), Ok(json!({"kind": "owner", "a": 1}))),
            (&OWNER_OR_PET, json!({"kind": "cat"}), Err(json!({"name": ["This field is required."]}))),
            (&OWNER_OR_PET, json!({"kind": "cow"}), choice("cow")),
            (&OWNER_OR_PET, json!({"name": "max"}), Err(json!({"kind": ["This field is required."]}))),
            (
                &OWNER_OR_PET,
                json!([]),
                Err(json!({"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]})),
            ),
            (&OWNER_OR_PET, json!(null), Err(json!({"non_field_errors": ["No data provided"]}))),
            (&NUMBER_OR_TRUTH, json!("5"), Ok(json!(5))),
            (&NUMBER_OR_TRUTH, json!("yes"), Ok(json!(true))),
            (
                &NUMBER_OR_TRUTH,
                json!("x"),
                Err(json!({"non_field_errors": ["A valid integer is required."]})),
            ),
        ];
        for (union, body, expected) in cases {
            let rule = Box::leak(Box::new(Rule::Union(To::Own(union))));
            let found = match parse(rule, &body, &Shelter, &context("")).await {
                Ok(value) => Ok(value),
                Err(Fault::Invalid(messages)) => Err(ErrorTree::from(messages).to_value()),
                Err(Fault::Failed(failure)) => panic!("{failure:?}"),
            };
            assert_eq!(found, expected, "{body}");
        }
    }

    #[tokio::test]
    async fn every_value_of_a_map_follows_its_rule() {
        static AGES: Rule = Rule::Map(To::Own(&Map::of(Rule::Integer(Integer::ANY))));
        let found = parse(&AGES, &json!({"a": "1", "b": 2}), &Shelter, &context("")).await;
        assert_eq!(found, Ok(json!({"a": 1, "b": 2})));
        let refused = parse(&AGES, &json!({"a": "x"}), &Shelter, &context("")).await;
        let errors = ErrorTree::of("a", "A valid integer is required.");
        assert_eq!(refused, Err(Fault::Invalid(Messages::Parts(errors))));
    }

    #[tokio::test]
    async fn unknown_and_read_only_fields_are_dropped() {
        let body = json!({"name": "max", "id": 1, "colour": "red"});
        let fields = parse_object(&PET, &body, &Shelter, &context("")).await;
        assert_eq!(fields.map(Value::Object), Ok(json!({"name": "max"})));
    }
}
