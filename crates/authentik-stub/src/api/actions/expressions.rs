//! The expressions that need no Python: one `return` of constants, of values of the user, of members of dictionaries, and
//! of comparisons of these; the loop over the groups of a user; and the messages of a policy. Whatever is more than that
//! is left alone.

use std::borrow::Cow;

use openapi_django::server::python;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Map, Value, json};

use super::kit::text;
use crate::api::caller::groups;

/// The longest expression that is read.
const MAX_LENGTH: usize = 10_000;
/// The deepest nesting that is followed.
const MAX_DEPTH: usize = 32;

/// The most values that are copied for one expression, however often it names them.
const MAX_COPIES: usize = 100_000;
/// The letters of a text that count as a value.
const LETTERS_OF_A_COPY: usize = 100;

/// The values that an expression can name.
pub(super) struct Names<'a> {
    pub(super) reader: Reader<'a>,
    /// The user that is asked about; without one it is a new user who has only what every user begins with.
    pub(super) user: Option<&'a Row>,
    /// The context; `None` if it has what is not here.
    pub(super) context: Option<&'a Value>,
}

impl<'a> Names<'a> {
    /// Returns the value of a path of attributes.
    fn value(&self, path: &str) -> Option<Cow<'a, Value>> {
        let of_request = path.strip_prefix("request.");
        let path = of_request.unwrap_or(path);
        if path == "context" {
            return self.context.map(Cow::Borrowed);
        }
        let field = path.strip_prefix("user.")?;
        let Some(user) = self.user else {
            // Only the request has a user then.
            return of_request.and_then(|_| new_user(field)).map(Cow::Owned);
        };
        let fields = ["username", "name", "email", "pk", "is_active", "path", "type", "attributes"];
        let reader = self.reader;
        Some(match field {
            "is_superuser" => {
                let groups = groups(reader, user);
                Cow::Owned(json!(groups.iter().any(|group| reader.value(group, "is_superuser") == true)))
            }
            "pk" | "id" => Cow::Borrowed(reader.key(user)),
            field if fields.contains(&field) => Cow::Borrowed(reader.value(user, field)),
            _ => return None,
        })
    }

    /// Returns whether the user is in a group of this name, or in one below it.
    fn is_in(&self, name: &str) -> Option<Value> {
        let groups = groups(self.reader, self.user?);
        Some(json!(groups.iter().any(|group| text(self.reader, group, "name") == name)))
    }

    /// Returns the names of the groups that a user is in himself.
    fn own_groups(&self) -> Option<Value> {
        let (reader, user) = (self.reader, self.user?);
        let model = reader.model("authentik_core.group")?;
        let keys = reader.value(user, "ak_groups").as_array()?;
        let names = keys.iter().filter_map(|key| Some(text(reader, reader.by_key(model, key)?, "name")));
        Some(json!(names.collect::<Vec<_>>()))
    }
}

/// Returns a value of a user that is not kept anywhere.
fn new_user(field: &str) -> Option<Value> {
    Some(match field {
        "username" | "name" | "email" => json!(""),
        "pk" | "id" => Value::Null,
        "is_active" => json!(true),
        "path" => json!("users"),
        "type" => json!("internal"),
        "attributes" => json!({}),
        _ => return None,
    })
}

/// Returns the value of an expression; `None` if it is one that takes more than this.
pub(super) fn evaluate(source: &str, names: &Names<'_>) -> Option<Value> {
    if source.len() > MAX_LENGTH {
        return None;
    }
    let tokens = tokens(source)?;
    let mut parser = Parser::new(&tokens, names, false);
    let value = if yielded_groups().iter().any(|tokens| parser.takes_all(tokens)) {
        names.own_groups()?
    } else {
        parser.returned()?
    };
    parser.has_ended().then_some(value)
}

/// Returns the value of the expression of a policy, and the messages for the user; `None` if it takes more than this.
pub(super) fn evaluate_policy(source: &str, names: &Names<'_>) -> Option<(Value, Vec<String>)> {
    if source.len() > MAX_LENGTH {
        return None;
    }
    let tokens = tokens(source)?;
    let mut parser = Parser::new(&tokens, names, true);
    let messages = parser.messages()?;
    // A function that ends without a `return` returns nothing.
    let has_ended = !messages.is_empty() && parser.peek().is_none();
    let value = if has_ended { Value::Null } else { parser.returned()? };
    parser.has_ended().then_some((value, messages))
}

