//! Makes the calls of every operation, one after the other, and compares.

use serde_json::Value;

use crate::calls::{Call, Sent, calls};
use crate::compare::{decoding_difference, difference, loss, parameter_difference, shortened};
use crate::exchange::{Exchange, Received, Served};
use crate::operation::{Operation, Samples};
use crate::report::{Report, Row};

/// The result of a call of the client.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The status.
    pub status: u16,
    /// The answer as its type has it; of an answer that is an error, its JSON or its text.
    pub answer: Value,
    /// How the client finds the answer to differ from the document.
    pub drift: Vec<String>,
}

/// Has `call` make every call of `operations`, while a server answers what `exchange` plans.
///
/// `call` is given the id of an operation, and fails if there was no answer.
pub async fn run(
    operations: &[Operation],
    exchange: &Exchange,
    call: impl AsyncFn(&'static str, &mut Sent) -> Result<Outcome, String>,
) -> Report {
    let mut report = Report::default();
    for operation in operations {
        let mut row = Row::new(operation);
        match serde_json::from_str::<Samples>(operation.samples) {
            Err(fault) => row.fail(None, format!("the samples cannot be read: {fault}")),
            Ok(samples) => {
                for planned in calls(&samples) {
                    exchange.plan(&planned);
                    let mut sent = Sent::new(planned);
                    let outcome = call(operation.id, &mut sent).await;
                    match fault(operation, &sent, &exchange.served(), &outcome) {
                        None => row.passed += 1,
                        Some(fault) => row.fail(Some(sent.call()), fault),
                    }
                }
            }
        }
        report.rows.push(row);
    }
    report
}

/// Returns what went wrong with a call; `None` if nothing did.
fn fault(
    operation: &Operation,
    sent: &Sent,
    served: &Served,
    outcome: &Result<Outcome, String>,
) -> Option<String> {
    let Some(received) = &served.received else {
        return Some(match outcome {
            Err(fault) => format!("the client sent nothing: {fault}"),
            Ok(outcome) => {
                format!("the server refused the request: {} {}", outcome.status, shortened(&outcome.answer))
            }
        });
    };
    if received.operation != operation.id {
        return Some(format!("the server took the request for one of {}", received.operation));
    }
    request(sent, received).or_else(|| served.fault.clone()).or_else(|| answer(sent.call(), served, outcome))
}

/// Returns what the server did not receive as it was sent.
fn request(sent: &Sent, received: &Received) -> Option<String> {
    if let Some(fault) = received.faults.first() {
        return Some(format!("what was received cannot be written: {fault}"));
    }
    for (name, made) in &sent.call().parameters {
        let Some(typed) = sent.parameters.get(name) else {
            return Some(format!("{name}: the client has no setter"));
        };
        if let Some(fault) = parameter_difference(made, typed) {
            return Some(format!("{name}, in the client's type: {fault}"));
        }
        if sent.call().unseen.contains(name) {
            continue;
        }
        let Some(value) = received.parameters.get(name.as_str()) else {
            return Some(format!("{name}: {} was not received", shortened(typed)));
        };
        if let Some(fault) = parameter_difference(typed, value) {
            return Some(format!("{name}, on the way: {fault}"));
        }
    }
    let Some(made) = &sent.call().body else {
        let added = received.body.as_ref();
        return added.map(|value| format!("body: {} was received, and none was sent", shortened(value)));
    };
    let Some(typed) = &sent.body else { return Some("body: the client has no setter".to_owned()) };
    let lost = if sent.keeps_shape { loss(made, typed) } else { missing(made, typed) };
    if let Some(fault) = lost {
        return Some(format!("body, in the client's type: {fault}"));
    }
    match &received.body {
        None => Some("body: it was not received".to_owned()),
        Some(value) => difference(typed, value).map(|fault| format!("body, on the way: {fault}")),
    }
}

/// Returns a property that is not in a body of another shape at all.
fn missing(made: &Value, typed: &Value) -> Option<String> {
    let mut names = made.as_object().into_iter().flatten().map(|(name, _)| name);
    names.find(|name| typed.get(name.as_str()).is_none()).map(|name| format!("/{name}: it is lost"))
}

/// Returns what the client did not decode as it was answered.
fn answer(call: &Call, served: &Served, outcome: &Result<Outcome, String>) -> Option<String> {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(fault) => return Some(format!("answer {}: {fault}", call.status)),
    };
    if outcome.status != call.status {
        let found = shortened(&outcome.answer);
        return Some(format!("answer {}: the client got {} {found}", call.status, outcome.status));
    }
    let Some(typed) = &served.answered else {
        return Some(format!("answer {}: it was not given", call.status));
    };
    // Failures only say what they have to say.
    let lost =
        if call.status < 400 { loss(&call.answer, typed) } else { decoding_difference(&call.answer, typed) };
    let found = lost
        .map(|fault| format!("in the server's type: {fault}"))
        .or_else(|| decoding_difference(typed, &outcome.answer).map(|fault| format!("on the way: {fault}")))
        .or_else(|| outcome.drift.first().map(|drift| format!("the client reports drift: {drift}")));
    found.map(|fault| format!("answer {}, {fault}", call.status))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OPERATION: Operation =
        Operation { id: "get_pet", route: "GET /pets/{id}", samples: "", skipped: &[] };

    /// Returns what is said of a call that sends and answers `value`, if the server receives and the client gets others.
    fn said(received: Option<Value>, answered: &Value, status: u16) -> Option<String> {
        let value = json!({"a": 1});
        let mut sent = Sent::new(Call {
            parameters: [("path id".to_owned(), json!("x"))].into(),
            body: Some(value.clone()),
            status: 200,
            answer: value.clone(),
            ..Call::default()
        });
        let _: Option<String> = sent.parameter("path id").unwrap();
        let _: Option<Value> = sent.body().unwrap();
        let received = received.map(|body| {
            let mut received = Received::new("get_pet");
            received.parameter("path id", &"x");
            received.body(&body);
            received
        });
        let served = Served { received, answered: Some(value), fault: None };
        let outcome = Outcome { status, answer: answered.clone(), drift: Vec::new() };
        fault(&OPERATION, &sent, &served, &Ok(outcome))
    }

    #[test]
    fn a_body_that_was_not_sent_is_not_received() {
        let mut sent = Sent::new(Call { status: 200, answer: json!(1), ..Call::default() });
        let _: Option<Value> = sent.body().unwrap();
        let said = |body: Option<Value>| {
            let mut received = Received::new("get_pet");
            if let Some(body) = &body {
                received.body(body);
            }
            let served = Served { received: Some(received), answered: Some(json!(1)), fault: None };
            let outcome = Outcome { status: 200, answer: json!(1), drift: Vec::new() };
            fault(&OPERATION, &sent, &served, &Ok(outcome))
        };
        assert_eq!(said(None), None);
        assert_eq!(said(Some(json!({}))).as_deref(), Some("body: {} was received, and none was sent"));
    }

    #[test]
    fn a_call_passes_if_both_ways_keep_what_is_said() {
        let (right, wrong) = (json!({"a": 1}), json!({"a": 2}));
        assert_eq!(said(Some(right.clone()), &right, 200), None);
        for (received, answered, status, expected) in [
            (Some(wrong.clone()), &right, 200, "body, on the way: /a: 1 became 2"),
            (Some(right.clone()), &wrong, 200, "answer 200, on the way: /a: 1 became 2"),
            (Some(right.clone()), &wrong, 404, "answer 200: the client got 404 {\"a\":2}"),
            (None, &wrong, 400, "the server refused the request: 400 {\"a\":2}"),
        ] {
            assert_eq!(said(received, answered, status).as_deref(), Some(expected));
        }
    }
}
