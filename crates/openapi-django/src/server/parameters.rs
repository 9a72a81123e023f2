//! The rules by which the text of a query parameter becomes a value. A parameter's role decides what happens to text
//! that does not parse: a filter refuses or ignores it, a page number is kept as invalid for the list to refuse, a page
//! size falls back to the default. Parameters the operation does not have are ignored.

use crate::server::errors::ErrorTree;
use crate::server::fault;
use crate::server::fields::REQUIRED;
use crate::server::text::NULL_CHARACTERS;
use crate::server::{date_time, fields, python};
use openapi_server_runtime::arguments::{Arguments, ParameterValue, Values};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::filters::{FilterValue, PageNumber, PageSize, Query};
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::{Location, Operation, Parameter, Role, Style};
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::{Key, Rule};
use openapi_server_runtime::style::Written;

/// Parses the parameters of a request in its query, its headers and its cookies.
///
/// # Errors
/// 400 with the errors of every parameter at once.
pub async fn parse<H: Host>(
    parameters: &'static [Parameter],
    host: &H,
    cx: &RequestContext<H::User>,
    arguments: &mut Arguments,
) -> Result<(), Failure> {
    let mut errors = ErrorTree::new();
    for parameter in parameters.iter().filter(|parameter| parameter.location != Location::Path) {
        if !is_plain(parameter) {
            match Written::of(parameter, cx).read(&parameter.rule) {
                Ok(Some(value)) => {
                    let parsed = fields::parse(&parameter.rule, &value, host, cx).await;
                    let accepted = fault::noted(parsed, parameter.name, &mut errors)?;
                    if let Some(value) = accepted.and_then(|value| FilterValue::of(&parameter.rule, value)) {
                        let value = ParameterValue::Filter(value);
                        arguments.parameters_mut(parameter.location).insert(parameter.name, value);
                    }
                }
                Ok(None) if parameter.required => errors.add(parameter.name, REQUIRED),
                Ok(None) => {}
                Err(_) if is_unread(parameter) => {}
                Err(message) => errors.add(parameter.name, message),
            }
            continue;
        }
        let texts = cx.texts(parameter.location, parameter.name);
        let Some(text) = texts.last() else {
            if parameter.required && !parameter.is_ignored() {
                errors.add(parameter.name, REQUIRED);
            }
            continue;
        };
        let parsed = match parameter.rule {
            Rule::List(known) => {
                let texts = texts.iter().flat_map(|text| match separator(parameter) {
                    Some(separator) => text.split(separator).filter(|part| !part.is_empty()).collect(),
                    None => vec![text.as_ref()],
                });
                list(&known.item, texts, host, cx).await?
            }
            _ => value(parameter, text, host, cx).await?,
        };
        match parsed {
            Ok(Some(value)) => arguments.parameters_mut(parameter.location).insert(parameter.name, value),
            // An empty text is no text for a filter.
            Ok(None) if parameter.required && matches!(parameter.role, Role::Filter) => {
                errors.add(parameter.name, REQUIRED);
            }
            Ok(None) => {}
            Err(_) if is_unread(parameter) => {}
            Err(message) => errors.add(parameter.name, message),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors.into_errors().into()) }
}

/// Returns `true` if the framework has no use for a parameter of the query: it leaves it to the view, which finds its text
/// in the request.
fn is_unread(parameter: &Parameter) -> bool {
    parameter.location == Location::Query && parameter.role == Role::Plain && !parameter.required
}

/// Returns `true` if a parameter is a value of one type, or a list of these, as frameworks know them.
fn is_plain(parameter: &Parameter) -> bool {
    let is_scalar = match parameter.rule {
        Rule::List(list) => list.item.is_scalar(),
        Rule::Nullable(rule) => rule.is_scalar(),
        Rule::Any => true,
        rule => rule.is_scalar(),
    };
    is_scalar && !matches!(parameter.style, Style::Json | Style::DeepObject | Style::Label | Style::Matrix)
}

/// Returns the character between the items of a list that is one text.
pub(super) fn separator(parameter: &Parameter) -> Option<char> {
    match parameter.style {
        Style::Simple => Some(','),
        _ if parameter.explode => None,
        Style::SpaceDelimited => Some(' '),
        Style::PipeDelimited => Some('|'),
        _ => Some(','),
    }
}

