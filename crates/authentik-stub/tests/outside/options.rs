//! The options of the program: where they come from, and what they change.

use std::io::Read as _;
use std::time::Duration;

use authentik_stub::{Address, StartError, Stub};
use serde_json::json;

use crate::client::Client;
use crate::running::{Running, command, give_up, until};

/// Returns the exit code of a command, and what it wrote to standard error.
fn ended(arguments: &[&str]) -> (Option<i32>, String) {
    let output = command(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn options_are_read_from_the_command_line_the_environment_and_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("stub.toml");
    let ready = directory.path().join("ready");
    std::fs::write(&file, format!("ready-file = {ready:?}\nlisten = \"127.0.0.1:1\"\nstrict = true\n"))
        .unwrap();
    let mut child = command(&["--listen", "localhost:0"])
        .env("AUTHENTIK_STUB_CONFIG", &file)
        .env("AUTHENTIK_STUB_LISTEN", "127.0.0.1:2")
        .env("AUTHENTIK_STUB_CONTROL_TOKEN", "of-the-environment")
        .spawn()
        .unwrap();
    let url = until("the ready file", || std::fs::read_to_string(&ready).ok());
    let address = url.trim().strip_prefix("http://").and_then(|url| url.strip_suffix("/api/v3")).unwrap();
    let client = Client::new(address, "of-the-environment");
    assert_eq!(client.send("GET", "/-/health", None).unwrap().status, 200);
    let wait = ended(&["wait", url.trim(), "--timeout", "20"]);
    assert_eq!(wait, (Some(0), String::new()));
    child.kill().unwrap();
    let mut greeting = String::new();
    child.stdout.take().unwrap().read_to_string(&mut greeting).unwrap();
    child.wait().unwrap();
    assert!(greeting.contains("is ready, and strict"), "{greeting}");
}

#[test]
fn what_is_wrong_with_a_file_is_told_and_the_stub_does_not_start() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("stub.toml");
    std::fs::write(&file, "strict = true\nlisten-at = \":0\"\n").unwrap();
    let path = file.to_str().unwrap();
    let expected =
        format!("error: {path}:2:1: there is no option `listen-at`\n  help: the nearest is `listen`\n");
    assert_eq!(give_up(&["--config", path]), (Some(2), expected));
    let (code, told) = give_up(&["--config", "nowhere.toml"]);
    assert!(
        code == Some(2) && told.starts_with("error: nowhere.toml: the configuration cannot be read"),
        "{told}"
    );
}

#[test]
fn waiting_in_vain_is_told_by_the_exit_code() {
    let (code, told) = ended(&["wait", "http://127.0.0.1:1", "--timeout", "0"]);
    assert!(code == Some(1) && told.contains("http://127.0.0.1:1 was not ready within 0 seconds"), "{told}");
}

#[test]
fn too_little_coverage_is_told_by_the_exit_code() {
    for (percent, code) in [("0.1", 0), ("1", 1)] {
        let program = Running::start(&["--min-coverage", percent]);
        assert_eq!(program.client.get("/sources/plex/").status, 200);
        program.signal("TERM");
        assert_eq!(program.wait().code(), Some(code), "1 of 861 operations, and {percent} % are wanted");
    }
}

#[test]
fn each_request_is_a_line_of_the_access_log() {
    let mut child =
        command(&["--listen", "127.0.0.1:0", "--access-log", "--log-format", "json"]).spawn().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut greeting = [0; 400];
    let length = output.read(&mut greeting).unwrap();
    let greeting = String::from_utf8_lossy(&greeting[..length]).into_owned();
    let address = greeting.split("http://").nth(1).unwrap().split('/').next().unwrap();
    let client = Client::new(address, "sample-admin-token");
    let own = [("Host", address), ("X-Request-Id", "ci-17")];
    let answer = client.exchange("GET", "/api/v3/sources/plex/", &own, None).unwrap();
    assert!(answer.head.to_lowercase().contains("x-request-id: ci-17"), "{answer:?}");
    child.kill().unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    child.wait().unwrap();
    let line: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!((&line["request_id"], &line["operation"]), (&json!("ci-17"), &json!("sources_plex_list")));
}

