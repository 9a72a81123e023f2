//! Components: for every component of the document, whatever its schema allows can be read into the Rust type, is
//! written again with nothing lost, and Rust value → JSON → Rust value is the identity. The values are made from the
//! schema, not from the type, so a type that is narrower than its schema is found out.

use authentik_sources_types as types;
use chrono::SecondsFormat;
use proptest::prelude::*;
use proptest::string::string_regex;
use proptest::test_runner::{Config, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Runs the proof for each named component, and fails when the document has one that is not named.
macro_rules! components {
    ($($name:ident),* $(,)?) => {
        #[test]
        fn every_component_survives_the_way_through_rust() {
            let document = crate::document();
            let declared: Vec<&str> =
                document.value()["components"]["schemas"].as_object().expect("components").keys().map(String::as_str).collect();
            let mut proved = vec![$(stringify!($name)),*];
            proved.sort_unstable();
            let mut sorted = declared.clone();
            sorted.sort_unstable();
            assert_eq!(proved, sorted, "name every component of the document here");
            $(survives::<types::$name>(document.value(), stringify!($name));)*
        }
    };
}

components![
    ContextualFlowInfo,
    ContextualFlowInfoLayoutEnum,
    ErrorDetail,
    GenericError,
    GroupMatchingModeEnum,
    GroupOAuthSourceConnection,
    PaginatedGroupOAuthSourceConnectionList,
    PaginatedPlexSourceList,
    Pagination,
    PatchedPlexSourceRequest,
    PlexSource,
    PlexSourceRequest,
    PlexTokenRedeemRequest,
    PolicyEngineMode,
    RedirectChallenge,
    Source,
    UsedBy,
    UsedByActionEnum,
    UserMatchingModeEnum,
    ValidationError,
];

fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(document: &Value, name: &str) {
    let schema = &document["components"]["schemas"][name];
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&values(document, schema), |value| {
            let read: T = serde_json::from_value(value.clone())
                .map_err(|error| TestCaseError::fail(format!("{name} refuses {value}: {error}")))?;
            let written = serde_json::to_string(&read).expect("a wire type serialises");
            let again: T = serde_json::from_str(&written)
                .map_err(|error| TestCaseError::fail(format!("{name} refuses its own {written}: {error}")))?;
            let kept: Value = serde_json::from_str(&written).expect("what was written is JSON");
            prop_assert!(holds(&kept, &value), "{} makes {} of {}", name, kept, value);
            prop_assert_eq!(read, again, "{} changes on the way through {}", name, written);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Returns `true` if `written` has everything that `read` had. A member that a response left out may be written as null
/// or `[]`, and an empty list of errors may be left out.
fn holds(written: &Value, read: &Value) -> bool {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => {
            read.iter().all(|(key, read)| match written.get(key) {
                Some(written) => holds(written, read),
                None => read.as_array().is_some_and(Vec::is_empty),
            })
        }
        (Value::Array(written), Value::Array(read)) => {
            written.len() == read.len()
                && written.iter().zip(read).all(|(written, read)| holds(written, read))
        }
        _ => written == read,
    }
}

/// Returns every kind of value that a schema allows.
fn values(document: &Value, schema: &Value) -> BoxedStrategy<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        return values(document, document.pointer(&reference[1..]).expect("references resolve"));
    }
    let plain = if let Some(words) = schema["enum"].as_array() {
        proptest::sample::select(words.clone()).boxed()
    } else if let Some(parts) = schema["allOf"].as_array() {
        assert_eq!(parts.len(), 1, "allOf only wraps a reference here");
        values(document, &parts[0])
    } else {
        match schema["type"].as_str() {
            Some("string") => text(schema),
            Some("integer") => any::<i32>().prop_map(Value::from).boxed(),
            Some("number") if schema["x-integer"] == true => any::<u32>().prop_map(Value::from).boxed(),
            Some("number") => any::<f32>().prop_map(Value::from).boxed(),
            Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
            Some("array") => proptest::collection::vec(values(document, &schema["items"]), 0..4)
                .prop_map(Value::from)
                .boxed(),
            Some("object") => object(document, schema),
            other => panic!("values of type {other:?} are not made yet"),
        }
    };
    if schema["nullable"] == true { prop_oneof![Just(Value::Null), plain].boxed() } else { plain }
}

