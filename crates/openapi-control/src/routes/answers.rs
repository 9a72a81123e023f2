//! The routes of answers of one's own and their scenarios.

use http::{Response, StatusCode};
use openapi_server_runtime::response::Body;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Answer;
use crate::control::Control;
use crate::json;
use crate::reply::{answered, detail, done};

pub(super) fn add(control: &Control, body: &[u8]) -> Response<Body> {
    let answers: Vec<Answer> = match json::one_or_many(body, "answer") {
        Ok(answers) => answers,
        Err(error) => return detail(StatusCode::BAD_REQUEST, &error),
    };
    match control.answers().add(answers) {
        Ok(_) => answered(StatusCode::CREATED, &json!(control.answers().list())),
        Err(error) => detail(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

pub(super) fn remove(control: &Control, id: &str) -> Response<Body> {
    match id.parse() {
        Ok(number) if control.answers().remove(number) => done(),
        _ => detail(StatusCode::NOT_FOUND, &format!("There is no answer `{id}`.")),
    }
}

/// The state that a scenario is to have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    state: String,
}

pub(super) fn set_scenario(control: &Control, name: &str, body: &[u8]) -> Response<Body> {
    let Wanted { state } = match json::one(body) {
        Ok(wanted) => wanted,
        Err(error) => return detail(StatusCode::BAD_REQUEST, &error),
    };
    let name = percent_decode_str(name).decode_utf8_lossy();
    let scenarios = control.answers().scenarios();
    match scenarios.get(name.as_ref()) {
        None => detail(StatusCode::NOT_FOUND, &format!("There is no scenario `{name}`.")),
        Some(_) if control.answers().set_scenario(&name, &state) => done(),
        Some(scenario) => {
            let states = scenario.states.join(", ");
            let message = format!("at state: `{name}` has no state `{state}`; it has {states}");
            detail(StatusCode::BAD_REQUEST, &message)
        }
    }
}
