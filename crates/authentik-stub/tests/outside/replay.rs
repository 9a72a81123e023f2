//! Records, made through a proxy and of the stub itself, and their replay against other stubs.

use std::path::Path;
use std::time::Duration;

use authentik_stub::proxy::{Plan, Running};
use authentik_stub::{Fixture, Stub};
use openapi_control::Control;
use openapi_control::record::Recorder;
use openapi_proxy::replay::Totals;
use openapi_proxy::{Reach, Replay, Target};
use serde_json::{Value, json};

use crate::client::Client;
use crate::running::{command, give_up};

/// Starts a proxy in front of a server that records what passes.
fn proxy(url: &str, record: &Path, strict: bool) -> Running {
    let target = Target::new(url, &Reach::default()).unwrap();
    let authority = target.authority();
    let adapt = |control: Control, base_path: &str| {
        let recorder = Recorder::create(record, base_path).map_err(|error| error.to_string())?;
        Ok(control.with_recorder(Some(recorder.of_server(authority))))
    };
    let plan = Plan {
        target,
        listen: "127.0.0.1:0".parse().unwrap(),
        control_token: None,
        cors: Vec::new(),
        strict,
        answers_request_id: false,
    };
    plan.start(adapt, |listener| listener).unwrap()
}

fn replay(record: &Path, stub: &Stub) -> Replay {
    Replay {
        file: record.to_owned(),
        url: stub.url().to_owned(),
        token: stub.token().map(str::to_owned),
        header: Vec::new(),
        secret: Vec::new(),
        allow_remote: false,
        ca: None,
        show: 20,
    }
}

/// Replays a record, and returns the totals and what was told.
async fn replayed(replay: &Replay) -> (Totals, String) {
    let mut told = String::new();
    let totals = replay.run(&mut |text| told += text).await.unwrap();
    (totals, told)
}