/// Returns the loop that yields the name of each group of a user, on one line and on two.
fn yielded_groups() -> [Vec<Token>; 2] {
    let name = |name: &str| Token::Name(name.to_owned());
    let head = [name("for"), name("group"), name("in"), name("request.user.ak_groups.all")];
    let head = head.into_iter().chain([Token::Sign("("), Token::Sign(")"), Token::Sign(":")]);
    let body = [name("yield"), name("group.name")];
    [head.clone().chain(body.clone()).collect(), head.chain([Token::End]).chain(body).collect()]
}

/// Returns the keys of the dictionary that an expression ends with, in their order; none if it returns anything else.
/// Only the dictionary is read, so the statements before it may be any Python.
pub(crate) fn returned_keys(source: &str) -> Vec<String> {
    let statements = source.match_indices("return").filter(|(at, _)| {
        let before = source.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with('\n')
    });
    let last = statements.last().and_then(|(at, word)| source.get(at + word.len()..));
    let Some(body) = last.and_then(|rest| rest.trim_start().strip_prefix('{')) else { return Vec::new() };
    let (mut keys, mut depth, mut is_key) = (Vec::new(), 0_usize, true);
    let mut letters = body.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '#' => drop(letters.by_ref().find(|letter| *letter == '\n')),
            '"' | '\'' => {
                let text: String = letters.by_ref().take_while(|end| *end != letter).collect();
                if depth == 0 && std::mem::take(&mut is_key) {
                    keys.push(text);
                }
            }
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' if depth == 0 => break,
            '}' | ']' | ')' => depth -= 1,
            ',' if depth == 0 => is_key = true,
            letter if !letter.is_whitespace() => is_key = false,
            _ => {}
        }
    }
    keys
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, or a path of attributes.
    Name(String),
    Text(String),
    Number(Value),
    Sign(&'static str),
    /// The end of a statement: of a line that is not within brackets.
    End,
}

