//! The program: what it prints, how it ends, what it refuses.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use crate::client::Client;
use crate::running::{Running, command, give_up};

#[test]
fn it_says_where_it_listens_and_how_to_ask_it() {
    let program = Running::start(&[]);
    let Client { address, token } = &program.client;
    let line = format!("curl -H 'Authorization: Bearer {token}' http://{address}/api/v3/sources/plex/");
    assert!(program.greeting.contains(&line), "{}", program.greeting);
    let reset = format!("  reset     curl -X POST http://{address}/-/reset\n");
    assert!(program.greeting.contains(&reset), "{}", program.greeting);
    let page = format!("  page      http://{address}/-/\n");
    assert!(program.greeting.contains(&page), "{}", program.greeting);
    let page = program.client.send("GET", "/-/", None).unwrap();
    assert!(page.status == 200 && page.body.starts_with("<!doctype html>"), "{page:?}");
    let about = program.client.send("GET", "/-/about", None).unwrap().json();
    assert_eq!(about["credentials"], json!({"authentik": token}));
    let list = program.client.get("/sources/plex/");
    assert_eq!(list.status, 200, "{list:?}");
    assert_eq!(list.json()["pagination"]["count"], json!(list.json()["results"].as_array().unwrap().len()));
}

#[test]
fn it_stops_whoever_is_connected() {
    for signal in ["TERM", "INT"] {
        let program = Running::start(&[]);
        let idle = TcpStream::connect(&program.client.address).unwrap();
        let mut half = TcpStream::connect(&program.client.address).unwrap();
        half.write_all(b"POST /api/v3/sources/plex/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            .unwrap();
        let answered = program.client.get("/sources/plex/");
        assert_eq!(answered.status, 200);
        program.signal(signal);
        // Neither of the two ever says another word.
        assert_eq!(program.wait().code(), Some(0), "{signal}");
        drop((idle, half));
    }
}

#[test]
fn it_resets_tells_its_health_and_shows_its_document() {
    let program = Running::start(&[]);
    let client = &program.client;
    let before = client.get("/sources/plex/").body;
    let slug = client.get("/sources/plex/").json()["results"][0]["slug"].as_str().unwrap().to_owned();
    assert_eq!(client.ask("DELETE", &format!("/sources/plex/{slug}/"), None).status, 204);
    assert_ne!(client.get("/sources/plex/").body, before);
    assert_eq!(client.send("POST", "/-/reset", None).unwrap().status, 204);
    assert_eq!(client.get("/sources/plex/").body, before);
    assert_eq!(client.send("GET", "/-/health", None).unwrap().status, 200);
    let document = client.send("GET", "/-/openapi.json", None).unwrap();
    assert_eq!(document.status, 200);
    assert_eq!(
        document.json()["paths"]["/sources/plex/{slug}/"]["get"]["operationId"],
        "sources_plex_retrieve"
    );
}

#[test]
fn its_own_routes_are_only_what_they_are() {
    let program = Running::start(&[]);
    assert_eq!(program.client.send("GET", "/-/reset", None).unwrap().status, 405);
    assert_eq!(program.client.send("GET", "/-/nothing", None).unwrap().status, 404);
}

#[test]
fn a_taken_port_is_one_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, complaint) = give_up(&["--listen", &address]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains(&address) && complaint.lines().count() == 1, "{complaint}");
}

#[test]
fn a_taken_port_leaves_the_state_file_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let (old, new) = (directory.path().join("old"), directory.path().join("new"));
    let program = Running::start_with_state(&old);
    assert_eq!(program.client.ask("DELETE", "/sources/plex/plex/", None).status, 204);
    program.stop();
    let before = std::fs::read(&old).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (path, more) in
        [(&old, None), (&old, Some("--start-over")), (&new, None), (&new, Some("--start-over"))]
    {
        let mut arguments = vec!["--listen", &address, "--state", path.to_str().unwrap()];
        arguments.extend(more);
        assert_eq!(give_up(&arguments).0, Some(2), "{arguments:?}");
        assert!(std::fs::read(&old).unwrap() == before, "{arguments:?} touched the file");
        let files = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(files, 1, "{arguments:?} left a file behind");
    }
}

