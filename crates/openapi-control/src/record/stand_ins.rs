//! The texts that stand for secrets in a record: the same secret is always the same text.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::format::{Recorded, stand_in};
use crate::limits::MAX_RECORDED_SECRETS;

/// The number of characters of a secret that is also looked for where the document expects none. A shorter one could be a
/// word like any other.
const MIN_SCRUBBED: usize = 16;

/// The secrets that were met, the longest first, and what stands for them.
#[derive(Clone, Default)]
pub(super) struct StandIns(Arc<BTreeMap<(Reverse<usize>, String), String>>);

impl StandIns {
    /// Returns what stands for a secret. An empty text is none.
    pub(super) fn of(&mut self, secret: &str) -> String {
        let key = (Reverse(secret.len()), secret.to_owned());
        if let Some(known) = self.0.get(&key) {
            return known.clone();
        }
        if secret.is_empty() || self.0.len() >= MAX_RECORDED_SECRETS {
            return if secret.is_empty() { String::new() } else { stand_in(0) };
        }
        let stand_in = stand_in(self.0.len() + 1);
        Arc::make_mut(&mut self.0).insert(key, stand_in.clone());
        stand_in
    }

    /// Returns what stands for a secret that may be no text.
    pub(super) fn of_value(&mut self, secret: &Value) -> Value {
        match secret {
            Value::Null => Value::Null,
            Value::String(text) => Value::from(self.of(text)),
            Value::Array(items) => items.iter().map(|item| self.of_value(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, member)| (name.clone(), self.of_value(member))).collect()
            }
            Value::Bool(_) | Value::Number(_) => Value::from(stand_in(0)),
        }
    }

    /// Hides the known secrets wherever they are in an exchange.
    pub(super) fn scrub(&self, recorded: &mut Recorded) {
        self.scrub_text(&mut recorded.path);
        recorded.headers.values_mut().for_each(|value| self.scrub_text(value));
        recorded.body_raw.iter_mut().for_each(|text| self.scrub_text(text));
        let bodies = [&mut recorded.body, &mut recorded.answer_body];
        bodies.into_iter().flatten().for_each(|body| self.scrub_value(body));
    }

    fn scrub_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.scrub_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub_value(item)),
            Value::Object(members) => {
                let scrubbed = std::mem::take(members).into_iter().map(|(mut name, mut member)| {
                    self.scrub_text(&mut name);
                    self.scrub_value(&mut member);
                    (name, member)
                });
                *members = scrubbed.collect();
            }
            _ => {}
        }
    }

    fn scrub_text(&self, text: &mut String) {
        for (secret, stand_in) in self.within(text.len()) {
            if text.contains(secret) {
                *text = text.replace(secret, stand_in);
            }
        }
    }

    /// Returns `true` if a text has a known secret.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.within(text.len()).any(|(secret, _)| text.contains(secret))
    }

    /// Returns the secrets that are looked for in a text of this length, the longest first.
    fn within(&self, length: usize) -> impl Iterator<Item = (&str, &str)> {
        let longest = (Reverse(length), String::new());
        let found = self.0.range(longest..).take_while(|((Reverse(length), _), _)| *length >= MIN_SCRUBBED);
        found.map(|((_, secret), stand_in)| (secret.as_str(), stand_in.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn so_many_secrets_are_told_apart_and_the_rest_are_hidden_all_the_same() {
        let mut stand_ins = StandIns::default();
        for number in 1..=MAX_RECORDED_SECRETS {
            assert_eq!(stand_ins.of(&format!("secret {number}")), format!("***{number}*"));
        }
        assert_eq!(stand_ins.of("secret 7"), "***7*");
        assert_eq!((stand_ins.of("another").as_str(), stand_ins.of("").as_str()), ("***0*", ""));
        assert_eq!(
            stand_ins.of_value(&json!([5, null, {"a": "secret 7"}])),
            json!(["***0*", null, {"a": "***7*"}])
        );
    }

    #[test]
    fn a_secret_within_another_leaves_nothing_of_it() {
        let mut stand_ins = StandIns::default();
        let short = "0123456789abcdef";
        let long = format!("{short}-and-more");
        stand_ins.of(short);
        stand_ins.of(&long);
        let body = json!({long.as_str(): [format!("{long}1{short}2"), short.split_at(15).0]});
        let mut recorded = Recorded { path: format!("/{long}"), body: Some(body), ..Recorded::default() };
        stand_ins.scrub(&mut recorded);
        assert_eq!(recorded.path, "/***2*");
        assert_eq!(recorded.body, Some(json!({"***2*": ["***2*1***1*2", "0123456789abcde"]})));
        assert!(stand_ins.are_in(&long) && !stand_ins.are_in("0123456789abcde"));
    }
}
