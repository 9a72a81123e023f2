//! Makes calls of the samples of an operation: as many as it takes to use each sample once.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::operation::{Answer, Samples};

/// One call to be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Call {
    /// The parameters that are sent.
    pub(crate) parameters: BTreeMap<String, Value>,
    /// Those of them that a method of the service is not given.
    pub(crate) unseen: BTreeSet<String>,
    /// The body, if one is sent.
    pub(crate) body: Option<Value>,
    /// The status to answer with.
    pub(crate) status: u16,
    /// The body to answer with.
    pub(crate) answer: Value,
}

/// Returns the calls of an operation. Every sample is in at least one of them, and the last has nothing that is optional.
pub(crate) fn calls(samples: &Samples) -> Vec<Call> {
    let answers: Vec<(u16, &Value)> = samples.answers.iter().flat_map(statuses).collect();
    let parameters = samples.parameters.iter().map(|parameter| parameter.values.len());
    let bodies = samples.body.iter().map(|body| body.values.len());
    let count = parameters.chain(bodies).chain([answers.len()]).max().unwrap_or_default();
    let nth = |values: &[Value], index: usize| values.get(index.checked_rem(values.len())?).cloned();
    let call = |index: usize, all: bool| {
        let (status, answer) = index
            .checked_rem(answers.len())
            .and_then(|index| answers.get(index))
            .map_or((0, Value::Null), |(status, answer)| (*status, (*answer).clone()));
        let parameters = samples.parameters.iter().filter(|parameter| all || parameter.required);
        let parameters =
            parameters.filter_map(|parameter| Some((parameter.name.clone(), nth(&parameter.values, index)?)));
        let body = samples.body.as_ref().filter(|body| all || body.required);
        let unseen = samples.parameters.iter().filter(|parameter| !parameter.received);
        Call {
            unseen: unseen.map(|parameter| parameter.name.clone()).collect(),
            parameters: parameters.collect(),
            body: body.and_then(|body| nth(&body.values, index)),
            status,
            answer,
        }
    };
    if answers.is_empty() {
        return Vec::new();
    }
    (0..count).map(|index| call(index, true)).chain([call(0, false)]).collect()
}

fn statuses(answer: &Answer) -> impl Iterator<Item = (u16, &Value)> {
    answer.values.iter().map(|value| (answer.status, value))
}

/// The samples that a call of the client is given, and what its types made of them.
#[derive(Clone, Debug)]
pub struct Sent {
    call: Call,
    /// The parameters as their types have them.
    pub(crate) parameters: BTreeMap<String, Value>,
    /// The body as its type has it.
    pub(crate) body: Option<Value>,
    /// `true` if the body is written in the shape of its sample.
    pub(crate) keeps_shape: bool,
}

impl Sent {
    pub(crate) fn new(call: Call) -> Self {
        Sent { call, parameters: BTreeMap::new(), body: None, keeps_shape: true }
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    /// Returns the parameter of this name as its type; `None` if it is not sent.
    ///
    /// # Errors
    /// Fails if the type does not take the value.
    pub fn parameter<T: DeserializeOwned + Serialize>(&mut self, name: &str) -> Result<Option<T>, String> {
        let Some(value) = self.call.parameters.get(name) else { return Ok(None) };
        let typed: T = read(value).map_err(|fault| format!("{name}: {fault}"))?;
        let value = serde_json::to_value(&typed).map_err(|fault| format!("{name}: {fault}"))?;
        self.parameters.insert(name.to_owned(), value);
        Ok(Some(typed))
    }

    /// Returns the body as its type; `None` if none is sent.
    ///
    /// # Errors
    /// Fails if the type does not take the value.
    pub fn body<T: DeserializeOwned + Serialize>(&mut self) -> Result<Option<T>, String> {
        let body = self.body_by(read, |typed| serde_json::to_value(typed).map_err(|fault| fault.to_string()));
        self.keeps_shape = true;
        body
    }

    /// Returns the body as what `read` makes of it, which `write` writes in a shape of its own; `None` if none is sent.
    ///
    /// # Errors
    /// Fails if either fails.
    pub fn body_by<T>(
        &mut self,
        read: impl Fn(&Value) -> Result<T, String>,
        write: impl Fn(&T) -> Result<Value, String>,
    ) -> Result<Option<T>, String> {
        let Some(value) = &self.call.body else { return Ok(None) };
        let about = |fault| format!("body: {fault}");
        self.keeps_shape = false;
        let typed = read(value).map_err(about)?;
        self.body = Some(write(&typed).map_err(about)?);
        Ok(Some(typed))
    }
}

/// Reads a type from a value.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value)
        .map_err(|fault| format!("the type refuses {}: {fault}", crate::compare::shortened(value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_sample_is_used_and_the_last_call_has_nothing_optional() {
        let samples = json!({
            "parameters": [
                {"name": "path id", "required": true, "received": true, "values": ["a", "b"]},
                {"name": "query limit", "required": false, "received": true, "values": [1, 2, 3]},
            ],
            "body": {"required": false, "values": [{}]},
            "answers": [{"status": 200, "values": [1]}, {"status": 404, "values": [null]}],
        });
        let calls = calls(&serde_json::from_value(samples).unwrap());
        let said: Vec<Value> =
            calls.iter().map(|call| json!([call.parameters, call.body, call.status, call.answer])).collect();
        assert_eq!(
            said,
            [
                json!([{"path id": "a", "query limit": 1}, {}, 200, 1]),
                json!([{"path id": "b", "query limit": 2}, {}, 404, null]),
                json!([{"path id": "a", "query limit": 3}, {}, 200, 1]),
                json!([{"path id": "a"}, null, 200, 1]),
            ]
        );
    }

    #[test]
    fn an_operation_that_nothing_can_be_answered_for_is_not_called() {
        assert_eq!(calls(&Samples::default()), []);
    }
}
