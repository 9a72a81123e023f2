//! The limits of what a server under test keeps.

use openapi_control::limits::{MAX_BYTES_OF_A_KIND, MAX_FAULTS, MAX_REQUESTS};
use openapi_control::{Fault, FaultError};
use openapi_resources::worlds::{MAX_NAME, MAX_SNAPSHOTS, MAX_WORLDS};
use serde_json::{Value, json};

use crate::shelter::Server;

#[tokio::test]
async fn faults_have_a_limit() {
    let server = Server::start();
    let faults = server.control().faults();
    faults.add(std::iter::repeat_n(Fault::status(503), MAX_FAULTS)).unwrap();
    assert_eq!(faults.add([Fault::status(503)]), Err(FaultError::TooMany));
    faults.clear();
    let large = || Fault::status(503).body("x".repeat(MAX_BYTES_OF_A_KIND / 3));
    faults.add([large(), large()]).unwrap();
    assert_eq!(faults.add([large()]), Err(FaultError::TooLarge(MAX_BYTES_OF_A_KIND)));
    assert_eq!(faults.list().len(), 2);
}

#[tokio::test]
async fn snapshots_have_a_limit() {
    let server = Server::start();
    for number in 0..MAX_SNAPSHOTS {
        assert_eq!(server.ask(&format!("PUT /-/snapshots/s{number}"), &Value::Null).await.0, 204);
    }
    assert_eq!(server.ask("PUT /-/snapshots/one-more", &Value::Null).await.0, 429);
    let long = "x".repeat(MAX_NAME + 1);
    assert_eq!(server.ask(&format!("PUT /-/snapshots/{long}"), &Value::Null).await.0, 400);
}

#[tokio::test]
async fn worlds_have_a_limit_and_the_one_asked_longest_ago_is_dropped() {
    let server = Server::start();
    let worlds = &server.0.api().worlds;
    for number in 0..=MAX_WORLDS {
        worlds.open(&format!("w{number}")).unwrap();
    }
    let names = worlds.names();
    assert_eq!((names.len(), names.contains(&"w0".to_owned())), (MAX_WORLDS, false));
}

#[tokio::test]
async fn counts_do_not_grow_with_requests() {
    let server = Server::start();
    for number in 0..200 {
        server.get(&format!("/pets/?odd{number}=1&page=1")).await;
        server.ask("POST /pets/", &json!({"name": "rex", format!("odd{number}"): 1})).await;
        server.get(&format!("/nowhere/{number}")).await;
    }
    let coverage = server.get("/-/coverage").await.1;
    assert_eq!(coverage["operations"].as_array().unwrap().len(), 4);
    assert!(!coverage.to_string().contains("odd"), "only parts of the document are kept: {coverage}");
    let metrics = server.send("GET /-/metrics", &[], "").await;
    let metrics = String::from_utf8(metrics.body().as_bytes().unwrap().to_vec()).unwrap();
    assert!(!metrics.contains("nowhere"), "{metrics}");
    const { assert!(MAX_REQUESTS >= 600) };
}
