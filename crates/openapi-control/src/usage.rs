//! The parts of an operation that a request uses: its parameters, and the properties of its body.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use openapi_server_runtime::cookies::cookies;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::form;
use openapi_server_runtime::media::{Form, content_type};
use openapi_server_runtime::operation::{Location, Operation};
use openapi_server_runtime::schema::{Additional, ObjectSchema, Rule};
use serde_json::Value;

use crate::limits::MAX_BODY;

/// The most values of a body that are looked at.
const MAX_VALUES: usize = 10_000;

/// A property: the place of its schema in memory, and its number there.
type Property = (usize, usize);

/// The parts that requests have used. They are parts of the document, so there are only so many.
#[derive(Debug, Clone, Default)]
pub(crate) struct Usage {
    /// The numbers of parameters.
    parameters: BTreeSet<usize>,
    properties: BTreeSet<Property>,
}

impl Usage {
    /// Returns the parts that a request uses.
    pub(crate) fn of(operation: &'static Operation, exchange: &Exchange<'_>) -> Self {
        let mut usage = Self::default();
        usage.add(operation, exchange);
        usage
    }

    /// Adds the parts that other requests use.
    pub(crate) fn merge(&mut self, other: Self) {
        self.parameters.extend(other.parameters);
        self.properties.extend(other.properties);
    }

    fn add(&mut self, operation: &'static Operation, exchange: &Exchange<'_>) {
        let line = &exchange.line;
        let query = line.uri.query().unwrap_or_default();
        let query: BTreeSet<_> =
            form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        let cookies = cookies(line.headers);
        let cookies: BTreeSet<&str> = cookies.iter().map(|(name, _)| name.as_str()).collect();
        for (number, parameter) in operation.parameters.iter().enumerate() {
            let is_sent = match parameter.location {
                Location::Path => true,
                // A property of an object is written as `name[property]`.
                Location::Query => query.iter().any(|sent| {
                    sent.strip_prefix(parameter.name)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
                }),
                Location::Header => line.headers.contains_key(parameter.name),
                Location::Cookie => cookies.contains(parameter.name),
            };
            if is_sent {
                self.parameters.insert(number);
            }
        }
        let body = exchange.body.filter(|body| !body.is_empty() && body.len() <= MAX_BODY);
        let Some((declared, bytes)) = operation.body.as_ref().zip(body) else { return };
        let rule = &declared.content.rule;
        let value = match Form::of(&content_type(line.headers)) {
            Form::UrlEncoded => Some(form::url_encoded(rule, declared.encoding, bytes)),
            // All of it is there, so that nothing is waited for.
            Form::Multipart => form::multipart(rule, line.headers, bytes)
                .now_or_never()
                .and_then(Result::ok)
                .map(|parts| form::value(rule, parts).0),
            _ => serde_json::from_slice(bytes).ok(),
        };
        if let Some(value) = value {
            let mut left = MAX_VALUES;
            self.value(rule, &value, &mut left);
        }
    }

    /// Adds the properties that a value has.
    fn value(&mut self, rule: &'static Rule, value: &Value, left: &mut usize) {
        let Some(rest) = left.checked_sub(1) else { return };
        *left = rest;
        match (rule, value) {
            (Rule::Nullable(rule), _) => self.value(rule, value, left),
            (Rule::List(list), Value::Array(items)) => {
                for item in items {
                    self.value(&list.item, item, left);
                }
            }
            (Rule::Map(map), Value::Object(members)) => {
                members.values().for_each(|member| self.value(&map.value, member, left));
            }
            (Rule::Union(union), _) => {
                let word = union.tag.and_then(|tag| value.get(tag)?.as_str());
                match word.and_then(|word| union.named(word)) {
                    Some(rule) => self.value(rule, value, left),
                    None => union.members.iter().for_each(|member| self.value(&member.rule, value, left)),
                }
            }
            (Rule::Object(schema), Value::Object(members)) => {
                let schema = schema.get();
                for (number, field) in schema.fields.iter().enumerate() {
                    if let Some(member) = members.get(field.name) {
                        self.properties.insert((place(schema), number));
                        self.value(&field.rule, member, left);
                    }
                }
                if let Additional::Rule(rule) = schema.additional {
                    let is_field = |name: &str| schema.fields.iter().any(|field| field.name == name);
                    let others = members.iter().filter(|(name, _)| !is_field(name)).take(*left);
                    others.for_each(|(_, member)| self.value(rule, member, left));
                }
            }
            _ => {}
        }
    }

    /// Returns the parameters of an operation, each with `true` if it was used.
    pub(crate) fn parameters(&self, operation: &'static Operation) -> Vec<(String, bool)> {
        let known = operation.parameters.iter().enumerate().filter(|(_, parameter)| !parameter.is_ignored());
        let named = known.map(|(number, parameter)| {
            (format!("{} {}", parameter.location, parameter.name), self.parameters.contains(&number))
        });
        named.collect()
    }

    /// Returns the properties that clients can send to an operation, each with `true` if it was used. A property of a list's
    /// items is called `list[].property`, one of the values of a map `map.*.property`.
    pub(crate) fn properties(&self, operation: &'static Operation) -> Vec<(String, bool)> {
        let mut walk = Walk::default();
        if let Some(body) = &operation.body {
            walk.rule(&body.content.rule, String::new());
        }
        walk.found.into_iter().map(|(name, property)| (name, self.properties.contains(&property))).collect()
    }
}

/// The properties below a rule, each schema once.
#[derive(Default)]
struct Walk {
    found: Vec<(String, Property)>,
    /// The places of the schemas that were met.
    seen: BTreeSet<usize>,
}

impl Walk {
    fn rule(&mut self, rule: &'static Rule, name: String) {
        match rule {
            Rule::Nullable(rule) => self.rule(rule, name),
            Rule::List(list) if self.seen.insert(place(list.get())) => self.rule(&list.item, name + "[]"),
            Rule::Map(map) if self.seen.insert(place(map.get())) => self.rule(&map.value, name + ".*"),
            Rule::Union(union) if self.seen.insert(place(union.get())) => {
                union.members.iter().for_each(|member| self.rule(&member.rule, name.clone()));
            }
            Rule::Object(schema) if self.seen.insert(place(schema.get())) => self.object(schema.get(), &name),
            _ => {}
        }
    }

    fn object(&mut self, schema: &'static ObjectSchema, name: &str) {
        for (number, field) in schema.fields.iter().enumerate().filter(|(_, field)| !field.read_only) {
            let name = if name.is_empty() { field.name.to_owned() } else { format!("{name}.{}", field.name) };
            self.found.push((name.clone(), (place(schema), number)));
            self.rule(&field.rule, name);
        }
        if let Additional::Rule(rule) = schema.additional {
            self.rule(rule, format!("{name}.*"));
        }
    }
}

/// Returns the place of a schema in memory, by which it is known.
fn place<T>(schema: &'static T) -> usize {
    (&raw const *schema).addr()
}
