//! The values that a server generates, as they are in a record and as they are in the answers of the server that is asked now.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use openapi_control::record::{is_stand_in, stand_in, stand_ins};
use openapi_document::pointer;
use openapi_resources::supply::{Supply as _, System};
use serde_json::Value;

use crate::compare::{Difference, first_difference, is_equal};
use crate::generated::{Kind, is_time, parts};

/// The names of properties that hold the key of the object that they are of.
const KEYS: [&str; 3] = ["id", "pk", "uid"];

/// The endings of names of properties that hold a key.
const KEY_ENDINGS: [&str; 4] = ["_id", "_pk", "Id", "ID"];

/// The ending of names of properties that hold an object.
const OBJECT_ENDING: &str = "_obj";

/// The names that stand around objects without telling of what kind they are.
const WRAPPERS: [&str; 4] = ["results", "items", "data", "objects"];

/// The recorded values for which others are known now.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// UUIDs and tokens.
    texts: HashMap<String, String>,
    /// The values now; each stands for one that was recorded.
    taken: HashSet<String>,
    /// Whole numbers that are keys: by the recorded one, what they are keys of and the ones now.
    keys: HashMap<i64, Vec<(String, i64)>>,
    /// Secrets, by what stands for them.
    secrets: HashMap<String, String>,
    /// Texts of the requests, which no server generated.
    sent: HashSet<String>,
    /// The host and the port of the recorded server, and the beginning of URLs of the one now.
    hosts: Option<(String, String)>,
}

/// The letters and digits of a secret that is made.
const SECRET: usize = 32;

impl Learned {
    /// Adds a secret that is known. The stand-in of secrets that are not told apart has none.
    pub(crate) fn add_secret(&mut self, of: String, secret: String) {
        if of != stand_in(0) {
            self.secrets.insert(of, secret);
        }
    }

    /// Says what URLs of the recorded server begin with, and what those of the server now.
    pub(crate) fn set_hosts(&mut self, recorded: String, now: String) {
        self.hosts = Some((recorded, now));
    }

    /// Returns a recorded text as the server now has it.
    pub(crate) fn translated(&self, text: &str) -> String {
        let mut now = String::with_capacity(text.len());
        let mut end = 0;
        for (place, _) in parts(text) {
            let known = text.get(place.clone()).and_then(|part| self.texts.get(part));
            let Some(known) = known else { continue };
            now.push_str(text.get(end..place.start).unwrap_or_default());
            now.push_str(known);
            end = place.end;
        }
        now.push_str(text.get(end..).unwrap_or_default());
        now
    }

    /// Returns a text of a request as it is to be sent now: with values of the server now, and with secrets. One that is not
    /// known is made: any other would be known to whoever has the record.
    pub(crate) fn sendable(&mut self, text: &str) -> String {
        let now = self.noted(text);
        with_secrets(&now, |stand_in| Some(self.secret_or_made(stand_in)))
    }

    fn secret_or_made(&mut self, of: &str) -> String {
        let make = || System.secret(SECRET);
        if of == stand_in(0) {
            make()
        } else {
            self.secrets.entry(of.to_owned()).or_insert_with(make).clone()
        }
    }

    /// Returns a text of a request as it is to be sent now, but for the secrets that are not known.
    pub(crate) fn sendable_as_known(&mut self, text: &str) -> String {
        with_secrets(&self.noted(text), |stand_in| self.secret(stand_in).map(str::to_owned))
    }

    /// Returns a text of a request as the server now has it, and notes what was sent.
    fn noted(&mut self, text: &str) -> String {
        if is_time(text) {
            self.sent.insert(text.to_owned());
        }
        for (place, _) in parts(text) {
            let part = text.get(place).unwrap_or_default();
            if !self.texts.contains_key(part) {
                self.sent.insert(part.to_owned());
            }
        }
        self.translated(text)
    }