/// Splits an expression; comments and empty lines are left out.
fn tokens(source: &str) -> Option<Vec<Token>> {
    const SIGNS: [&str; 11] = ["==", "!=", "=", "(", ")", "[", "]", "{", "}", ",", ":"];
    let mut tokens = Vec::new();
    let (mut rest, mut open) = (source, 0_usize);
    while let Some(first) = rest.chars().next() {
        if first == '\n' {
            if open == 0 && tokens.last().is_some_and(|last| *last != Token::End) {
                tokens.push(Token::End);
            }
            rest = rest.get(1..)?;
        } else if first.is_whitespace() {
            rest = rest.get(first.len_utf8()..)?;
        } else if first == '#' {
            rest = rest.find('\n').map_or("", |end| rest.get(end..).unwrap_or_default());
        } else if first == '"' || first == '\'' {
            let content = rest.get(1..)?;
            let end = content.find(first)?;
            let text = content.get(..end)?;
            // What is escaped or runs over lines is read by Python only.
            if text.contains('\\')
                || text.contains('\n')
                || (text.is_empty() && content.get(1..)?.starts_with(first))
            {
                return None;
            }
            tokens.push(Token::Text(text.to_owned()));
            rest = content.get(end + 1..)?;
        } else if first.is_ascii_digit() || first == '-' {
            let end =
                rest.char_indices().skip(1).find(|(_, letter)| !letter.is_ascii_digit() && *letter != '.');
            let (number, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
            tokens.push(Token::Number(serde_json::from_str(number).ok()?));
            rest = after;
        } else if first.is_alphabetic() || first == '_' {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            // A text with a prefix is more than a text.
            if after.starts_with(['"', '\'']) {
                return None;
            }
            tokens.push(Token::Name(name.to_owned()));
            rest = after;
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            match *sign {
                "(" | "[" | "{" => open += 1,
                ")" | "]" | "}" => open = open.saturating_sub(1),
                _ => {}
            }
            tokens.push(Token::Sign(sign));
            rest = rest.get(sign.len()..)?;
        }
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    names: &'a Names<'a>,
    /// `true` if what a policy can name is known too.
    is_policy: bool,
    /// The number of values that may still be copied.
    copies: usize,
}

impl<'a> Parser<'a> {
    fn new(tokens: &'a [Token], names: &'a Names<'a>, is_policy: bool) -> Self {
        Self { tokens, at: 0, depth: 0, names, is_policy, copies: MAX_COPIES }
    }

    /// Returns `true` if nothing follows but the end of a line.
    fn has_ended(&mut self) -> bool {
        self.takes(&Token::End);
        self.peek().is_none()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    fn takes_all(&mut self, tokens: &[Token]) -> bool {
        let are_next = self.tokens.get(self.at..).is_some_and(|rest| rest.starts_with(tokens));
        self.at += if are_next { tokens.len() } else { 0 };
        are_next
    }

    fn takes_name(&mut self, name: &str) -> bool {
        self.takes(&Token::Name(name.to_owned()))
    }

    fn expect(&mut self, token: &Token) -> Option<()> {
        self.takes(token).then_some(())
    }

    /// Reads the messages before what is returned.
    fn messages(&mut self) -> Option<Vec<String>> {
        let mut messages = Vec::new();
        while self.takes_name("ak_message") {
            self.expect(&Token::Sign("("))?;
            messages.push(self.text()?);
            self.expect(&Token::Sign(")"))?;
            if !self.takes(&Token::End) && self.peek().is_some() {
                return None;
            }
        }
        Some(messages)
    }

    /// Reads what is returned: nothing, if the word stands alone.
    fn returned(&mut self) -> Option<Value> {
        self.expect(&Token::Name("return".to_owned()))?;
        if matches!(self.peek(), None | Some(Token::End)) { Some(Value::Null) } else { self.disjunction() }
    }

    fn text(&mut self) -> Option<String> {
        let Some(Token::Text(text)) = self.peek().cloned() else { return None };
        self.at += 1;
        Some(text)
    }

    fn disjunction(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut value = self.conjunction()?;
        while self.takes_name("or") {
            let other = self.conjunction()?;
            value = if python::truth(&value) { value } else { other };
        }
        self.depth -= 1;
        Some(value)
    }

    fn conjunction(&mut self) -> Option<Value> {
        let mut value = self.comparison()?;
        while self.takes_name("and") {
            let other = self.comparison()?;
            value = if python::truth(&value) { other } else { value };
        }
        Some(value)
    }

    fn comparison(&mut self) -> Option<Value> {
        let mut negations = 0;
        while self.takes_name("not") {
            negations += 1;
        }
        let left = self.atom()?;
        let value = if self.takes(&Token::Sign("==")) {
            json!(left == self.atom()?)
        } else if self.takes(&Token::Sign("!=")) {
            json!(left != self.atom()?)
        } else if self.takes_name("in") {
            json!(contains(&self.atom()?, &left)?)
        } else if self.takes_name("not") {
            self.expect(&Token::Name("in".to_owned()))?;
            json!(!contains(&self.atom()?, &left)?)
        } else {
            left
        };
        Some(match negations {
            0 => value,
            count => json!(python::truth(&value) != (count % 2 == 1)),
        })
    }

    fn atom(&mut self) -> Option<Value> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Text(text) => Some(json!(text)),
            Token::Number(number) => Some(number),
            Token::Name(name) => match name.as_str() {
                "True" => Some(json!(true)),
                "False" => Some(json!(false)),
                "None" => Some(Value::Null),
                "ak_is_group_member" => self.is_member(),
                _ => match name.strip_suffix(".get") {
                    Some(dictionary) => self.member(dictionary),
                    None => self.indexed(&name),
                },
            },
            Token::Sign("(") => {
                let value = self.disjunction()?;
                self.expect(&Token::Sign(")"))?;
                Some(value)
            }
            Token::Sign("[") => self.list(),
            Token::Sign("{") => self.dictionary(),
            Token::Sign(_) | Token::End => None,
        }
    }

    /// Returns the value of a path of attributes.
    fn named(&self, path: &str) -> Option<Cow<'a, Value>> {
        if path == "context" && !self.is_policy { None } else { self.names.value(path) }
    }

    /// Returns a copy of a value, if not too much was copied before.
    fn copied(&mut self, value: &Value) -> Option<Value> {
        self.count(value)?;
        Some(value.clone())
    }

    fn count(&mut self, value: &Value) -> Option<()> {
        self.copies = self.copies.checked_sub(1)?;
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.count(item)),
            Value::Object(members) => members.values().try_for_each(|member| self.count(member)),
            Value::String(text) => {
                self.copies = self.copies.checked_sub(text.len() / LETTERS_OF_A_COPY)?;
                Some(())
            }
            _ => Some(()),
        }
    }

    /// Reads the names of members that follow a path, each of a dictionary in the one before.
    fn indexed(&mut self, path: &str) -> Option<Value> {
        let named = self.named(path)?;
        let mut value = &*named;
        while self.takes(&Token::Sign("[")) {
            let name = self.text()?;
            self.expect(&Token::Sign("]"))?;
            value = value.as_object()?.get(&name)?;
        }
        self.copied(value)
    }

    /// Reads the name of a member of a dictionary, and what is returned if there is none.
    fn member(&mut self, dictionary: &str) -> Option<Value> {
        let named = self.named(dictionary)?;
        let members = named.as_object()?;
        self.expect(&Token::Sign("("))?;
        let name = self.text()?;
        let default = if self.takes(&Token::Sign(",")) { self.disjunction()? } else { Value::Null };
        self.expect(&Token::Sign(")"))?;
        members.get(&name).map_or(Some(default), |member| self.copied(member))
    }

    /// Reads who is asked about and the name of a group: the one function that is known.
    fn is_member(&mut self) -> Option<Value> {
        let before = [
            Token::Sign("("),
            Token::Name("request.user".to_owned()),
            Token::Sign(","),
            Token::Name("name".to_owned()),
            Token::Sign("="),
        ];
        before.iter().try_for_each(|token| self.expect(token))?;
        let name = self.text()?;
        self.expect(&Token::Sign(")"))?;
        self.names.is_in(&name)
    }

    fn list(&mut self) -> Option<Value> {
        // The one list of anything else that is common is that of the names of groups.
        let of_groups = [
            Token::Name("group.name".to_owned()),
            Token::Name("for".to_owned()),
            Token::Name("group".to_owned()),
            Token::Name("in".to_owned()),
            Token::Name("request.user.ak_groups.all".to_owned()),
            Token::Sign("("),
            Token::Sign(")"),
            Token::Sign("]"),
        ];
        if self.takes_all(&of_groups) {
            let groups = self.names.own_groups()?;
            return self.count(&groups).map(|()| groups);
        }
        let mut items = Vec::new();
        while !self.takes(&Token::Sign("]")) {
            items.push(self.disjunction()?);
            if !self.takes(&Token::Sign(",")) {
                self.expect(&Token::Sign("]"))?;
                break;
            }
        }
        Some(Value::Array(items))
    }

    fn dictionary(&mut self) -> Option<Value> {
        let mut members = Map::new();
        while !self.takes(&Token::Sign("}")) {
            let name = self.text()?;
            self.expect(&Token::Sign(":"))?;
            members.insert(name, self.disjunction()?);
            if !self.takes(&Token::Sign(",")) {
                self.expect(&Token::Sign("}"))?;
                break;
            }
        }
        Some(Value::Object(members))
    }
}

