//! Makes values of texts, as rules ask for them.

use serde_json::{Map, Value};

use super::tree::{MAX_DEPTH, Members, Node};
use super::written::{Written, may_hold_commas};
use crate::checker::{expected, fits};
use crate::operation::Style;
use crate::schema::{Additional, Rule, Union};

/// The most values that are made. Alternatives multiply.
const MAX_STEPS: usize = 100_000;

/// The longest text that an error quotes.
const MAX_QUOTED: usize = 40;

impl Written<'_> {
    /// Returns the value that a rule makes of the texts; `None` if there is none.
    ///
    /// # Errors
    /// A sentence about what was expected, if the texts are not spelled as the rule and the style ask for.
    pub fn read(&self, rule: &'static Rule) -> Result<Option<Value>, String> {
        Reader { written: self, tag: None, steps: 0 }.whole(rule, 0)
    }
}

/// Makes the value of some texts.
struct Reader<'w> {
    written: &'w Written<'w>,
    /// The property that tells the members of a union apart, while they are tried.
    tag: Option<&'static str>,
    steps: usize,
}

impl Reader<'_> {
    /// Returns the value of all texts.
    fn whole(&mut self, rule: &'static Rule, depth: usize) -> Result<Option<Value>, String> {
        self.step(depth)?;
        if self.written.style == Style::Json {
            let Some(text) = self.written.one()? else { return Ok(None) };
            let value = serde_json::from_str(&text);
            return value.map(Some).map_err(|error| format!("This is not JSON: {error}."));
        }
        match rule {
            Rule::Nullable(rule) => self.whole(rule, depth + 1),
            Rule::Union(union) => {
                // A text with a delimiter may be one text as well, but then somebody should have encoded it.
                let several = self.written.is_several();
                let of_turn = |turn: bool| move |rule: &Rule| (may_be_several(rule) == several) == turn;
                let first = self
                    .alternatives(rule, union, of_turn(true), |reader, rule| reader.whole(rule, depth + 1));
                match first {
                    Ok(Some(value)) if fits(rule, &value) => Ok(Some(value)),
                    first => {
                        let second = self.alternatives(rule, union, of_turn(false), |reader, rule| {
                            reader.whole(rule, depth + 1)
                        });
                        match second {
                            Ok(Some(value)) if matches!(first, Ok(None)) || fits(rule, &value) => {
                                Ok(Some(value))
                            }
                            _ => first,
                        }
                    }
                }
            }
            rule if self.has_members(rule) => {
                let node = self.written.entries(rule, self.tag)?;
                node.map(|node| self.node(rule, &node, depth)).transpose()
            }
            Rule::List(list) => {
                let items = self.written.items(may_hold_commas(&list.item))?;
                if items.is_empty() {
                    return Ok(None);
                }
                let items = items.iter().map(|text| self.text(&list.item, text, depth + 1));
                items.collect::<Result<_, _>>().map(Value::Array).map(Some)
            }
            rule => {
                let text = self.written.one()?;
                text.map(|text| self.text(rule, &text, depth)).transpose()
            }
        }
    }

    /// Returns `true` if the texts of a value that follows a rule are those of its members.
    fn has_members(&self, rule: &Rule) -> bool {
        let is_deep = self.written.style == Style::DeepObject;
        match rule {
            Rule::Object(_) | Rule::Map(_) => true,
            Rule::List(_) => is_deep && !self.written.members.is_empty(),
            Rule::Any => is_deep,
            _ => false,
        }
    }

    /// Returns the value of texts and of what is in brackets.
    fn node(&mut self, rule: &'static Rule, node: &Node, depth: usize) -> Result<Value, String> {
        self.step(depth)?;
        match (rule, node) {
            (Rule::Nullable(rule), _) => self.node(rule, node, depth + 1),
            (Rule::Union(union), _) => {
                let value = self.alternatives(
                    rule,
                    union,
                    |_| true,
                    |reader, rule| reader.node(rule, node, depth + 1).map(Some),
                );
                Ok(value?.unwrap_or_default())
            }
            (_, Node::Texts(texts)) => match (rule, texts.as_slice()) {
                (Rule::List(list), [_, _, ..]) => {
                    let items = texts.iter().map(|text| self.text(&list.item, text, depth + 1));
                    items.collect::<Result<_, _>>().map(Value::Array)
                }
                (_, [text]) => self.text(rule, text, depth),
                _ => Err(format!("Expected {}, got several values.", expected(rule))),
            },
            (Rule::List(list), Node::Members(members)) => {
                let items = in_order(members)?;
                let items = items.into_iter().map(|node| self.node(&list.item, &node, depth + 1));
                items.collect::<Result<_, _>>().map(Value::Array)
            }
            (Rule::Object(_) | Rule::Map(_) | Rule::Any, Node::Members(members)) => {
                let values = members.iter().map(|(name, node)| {
                    let value = self.node(member(rule, name), node, depth + 1);
                    Ok((name.clone(), value.map_err(|detail| format!("{name}: {detail}"))?))
                });
                values.collect::<Result<Map<_, _>, String>>().map(Value::Object)
            }
            (rule, Node::Members(_)) => Err(format!("Expected {}, got an object.", expected(rule))),
        }
    }

    /// Returns the value of one text.
    fn text(&mut self, rule: &'static Rule, text: &str, depth: usize) -> Result<Value, String> {
        self.step(depth)?;
        let value = match rule {
            Rule::Nullable(rule) => return self.text(rule, text, depth + 1),
            Rule::Reference { key, .. } => return self.text(key.rule(), text, depth + 1),
            Rule::Union(union) => {
                let value = self.alternatives(
                    rule,
                    union,
                    |_| true,
                    |reader, rule| reader.text(rule, text, depth + 1).map(Some),
                );
                return Ok(value?.unwrap_or_default());
            }
            Rule::Boolean => text.parse().ok().map(Value::Bool),
            Rule::Integer(_) | Rule::Number(_)
                if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) =>
            {
                serde_json::from_str(text).ok().filter(|_| !text.ends_with(char::is_whitespace))
            }
            Rule::Integer(_) | Rule::Number(_) => None,
            Rule::Object(_) | Rule::Map(_) => serde_json::from_str(text).ok().filter(Value::is_object),
            Rule::List(list) => match serde_json::from_str(text).ok().filter(Value::is_array) {
                Some(value) => Some(value),
                None => return Ok(Value::Array(vec![self.text(&list.item, text, depth + 1)?])),
            },
            _ => Some(Value::from(text)),
        };
        value.ok_or_else(|| format!("Expected {}, got \"{}\".", expected(rule), quoted(text)))
    }

    /// Returns the value of the first member of a union that takes what `read` makes for it, among those that are
    /// tried; of the others, the first that there is.
    fn alternatives(
        &mut self,
        rule: &'static Rule,
        union: &'static Union,
        is_tried: impl Fn(&Rule) -> bool,
        mut read: impl FnMut(&mut Self, &'static Rule) -> Result<Option<Value>, String>,
    ) -> Result<Option<Value>, String> {
        let mut first = Ok(None);
        let outer = std::mem::replace(&mut self.tag, union.tag);
        for member in union.members.iter().filter(|member| is_tried(&member.rule)) {
            let value = read(self, &member.rule);
            if let Ok(Some(value)) = &value
                && fits(if union.tag.is_some() { rule } else { &member.rule }, value)
            {
                first = Ok(Some(value.clone()));
                break;
            }
            if matches!(first, Ok(None)) || first.is_err() && matches!(value, Ok(Some(_))) {
                first = value;
            }
        }
        self.tag = outer;
        first
    }

    fn step(&mut self, depth: usize) -> Result<(), String> {
        self.steps += 1;
        if self.steps > MAX_STEPS || depth > MAX_DEPTH {
            return Err("This is too complex to be read.".to_owned());
        }
        Ok(())
    }
}

