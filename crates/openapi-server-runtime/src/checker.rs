//! Checks values against the rules of their schemas, and collects everything that is wrong with them.

mod formats;

use std::collections::HashSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::failure::{Failure, FieldError, FieldErrors, Segment, Target};
use crate::files::file_length;
use crate::host::Host;
use crate::operation::{Location, Parameter};
use crate::request::RequestContext;
use crate::schema::{Additional, Integer, Key, List, Number, ObjectSchema, Rule, Size, Text, Union};

/// The most errors that are collected.
const MAX_ERRORS: usize = 100;

/// The most values that are checked. Nested alternatives multiply.
const MAX_STEPS: usize = 1_000_000;

/// The most rules within one another; JSON is no deeper than 128 values, and few rules are about the same value.
const MAX_DEPTH: usize = 1_000;

/// Checks values and collects what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    target: Position,
    errors: Vec<FieldError>,
    questions: Vec<(Target, Question)>,
    /// The number of errors found, including those that were not kept.
    failures: usize,
    /// The number of rules around the one that is checked.
    depth: usize,
    steps: usize,
    /// `true` if what is checked is a response, which has the properties that only the server sets.
    is_response: bool,
}

/// The value that is being checked.
#[derive(Debug, Clone, Default)]
struct Position {
    /// The parameter, if it is one.
    parameter: Option<(Location, &'static str)>,
    /// The names and positions that lead to a value of the body.
    path: Vec<Segment>,
}

/// A question about a value that only a host can answer.
#[derive(Debug, Clone)]
enum Question {
    Exists { model: &'static str, by: Option<&'static str>, key: Value },
    IsUnique { model: &'static str, field: &'static str, value: Value },
}

impl Checker {
    /// Adds an error about the value that is being checked.
    pub(crate) fn fail(&mut self, detail: impl Into<String>) {
        self.failures += 1;
        if self.errors.len() < MAX_ERRORS {
            let target = self.target.target();
            let detail = self.target.located(detail.into());
            self.errors.push(FieldError { target, detail });
        }
    }

    /// Checks something about a parameter instead of the body.
    pub(crate) fn parameter(&mut self, parameter: &'static Parameter, check: impl FnOnce(&mut Self)) {
        self.target.parameter = Some((parameter.location, parameter.name));
        check(self);
        self.target.parameter = None;
    }

    /// Returns what is wrong, without asking a host.
    pub(crate) fn into_errors(self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        errors.extend(self.errors);
        errors
    }

    /// Returns what is wrong, and asks the host what only it can say.
    pub(crate) async fn look_up<H: Host>(
        mut self,
        host: &H,
        cx: &RequestContext<H::User>,
    ) -> Result<FieldErrors, Failure> {
        for (target, question) in std::mem::take(&mut self.questions) {
            if self.errors.len() >= MAX_ERRORS {
                break;
            }
            let detail = match question {
                Question::Exists { model, by, key }
                    if !host.foreign_key_exists(cx, model, by, &key).await? =>
                {
                    format!("There is no {model} with this key.")
                }
                Question::IsUnique { model, field, value }
                    if host.unique_conflict(cx, model, field, &value).await? =>
                {
                    format!("There is already a {model} with this {field}.")
                }
                _ => continue,
            };
            self.errors.push(FieldError { target, detail });
        }
        Ok(self.into_errors())
    }

    /// Checks a value.
    pub(crate) fn value(&mut self, rule: &'static Rule, value: &Value) {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            return self.fail("This is too complex to be checked.");
        }
        self.depth += 1;
        self.kind(rule, value);
        self.depth -= 1;
    }