#[tokio::test]
async fn a_stub_listens_at_a_unix_socket() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stub.sock");
    let stub = Stub::builder().listen(Address::from(path.as_path())).start().await.unwrap();
    assert_eq!(stub.url(), "http://localhost/api/v3");
    let url = format!("unix:{}", path.display());
    let wait = tokio::task::spawn_blocking(move || ended(&["wait", &url, "--timeout", "20"]));
    assert_eq!(wait.await.unwrap(), (Some(0), String::new()));
    tokio::time::timeout(Duration::from_secs(20), stub.close()).await.unwrap();
    assert!(!path.exists());
}

#[test]
fn a_stub_that_others_reach_has_a_sample_token_that_nobody_knows() {
    let (one, other) = (Running::start_at("0.0.0.0:0", &[]), Running::start_at("0.0.0.0:0", &["--empty"]));
    for program in [&one, &other] {
        let token = &program.client.token;
        assert_eq!(token.len(), 60, "{}", program.greeting);
        assert_eq!(program.client.get("/core/users/").status, 200);
        let published = Client::new(program.client.address.clone(), "sample-admin-token");
        assert_eq!(published.get("/core/users/").status, 403);
    }
    assert_ne!(one.client.token, other.client.token);
}

#[test]
fn a_state_file_with_published_tokens_is_for_this_machine_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let path = path.to_str().unwrap();
    Running::start(&["--state", path]).stop();
    let (code, told) = give_up(&["--listen", "0.0.0.0:0", "--state", path]);
    assert!(code == Some(2) && told.contains(path) && told.contains("--start-over"), "{told}");
    // Nothing was lost, and where nobody else asks it is as before.
    let program = Running::start(&["--state", path]);
    assert_eq!(program.client.token, "sample-admin-token");
    program.stop();
    let reached = Running::start_at("0.0.0.0:0", &["--state", path, "--start-over"]);
    let token = reached.client.token.clone();
    assert_eq!(token.len(), 60, "{}", reached.greeting);
    reached.stop();
    let again = Running::start_at("0.0.0.0:0", &["--state", path]);
    assert_eq!(again.client.token, token);
    again.stop();
}

#[test]
fn a_fixture_is_known_again_whatever_tokens_it_was_given() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let path = path.to_str().unwrap();
    let note = "filled from another fixture";
    for options in [&["--state", path, "--empty"][..], &["--state", path, "--empty"]] {
        let program = Running::start_at("0.0.0.0:0", options);
        assert!(!program.greeting.contains(note), "{}", program.greeting);
        program.stop();
    }
    let other = directory.path().join("other.json");
    std::fs::write(&other, r#"{"objects": {}}"#).unwrap();
    let program = Running::start(&["--state", path, "--fixture", other.to_str().unwrap()]);
    assert!(program.greeting.contains(note), "{}", program.greeting);
    program.stop();
}

#[tokio::test]
async fn a_seed_and_a_state_file_exclude_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let refused = Stub::builder().seed(1).state(&path).start().await.unwrap_err();
    assert!(matches!(refused, StartError::SeedWithState), "{refused}");
    assert!(!path.exists());
    let config = directory.path().join("stub.toml");
    std::fs::write(&config, format!("seed = 1\nstate = \"{}\"\n", path.display())).unwrap();
    let (code, told) = give_up(&["--listen", "127.0.0.1:0", "--config", config.to_str().unwrap()]);
    assert!(code == Some(2) && told.contains("seed") && told.contains("state"), "{told}");
}

#[test]
fn a_ready_file_of_before_is_gone_when_a_program_cannot_start() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ready");
    std::fs::write(&path, "http://127.0.0.1:1\n").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, told) = give_up(&["--listen", &address, "--ready-file", path.to_str().unwrap()]);
    assert!(code == Some(2) && !path.exists(), "{told}");
}
