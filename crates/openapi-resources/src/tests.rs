//! A small world, and everything that can be asked of it.
#![expect(clippy::needless_pass_by_value, clippy::similar_names, reason = "tests read better so")]

mod changes;
mod indexes;
mod kept;
mod lists;
mod objects;
mod plans;
mod views;

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal, Request};
use crate::definition::Definition;
use crate::functions::Functions;
use crate::plan::Plan;
use crate::store::Store;
use crate::supply::Supply;

/// Returns the definition of the world.
fn definition() -> Value {
    serde_json::from_str(include_str!("tests/library.json")).expect("a value")
}

fn functions() -> Functions {
    Functions::new().with("shout", |reader, row| {
        json!(reader.value(row, "name").as_str().unwrap_or_default().to_uppercase())
    })
}

/// Times and keys that are the same on every run.
#[derive(Debug, Default)]
struct Fixed(std::sync::atomic::AtomicU64);

impl Supply for Fixed {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        let step = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        chrono::DateTime::from_timestamp(1_800_000_000 + i64::try_from(step).unwrap_or(0), 0)
            .unwrap_or_default()
    }

    fn uuid(&self) -> uuid::Uuid {
        uuid::Uuid::from_u128(u128::from(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed)))
    }
}

pub(crate) fn store() -> Store {
    store_of(definition())
}

fn store_of(definition: Value) -> Store {
    store_with(definition, functions())
}

fn store_with(definition: Value, functions: Functions) -> Store {
    let definition: Definition = serde_json::from_value(definition).expect("a definition");
    let plan = Plan::new(definition, functions).unwrap_or_else(|problems| panic!("{problems:#?}"));
    Store::new(plan.with_supply(Fixed::default()))
}

/// Asks for an operation: variables and parameters are `name=value`, those of the path after a `/`.
pub(crate) fn ask(
    store: &Store,
    operation: &str,
    parameters: &[&str],
    body: Option<&Value>,
) -> Result<Answer, Refusal> {
    let mut request = Request { operation, body, url: "http://host/here", ..Request::default() };
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').expect("a name and a value");
        match name.strip_prefix('/') {
            Some(name) => request.path.push((name, json!(value))),
            None => match request.query.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(json!(value)),
                None => request.query.push((name, vec![json!(value)])),
            },
        }
    }
    store.answer(&request)
}

/// Returns the body of an answer.
fn body(answer: &Answer) -> Value {
    answer.body.as_ref().map_or(Value::Null, |body| serde_json::from_slice(body).expect("JSON"))
}

pub(crate) fn get(store: &Store, operation: &str, parameters: &[&str]) -> Value {
    body(&ask(store, operation, parameters, None).unwrap_or_else(|refusal| panic!("{operation}: {refusal}")))
}

pub(crate) fn send(store: &Store, operation: &str, parameters: &[&str], value: Value) -> Value {
    let answer = ask(store, operation, parameters, Some(&value));
    body(&answer.unwrap_or_else(|refusal| panic!("{operation} {value}: {refusal}")))
}

fn refused(store: &Store, operation: &str, parameters: &[&str], value: Option<Value>) -> Refusal {
    match ask(store, operation, parameters, value.as_ref()) {
        Ok(answer) => panic!("{operation} was answered: {}", body(&answer)),
        Err(refusal) => refusal,
    }
}

/// Makes two teams, two people and four tickets; returns the keys of the people.
pub(crate) fn filled(store: &Store) -> (String, String) {
    for slug in ["red", "blue"] {
        send(store, "teams_create", &[], json!({"slug": slug}));
    }
    let person = |name: &str, team: Value| {
        let made = send(store, "people_create", &[], json!({"name": name, "team": team, "password": "x"}));
        made["id"].as_str().expect("a key").to_owned()
    };
    let (jo, al) = (person("jo", json!(1)), person("Al", json!(null)));
    let tickets = [
        json!({"name": "roof", "weight": 3, "author": jo, "teams": [1, 2], "extra": {"color": "red"}}),
        json!({"name": "Door", "weight": 1, "author": jo, "teams": [2]}),
        json!({"name": "floor", "author": al, "state": "done"}),
        json!({"name": "window", "weight": 3, "author": al, "teams": [1], "extra": {"color": "blue"}}),
    ];
    for ticket in tickets {
        send(store, "tickets_create", &[], ticket);
    }
    (jo, al)
}

/// Returns the texts that a property has in a list.
fn names(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|item| item["name"].as_str()).collect()
}
