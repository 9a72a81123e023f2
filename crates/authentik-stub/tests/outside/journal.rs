//! The journal of requests, and what is expected of them.

use authentik_stub::Stub;
use serde_json::json;

use crate::client::Client;
use crate::running::Running;

#[test]
fn both_carriers_have_a_journal_without_secrets() {
    for carrier in ["dropshot", "hyper"] {
        let program = Running::start(&["--carrier", carrier]);
        let client = &program.client;
        let source = json!({"name": "n", "slug": "s", "plex_token": "hidden-token"});
        assert_eq!(client.ask("POST", "/sources/plex/", Some(&source)).status, 201);
        assert_eq!(client.get("/sources/plex/").status, 200);
        let shown = client.send("GET", "/-/requests?bodies=true&headers=true", None).unwrap();
        let requests = shown.json();
        let operations: Vec<_> =
            requests.as_array().unwrap().iter().map(|entry| &entry["operation"]).collect();
        assert_eq!(operations, ["sources_plex_create", "sources_plex_list"], "{carrier}");
        assert_eq!(requests[0]["request"]["body"]["plex_token"], "***", "{carrier}");
        assert!(!shown.body.contains("hidden-token") && !shown.body.contains(&client.token), "{carrier}");
        let expectation = json!({"operation": "sources_plex_create", "body": {"name": "m"}});
        let told = client.send("POST", "/-/verify", Some(&expectation)).unwrap();
        assert_eq!(told.status, 417);
        assert!(told.body.contains(r#"whose body has `name` \"n\" instead of \"m\""#), "{}", told.body);
        assert_eq!(client.send("POST", "/-/reset", None).unwrap().status, 204);
        assert_eq!(client.send("GET", "/-/requests", None).unwrap().body, "[]");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_in_rust_asks_for_what_the_stub_saw() {
    let stub = Stub::builder().start().await.unwrap();
    let client = Client::new(stub.address().to_string(), "nobody");
    let asked = tokio::task::spawn_blocking(move || client.get("/core/groups/").status);
    assert_eq!(asked.await.unwrap(), 403);
    let entry = stub.requests().of("core_groups_list").once().unwrap();
    assert_eq!((entry.path(), entry.status()), ("/core/groups/", Some(403)));
    stub.close().await;
}