/// Parses the query of a request as that of another operation than the one asked for.
///
/// # Errors
/// 400 with the errors of every parameter at once.
pub async fn query<Q: Query, H: Host>(host: &H, cx: &RequestContext<H::User>) -> Result<Q, Failure> {
    let mut arguments = Arguments::default();
    parse(Q::OPERATION.parameters, host, cx, &mut arguments).await?;
    Q::from_values(arguments.parameters(Q::LOCATION))
}

/// Parses the query of a request by other parameters than those of its own operation.
///
/// # Errors
/// 400 with the errors of every parameter at once.
pub async fn values<H: Host>(
    parameters: &'static [Parameter],
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Values, Failure> {
    let mut arguments = Arguments::default();
    parse(parameters, host, cx, &mut arguments).await?;
    Ok(arguments.query)
}

/// Parses the variables of a path. What is not as its parameter is described has no value.
#[must_use]
pub fn path<U>(operation: &'static Operation, cx: &RequestContext<U>) -> Values {
    let mut values = Values::default();
    for parameter in operation.parameters_in(Location::Path) {
        let Some((_, text)) = cx.path.iter().find(|(name, _)| *name == parameter.name) else { continue };
        let value = match parameter.rule {
            rule if !is_plain(parameter) || matches!(rule, Rule::List(_)) => {
                let value = Written::of(parameter, cx).read(&parameter.rule);
                value.ok().flatten().and_then(|value| FilterValue::of(&parameter.rule, value))
            }
            Rule::Integer(_) => key_of(Key::Integer, text),
            Rule::Uuid => key_of(Key::Uuid, text),
            Rule::Reference { key, .. } => key_of(key, text),
            _ => Some(FilterValue::Text(text.clone())),
        };
        if let Some(value) = value {
            values.insert(parameter.name, ParameterValue::Filter(value));
        }
    }
    values
}

/// A value, no value, or the message that refuses the text.
type Parsed = Result<Option<ParameterValue>, String>;

async fn value<H: Host>(
    parameter: &'static Parameter,
    text: &str,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Parsed, Failure> {
    let parsed = match parameter.role {
        Role::Page => Ok(Some(ParameterValue::Page(page_number(text)))),
        Role::PageSize => Ok(page_size(text).map(ParameterValue::PageSize)),
        Role::Ordering | Role::Search => Ok(Some(plain(text))),
        Role::Filter if matches!(parameter.rule, Rule::Integer(_)) && !text.is_empty() => {
            decimal(text).map(|number| Some(ParameterValue::Filter(FilterValue::Integer(number))))
        }
        Role::Plain if matches!(parameter.rule, Rule::Text(_)) => Ok(Some(plain(text))),
        // A filter for what is null has words of its own.
        Role::Filter if parameter.rule == Rule::Boolean && parameter.name.ends_with("__isnull") => {
            Ok(match text {
                "true" | "True" | "2" => Some(ParameterValue::Filter(FilterValue::Boolean(true))),
                "false" | "False" | "3" => Some(ParameterValue::Filter(FilterValue::Boolean(false))),
                _ => None,
            })
        }
        Role::Plain | Role::Filter => {
            return Ok(filter(&parameter.rule, text, host, cx)
                .await?
                .map(|value| value.map(ParameterValue::Filter)));
        }
    };
    Ok(parsed)
}

/// Reads what Python's `Decimal()` reads: a filter for numbers takes any, and the column cuts off the fraction. A number that
/// is too great for a column is the greatest, which no row has.
#[expect(clippy::cast_possible_truncation, reason = "the column cuts off what is more")]
fn decimal(text: &str) -> Result<i64, String> {
    let invalid = || "Enter a number.".to_owned();
    if let Some(number) = python::int(text) {
        return Ok(i64::try_from(number).unwrap_or(i64::MAX));
    }
    let digits = python::strip(text).replace('_', "");
    let number: f64 = digits.parse().map_err(|_| invalid())?;
    if !number.is_finite() && !digits.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(invalid());
    }
    if number > GREATEST_NUMBER {
        return Err("Ensure this value is less than or equal to 1e+50.".to_owned());
    }
    Ok(number.trunc() as i64)
}

/// The greatest number that a filter takes.
const GREATEST_NUMBER: f64 = 1e50;

/// Reads `last` or what Python's `int()` reads.
fn page_number(text: &str) -> PageNumber {
    match python::int(text) {
        Some(number) if number >= 1 => PageNumber::Number(u64::try_from(number).unwrap_or(u64::MAX)),
        None if text == "last" => PageNumber::Last,
        _ => PageNumber::Invalid,
    }
}

/// Reads what Python's `int()` reads; `None` below one. Numbers beyond 64 bits become the greatest.
fn page_size(text: &str) -> Option<PageSize> {
    let rows = python::int(text).filter(|number| *number >= 1)?;
    PageSize::new(u64::try_from(rows).unwrap_or(u64::MAX))
}

fn plain(text: &str) -> ParameterValue {
    ParameterValue::Filter(FilterValue::Text(text.to_owned()))
}

/// Returns the values of a parameter that may be repeated, or the errors of the first that is rejected.
async fn list<'a, H: Host>(
    item: &Rule,
    texts: impl Iterator<Item = &'a str>,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Parsed, Failure> {
    let mut values = Vec::new();
    let texts: Vec<&str> = texts.collect();
    // Whether a text can be a key is asked of all before it is asked whether there is such an object.
    if let Rule::Reference { key: Key::Uuid, .. } = item
        && let Some(text) = texts.iter().find(|text| python::uuid(text).is_none())
    {
        return Ok(Err(format!("“{text}” is not a valid UUID.")));
    }
    for text in texts {
        match listed(item, text, host, cx).await? {
            Ok(value) => values.extend(value),
            Err(message) => return Ok(Err(message)),
        }
    }
    let values = Some(values).filter(|values| !values.is_empty());
    Ok(Ok(values.map(|values| ParameterValue::Filter(FilterValue::List(values)))))
}

