//! The clock of the stub, and keys that are the same again.

use authentik_stub::Stub;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::client::Client;
use crate::running::Running;

#[test]
fn the_clock_decides_times_and_whether_tokens_are_expired() {
    let program = Running::start(&[]);
    let client = &program.client;
    let clock = |change: Value| client.send("POST", "/-/clock", Some(&change)).unwrap().json();
    clock(json!({"now": "2030-01-01T00:00:00Z"}));
    let made = client.ask("POST", "/core/tokens/", Some(&json!({"identifier": "short"}))).json();
    assert!(made["expires"].as_str().is_some_and(|time| time.starts_with("2030-01-01T00:30:00")), "{made}");
    let key = client.get("/core/tokens/short/view_key/").json()["key"].as_str().unwrap().to_owned();
    let short = Client::new(client.address.clone(), key);
    assert_eq!(short.get("/core/users/me/").status, 200);
    clock(json!({"advance": 29 * 60}));
    assert_eq!(short.get("/core/users/me/").status, 200);
    clock(json!({"advance": 61}));
    let refused = short.get("/core/users/me/");
    assert_eq!((refused.status, refused.json()), (403, json!({"detail": "Token invalid/expired"})));
    let event = client.ask("POST", "/events/events/", Some(&json!({"action": "login", "app": "a"}))).json();
    assert!(event["created"].as_str().is_some_and(|time| time.starts_with("2030-01-01T00:30:01")), "{event}");
    assert!(event["expires"].as_str().is_some_and(|time| time.starts_with("2031-01-01T00:30:01")), "{event}");
    assert!(client.get("/admin/system/").json()["server_time"].as_str().unwrap().starts_with("2030-01-01"));
    clock(json!({"release": true}));
    assert_eq!(short.get("/core/users/me/").status, 200, "it is not expired yet");
}

/// Returns the keys of what is made with a seed.
fn made(client: &Client) -> Value {
    let tokens = client.ask("POST", "/core/tokens/", Some(&json!({"identifier": "t"}))).json();
    let key = client.get("/core/tokens/t/view_key/").json();
    let group = client.ask("POST", "/core/groups/", Some(&json!({"name": "g"}))).json();
    let account = json!({"name": "robot", "create_group": false});
    let account = client.ask("POST", "/core/users/service_account/", Some(&account)).json();
    json!([tokens["pk"], key["key"], group["pk"], account["token"], account["user_uid"]])
}

#[test]
fn a_seed_makes_the_same_keys_on_every_run_and_after_a_reset() {
    let (one, same, other) = (
        Running::start(&["--seed", "7"]),
        Running::start(&["--seed", "7"]),
        Running::start(&["--seed", "8"]),
    );
    let first = made(&one.client);
    assert!(first.as_array().unwrap().iter().all(Value::is_string), "{first}");
    assert_eq!(made(&same.client), first);
    let others = made(&other.client);
    let differ =
        first.as_array().unwrap().iter().zip(others.as_array().unwrap()).filter(|(one, other)| one != other);
    assert!(differ.count() >= 4, "{first} {others}");
    assert_eq!(one.client.send("POST", "/-/reset", None).unwrap().status, 204);
    assert_eq!(made(&one.client), first);
}

#[tokio::test]
async fn a_test_in_rust_sets_the_clock_too() {
    let stub = Stub::builder().seed(1).start().await.unwrap();
    let noon: DateTime<Utc> = "2031-05-05T12:00:00Z".parse().unwrap();
    stub.clock().set(noon).unwrap();
    stub.clock().advance(TimeDelta::hours(1)).unwrap();
    let client = Client::new(stub.address().to_string(), stub.token().unwrap());
    let system = tokio::task::spawn_blocking(move || client.get("/admin/system/").json()).await.unwrap();
    assert!(system["server_time"].as_str().unwrap().starts_with("2031-05-05T13:00:00"), "{system}");
}