fn text(schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minLength"].as_u64().unwrap_or(0);
    let most = schema["maxLength"].as_u64().unwrap_or(60);
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uuid"), _) => any::<u128>().prop_map(|n| uuid::Uuid::from_u128(n).to_string().into()).boxed(),
        (Some("date-time"), _) => (0_i64..4_000_000_000, prop_oneof![Just(0_u32), 0_u32..1_000_000])
            .prop_map(|(seconds, micros)| {
                let moment = chrono::DateTime::from_timestamp(seconds, micros * 1000).expect("a moment");
                let digits = if micros == 0 { SecondsFormat::Secs } else { SecondsFormat::Micros };
                json!(moment.to_rfc3339_opts(digits, true))
            })
            .boxed(),
        (None, Some(pattern)) => {
            let one = pattern.trim_start_matches('^').trim_end_matches("+$");
            let least = least.max(1);
            string_regex(&format!("{one}{{{least},{most}}}"))
                .expect("a pattern")
                .prop_map(Value::from)
                .boxed()
        }
        (None, None) => {
            string_regex(&format!("\\PC{{{least},{most}}}")).expect("a pattern").prop_map(Value::from).boxed()
        }
        (format, _) => panic!("text of format {format:?} is not made yet"),
    }
}

/// Generates some values, of any kind.
fn anything() -> BoxedStrategy<Value> {
    prop_oneof![Just(json!(["blank"])), Just(json!({"0": ["null"]})), Just(json!(7))].boxed()
}

fn object(document: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let required: Vec<&Value> = schema["required"].as_array().into_iter().flatten().collect();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let mut fields: Vec<BoxedStrategy<Option<(String, Value)>>> = Vec::new();
    for (name, property) in &properties {
        let field = (Just(name.clone()), values(document, property));
        let always = required.contains(&&json!(name));
        fields.push(if always { field.prop_map(Some).boxed() } else { proptest::option::of(field).boxed() });
    }
    let others = &schema["additionalProperties"];
    let other = match others.as_object() {
        Some(constraints) if !constraints.is_empty() => Some(values(document, others)),
        Some(_) => Some(anything()),
        None => properties.is_empty().then(anything),
    };
    fields.extend(other.map(|other| proptest::option::of(("x_[a-z]{1,8}", other)).boxed()));
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

#[test]
fn an_answer_is_made_into_a_request_with_all_that_it_says() {
    let id = "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d";
    let answer = json!({
        "pk": id, "name": "", "slug": "a slug that breaks a rule", "enabled": false, "authentication_flow": null,
        "enrollment_flow": id, "user_property_mappings": [id], "group_property_mappings": [], "component": "",
        "verbose_name": "", "verbose_name_plural": "", "meta_model_name": "", "policy_engine_mode": "new mode",
        "user_matching_mode": "identifier", "managed": null, "user_path_template": "", "icon": "",
        "group_matching_mode": "name_link", "client_id": "x", "allowed_servers": [], "allow_friends": true,
        "plex_token": "t"
    });
    let source: types::PlexSource = serde_json::from_value(answer.clone()).expect("an answer");
    for request in [
        serde_json::to_value(types::PlexSourceRequest::from(&source)),
        serde_json::to_value(types::PatchedPlexSourceRequest::from(&source)),
    ] {
        let request = request.expect("a request");
        let members = request.as_object().expect("an object");
        assert_eq!(members.len(), 15);
        for (name, value) in members {
            assert_eq!(value, &answer[name], "{name}");
        }
    }
}