/// Returns `true` if values that follow a rule are lists or objects.
fn may_be_several(rule: &Rule) -> bool {
    match rule {
        Rule::List(_) | Rule::Object(_) | Rule::Map(_) => true,
        Rule::Nullable(rule) => may_be_several(rule),
        _ => false,
    }
}

/// Returns the rule for a member of an object.
fn member(rule: &'static Rule, name: &str) -> &'static Rule {
    match rule {
        Rule::Object(schema) => {
            let schema = schema.get();
            match (schema.field(name), schema.additional) {
                (Some(field), _) => &field.rule,
                (None, Additional::Rule(rule)) => rule,
                (None, _) => &Rule::Any,
            }
        }
        Rule::Map(map) => &map.get().value,
        _ => &Rule::Any,
    }
}

/// Returns the items of a list, whose brackets are empty or hold their positions.
fn in_order(members: &Members) -> Result<Vec<Node>, String> {
    let mut items = Vec::new();
    for (name, node) in members {
        match (name.as_str(), node) {
            ("", Node::Texts(texts)) => {
                items.extend(texts.iter().map(|text| (0, Node::Texts(vec![text.clone()]))));
            }
            ("", node) => items.push((0, node.clone())),
            (position, node) => {
                let position: u64 =
                    position.parse().map_err(|_| "Expected an array, got an object.".to_owned())?;
                items.push((position, node.clone()));
            }
        }
    }
    items.sort_by_key(|(position, _)| *position);
    Ok(items.into_iter().map(|(_, node)| node).collect())
}

/// Returns the beginning of a text.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