    /// Checks a value by the kind of its rule.
    fn kind(&mut self, rule: &'static Rule, value: &Value) {
        match (rule, value) {
            (Rule::Any, _)
            | (Rule::Nullable(_), Value::Null)
            | (Rule::Boolean, Value::Bool(_))
            | (Rule::File, Value::String(_)) => {}
            (Rule::Nullable(rule), _) => self.value(rule, value),
            (Rule::Text(rule), Value::String(text)) => self.text(rule, text),
            (Rule::Integer(rule), Value::Number(number)) => self.integer(rule, number),
            (Rule::Number(rule), Value::Number(number)) => {
                self.number(rule, number.as_f64().unwrap_or_default());
            }
            (Rule::Uuid | Rule::Reference { key: Key::Uuid, .. }, Value::String(text))
                if uuid(text).is_none() =>
            {
                self.fail("Expected a UUID with dashes.");
            }
            (Rule::Uuid, Value::String(_)) => {}
            (Rule::Reference { model, by, key: Key::Uuid | Key::Text }, Value::String(_)) => {
                self.ask(Question::Exists { model, by: *by, key: value.clone() });
            }
            (Rule::Reference { model, by, key: Key::Integer }, Value::Number(_)) if value.is_i64() => {
                self.ask(Question::Exists { model, by: *by, key: value.clone() });
            }
            (Rule::DateTime, Value::String(text)) => self.format("date-time", text),
            (Rule::Choice(choices), Value::String(text)) => {
                if choices.iter().all(|choice| choice.value != text) {
                    let words: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
                    self.fail(format!("Expected one of: {}.", words.join(", ")));
                }
            }
            (Rule::List(list), Value::Array(values)) => self.list(list, values),
            (Rule::Map(map), Value::Object(entries)) => {
                self.size(map.size, entries.len(), "properties");
                for (name, value) in entries {
                    self.within(name, |checker| checker.value(&map.value, value));
                }
            }
            (Rule::Object(schema), Value::Object(entries)) => self.object(schema, entries, None),
            (Rule::Union(union), _) => self.union(union, value),
            (Rule::File, _) if file_length(value).is_some() => {}
            _ => {
                let (expected, found) = (expected(rule), kind(value));
                self.fail(format!("Expected {expected}, got {found}."));
            }
        }
    }

    fn within(&mut self, segment: impl Into<Segment>, check: impl FnOnce(&mut Self)) {
        self.target.path.push(segment.into());
        check(self);
        self.target.path.pop();
    }

    fn ask(&mut self, question: Question) {
        self.questions.push((self.target.target(), question));
    }

    fn size(&mut self, size: Size, count: usize, what: &str) {
        if let Some(min) = size.min.filter(|min| count < *min) {
            self.fail(format!("Expected at least {min} {what}, got {count}."));
        }
        if let Some(max) = size.max.filter(|max| count > *max) {
            self.fail(format!("Expected at most {max} {what}, got {count}."));
        }
    }

    fn text(&mut self, rule: &Text, text: &str) {
        let size = Size { min: rule.min_length, max: rule.max_length };
        self.size(size, text.chars().count(), "characters");
        if !rule.matches_pattern(text) {
            self.fail(format!("Expected a text that matches {}.", rule.pattern.unwrap_or_default()));
        }
        if let Some(format) = rule.format {
            self.format(format, text);
        }
    }

    fn format(&mut self, format: &str, text: &str) {
        if let Some(expected) = formats::mismatch(format, text) {
            self.fail(format!("Expected {expected}."));
        }
    }

    fn integer(&mut self, rule: &Integer, number: &serde_json::Number) {
        let Some(number) = number.as_i64() else {
            let detail = if number.is_u64() { "Expected a smaller integer." } else { "Expected an integer." };
            return self.fail(detail);
        };
        if let Some(minimum) = rule.minimum.filter(|minimum| number < *minimum) {
            self.fail(format!("Expected at least {minimum}."));
        }
        if let Some(maximum) = rule.maximum.filter(|maximum| number > *maximum) {
            self.fail(format!("Expected at most {maximum}."));
        }
        if let Some(divisor) = rule.multiple_of.filter(|divisor| number.checked_rem(*divisor) != Some(0)) {
            self.fail(format!("Expected a multiple of {divisor}."));
        }
        if !rule.values.is_empty() && !rule.values.contains(&number) {
            let values: Vec<String> = rule.values.iter().map(i64::to_string).collect();
            self.fail(format!("Expected one of: {}.", values.join(", ")));
        }
    }

