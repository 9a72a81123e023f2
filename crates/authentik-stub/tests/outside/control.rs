//! Checks who may use `/-/`: programs on this machine, and elsewhere with the control token, but no foreign web page.

use std::net::Ipv4Addr;

use authentik_stub::Stub;
use serde_json::json;

use crate::client::Client;
use crate::running::Running;

/// Requests that a page of another site can have a browser send.
const ATTACKS: &[(&str, &str)] = &[
    ("POST", "/-/reset"),
    ("POST", "/-/faults"),
    ("DELETE", "/-/faults"),
    ("GET", "/-/health"),
    ("GET", "/-/no"),
];

fn remove_source(client: &Client) {
    assert_eq!(client.ask("DELETE", "/sources/plex/plex/", None).status, 204);
}

#[test]
fn a_foreign_page_changes_nothing() {
    let program = Running::start(&[]);
    let client = &program.client;
    let address = client.address.as_str();
    let (own, other_port) = (format!("http://{address}"), "http://localhost:1");
    remove_source(client);
    let fault = json!({"status": 503, "times": null});
    for headers in [
        [("Host", address), ("Origin", "http://evil.example")],
        [("Host", address), ("Origin", "null")],
        [("Host", address), ("Origin", other_port)],
        [("Host", address), ("Sec-Fetch-Site", "cross-site")],
        [("Host", address), ("Sec-Fetch-Site", "same-site")],
        [("Host", "evil.example"), ("Origin", "http://evil.example")],
        [("Host", "evil.example"), ("Sec-Fetch-Site", "same-origin")],
    ] {
        for (method, path) in ATTACKS {
            let refused = client.exchange(method, path, &headers, Some(&fault)).unwrap();
            assert_eq!(refused.status, 403, "{method} {path} {headers:?}");
            assert!(refused.json()["detail"].is_string(), "{refused:?}");
        }
    }
    assert_eq!(client.send("GET", "/-/faults", None).unwrap().body, "[]");
    assert_eq!(client.get("/sources/plex/plex/").status, 404);
    let own_page = [("Host", address), ("Origin", &own), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(client.exchange("POST", "/-/reset", &own_page, None).unwrap().status, 204);
    assert_eq!(client.get("/sources/plex/plex/").status, 200);
}

#[test]
fn elsewhere_than_on_loopback_the_printed_token_is_needed() {
    let program = Running::start_at("0.0.0.0:0", &[]);
    let line = program.greeting.lines().find(|line| line.contains("/-/reset")).unwrap();
    let token = line.split_once("Bearer ").and_then(|(_, rest)| rest.split_once('\'')).unwrap().0;
    assert!(program.greeting.contains(&format!("  control   {token} ")), "{}", program.greeting);
    let client = &program.client;
    remove_source(client);
    let ask = |authorization: Option<&str>| {
        let authorization = authorization.map(|authorization| ("Authorization", authorization));
        let headers: Vec<_> = [("Host", "stub.internal:9000")].into_iter().chain(authorization).collect();
        client.exchange("POST", "/-/reset", &headers, None).unwrap()
    };
    for wrong in [None, Some("Bearer sample-admin-token"), Some("Bearer "), Some("Basic bWU6bWU=")] {
        let refused = ask(wrong);
        assert_eq!(refused.status, 401, "{wrong:?}");
        assert!(refused.body.contains("control token"), "{refused:?}");
    }
    assert_eq!(client.get("/sources/plex/plex/").status, 404);
    assert_eq!(ask(Some(&format!("Bearer {token}"))).status, 204);
    assert_eq!(client.get("/sources/plex/plex/").status, 200);
}

#[test]
fn a_token_that_was_given_is_needed_on_loopback_too() {
    let program = Running::start(&["--control-token", "of-my-own"]);
    let client = &program.client;
    let status = |token: &str| {
        let client = Client::new(client.address.clone(), token);
        client.send("GET", "/-/health", None).unwrap().status
    };
    assert_eq!((status(&client.token), status("of-my-own")), (401, 200));
    assert!(program.greeting.contains("Authorization: Bearer of-my-own"), "{}", program.greeting);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stub_within_a_test_has_the_same_rules() {
    let stub = Stub::builder().start().await.unwrap();
    assert_eq!(stub.control_token(), None);
    stub.close().await;
    let everywhere = std::net::SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let stub = Stub::builder().listen(everywhere).start().await.unwrap();
    assert_eq!(stub.control_token().map(str::len), Some(32));
    stub.close().await;
    let stub = Stub::builder().listen(everywhere).control_token("of-my-own").start().await.unwrap();
    assert_eq!(stub.control_token(), Some("of-my-own"));
    stub.close().await;
    let refused = Stub::builder().control_token("two words").start().await.unwrap_err();
    assert!(refused.to_string().contains("control token"), "{refused}");
}