    /// Returns a value that can be shown: without the secrets that are known. If it `may_be_secret`, only its form is left.
    pub(crate) fn shown(&self, value: &Value, may_be_secret: bool) -> Value {
        match value {
            Value::String(text) if !may_be_secret => {
                let hide = |text: String, (stand_in, secret): (&String, &String)| match secret.as_str() {
                    "" => text,
                    secret => text.replace(secret, stand_in),
                };
                Value::from(self.secrets.iter().fold(text.clone(), hide))
            }
            Value::String(_) | Value::Number(_) if may_be_secret => Value::from("***"),
            Value::Array(items) => items.iter().map(|item| self.shown(item, may_be_secret)).collect(),
            Value::Object(members) => {
                let shown =
                    |(name, member): (&String, &Value)| (name.clone(), self.shown(member, may_be_secret));
                members.iter().map(shown).collect()
            }
            other => other.clone(),
        }
    }

    /// Returns what is known of a secret.
    pub(crate) fn secret(&self, stand_in: &str) -> Option<&str> {
        self.secrets.get(stand_in).map(String::as_str)
    }

    /// Returns the key now for a recorded one of something that is called so.
    pub(crate) fn key(&self, of: &str, recorded: i64) -> Option<i64> {
        let known = self.keys.get(&recorded)?;
        known.iter().find(|(owner, _)| are_related(owner, of)).map(|(_, now)| *now)
    }

    /// Compares the body of an answer with the recorded one, and learns what is generated in it. `collection` is what the path
    /// of the request ends with.
    pub(crate) fn compare(&mut self, collection: &str, recorded: &Value, now: &Value) -> Option<Difference> {
        self.learn_keys(collection, &mut Vec::new(), recorded, now);
        let found = first_difference(recorded, now, &mut |place, recorded, now| {
            self.is_same(collection, place, recorded, now)
        });
        if found.is_some() {
            // What comes behind the first difference is learned all the same.
            self.learn_texts(recorded, now);
        }
        found
    }

    fn is_same(&mut self, collection: &str, place: &str, recorded: &Value, now: &Value) -> bool {
        match (recorded, now) {
            (Value::String(recorded), Value::String(now)) => self.is_same_text(recorded, now),
            // Secrets are hidden whatever they are.
            (Value::String(recorded), now) => !now.is_null() && is_stand_in(recorded),
            (Value::Number(number), Value::Number(found)) if !is_equal(place, recorded, now) => {
                let steps: Vec<String> = pointer::steps(place).collect();
                let of = owner(&steps, collection);
                match (number.as_i64(), found.as_i64()) {
                    (Some(number), Some(found)) => self.key(&of, number) == Some(found),
                    _ => false,
                }
            }
            _ => is_equal(place, recorded, now),
        }
    }

    fn is_same_text(&mut self, recorded: &str, now: &str) -> bool {
        if recorded == now {
            return true;
        }
        if stand_ins(recorded).next().is_some() {
            if is_stand_in(recorded) && recorded != stand_in(0) {
                self.secrets.entry(recorded.to_owned()).or_insert_with(|| now.to_owned());
            }
            return is_hidden_in(recorded, now);
        }
        let here = self.with_host(recorded);
        if here == now || (is_time(&here) && is_time(now) && !self.sent.contains(recorded)) {
            return true;
        }
        let (before, after) = (parts(&here), parts(now));
        let is_alike = before.len() == after.len()
            && before.iter().zip(&after).all(|((_, one), (_, other))| one == other)
            && without(&here, &before) == without(now, &after);
        is_alike
            && before.iter().zip(&after).all(|((one, _), (other, _))| {
                let (one, other) = (here.get(one.clone()), now.get(other.clone()));
                self.is_same_part(one.unwrap_or_default(), other.unwrap_or_default())
            })
    }

    /// Returns `true` if a generated value stands for a recorded one, which it does from now on if neither is known yet.
    fn is_same_part(&mut self, recorded: &str, now: &str) -> bool {
        if let Some(known) = self.texts.get(recorded) {
            return known == now;
        }
        if recorded == now {
            return true;
        }
        if self.sent.contains(recorded) || !self.taken.insert(now.to_owned()) {
            return false;
        }
        self.texts.insert(recorded.to_owned(), now.to_owned());
        true
    }

