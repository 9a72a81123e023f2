//! Records of exchanges: what is in them, what never is, and where they end.

use std::io::BufReader;
use std::path::Path;

use openapi_control::limits::{MAX_RECORDED, MAX_RECORDED_BODY};
use openapi_control::record::{RecordError, Recorded, Recorder, Records};
use serde_json::{Value, json};

use crate::shelter::Server;

/// Returns a server that records.
fn recording(file: &Path) -> Server {
    let recorder = Recorder::create(file, "/api").unwrap();
    Server::adapted(|control| control.with_recorder(Some(recorder)))
}

fn read(file: &Path) -> Vec<Recorded> {
    let text = std::fs::read_to_string(file).unwrap();
    Records::new(text.as_bytes()).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_record_has_what_is_needed_to_ask_again_and_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("record.jsonl");
    let server = recording(&file);
    let headers = [
        ("x-key", "k3y-of-the-api-and-more"),
        ("authorization", "Bearer t0ken"),
        ("cookie", "a=c00kie"),
        ("x-other", "not needed"),
        ("accept", "application/json"),
        ("content-type", "application/json"),
    ];
    let body =
        r#"{"name": "k3y-of-the-api-and-more", "chip": "ch1p", "of": [{"chip": "ch1p"}, {"chip": null}]}"#;
    server.send("POST /pets/?pin=p1n&page=2", &headers, body).await;
    server.send("POST /pets/?pin=t0ken", &headers, r#"{"name": "rex", "chip": "ch1p""#).await;
    let form = [("x-key", "k3y-of-the-api-and-more"), ("content-type", "application/x-www-form-urlencoded")];
    server.send("POST /pets/", &form, "name=rex&pet[chip]=ch1p").await;
    server.send("GET /pets/a/", &headers, "").await;
    server.send("GET /nowhere", &[], "").await;
    server.get("/-/health").await;
    let fault = json!({"operation": "listPets", "status": 503});
    assert_eq!(server.ask("POST /-/faults", &fault).await.0, 201);
    assert_eq!(server.get("/pets/").await.0, 503);
    let text = std::fs::read_to_string(&file).unwrap();
    for secret in ["k3y", "t0ken", "c00kie", "p1n", "ch1p", "chip-of-the-example", "not needed"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let records = read(&file);
    let shown: Vec<_> = records.iter().map(|it| (it.method.as_str(), it.path.as_str(), it.status)).collect();
    assert_eq!(
        shown,
        [
            ("POST", "/api/pets/?pin=***1*&page=2", 201),
            ("POST", "/api/pets/?pin=***3*", 400),
            ("POST", "/api/pets/", 415),
            ("GET", "/api/pets/a/", 200),
            ("GET", "/api/nowhere", 404),
        ]
    );
    let first = &records[0];
    let headers: Value = serde_json::to_value(&first.headers).unwrap();
    let expected = json!({
        "accept": "application/json", "authorization": "Bearer ***3*", "content-type": "application/json",
        "cookie": "a=***4*", "host": "localhost", "x-key": "***2*",
    });
    assert_eq!(headers, expected, "the same secret has the same name: {text}");
    let body = json!({"name": "***2*", "chip": "***5*", "of": [{"chip": "***5*"}, {"chip": null}]});
    assert_eq!(first.body, Some(body), "{text}");
    assert!(records[1].body_left_out && records[1].body_raw.is_none(), "a text that may have a secret");
    assert_eq!(records[2].body_raw.as_deref(), Some("name=rex&pet[chip]=***5*"));
    assert_eq!(records[3].answer_body.as_ref().map(|body| &body["chip"]), Some(&json!("***6*")));
    assert_eq!(server.control().recorder().map(Recorder::count), Some(5));
}

#[tokio::test]
async fn a_record_names_the_world_of_a_request_however_the_request_did() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("record.jsonl");
    let server = recording(&file);
    for world in [("x-stub-world", "w"), ("authorization", "Bearer world~w~t0ken")] {
        server.send("GET /pets/", &[("x-key", "k3y"), world], "").await;
    }
    server.send("GET /pets/", &[("authorization", "Bearer t0ken")], "").await;
    let records = read(&file);
    let headers = |number: usize| {
        (records[number].headers.get("x-stub-world"), records[number].headers.get("authorization"))
    };
    let (world, token) = ("w".to_owned(), "Bearer ***3*".to_owned());
    assert_eq!(
        [headers(0), headers(1), headers(2)],
        [(Some(&world), None), (Some(&world), Some(&token)), (None, Some(&token))]
    );
}

#[cfg(unix)]
#[test]
fn a_record_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("record.jsonl");
    let _recorder = Recorder::create(&file, "/api").unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_record_ends_at_its_limits_and_the_server_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("record.jsonl");
    let server = recording(&file);
    let long = json!({"name": "x".repeat(MAX_RECORDED_BODY)});
    server.ask("POST /pets/", &long).await;
    let line = &read(&file)[0];
    assert!(line.body_left_out && line.body.is_none(), "a long body is left out");
    for _ in 0..=MAX_RECORDED {
        assert_eq!(server.get("/pets/").await.0, 200);
    }
    assert_eq!(server.control().recorder().map(Recorder::count), Some(MAX_RECORDED));
    assert_eq!(read(&file).len(), MAX_RECORDED);
}

#[tokio::test]
async fn a_file_is_not_overwritten_and_one_without_exchanges_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("record.jsonl");
    drop(recording(&file));
    assert!(!file.exists());
    let server = recording(&file);
    assert!(matches!(Recorder::create(&file, "/api"), Err(RecordError::Exists(_))));
    server.get("/pets/").await;
    drop(server);
    assert_eq!(read(&file).len(), 1);
    let nowhere = directory.path().join("no/such/directory");
    assert!(matches!(Recorder::create(nowhere, "/api"), Err(RecordError::Unwritable { .. })));
}

#[test]
fn what_is_no_record_is_refused_with_its_line_and_a_torn_end_is_passed_over() {
    let refused = |text: &str| -> Result<usize, String> {
        let records = Records::new(BufReader::new(text.as_bytes())).map_err(|error| error.to_string())?;
        let records: Result<Vec<Recorded>, _> = records.collect();
        records.map(|records| records.len()).map_err(|error| error.to_string())
    };
    let (head, line) =
        ("{\"exchanges\":1,\"base_path\":\"\"}\n", "{\"method\":\"GET\",\"path\":\"/\",\"status\":200}\n");
    assert_eq!(refused(&format!("{head}{line}{line}")), Ok(2));
    assert_eq!(refused(&format!("{head}{line}{{\"method\":\"GE")), Ok(1));
    for (text, expected) in [
        (String::new(), "line 1: the record is empty"),
        ("{}\n".to_owned(), "line 1: a record begins with {\"exchanges\": 1}"),
        ("{\"exchanges\": 2}\n".to_owned(), "line 1: the record has the version 2"),
        (format!("{head}{line}{{}}\n"), "line 3: this is no recorded exchange: missing field `method`"),
        (
            format!("{head}{{\"methods\":1}}\n"),
            "line 2: this is no recorded exchange: unknown field `methods`",
        ),
        (format!("{head}\"{}\"\n", "x".repeat(16 * MAX_RECORDED_BODY)), "line 2: it is longer than 16 MiB"),
    ] {
        let told = refused(&text).unwrap_err();
        assert!(told.starts_with(expected), "{told}");
    }
}
