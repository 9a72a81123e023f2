//! The clock, and the keys of new rows.

use chrono::{DateTime, TimeDelta, Utc};
use openapi_resources::supply::Supply as _;
use serde_json::{Value, json};

use crate::shelter::Server;

#[tokio::test]
async fn the_clock_is_stopped_moved_and_released() {
    let server = Server::start();
    let (status, shown) = server.get("/-/clock").await;
    assert_eq!((status, &shown["mode"]), (200, &json!("system")));
    let noon = json!({"now": "2020-02-29T12:00:00.000000Z", "mode": "stopped"});
    assert_eq!(server.ask("POST /-/clock", &json!({"now": "2020-02-29T13:00:00+01:00"})).await, (200, noon));
    let later = json!({"now": "2020-02-29T12:00:01.500000Z", "mode": "stopped"});
    assert_eq!(server.ask("POST /-/clock", &json!({"advance": 1.5})).await, (200, later.clone()));
    assert_eq!(
        server.0.api().worlds.current().store.snapshot().reader().now().to_rfc3339(),
        "2020-02-29T12:00:01.500+00:00"
    );
    for (change, expected) in [
        (json!({"now": "noon"}), "at now: "),
        (json!({"advance": 1e30}), "at advance: the time is out of range"),
        (
            json!({}),
            "at .: invalid value: map, expected map with a single key; name one of `now`, `advance` and",
        ),
        (json!({"advance": 1, "release": true}), "at .: invalid value: map, expected map with a single key"),
        (json!({"release": false}), "at release: there is nothing to do; name one of"),
        (json!({"later": 1}), "at .: unknown variant `later`"),
        (json!([null, null, true]), "at .: invalid type: list, expected an object"),
    ] {
        let (status, told) = server.ask("POST /-/clock", &change).await;
        let told = told["detail"].as_str().unwrap_or_default();
        assert!(status == 400 && told.starts_with(expected), "{change}: {status} {told}");
    }
    assert_eq!(server.get("/-/clock").await.1, later, "what is refused changes nothing");
    assert_eq!(server.ask("POST /-/clock", &json!({"release": true})).await.1["mode"], "system");
    let (_, moved) = server.ask("POST /-/clock", &json!({"advance": 3600})).await;
    let now: DateTime<Utc> = moved["now"].as_str().unwrap().parse().unwrap();
    let ahead = now - Utc::now();
    assert!(
        moved["mode"] == "moved" && (ahead - TimeDelta::hours(1)).abs() < TimeDelta::minutes(1),
        "{moved}"
    );
    assert_eq!(server.ask("POST /-/reset", &Value::Null).await.0, 204);
    assert_eq!(server.get("/-/clock").await.1["mode"], "system");
}

#[tokio::test]
async fn a_reset_begins_the_keys_of_new_rows_again() {
    let server = Server::start();
    let drawn = server.control().supply().uuid();
    assert_ne!(server.control().supply().uuid(), drawn);
    server.ask("POST /-/reset", &Value::Null).await;
    assert_eq!(server.control().supply().uuid(), drawn);
}