/// On Linux every address 127.x.y.z is this machine, so the test has one that no other uses.
#[cfg(target_os = "linux")]
#[test]
fn a_program_nobody_listens_to_serves_all_the_same() {
    use crate::running::{command, signal, until, wait};

    // The program cannot say which port it took.
    let [x, y, z] = rand::random::<[u8; 3]>().map(|part| part.clamp(1, 254));
    let address = format!("127.{x}.{y}.{z}:9000");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = command(&["--listen", &address]).stdout(writer).spawn().unwrap();
    let client = Client::new(address, "");
    let health = until("the program answers or ends", || match child.try_wait().unwrap() {
        Some(ended) => Some(Err(ended)),
        None => client.send("GET", "/-/health", None).ok().map(|answer| Ok(answer.status)),
    });
    assert_eq!(health, Ok(200));
    // It says where it is before it looks whether it was told to stop, and what it could not say is no failure.
    signal(&child, "TERM");
    assert_eq!(wait(&mut child).code(), Some(0));
}

#[test]
fn a_program_that_listens_everywhere_names_an_address_one_can_ask() {
    let program = Running::try_start(&["--listen", "0.0.0.0:0"]).unwrap_or_else(|end| panic!("{end:?}"));
    assert!(program.client.address.starts_with("127.0.0.1:"), "{}", program.greeting);
    assert!(!program.greeting.contains("0.0.0.0"), "{}", program.greeting);
    assert_eq!(program.client.get("/sources/plex/").status, 200);
}

#[test]
fn of_two_programs_started_on_one_file_exactly_one_runs() {
    let directory = tempfile::tempdir().unwrap();
    for (round, more) in (0..24).zip([None, Some("--start-over")].iter().cycle()) {
        let path = directory.path().join(format!("state-{round}"));
        // Starting over is tried on a file with something in it, all else on no file or an empty one.
        match round % 4 {
            0 => {}
            2 => std::fs::write(&path, "").unwrap(),
            _ => Running::start_with_state(&path).stop(),
        }
        let mut arguments =
            vec!["--listen", "127.0.0.1:0", "--carrier", "hyper", "--state", path.to_str().unwrap()];
        arguments.extend(*more);
        let both = std::thread::scope(|scope| {
            let start = || Running::try_start(&arguments);
            let both = [scope.spawn(start), scope.spawn(start)];
            both.map(|program| program.join().unwrap())
        });
        let (running, ended): (Vec<_>, Vec<_>) = both.into_iter().partition(Result::is_ok);
        assert_eq!(running.len(), 1, "round {round}");
        for (code, complaint) in ended.into_iter().filter_map(Result::err) {
            assert_eq!(code, Some(2));
            assert!(complaint.contains("in use") && complaint.lines().count() == 1, "{complaint}");
        }
        let source = json!({"name": "Kept", "slug": "kept", "plex_token": "t"});
        for program in running.into_iter().flatten() {
            assert_eq!(program.client.ask("POST", "/sources/plex/", Some(&source)).status, 201);
            program.stop();
        }
        let program = Running::start_with_state(&path);
        assert_eq!(program.client.get("/sources/plex/kept/").status, 200, "round {round}");
    }
}

#[test]
fn a_wrong_fixture_is_named_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("fixture.json");
    std::fs::write(&path, "{\n  \"plex_sources\": [{\"pk\": 1}]\n}").unwrap();
    let (code, complaint) = give_up(&["--listen", "127.0.0.1:0", "--fixture", path.to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("fixture.json:2:27: /plex_sources/0/pk: "), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
}

#[test]
fn a_fixture_of_ones_own_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("fixture.json");
    let users = json!([{"username": "me", "is_superuser": true, "tokens": [{"key": "mine"}]}]);
    std::fs::write(&path, json!({"users": users}).to_string()).unwrap();
    let program = Running::start(&["--fixture", path.to_str().unwrap()]);
    assert_eq!(program.client.token, "mine");
    assert_eq!(program.client.get("/sources/plex/").json()["pagination"]["count"], 0);
}