    fn number(&mut self, rule: &Number, number: f64) {
        if let Some(bound) = rule.minimum {
            if bound.exclusive && number <= bound.value {
                self.fail(format!("Expected more than {}.", bound.value));
            } else if number < bound.value {
                self.fail(format!("Expected at least {}.", bound.value));
            }
        }
        if let Some(bound) = rule.maximum {
            if bound.exclusive && number >= bound.value {
                self.fail(format!("Expected less than {}.", bound.value));
            } else if number > bound.value {
                self.fail(format!("Expected at most {}.", bound.value));
            }
        }
        if let Some(divisor) = rule.multiple_of.filter(|divisor| !is_multiple(number, *divisor)) {
            self.fail(format!("Expected a multiple of {divisor}."));
        }
    }

    fn list(&mut self, list: &'static List, values: &[Value]) {
        self.size(list.size, values.len(), "items");
        if list.unique {
            let mut seen = HashSet::new();
            if !values.iter().all(|value| seen.insert(canonical(value))) {
                self.fail("Expected no item twice.");
            }
        }
        for (position, value) in values.iter().enumerate() {
            self.within(Segment::Position(position), |checker| checker.value(&list.item, value));
        }
    }

    /// Checks an object; the tag of a union is the union's, whether the object knows it or not.
    fn object(&mut self, schema: &'static ObjectSchema, entries: &Map<String, Value>, tag: Option<&str>) {
        self.size(schema.size, entries.len(), "properties");
        for field in schema.fields {
            match entries.get(field.name) {
                None if field.required && (self.is_response || !field.read_only) => {
                    self.within(field.name, |checker| {
                        checker.fail("This property is required.");
                    });
                }
                None => {}
                Some(Value::Null) if field.nullable => {}
                Some(value) => self.within(field.name, |checker| {
                    checker.value(&field.rule, value);
                    if let (Some(model), Value::String(_)) = (field.unique, value) {
                        checker.ask(Question::IsUnique { model, field: field.name, value: value.clone() });
                    }
                }),
            }
        }
        let is_known = |name: &str| tag == Some(name) || schema.field(name).is_some();
        for (name, value) in entries.iter().filter(|(name, _)| !is_known(name)) {
            match schema.additional {
                Additional::Any => {}
                Additional::None => {
                    self.within(name, |checker| checker.fail("There is no such property."));
                }
                Additional::Rule(rule) => self.within(name, |checker| checker.value(rule, value)),
            }
        }
    }

    fn union(&mut self, union: &'static Union, value: &Value) {
        let Some(tag) = union.tag else { return self.first_that_fits(union, value) };
        let Value::Object(entries) = value else {
            let found = kind(value);
            return self.fail(format!("Expected an object, got {found}."));
        };
        let named = entries.get(tag).and_then(Value::as_str).map(|word| union.named(word));
        match named {
            Some(Some(Rule::Object(schema))) => self.object(schema, entries, Some(tag)),
            Some(Some(rule)) => self.value(rule, value),
            _ => {
                let words = union.members.iter().flat_map(|member| member.words);
                let words = words.copied().collect::<Vec<_>>().join(", ");
                self.within(tag, |checker| checker.fail(format!("Expected one of: {words}.")));
            }
        }
    }

    fn first_that_fits(&mut self, union: &'static Union, value: &Value) {
        let (failures, errors, questions) = (self.failures, self.errors.len(), self.questions.len());
        for member in union.members {
            self.value(&member.rule, value);
            if self.failures == failures {
                return;
            }
            self.failures = failures;
            self.errors.truncate(errors);
            self.questions.truncate(questions);
        }
        if !union.members.is_empty() {
            self.fail("This matches none of the alternatives in the document.");
        }
    }
}

