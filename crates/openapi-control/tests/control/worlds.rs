//! Faults, answers and the journal, parted by world.

use openapi_control::{Answer, Fault};
use openapi_resources::worlds::MAX_WORLDS;
use serde_json::{Value, json};

use crate::shelter::Server;

/// Asks for pets in a world, which the header names, or the token.
async fn list(server: &Server, world: (&str, &str)) -> u16 {
    let headers = [("x-key", "k"), world];
    server.send("GET /pets/", &headers, "").await.status().as_u16()
}

const A: (&str, &str) = ("x-stub-world", "a");
const A_BY_TOKEN: (&str, &str) = ("authorization", "Bearer world~a~any");
const B: (&str, &str) = ("x-stub-world", "b");
const FIRST: (&str, &str) = ("accept", "*/*");

#[tokio::test]
async fn a_fault_and_an_answer_for_a_world_meet_its_requests_alone_and_go_with_it() {
    let server = Server::start();
    let plan = || {
        server.control().faults().in_world("a").add([Fault::status(503).always()]).unwrap();
        let answer = Answer::new(200).at("/token").body(json!({"t": 1}));
        server.control().answers().in_world("a").add([answer]).unwrap();
    };
    plan();
    for (world, status) in [(A, 503), (A_BY_TOKEN, 503), (B, 200), (FIRST, 200)] {
        assert_eq!(list(&server, world).await, status, "{world:?}");
    }
    for (world, status) in [(A, 200), (B, 404)] {
        assert_eq!(server.send("GET /token", &[world], "").await.status().as_u16(), status, "{world:?}");
    }
    server.control().faults().add([Fault::status(500)]).unwrap();
    assert_eq!(server.control().faults().in_world("a").list().len(), 1);
    assert_eq!(server.send("POST /-/reset", &[A], "").await.status().as_u16(), 204);
    assert_eq!((server.control().faults().list().len(), server.control().answers().list().len()), (1, 0));
    plan();
    assert_eq!(server.ask("DELETE /-/worlds/a", &Value::Null).await.0, 204);
    assert_eq!((server.control().faults().list().len(), server.control().answers().list().len()), (1, 0));
    plan();
    assert_eq!(server.ask("DELETE /-/worlds/a", &Value::Null).await.0, 404, "nobody has asked for it yet");
    assert_eq!((server.control().faults().list().len(), server.control().answers().list().len()), (1, 0));
    list(&server, A).await;
    plan();
    for number in 0..MAX_WORLDS {
        list(&server, ("x-stub-world", &format!("w{number}"))).await;
    }
    assert_eq!(server.control().faults().list().len(), 1, "it was dropped for the others");
}

#[tokio::test]
async fn the_journal_tells_and_finds_the_world_of_a_request() {
    let server = Server::start();
    for world in [A, A_BY_TOKEN, B, FIRST] {
        list(&server, world).await;
    }
    let (_, all) = server.get("/-/requests").await;
    let worlds = all.as_array().unwrap().iter().map(|entry| entry["world"].clone());
    assert_eq!(worlds.collect::<Vec<_>>(), [json!("a"), json!("a"), json!("b"), Value::Null]);
    let (_, of_b) = server.get("/-/requests?world=b").await;
    assert_eq!(of_b[0]["id"], 3);
    assert_eq!(server.control().requests().in_world("a").count(), 2);
    assert_eq!(server.control().requests().in_world("b").once().unwrap().world(), Some("b"));
    assert_eq!(server.verify(json!({"operation": "listPets", "world": "a", "count": 2})).await.0, 200);
    let (status, detail) = server.detail(json!({"operation": "listPets", "world": "c"})).await;
    assert_eq!(status, 417);
    assert!(detail.contains("GET /pets/ which is not in the world `c`"), "{detail}");
}

#[tokio::test]
async fn what_is_no_name_of_a_world_is_refused() {
    let server = Server::start();
    assert_eq!(list(&server, ("authorization", "Bearer world~a/b~any")).await, 400);
    let fault = Fault::status(503).in_world("a b");
    let refused = server.control().faults().add([fault]).unwrap_err().to_string();
    assert_eq!(refused, "when.world: no world is called `a b`");
    let (status, detail) = server.detail(json!({"world": ""})).await;
    assert_eq!((status, detail.as_str()), (400, "expectation 1, at world: no world is called ``"));
    assert_eq!(server.get("/-/requests?world=.").await.0, 400);
}