#[test]
fn it_is_as_strict_as_told() {
    let (path, body) = ("/sources/plex/plex/", json!({"enabled": "yes", "colour": "red"}));
    let lenient = Running::start(&[]);
    assert_eq!(lenient.client.ask("PATCH", path, Some(&body)).status, 200);
    let strict = Running::start(&["--strict"]);
    assert!(strict.greeting.contains("is ready, and strict\n"), "{}", strict.greeting);
    let refused = strict.client.ask("PATCH", path, Some(&body));
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json(),
        json!({
            "enabled": ["The document declares true or false here, not 'yes'."],
            "colour": ["The document declares no such property of PatchedPlexSourceRequest."],
        })
    );
    let unknown = strict.client.get("/sources/plex/?colour=red");
    assert_eq!(unknown.status, 400);
}

#[test]
fn a_state_file_that_cannot_be_used_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let foreign = directory.path().join("letter.txt");
    std::fs::write(&foreign, "Dear reader").unwrap();
    let used = directory.path().join("used");
    let program = Running::start_with_state(&used);
    for (path, reason) in [(&foreign, "not a state file"), (&used, "in use")] {
        let (code, complaint) = give_up(&["--listen", "127.0.0.1:0", "--state", path.to_str().unwrap()]);
        assert_eq!(code, Some(2));
        assert!(complaint.contains(reason) && complaint.lines().count() == 1, "{complaint}");
    }
    assert_eq!(std::fs::read(&foreign).unwrap(), b"Dear reader");
    assert_eq!(program.client.get("/sources/plex/").status, 200);
}

#[test]
fn a_state_outlives_the_program_until_told_to_start_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let source = json!({"name": "Kept", "slug": "kept", "plex_token": "t"});
    let program = Running::start_with_state(&path);
    assert_eq!(program.client.ask("POST", "/sources/plex/", Some(&source)).status, 201);
    program.stop();
    let program = Running::start_with_state(&path);
    assert_eq!(program.client.get("/sources/plex/kept/").json()["name"], "Kept");
    program.stop();
    let program = Running::start(&["--state", path.to_str().unwrap(), "--start-over"]);
    assert_eq!(program.client.get("/sources/plex/kept/").status, 404);
}

#[test]
fn wrong_arguments_are_refused() {
    assert_eq!(give_up(&["--listen", "nowhere"]).0, Some(2));
    assert_eq!(give_up(&["--start-over"]).0, Some(2));
    let (code, complaint) = give_up(&["--listen", "127.0.0.1:0", "--control-token", "two words"]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("control token") && complaint.lines().count() == 1, "{complaint}");
    assert_eq!(give_up(&["--bogus"]).0, Some(2));
}

#[test]
fn a_printed_fixture_starts_a_stub_with_the_same_objects() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fixture.json");
    let printed = |arguments: &[&str]| {
        let output = command(&[arguments, &["--print-fixture"]].concat()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = printed(&["--empty"]);
    std::fs::write(&file, &text).unwrap();
    let path = file.to_str().unwrap();
    assert_eq!(printed(&["--fixture", path]), text, "byte for byte");
    let program = Running::start(&["--fixture", path, "--cors", "http://localhost:3000"]);
    let origin = [("Origin", "http://localhost:3000"), ("Host", program.client.address.as_str())];
    let state = program.client.send("GET", "/-/state", None).unwrap();
    assert_eq!(state.json(), serde_json::from_str::<serde_json::Value>(&text).unwrap());
    let read = program.client.exchange("GET", "/api/v3/core/users/", &origin, None).unwrap();
    assert!(
        read.head.to_lowercase().contains("access-control-allow-origin: http://localhost:3000"),
        "{read:?}"
    );
    let preflight = [origin[0], origin[1], ("Access-Control-Request-Method", "POST")];
    assert_eq!(
        program.client.exchange("OPTIONS", "/api/v3/core/users/", &preflight, None).unwrap().status,
        204
    );
    let (code, complaint) = give_up(&["--cors", "localhost"]);
    assert!(code == Some(2) && complaint.contains("is no origin"), "{complaint}");
}
