//! Imported operations have types of their own, and the stub answers them from its store.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use authentik_stub::{Fixture, Stub};
use serde_json::{Value, json};

const SOURCE: &str = "00000000-0000-4000-8000-000000000001";

/// Sends a request and returns the status and the body of the response.
fn ask(stub: &Stub, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let mut connection = TcpStream::connect(stub.address().as_tcp().expect("a port")).expect("a connection");
    let (body, token) = (body.to_string(), stub.token().unwrap_or_default());
    let head = format!(
        "{method} /api/v3/sources/user_connections/plex/{path} HTTP/1.1\r\nhost: stub\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    connection.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_operations_are_served() {
    assert!(authentik_sources_api::OPERATIONS.iter().any(|it| it.id == "sources_user_connections_plex_list"));
    let fixture = json!({"objects": {
        "core/users": [
            {"pk": 2, "username": "me", "name": "Me", "is_active": true},
            {"pk": 3, "username": "you", "name": "You", "is_active": true},
        ],
        "core/groups": [{"pk": SOURCE, "name": "all", "is_superuser": true, "users": [2]}],
        "core/tokens": [{"identifier": "mine", "intent": "api", "user": 2, "key": "mine", "expiring": false}],
        "sources/plex": [{"pk": SOURCE, "name": "Plex", "slug": "plex", "plex_token": "t"}],
        "sources/user_connections/plex": [
            {"pk": 1, "user": 2, "source": {"pk": SOURCE}, "identifier": "me@plex", "plex_token": "t"},
            {"pk": 2, "user": 3, "source": {"pk": SOURCE}, "identifier": "you@plex", "plex_token": "t"},
        ],
    }});
    let fixture = Fixture::from_value(&fixture).expect("a fixture");
    let stub = Stub::builder().fixture(fixture).start().await.expect("a stub");
    let asked = tokio::task::spawn_blocking(move || {
        let nothing = json!({});
        assert_eq!(ask(&stub, "GET", "", &nothing).1["pagination"]["count"], 2);
        assert_eq!(ask(&stub, "GET", "2/", &nothing).1["identifier"], "you@plex");
        assert_eq!(ask(&stub, "PATCH", "2/", &json!({"identifier": "they@plex"})).0, 200);
        assert_eq!(ask(&stub, "GET", "2/", &nothing).1["identifier"], "they@plex");
        assert_eq!(ask(&stub, "DELETE", "2/", &nothing).0, 204);
        assert_eq!(ask(&stub, "GET", "2/", &nothing).0, 404);
        stub
    });
    asked.await.expect("every answer").close().await;
}
