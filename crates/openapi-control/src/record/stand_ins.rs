//! The texts that stand for secrets in a record: the same secret is always the same text.

use std::collections::HashMap;

use serde_json::Value;

use super::format::Recorded;
use crate::limits::MAX_RECORDED_SECRETS;
use crate::secrets::HIDDEN;

/// The number of characters of a secret that is also looked for where the document expects none. A shorter one could be a
/// word like any other.
const MIN_SCRUBBED: usize = 16;

/// The secrets that were met, and what stands for them.
#[derive(Default)]
pub(super) struct StandIns(HashMap<String, String>);

impl StandIns {
    /// Returns what stands for a secret. An empty text is none.
    pub(super) fn of(&mut self, secret: &str) -> String {
        if let Some(known) = self.0.get(secret) {
            return known.clone();
        }
        if secret.is_empty() || self.0.len() >= MAX_RECORDED_SECRETS {
            return if secret.is_empty() { String::new() } else { HIDDEN.to_owned() };
        }
        let stand_in = format!("{HIDDEN}{}", self.0.len() + 1);
        self.0.insert(secret.to_owned(), stand_in.clone());
        stand_in
    }

    /// Returns what stands for a secret that may be no text.
    pub(super) fn of_value(&mut self, secret: &Value) -> Value {
        Value::from(secret.as_str().map_or_else(|| HIDDEN.to_owned(), |text| self.of(text)))
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
            Value::Object(members) => members.values_mut().for_each(|member| self.scrub_value(member)),
            _ => {}
        }
    }

    fn scrub_text(&self, text: &mut String) {
        for (secret, stand_in) in &self.0 {
            if secret.len() >= MIN_SCRUBBED && text.len() >= secret.len() && text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), stand_in);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_secrets_are_told_apart_and_the_rest_are_hidden_all_the_same() {
        let mut stand_ins = StandIns::default();
        for number in 1..=MAX_RECORDED_SECRETS {
            assert_eq!(stand_ins.of(&format!("secret {number}")), format!("***{number}"));
        }
        assert_eq!(stand_ins.of("secret 7"), "***7");
        assert_eq!((stand_ins.of("another").as_str(), stand_ins.of("").as_str()), (HIDDEN, ""));
        assert_eq!(stand_ins.of_value(&Value::from(5)), Value::from(HIDDEN));
    }
}