impl Position {
    fn target(&self) -> Target {
        match self.parameter {
            Some((location, name)) => Target::Parameter(location, name.to_owned()),
            None => Target::Body(self.path.clone()),
        }
    }

    /// Returns what is wrong, with the property of a parameter that is meant. Of a list it is any of the values.
    fn located(&self, detail: String) -> String {
        let is_property = |segment: &Segment| matches!(segment, Segment::Name(_));
        if self.parameter.is_some() && self.path.iter().any(is_property) {
            return format!("{}: {detail}", Target::Body(self.path.clone()));
        }
        detail
    }
}

/// Returns `true` if a value follows a rule, as far as that can be said without a host.
pub(crate) fn fits(rule: &'static Rule, value: &Value) -> bool {
    let mut checker = Checker::default();
    checker.value(rule, value);
    checker.failures == 0
}

/// Returns the ways in which a value breaks the rule of a response, as far as that can be said without a host.
#[must_use]
pub fn response_errors(rule: &'static Rule, value: &Value) -> FieldErrors {
    let mut checker = Checker { is_response: true, ..Checker::default() };
    checker.value(rule, value);
    checker.into_errors()
}

/// Reads a UUID as documents write it: 32 hexadecimal digits in five groups.
fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.len() == 36)
}

/// Returns `true` if a number is a multiple of another, within the precision of floating point.
fn is_multiple(number: f64, divisor: f64) -> bool {
    let quotient = number / divisor;
    (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

/// Returns a text that two values have in common if they are equal as JSON Schema has it.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if !number.is_f64() || float.fract() != 0.0 || float.abs() > 1e15 => {
                number.to_string()
            }
            Some(float) => format!("{float:.0}"),
            None => number.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => {
            let mut entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        other => other.to_string(),
    }
}

/// Returns what a rule expects, with an article.
pub(crate) fn expected(rule: &Rule) -> &'static str {
    match rule {
        Rule::Text(_) | Rule::Choice(_) => "a string",
        Rule::Boolean => "true or false",
        Rule::Integer(_) => "an integer",
        Rule::Number(_) => "a number",
        Rule::Uuid => "a UUID",
        Rule::Reference { key, .. } => expected(key.rule()),
        Rule::DateTime => "a date-time",
        Rule::List(_) => "an array",
        Rule::Map(_) | Rule::Object(_) => "an object",
        Rule::File => "a file",
        Rule::Nullable(rule) => expected(rule),
        Rule::Union(_) | Rule::Any => "another value",
    }
}

/// Returns what a value is, with an article.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use serde_json::json;

    use super::*;
    use crate::schema::{Member, Union};
    use crate::to::To;

    /// Returns a rule of so many alternatives that are all the rule itself.
    fn circle(members: usize) -> Rule {
        let member = || Member { words: &[], rule: Rule::Union(To::later("circle")) };
        let members = Vec::leak((0..members).map(|_| member()).collect());
        let union: &'static Union = Box::leak(Box::new(Union { tag: None, members }));
        for member in union.members {
            let Rule::Union(To::Later(_, place)) = &member.rule else { continue };
            place.get_or_init(|| union);
        }
        Rule::Union(To::Own(union))
    }

    #[test]
    fn rules_within_one_another_and_alternatives_that_multiply_are_given_up() {
        static CIRCLES: OnceLock<[Rule; 2]> = OnceLock::new();
        let circles = CIRCLES.get_or_init(|| [circle(1), circle(2)]);
        // What is given up is counted once more at each of the levels above.
        for (rule, most) in circles.iter().zip([MAX_DEPTH + 2, MAX_STEPS + 2 * MAX_DEPTH]) {
            let mut checker = Checker::default();
            checker.value(rule, &json!(1));
            assert_eq!(checker.errors.len(), 1);
            assert!(checker.steps <= most, "{}", checker.steps);
        }
    }
}
