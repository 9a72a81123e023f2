//! A disk that refuses writes, as the operating system has it: the limit for the size of a file stands for a full disk.
//! Every write is refused with the file and the cause, health says so, and all is well once there is space again.

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};

use crate::client::Client;
use crate::running::Running;

/// Sets how many bytes a file of the program may have; `None` for as many as there is space for.
fn limit_files(program: &Running, bytes: Option<u64>) {
    let pid = Pid::from_raw(program.id().try_into().unwrap());
    let old = prlimit(pid, Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
    assert_eq!(old.maximum, None, "the limit could not be lifted again");
}

fn create(client: &Client, slug: &str) -> (u16, Value) {
    let source = json!({"name": slug, "slug": slug, "plex_token": "t".repeat(20_000)});
    let answer = client.ask("POST", "/sources/plex/", Some(&source));
    (answer.status, answer.json())
}

/// Returns the health: the HTTP status, the reported status and the detail.
fn health(client: &Client) -> (u16, Value, Value) {
    let answer = client.send("GET", "/-/health", None).unwrap();
    let mut report = answer.json();
    (answer.status, report["status"].take(), report["detail"].take())
}

fn slugs(client: &Client) -> Vec<String> {
    let list = client.get("/sources/plex/?page_size=1000").json();
    let mut slugs: Vec<_> = list["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["slug"].as_str().unwrap().to_owned())
        .collect();
    slugs.sort();
    slugs
}

#[test]
fn a_full_disk_is_told_until_there_is_space_and_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let mut program = Running::start_with_state(&path);
    for (round, limit) in [Some(0), None].into_iter().enumerate() {
        let client = &program.client;
        // With `None`, what the file already has can be written, and it cannot grow.
        let limit = limit.unwrap_or_else(|| std::fs::metadata(&path).unwrap().len());
        limit_files(&program, Some(limit));
        let refused = (0..500).find_map(|number| match create(client, &format!("round-{round}-{number}")) {
            (201, _) => None,
            refused => Some(refused),
        });
        let (status, body) = refused.expect("the file cannot grow for ever");
        let detail = body["detail"].as_str().unwrap();
        assert_eq!(status, 507, "{body}");
        assert!(detail.contains(&*path.to_string_lossy()) && detail.contains("File too large"), "{detail}");
        let before = slugs(client);
        if limit == 0 {
            assert_eq!(health(client), (503, json!("read-only"), body["detail"].clone()));
            assert_eq!(create(client, "refused"), (507, body.clone()));
            assert_eq!(client.ask("DELETE", "/sources/plex/plex/", None).status, 507);
            assert_eq!(client.send("POST", "/-/reset", None).unwrap().status, 507);
            assert_eq!(health(client), (503, json!("read-only"), body["detail"].clone()));
            assert_eq!(slugs(client), before);
        }
        limit_files(&program, None);
        if round == 0 {
            assert_eq!(health(client), (200, json!("ok"), Value::Null));
        }
        let again = format!("again-{round}");
        assert_eq!(create(client, &again).0, 201);
        assert_eq!(health(client), (200, json!("ok"), Value::Null));
        let after = slugs(client);
        assert!(after.contains(&again) && after.len() == before.len() + 1, "{before:?} {after:?}");
        program.kill();
        program = Running::start_with_state(&path);
        assert_eq!(slugs(&program.client), after);
    }
    program.stop();
}