/// Makes some objects and asks for them by the keys that the server gave. Returns the secrets that were sent or answered.
fn work(client: &Client) -> Vec<String> {
    let flows = client.get("/flows/instances/?ordering=slug").json();
    let flow = flows["results"][0]["pk"].clone();
    let user = json!({"username": "recorded", "name": "Recorded", "groups": [], "path": "users"});
    let user = client.ask("POST", "/core/users/", Some(&user)).json();
    let pk = user["pk"].as_i64().unwrap();
    let password = "a-password-of-the-record";
    let set = format!("/core/users/{pk}/set_password/");
    assert_eq!(client.ask("POST", &set, Some(&json!({"password": password}))).status, 204);
    let group = json!({"name": "Recorded", "users": [pk]});
    let group = client.ask("POST", "/core/groups/", Some(&group)).json();
    let group = group["pk"].as_str().unwrap();
    assert_eq!(client.get(&format!("/core/groups/{group}/")).status, 200);
    assert_eq!(client.get(&format!("/core/users/?groups_by_pk={group}")).json()["results"][0]["pk"], pk);
    let token = json!({"identifier": "recorded", "intent": "api", "user": pk, "expiring": false});
    assert_eq!(client.ask("POST", "/core/tokens/", Some(&token)).status, 201);
    let key = client.get("/core/tokens/recorded/view_key/").json()["key"].as_str().unwrap().to_owned();
    // A token that the server gave is a credential from here on.
    let own = Client::new(client.address.clone(), key.clone());
    assert_eq!(own.get("/core/users/me/").json()["user"]["pk"], pk);
    let provider = json!({
        "name": "Recorded", "authorization_flow": flow, "invalidation_flow": flow, "client_secret": "a-secret-of-the-record",
        "redirect_uris": "https://app.example/",
    });
    let provider = client.ask("POST", "/providers/oauth2/", Some(&provider));
    assert_eq!(provider.status, 201, "{provider:?}");
    let provider = provider.json()["pk"].as_i64().unwrap();
    let application = json!({"name": "Recorded", "slug": "recorded", "provider": provider});
    assert_eq!(client.ask("POST", "/core/applications/", Some(&application)).status, 201);
    assert_eq!(client.get(&format!("/providers/oauth2/{provider}/setup_urls/")).status, 200);
    assert_eq!(client.ask("POST", "/core/groups/", Some(&json!({}))).status, 400);
    assert_eq!(client.get("/core/users/99999/").status, 404);
    assert_eq!(client.ask("DELETE", &format!("/core/groups/{group}/"), None).status, 204);
    assert_eq!(client.ask("DELETE", &format!("/core/users/{pk}/"), None).status, 204);
    vec![client.token.clone(), key, password.to_owned(), "a-secret-of-the-record".to_owned()]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_a_proxy_is_recorded_without_secrets_and_replayed_against_another_stub() {
    let directory = tempfile::tempdir().unwrap();
    let record = directory.path().join("record.jsonl");
    let real = Stub::builder().start().await.unwrap();
    let front = proxy(&real.origin(), &record, false);
    let address = front.origin().replace("http://", "");
    let client = Client::new(address, real.token().unwrap());
    let secrets = tokio::task::block_in_place(|| work(&client));
    let seen = front.control().requests().count();
    assert_eq!(front.control().recorder().unwrap().count(), seen);
    front.close(Duration::from_secs(5)).await;
    let text = std::fs::read_to_string(&record).unwrap();
    assert_eq!(text.lines().count(), seen + 1);
    for secret in &secrets {
        assert!(!text.contains(secret.as_str()), "{secret} is in the record");
    }

    let same = Stub::builder().start().await.unwrap();
    let (totals, told) = replayed(&replay(&record, &same)).await;
    assert_eq!((totals.same, totals.is_same()), (seen, true), "{told}");

    let other = Stub::builder().start().await.unwrap();
    let name = json!({"operation": "core_users_retrieve", "times": null, "status": 503});
    let faulty = Client::new(other.origin().replace("http://", ""), "");
    tokio::task::block_in_place(|| {
        assert_eq!(faulty.send("POST", "/-/faults", Some(&name)).unwrap().status, 201);
        let change = json!({"operation": "core_groups_retrieve", "properties": {"name": "null"}});
        assert_eq!(faulty.send("POST", "/-/faults", Some(&change)).unwrap().status, 201);
    });
    let (totals, told) = replayed(&replay(&record, &other)).await;
    assert_eq!((totals.different, totals.unsent), (2, 0), "{told}");
    assert!(told.contains("    /name: expected \"Recorded\", got null\n"), "{told}");
    assert!(told.contains("    status: expected 404, got 503"), "{told}");
    assert!(
        told.ends_with(&format!("{seen} exchanges: {} the same, 2 different, 0 not sent\n", seen - 2)),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_does_not_record_what_it_answers_itself() {
    let directory = tempfile::tempdir().unwrap();
    let record = directory.path().join("record.jsonl");
    let real = Stub::builder().start().await.unwrap();
    let front = proxy(&real.origin(), &record, true);
    let client = Client::new(front.origin().replace("http://", ""), real.token().unwrap());
    tokio::task::block_in_place(|| {
        assert_eq!(client.ask("POST", "/core/groups/", Some(&json!({"colour": 1}))).status, 400);
        assert_eq!(client.send("GET", "/nowhere", None).unwrap().status, 404);
        assert_eq!(client.send("GET", "/-/nothing", None).unwrap().status, 404);
        let fault = json!({"operation": "core_groups_list", "status": 503});
        assert_eq!(client.send("POST", "/-/faults", Some(&fault)).unwrap().status, 201);
        assert_eq!(client.get("/core/groups/").status, 503);
        let answer =
            json!({"path": "/core/groups/", "method": "GET", "times": 1, "body": {}, "unchecked": true});
        assert_eq!(client.send("POST", "/-/answers", Some(&answer)).unwrap().status, 201);
        assert_eq!(client.get("/core/groups/").body, "{}");
        assert_eq!(client.get("/core/groups/").status, 200);
    });
    assert_eq!(front.control().recorder().unwrap().count(), 1);
    assert_eq!(real.requests().count(), 1);
    real.close().await;
    tokio::task::block_in_place(|| assert_eq!(client.get("/core/groups/").status, 502));
    assert_eq!(front.control().recorder().unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fixture_is_made_of_the_objects_in_a_record() {
    let directory = tempfile::tempdir().unwrap();
    let record = directory.path().join("record.jsonl");
    let recorded = Stub::builder().record(&record).start().await.unwrap();
    let client = Client::new(recorded.origin().replace("http://", ""), recorded.token().unwrap());
    let (user, group, private) = tokio::task::block_in_place(|| {
        let group = client.ask("POST", "/core/groups/", Some(&json!({"name": "Recorded"}))).json();
        let group = group["pk"].as_str().unwrap().to_owned();
        let user = json!({"username": "recorded", "name": "Before", "groups": [group], "path": "users"});
        let user = client.ask("POST", "/core/users/", Some(&user)).json()["pk"].as_i64().unwrap();
        for list in ["core/groups", "core/users", "rbac/roles", "sources/all"] {
            assert_eq!(client.get(&format!("/{list}/?page_size=100")).status, 200);
        }
        let path = format!("/core/users/{user}/");
        assert_eq!(client.ask("PATCH", &path, Some(&json!({"name": "After"}))).status, 200);
        assert_eq!(client.get(&path).status, 200);
        let pair = json!({"common_name": "recorded.example", "subject_alt_name": "", "validity_days": 30});
        let pair = client.ask("POST", "/crypto/certificatekeypairs/generate/", Some(&pair)).json();
        let pair = pair["pk"].as_str().unwrap();
        let private = client.get(&format!("/crypto/certificatekeypairs/{pair}/view_private_key/")).json();
        let private = private["data"].as_str().unwrap().lines().nth(1).unwrap().to_owned();
        (user, group, private)
    });
    recorded.close().await;
    let text = std::fs::read_to_string(&record).unwrap();
    assert!(text.contains("view_private_key") && !text.contains(&private), "a private key is a secret");
    let make = |record: &Path| {
        let arguments = ["fixture", record.to_str().unwrap()];
        tokio::task::block_in_place(|| command(&arguments).output().unwrap())
    };
    let output = make(&record);
    assert!(output.status.success(), "{output:?}");
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lists: Vec<&String> = value["objects"].as_object().unwrap().keys().collect();
    assert_eq!(
        lists,
        ["core/groups", "core/users", "rbac/roles"],
        "what several lists have in common is none of them"
    );
    let stub = Stub::builder().fixture(Fixture::from_value(&value).unwrap()).start().await.unwrap();
    let client = Client::new(stub.origin().replace("http://", ""), stub.token_of("akadmin").unwrap());
    let found = tokio::task::block_in_place(|| client.get(&format!("/core/users/{user}/")).json());
    assert_eq!((&found["name"], &found["groups"]), (&json!("After"), &json!([group])));
    let empty = directory.path().join("empty.jsonl");
    std::fs::write(&empty, "{\"exchanges\":1}\n").unwrap();
    let refused = make(&empty);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(2) && told.contains("no answer in it has objects"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_replays_and_its_exit_code_tells_of_differences() {
    let directory = tempfile::tempdir().unwrap();
    let record = directory.path().join("record.jsonl");
    let path = record.to_str().unwrap();
    let recorded = Stub::builder().record(&record).start().await.unwrap();
    let client = Client::new(recorded.origin().replace("http://", ""), recorded.token().unwrap());
    tokio::task::block_in_place(|| work(&client));
    recorded.close().await;
    let stub = Stub::builder().start().await.unwrap();
    let (url, token) = (stub.url().to_owned(), stub.token().unwrap().to_owned());
    let run = |arguments: &[&str]| {
        let arguments = [&["replay", path, &url], arguments].concat();
        let output = tokio::task::block_in_place(|| command(&arguments).output().unwrap());
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, told) = run(&["--token", &token]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = run(&["--show", "1"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("    status: expected 200, got 403"), "{told}");
    assert_eq!(told.matches("status: ").count(), 1, "{told}");
    stub.close().await;
    for (arguments, expected) in [
        (vec!["replay", path, &url], "cannot be reached"),
        (vec!["replay", path, "http://192.0.2.1"], "--allow-remote"),
        (vec!["replay", "no-such-file", &url], "no-such-file"),
        (vec!["replay", path, &url, "--header", "x"], "NAME: VALUE"),
        (vec!["replay", path, &url, "--secret", "x"], "N=VALUE"),
        (vec!["--record", path, "--listen", "127.0.0.1:0"], "there is a file already"),
    ] {
        let (code, told) = tokio::task::block_in_place(|| give_up(&arguments));
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
    }
    let value: Value =
        serde_json::from_str(std::fs::read_to_string(&record).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!(value, json!({"exchanges": 1, "base_path": "/api/v3"}));
}