    /// Returns a recorded text with the URLs of the server now, or with its host and port if the text is nothing else.
    fn with_host(&self, text: &str) -> String {
        let Some((recorded, now)) = &self.hosts else { return text.to_owned() };
        if text == recorded {
            return now.split_once("://").map_or(now.as_str(), |(_, authority)| authority).to_owned();
        }
        let mut text = text.to_owned();
        for scheme in ["http", "https"] {
            let beginning = format!("{scheme}://{recorded}");
            let is_whole =
                |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || ".-:".contains(next));
            let mut pieces = text.split(beginning.as_str());
            let mut replaced = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                replaced.push_str(if is_whole(piece) { now } else { &beginning });
                replaced.push_str(piece);
            }
            text = replaced;
        }
        text
    }

    fn learn_texts(&mut self, recorded: &Value, now: &Value) {
        match (recorded, now) {
            (Value::String(recorded), Value::String(now)) => {
                self.is_same_text(recorded, now);
            }
            (Value::Array(recorded), Value::Array(now)) if recorded.len() == now.len() => {
                recorded.iter().zip(now).for_each(|(recorded, now)| self.learn_texts(recorded, now));
            }
            (Value::Object(recorded), Value::Object(now)) => {
                for (name, recorded) in recorded {
                    if let Some(now) = now.get(name) {
                        self.learn_texts(recorded, now);
                    }
                }
            }
            _ => {}
        }
    }

    /// Learns whole numbers that are keys.
    fn learn_keys(&mut self, collection: &str, place: &mut Vec<String>, recorded: &Value, now: &Value) {
        match (recorded, now) {
            (Value::Array(recorded), Value::Array(now)) if recorded.len() == now.len() => {
                for (recorded, now) in recorded.iter().zip(now) {
                    self.learn_keys(collection, place, recorded, now);
                }
            }
            (Value::Object(recorded), Value::Object(now)) => {
                for (name, recorded) in recorded {
                    let Some(now) = now.get(name) else { continue };
                    place.push(name.clone());
                    self.learn_keys(collection, place, recorded, now);
                    place.pop();
                }
            }
            (Value::Number(recorded), Value::Number(now)) => {
                let is_key = place.last().is_some_and(|name| {
                    KEYS.contains(&name.as_str()) || KEY_ENDINGS.iter().any(|ending| name.ends_with(ending))
                });
                if let (true, Some(recorded), Some(now)) = (is_key, recorded.as_i64(), now.as_i64()) {
                    let of = owner(place, collection);
                    let known = self.keys.entry(recorded).or_default();
                    if !known.iter().any(|(owner, _)| *owner == of) {
                        known.push((of, now));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Returns the pieces of a text between its parts.
fn without<'a>(text: &'a str, parts: &[(Range<usize>, Kind)]) -> Vec<&'a str> {
    let starts = std::iter::once(0).chain(parts.iter().map(|(place, _)| place.end));
    let ends = parts.iter().map(|(place, _)| place.start).chain([text.len()]);
    starts.zip(ends).map(|(start, end)| text.get(start..end).unwrap_or_default()).collect()
}

/// Returns a text with secrets in place of what stands for them, where there are any.
fn with_secrets(text: &str, mut secret: impl FnMut(&str) -> Option<String>) -> String {
    let mut now = String::with_capacity(text.len());
    let mut rest = text;
    for stand_in in stand_ins(text) {
        let Some((before, after)) = rest.split_once(stand_in) else { break };
        now.push_str(before);
        now.push_str(secret(stand_in).as_deref().unwrap_or(stand_in));
        rest = after;
    }
    now + rest
}

/// Returns what a key at a place is a key of: the property that names it, or that holds the object, or else the collection.
pub(crate) fn owner(place: &[String], collection: &str) -> String {
    let is_name = |name: &&String| name.parse::<usize>().is_err();
    let mut names = place.iter().rev().filter(is_name).filter(|name| !WRAPPERS.contains(&name.as_str()));
    let last = names.next().map_or("", String::as_str);
    let name = if KEYS.contains(&last) { names.next().map_or(collection, String::as_str) } else { last };
    stem(if name.is_empty() { collection } else { name })
}

/// Returns a name without its ending, in lower case: `users`, `user_id` and `userId` are all `user`.
fn stem(name: &str) -> String {
    let endings = KEY_ENDINGS.iter().chain([&OBJECT_ENDING]);
    let name = endings.into_iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let name = name.to_lowercase().replace(['-', '_'], "");
    match name.strip_suffix("ies") {
        Some(begin) => format!("{begin}y"),
        None => name.strip_suffix('s').unwrap_or(&name).to_owned(),
    }
}

/// Returns `true` if a property of the second name may hold a key of the first: `assigned_user` one of `users`.
fn are_related(owner: &str, of: &str) -> bool {
    let of = stem(of);
    owner == of || (owner.len() > 2 && of.ends_with(owner)) || (of.len() > 2 && owner.ends_with(&of))
}

/// Returns `true` if a text has everything of a recorded one between its secrets.
fn is_hidden_in(recorded: &str, now: &str) -> bool {
    let mut pieces = Vec::new();
    let mut rest = recorded;
    for stand_in in stand_ins(recorded) {
        let Some((before, after)) = rest.split_once(stand_in) else { return false };
        pieces.push(before);
        rest = after;
    }
    let Some((first, middle)) = pieces.split_first() else { return recorded == now };
    let Some(mut left) = now.strip_prefix(first).and_then(|left| left.strip_suffix(rest)) else {
        return false;
    };
    for piece in middle {
        let Some((_, after)) = left.split_once(piece) else { return false };
        left = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OLD: &str = "0b1f3f6e-30d5-4c5b-a26e-4e3a0a4b3d11";
    const NEW: &str = "7d0c4a52-8c1b-4f7e-9a4d-1b2c3d4e5f60";
    const OTHER: &str = "9f8e7d6c-5b4a-4932-8170-6f5e4d3c2b1a";

    fn told(learned: &mut Learned, recorded: &Value, now: &Value) -> Option<String> {
        learned.compare("users", recorded, now).map(|difference| difference.to_string())
    }

    #[test]
    fn generated_texts_stand_for_each_other_once_they_were_seen() {
        let mut learned = Learned::default();
        let recorded = json!({"uuid": OLD, "url": format!("/u/{OLD}/"), "at": "2024-01-01T00:00:00Z"});
        let now = json!({"uuid": NEW, "url": format!("/u/{NEW}/"), "at": "2025-05-05T05:05:05Z"});
        assert_eq!(told(&mut learned, &recorded, &now), None);
        assert_eq!(learned.sendable(&format!("/users/{OLD}/?of={OLD}")), format!("/users/{NEW}/?of={NEW}"));
        let wrong = told(&mut learned, &json!([OLD]), &json!([OTHER]));
        assert_eq!(wrong, Some(format!("/0: expected \"{OLD}\", got \"{OTHER}\"")), "it is another one now");
        let taken = told(&mut learned, &json!([OTHER]), &json!([NEW]));
        assert!(taken.is_some(), "it stands for one already");
        assert!(told(&mut learned, &json!("2024-01-01T00:00:00Z"), &json!("soon")).is_some());
    }

    #[test]
    fn what_a_request_sends_is_no_generated_value() {
        let mut learned = Learned::default();
        for sent in [OLD, "2030-01-01T00:00:00Z"] {
            assert_eq!(learned.sendable(sent), sent);
        }
        assert!(told(&mut learned, &json!({"of": OLD}), &json!({"of": NEW})).is_some());
        let (sent, other) = (json!("2030-01-01T00:00:00Z"), json!("2031-01-01T00:00:00Z"));
        assert!(told(&mut learned, &sent, &other).is_some());
    }

    #[test]
    fn whole_numbers_are_keys_of_what_their_names_say() {
        let mut learned = Learned::default();
        let recorded = json!({"results": [{"pk": 5, "group": 5, "groups_obj": [{"pk": 5}]}], "count": 1});
        let now = json!({"results": [{"pk": 7, "group": 9, "groups_obj": [{"pk": 9}]}], "count": 1});
        assert_eq!(told(&mut learned, &recorded, &now), None);
        assert_eq!((learned.key("user_id", 5), learned.key("groups", 5)), (Some(7), Some(9)));
        assert_eq!(learned.key("page", 5), None);
        assert_eq!(told(&mut learned, &json!({"num_pk": 29_599}), &json!({"num_pk": 30_229})), None);
        let count = told(&mut learned, &json!({"count": 5}), &json!({"count": 7}));
        assert_eq!(count.as_deref(), Some("/count: expected 5, got 7"));
        let other = told(&mut learned, &json!({"user": 5}), &json!({"user": 9}));
        assert_eq!(other.as_deref(), Some("/user: expected 5, got 9"));
    }

    #[test]
    fn secrets_are_anything_and_hosts_are_those_of_now() {
        let mut learned = Learned::default();
        learned.set_hosts("old:9000".to_owned(), "https://new".to_owned());
        let recorded = json!({
            "key": "***2*", "text": "a ***1* b ***3*", "url": "http://old:9000/x", "n": "***0*", "host": "old:9000",
        });
        let now = json!({"key": "s3cret", "text": "a x b y", "url": "https://new/x", "n": 5, "host": "new"});
        assert_eq!(told(&mut learned, &recorded, &now), None);
        assert_eq!(learned.sendable_as_known("Bearer ***2*, ***9*"), "Bearer s3cret, ***9*");
        assert!(told(&mut learned, &json!("a ***1* b"), &json!("a x c")).is_some());
        assert!(told(&mut learned, &json!("***2*"), &Value::Null).is_some());
        assert!(told(&mut learned, &json!("http://old:90001/"), &json!("https://new1/")).is_some());
    }

    #[test]
    fn a_secret_that_nobody_told_is_made_once_and_is_not_what_stands_for_it() {
        let mut learned = Learned::default();
        let made = learned.sendable("***9*");
        assert!(made.len() == SECRET && !made.contains('*'), "{made}");
        assert_eq!(learned.sendable("a***9*1"), format!("a{made}1"));
        assert_eq!(learned.sendable("***bold***"), "***bold***");
        assert_ne!(learned.sendable("***0*"), learned.sendable("***0*"), "these are not told apart");
    }

    #[test]
    fn what_is_shown_has_no_secret_that_is_known() {
        let mut learned = Learned::default();
        assert_eq!(told(&mut learned, &json!(["***1*"]), &json!(["s3cret"])), None);
        let value = json!({"a": ["b s3cret", 5, null]});
        assert_eq!(learned.shown(&value, false), json!({"a": ["b ***1*", 5, null]}));
        assert_eq!(learned.shown(&value, true), json!({"a": ["***", "***", null]}));
    }

    #[test]
    fn long_texts_are_compared_in_linear_time() {
        let mut learned = Learned::default();
        learned.set_hosts("old".to_owned(), "http://a-longer-name".to_owned());
        let (recorded, now) = ("http://old/".repeat(200_000), "http://a-longer-name/".repeat(200_000));
        assert_eq!(told(&mut learned, &json!(recorded), &json!(now)), None);
        let (recorded, now) = (format!("{OLD} ").repeat(100_000), format!("{NEW} ").repeat(100_000));
        assert_eq!(told(&mut learned, &json!(recorded), &json!(now)), None);
    }

    #[test]
    fn what_comes_behind_a_difference_is_learned() {
        let mut learned = Learned::default();
        let (recorded, now) = (json!({"name": "a", "uuid": OLD}), json!({"name": "b", "uuid": NEW}));
        assert_eq!(told(&mut learned, &recorded, &now).as_deref(), Some("/name: expected \"a\", got \"b\""));
        assert_eq!(learned.translated(OLD), NEW);
    }
}
