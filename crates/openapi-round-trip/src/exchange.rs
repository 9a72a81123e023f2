//! Passes values between a call of the client and the method that serves it, beside the network.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::calls::{Call, read};

/// The next answer of the server, and what it has received. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Exchange(Arc<Mutex<Current>>);

#[derive(Debug, Default)]
struct Current {
    status: u16,
    answer: Value,
    served: Served,
}

/// The server's part in one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Served {
    /// The arguments of the method; `None` if none was called.
    pub(crate) received: Option<Received>,
    /// The answer as its type has it.
    pub(crate) answered: Option<Value>,
    /// Why the planned answer could not be given.
    pub(crate) fault: Option<String>,
}

/// The arguments of a method of the service.
#[derive(Clone, Debug)]
pub struct Received {
    pub(crate) operation: &'static str,
    pub(crate) parameters: BTreeMap<&'static str, Value>,
    pub(crate) body: Option<Value>,
    pub(crate) faults: Vec<String>,
}

impl Received {
    /// Starts the record of a call of this operation.
    #[must_use]
    pub fn new(operation: &'static str) -> Self {
        Received { operation, parameters: BTreeMap::new(), body: None, faults: Vec::new() }
    }

    /// Records a parameter; one that is `None` was not received.
    pub fn parameter(&mut self, name: &'static str, value: &impl Serialize) {
        match serde_json::to_value(value) {
            Ok(Value::Null) => {}
            Ok(value) => drop(self.parameters.insert(name, value)),
            Err(fault) => self.faults.push(format!("{name}: {fault}")),
        }
    }

    /// Records the body.
    pub fn body(&mut self, value: &impl Serialize) {
        self.body_as(serde_json::to_value(value).map_err(|fault| fault.to_string()));
    }

    /// Records the body as what it was written as.
    pub fn body_as(&mut self, value: Result<Value, String>) {
        match value {
            Ok(value) => self.body = Some(value),
            Err(fault) => self.faults.push(format!("body: {fault}")),
        }
    }
}

impl Exchange {
    /// Takes what a method was given, and returns the status that it is to answer with.
    #[must_use]
    pub fn receive(&self, received: Received) -> u16 {
        let mut current = self.lock();
        current.served.received = Some(received);
        current.status
    }

    /// Returns the planned answer as its type.
    ///
    /// # Errors
    /// Fails if the type does not take the answer; the call then has failed.
    pub fn answer<T: DeserializeOwned + Serialize>(&self) -> Result<T, String> {
        let mut current = self.lock();
        let typed: Result<T, String> = read(&current.answer);
        let written = typed
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|typed| serde_json::to_value(typed).map_err(|fault| fault.to_string()));
        match written {
            Ok(written) => current.served.answered = Some(written),
            Err(fault) => current.served.fault = Some(format!("answer: {fault}")),
        }
        typed
    }

    /// Returns the text of the planned answer, for one that is no JSON.
    #[must_use]
    pub fn answer_text(&self) -> String {
        let mut current = self.lock();
        current.served.answered = Some(current.answer.clone());
        match &current.answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Says that the planned answer has no content.
    pub fn answer_nothing(&self) {
        self.lock().served.answered = Some(Value::Null);
    }

    pub(crate) fn plan(&self, call: &Call) {
        *self.lock() =
            Current { status: call.status, answer: call.answer.clone(), served: Served::default() };
    }

    pub(crate) fn served(&self) -> Served {
        self.lock().served.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