async fn filter<H: Host>(
    rule: &Rule,
    text: &str,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Result<Option<FilterValue>, String>, Failure> {
    let rule = if let Rule::Nullable(rule) = rule { *rule } else { rule };
    let parsed = match rule {
        Rule::Boolean => Ok(truth(text).map(FilterValue::Boolean)),
        Rule::DateTime => match date_time::parse(python::strip(text)) {
            _ if text.is_empty() => Ok(None),
            Some(moment) => Ok(Some(FilterValue::Text(moment))),
            None => Err("Enter a valid date/time.".to_owned()),
        },
        Rule::Text(_)
        | Rule::List(_)
        | Rule::Object(_)
        | Rule::Map(_)
        | Rule::Union(_)
        | Rule::File
        | Rule::Nullable(_)
        | Rule::Any => stripped_text(text),
        _ if text.is_empty() => Ok(None),
        Rule::Choice(choices) if choices.iter().any(|choice| choice.value == text) => {
            Ok(Some(FilterValue::Choice(text.to_owned())))
        }
        Rule::Choice(_) => Err(format!("Select a valid choice. {text} is not one of the available choices.")),
        Rule::Uuid => python::uuid(python::strip(text))
            .map(|uuid| Some(FilterValue::Uuid(uuid)))
            .ok_or_else(|| "Enter a valid UUID.".to_owned()),
        Rule::Reference { model, by, key } => match key_of(*key, text) {
            None if *key == Key::Uuid => Err(format!("“{text}” is not a valid UUID.")),
            Some(value) if host.foreign_key_exists(cx, model, *by, &value.to_json()).await? => {
                Ok(Some(value))
            }
            _ => Err("Select a valid choice. That choice is not one of the available choices.".to_owned()),
        },
        Rule::Integer(_) => key_of(Key::Integer, text).map(Some).ok_or_else(|| "Enter a number.".to_owned()),
        Rule::Number(_) => python::strip(text)
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(|number| Some(FilterValue::Number(number)))
            .ok_or_else(|| "Enter a number.".to_owned()),
    };
    Ok(parsed)
}

/// Returns one of several keys or choices that a parameter names.
async fn listed<H: Host>(
    rule: &Rule,
    text: &str,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Result<Option<FilterValue>, String>, Failure> {
    let no_choice = || format!("Select a valid choice. {text} is not one of the available choices.");
    let found = match rule {
        Rule::Reference { model, by, key } => match key_of(*key, text) {
            None if *key == Key::Uuid => return Ok(Err(format!("“{text}” is not a valid UUID."))),
            None => return Ok(Err(format!("“{text}” is not a valid value."))),
            Some(value) => {
                let is_there = host.foreign_key_exists(cx, model, *by, &value.to_json()).await?;
                Some(value).filter(|_| is_there)
            }
        },
        Rule::Choice(choices) => {
            choices.iter().any(|choice| choice.value == text).then(|| FilterValue::Choice(text.to_owned()))
        }
        _ => return filter(rule, text, host, cx).await,
    };
    Ok(found.map(Some).ok_or_else(no_choice))
}

/// Returns the key that a text stands for.
fn key_of(key: Key, text: &str) -> Option<FilterValue> {
    match key {
        Key::Uuid => python::uuid(text).map(FilterValue::Uuid),
        Key::Integer => {
            python::int(text).and_then(|number| i64::try_from(number).ok()).map(FilterValue::Integer)
        }
        Key::Text => Some(FilterValue::Text(text.to_owned())),
    }
}

fn stripped_text(text: &str) -> Result<Option<FilterValue>, String> {
    let text = python::strip(text);
    if text.contains('\0') {
        return Err(NULL_CHARACTERS.to_owned());
    }
    Ok(Some(text).filter(|text| !text.is_empty()).map(|text| FilterValue::Text(text.to_owned())))
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::shape;
    use openapi_server_runtime::sample::{OWNER, PARAMETERS, Shelter, context, get, parameter};
    use openapi_server_runtime::schema::{Integer, List, To};

    /// Returns the values of a query, or its errors as JSON.
    async fn parse(query: &str) -> Result<Values, String> {
        let mut arguments = Arguments::default();
        let parsed = super::parse(PARAMETERS, &Shelter, &context(query), &mut arguments).await;
        parsed.map_err(|failure| shape(&failure).1.unwrap_or_default().to_string())?;
        Ok(arguments.query)
    }

    #[tokio::test]
    async fn what_only_the_view_reads_is_not_refused() {
        const DEPTHS: &[Parameter] = &[
            parameter("depth", Role::Plain, Rule::Integer(Integer::ANY)),
            Parameter { required: true, ..parameter("height", Role::Plain, Rule::Integer(Integer::ANY)) },
        ];
        let mut arguments = Arguments::default();
        let parsed = super::parse(DEPTHS, &Shelter, &context("depth=x&height=y"), &mut arguments).await;
        let told = parsed.map_err(|failure| shape(&failure).1.unwrap_or_default()).unwrap_err();
        assert_eq!(told.to_string(), "{\"height\":[\"Enter a number.\"]}");
        let parsed = super::parse(DEPTHS, &Shelter, &context("depth=x&height=1"), &mut arguments).await;
        assert!(parsed.is_ok() && arguments.query.get("depth").is_none());
    }

    #[tokio::test]
    async fn filters_are_read_or_ignored_or_refused() {
        let text = |text: &str| Ok(Some(FilterValue::Text(text.to_owned())));
        let truth = |truth| Ok(Some(FilterValue::Boolean(truth)));
        let refused = |field: &str, message: &str| Err(format!("{{\"{field}\":[\"{message}\"]}}"));
        let owner = OWNER.to_string();
        let unknown = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
        let not_there = "Select a valid choice. That choice is not one of the available choices.";
        let cases = [
            ("name", "x".to_owned(), text("x")),
            ("name", "+x%0A".to_owned(), text("x")),
            ("name", "%20".to_owned(), Ok(None)),
            ("name", "%00".to_owned(), refused("name", "Null characters are not allowed.")),
            ("good", "TRUE".to_owned(), truth(true)),
            ("good", "0".to_owned(), truth(false)),
            ("good", "yes".to_owned(), Ok(None)),
            ("good", "+true".to_owned(), Ok(None)),
            ("owner", owner.to_uppercase(), Ok(Some(FilterValue::Uuid(OWNER)))),
            ("owner", format!("%7B{owner}%7D"), Ok(Some(FilterValue::Uuid(OWNER)))),
            ("owner", String::new(), Ok(None)),
            ("owner", unknown.to_owned(), refused("owner", not_there)),
            ("owner", format!("+{owner}"), refused("owner", &format!("“ {owner}” is not a valid UUID."))),
            ("owner", "null".to_owned(), refused("owner", "“null” is not a valid UUID.")),
            ("tag", format!("+{unknown}"), Ok(unknown.parse().ok().map(FilterValue::Uuid))),
            ("tag", "x".to_owned(), refused("tag", "Enter a valid UUID.")),
            ("kind", "dog".to_owned(), Ok(Some(FilterValue::Choice("dog".to_owned())))),
            ("kind", String::new(), Ok(None)),
            (
                "kind",
                "DOG".to_owned(),
                refused("kind", "Select a valid choice. DOG is not one of the available choices."),
            ),
            ("age", "05".to_owned(), Ok(Some(FilterValue::Integer(5)))),
            ("age", "1.0".to_owned(), Ok(Some(FilterValue::Integer(1)))),
            ("age", "+1_5e-1".to_owned(), Ok(Some(FilterValue::Integer(1)))),
            ("age", "-.9".to_owned(), Ok(Some(FilterValue::Integer(0)))),
            ("age", "9".repeat(30), Ok(Some(FilterValue::Integer(i64::MAX)))),
            ("age", String::new(), Ok(None)),
            ("age", "x".to_owned(), refused("age", "Enter a number.")),
            ("age", "NaN".to_owned(), refused("age", "Enter a number.")),
            ("age", "1e51".to_owned(), refused("age", "Ensure this value is less than or equal to 1e+50.")),
            ("weight", "1.5".to_owned(), Ok(Some(FilterValue::Number(1.5)))),
            ("weight", "inf".to_owned(), refused("weight", "Enter a number.")),
            ("ordering", "+a,-b".to_owned(), text(" a,-b")),
            ("search", "%00".to_owned(), text("\0")),
            ("note", "+x".to_owned(), text(" x")),
            (
                "shade",
                "red&shade=&shade=blue".to_owned(),
                refused("shade", "Select a valid choice.  is not one of the available choices."),
            ),
            (
                "shade",
                "red&shade=x".to_owned(),
                refused("shade", "Select a valid choice. x is not one of the available choices."),
            ),
        ];
        for (name, value, expected) in cases {
            let found = parse(&format!("{name}={value}")).await.map(|values| match values.get(name) {
                Some(ParameterValue::Filter(value)) => Some(value.clone()),
                _ => None,
            });
            assert_eq!(found, expected, "{name}={value}");
        }
    }

    #[tokio::test]
    async fn the_errors_of_all_parameters_are_reported_at_once() {
        let errors = parse("kind=x&page=x&owner=y&other=z&name=ok").await.err();
        let expected = "{\"owner\":[\"“y” is not a valid UUID.\"],\
                        \"kind\":[\"Select a valid choice. x is not one of the available choices.\"]}";
        assert_eq!(errors.as_deref(), Some(expected));
    }

    #[tokio::test]
    async fn lists_may_come_as_one_text() {
        let parsed = parse("tone=red,,blue").await.expect("a valid query");
        let tones = parsed.list::<String>("tone", FilterValue::as_choice);
        assert_eq!(tones, Some(vec!["red".to_owned(), "blue".to_owned()]));
    }

    #[tokio::test]
    async fn headers_and_cookies_are_parameters_too() {
        let mut cx = context("");
        cx.headers.insert("x-age", http::HeaderValue::from_static("3"));
        cx.headers.insert(http::header::COOKIE, http::HeaderValue::from_static("a=1; age=4"));
        for (location, name, age) in [(Location::Header, "X-Age", 3), (Location::Cookie, "age", 4)] {
            let parameter =
                Parameter { name, location, ..parameter("", Role::Plain, Rule::Integer(Integer::ANY)) };
            let parameters = Box::leak(Box::new([parameter]));
            let mut arguments = Arguments::default();
            super::parse(parameters, &Shelter, &cx, &mut arguments).await.expect("valid values");
            let values = arguments.parameters(location);
            assert_eq!(values.one(name, FilterValue::as_integer), Some(age), "{name}");
        }
    }

    #[tokio::test]
    async fn a_value_is_of_its_type_in_every_style() {
        static WHOLE: Rule = Rule::Integer(Integer::ANY);
        static LIST: Rule = Rule::List(To::Own(&List::of(Rule::Integer(Integer::ANY))));
        for (style, one, several) in [
            (Style::Json, "3", "[3,4]"),
            (Style::Label, ".3", ".3,4"),
            (Style::Matrix, ";n=3", ";n=3,4"),
            (Style::Simple, "3", "3,4"),
        ] {
            for (rule, text) in [(WHOLE, one), (LIST, several)] {
                let parameter = Parameter {
                    location: Location::Path,
                    style,
                    explode: false,
                    ..parameter("n", Role::Plain, rule)
                };
                let operation =
                    Operation { parameters: Box::leak(Box::new([parameter])), ..get("/{n}/", &[]) };
                let mut cx = context("");
                cx.path = vec![("n", text.to_owned())];
                let values = path(Box::leak(Box::new(operation)), &cx);
                let found =
                    (values.one("n", FilterValue::as_integer), values.list("n", FilterValue::as_integer));
                let expected = if text == one { (Some(3), None) } else { (None, Some(vec![3, 4])) };
                assert_eq!(found, expected, "{text}");
            }
        }
        let parameter = Parameter { style: Style::Json, ..parameter("n", Role::Plain, LIST) };
        let mut arguments = Arguments::default();
        let parameters = Box::leak(Box::new([parameter]));
        super::parse(parameters, &Shelter, &context("n=[3,4]"), &mut arguments).await.expect("valid values");
        assert_eq!(arguments.query.list("n", FilterValue::as_integer), Some(vec![3, 4]));
    }

    #[test]
    fn a_variable_names_a_key_of_its_own_kind() {
        let cases = [
            (Key::Integer, "7", Some(FilterValue::Integer(7))),
            (Key::Integer, "x", None),
            (Key::Text, "x", Some(FilterValue::Text("x".to_owned()))),
            (Key::Uuid, "x", None),
        ];
        for (key, text, expected) in cases {
            let rule = Rule::Reference { model: "person", by: None, key };
            let parameter = Parameter { location: Location::Path, ..parameter("n", Role::Plain, rule) };
            let operation = Operation { parameters: Box::leak(Box::new([parameter])), ..get("/{n}/", &[]) };
            let mut cx = context("");
            cx.path = vec![("n", text.to_owned())];
            let values = path(Box::leak(Box::new(operation)), &cx);
            assert_eq!(values.one("n", |value| Some(value.clone())), expected, "{key:?} {text}");
        }
    }

    #[tokio::test]
    async fn pages_are_kept_even_if_they_are_none() {
        for (query, page, size) in [
            ("page=2&page_size=5", Some(PageNumber::Number(2)), Some(5)),
            ("page=&page_size=", Some(PageNumber::Invalid), None),
            ("page=x&page=last", Some(PageNumber::Last), None),
            ("", None, None),
        ] {
            let values = parse(query).await.expect("a valid query");
            let found = (values.page("page"), values.page_size("page_size").map(PageSize::rows));
            assert_eq!(found, (page, size), "{query}");
        }
    }

    #[test]
    fn page_numbers_are_last_or_positive() {
        let cases = [
            ("2", PageNumber::Number(2)),
            ("1_0", PageNumber::Number(10)),
            ("99999999999999999999999999", PageNumber::Number(u64::MAX)),
            ("last", PageNumber::Last),
            ("LAST", PageNumber::Invalid),
            (" last", PageNumber::Invalid),
            ("0", PageNumber::Invalid),
            ("-1", PageNumber::Invalid),
            ("1.0", PageNumber::Invalid),
            ("", PageNumber::Invalid),
        ];
        for (text, expected) in cases {
            assert_eq!(page_number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn unusable_page_sizes_are_no_page_size() {
        let cases = [
            ("5", Some(5)),
            (" 05 ", Some(5)),
            ("99999999999999999999999999", Some(u64::MAX)),
            ("0", None),
            ("-5", None),
            ("1e2", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(page_size(text).map(PageSize::rows), expected, "{text:?}");
        }
    }
}