/// Returns `true` if a list, a dictionary or a text has something in it.
fn contains(whole: &Value, part: &Value) -> Option<bool> {
    Some(match (whole, part) {
        (Value::Array(items), part) => items.contains(part),
        (Value::Object(members), Value::String(name)) => members.contains_key(name),
        (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::Fixture;
    use crate::api::Api;

    /// One API for all expressions: reading the assets takes longer than any of them.
    static API: std::sync::LazyLock<Api> = std::sync::LazyLock::new(|| {
        let user = json!({"pk": 7, "username": "ann", "name": "Ann", "groups": ["11111111-1111-4111-8111-111111111111"], "attributes": {"upn": "ann@x"}});
        let group = json!({"pk": "11111111-1111-4111-8111-111111111111", "name": "staff"});
        let fixture = json!({"objects": {"core/groups": [group], "core/users": [user]}});
        let fixture = Fixture::from_value(&fixture).expect("a fixture");
        Api::new(&fixture).expect("the assets are there")
    });

    fn read<T>(source: &str, evaluate: impl FnOnce(&str, &Names<'_>) -> T) -> T {
        let snapshot = API.store().snapshot();
        let reader = snapshot.reader();
        let user =
            super::super::kit::by_key(reader, "authentik_core.user", &json!(7)).expect("the user is there");
        let context = json!({"a": 1, "b": {"c": "d"}});
        evaluate(source, &Names { reader, user: Some(user), context: Some(&context) })
    }

    fn value(source: &str) -> Option<Value> {
        read(source, evaluate)
    }

    #[test]
    fn what_is_named_often_is_copied_in_part() {
        let context = json!({"a": vec![0; 1_000]});
        let snapshot = API.store().snapshot();
        let names = Names { reader: snapshot.reader(), user: None, context: Some(&context) };
        let source = |times: usize| format!("return [{}]", vec!["context"; times].join(", "));
        assert!(evaluate_policy(&source(90), &names).is_some());
        assert_eq!(evaluate_policy(&source(100), &names), None);
        assert!(evaluate_policy("return context['a'] == context.get('a')", &names).is_some());
    }

    #[test]
    fn statements_end_with_their_lines() {
        for (source, expected) in [
            ("return\nTrue", None),
            ("return # nothing\n\n", Some((Value::Null, Vec::new()))),
            ("return (\n  True\n)\n", Some((json!(true), Vec::new()))),
            ("return context\n['a']", None),
            ("ak_message('hi') return True", None),
            ("return context.a", None),
        ] {
            assert_eq!(read(source, evaluate_policy), expected, "{source}");
        }
    }

    #[test]
    fn constants_and_comparisons_need_no_python() {
        let cases = [
            ("return True", Some(json!(true))),
            ("# why\nreturn {\n  'a': [1, -2.5, None],\n}", Some(json!({"a": [1, -2.5, null]}))),
            ("return 'a' == \"a\" and not 1 in [2]", Some(json!(true))),
            ("return request.context['a'] != 1 or 'x'", Some(json!("x"))),
            ("return request.context.a", None),
            ("return ''", Some(json!(""))),
            ("return request.user.username == 'ann' and request.user.pk == 7", Some(json!(true))),
            ("return ak_is_group_member(request.user, name=\"staff\")", Some(json!(true))),
            ("return not ak_is_group_member(request.user, name='other')", Some(json!(true))),
            ("return [group.name for group in request.user.ak_groups.all()]", Some(json!(["staff"]))),
            ("for group in request.user.ak_groups.all():\n    yield group.name", Some(json!(["staff"]))),
            ("return request.user.attributes.get('upn', request.user.email)", Some(json!("ann@x"))),
            ("return request.user.attributes.get('none', request.user.name)", Some(json!("Ann"))),
            ("return request.user.attributes.get('none')", Some(Value::Null)),
            ("return request.user.name.get('none')", None),
            ("return request.context['b']['c']", Some(json!("d"))),
            ("return request.context.get('a')", Some(json!(1))),
            ("return request.context['none']", None),
            ("return context['a']", None),
            ("return", Some(Value::Null)),
            ("ak_message('hi')\nreturn True", None),
            ("import os\nreturn True", None),
            ("return f'{1}'", None),
            ("return call()", None),
            ("return (", None),
            ("return True\nreturn False", None),
            ("return '''a'''", None),
        ];
        for (source, expected) in cases {
            assert_eq!(value(source), expected, "{source}");
        }
        assert_eq!(value(&format!("return {}1{}", "(".repeat(5_000), ")".repeat(5_000))), None);
    }

    #[test]
    fn policies_name_their_context_and_tell_messages() {
        for (source, value, messages) in [
            ("return context['a'] == 1", json!(true), [].as_slice()),
            ("return context.get('none', 2)", json!(2), &[]),
            ("return", Value::Null, &[]),
            ("ak_message('hi')\nak_message(\"you\")\nreturn False", json!(false), &["hi", "you"]),
            ("ak_message('hi')", Value::Null, &["hi"]),
        ] {
            let messages = messages.iter().map(ToString::to_string).collect();
            assert_eq!(read(source, evaluate_policy), Some((value, messages)), "{source}");
        }
        assert_eq!(read("ak_message(1)\nreturn False", evaluate_policy), None);
        assert_eq!(read("", evaluate_policy), None);
    }

    #[test]
    fn a_new_user_has_what_every_user_begins_with() {
        let snapshot = API.store().snapshot();
        let context = json!({});
        let names = Names { reader: snapshot.reader(), user: None, context: Some(&context) };
        for (source, expected) in [
            ("return [request.user.email, request.user.pk]", Some(json!(["", null]))),
            ("return request.user.attributes.get('upn', request.user.type)", Some(json!("internal"))),
            ("return request.user.is_superuser", None),
            ("return ak_is_group_member(request.user, name='staff')", None),
        ] {
            assert_eq!(evaluate(source, &names), expected, "{source}");
        }
    }

    #[test]
    fn the_keys_of_a_dictionary_are_read_without_python() {
        let cases: [(&str, &[&str]); 6] = [
            ("return True", &[]),
            ("return {}", &[]),
            (
                "# return {\"no\": 1}\nx = [r]\nreturn {'a': {'b': 1}, # , \"c\"\n \"d\": x['y'], 'e': 'f'}",
                &["a", "d", "e"],
            ),
            ("if x:\n    return {'a': 1}\nreturn {'b': 2}", &["b"]),
            ("return {'a': f(x, 'y'), name: 'b'", &["a"]),
            ("return {'a", &["a"]),
        ];
        for (source, expected) in cases {
            assert_eq!(returned_keys(source), expected, "{source}");
        }
    }
}
