//! The stub as tests in Rust use it: one for all of them, which needs no runtime, and for each a world of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::LazyLock;

use authentik_stub::fixture::{Group, User};
use authentik_stub::{
    Answer, BlockingStub, Fault, Fixture, Instance, Stub, TimeDelta, TokenError, Value, json,
};

/// Every test asks this one. It ends with the program.
static STUB: LazyLock<BlockingStub> = LazyLock::new(|| {
    let fixture = Fixture::builder()
        .sample()
        .user(User::new("alice").group("crew").permission("authentik_core.view_group"))
        .user(User::new("bob").inactive())
        .group(Group::new("crew"));
    Stub::builder().fixture(fixture.build().unwrap()).start_blocking().unwrap()
});

/// Asks as a client does that is given a URL and a token, and no header beside.
fn ask(instance: &Instance, token: &str, line: &str, body: &Value) -> (u16, Value) {
    let (host, base) = instance.url().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let (method, path) = line.split_once(' ').unwrap();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!(
        "{method} /{base}{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut connection = TcpStream::connect(host).unwrap();
    connection.write_all((head + &body).as_bytes()).unwrap();
    let mut text = String::new();
    connection.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

/// Asks with the token that may do the most.
fn admin(instance: &Instance, line: &str, body: &Value) -> (u16, Value) {
    ask(instance, instance.token().unwrap(), line, body)
}

/// Returns the number of groups of a name.
fn groups(instance: &Instance, name: &str) -> Value {
    admin(instance, &format!("GET /core/groups/?name={name}"), &Value::Null).1["pagination"]["count"].clone()
}

#[test]
fn a_world_is_as_the_fixture_has_it_whatever_other_tests_do() {
    let (one, other) = (STUB.fresh_world(), STUB.fresh_world());
    assert!(one.name().starts_with("a_world_is_as_the_fixture_has_it"), "{}", one.name());
    assert_eq!(admin(&one, "POST /core/groups/", &json!({"name": "cooks"})).0, 201);
    assert_eq!((groups(&one, "cooks"), groups(&other, "cooks")), (json!(1), json!(0)));
    one.reset().unwrap();
    assert_eq!(groups(&one, "cooks"), 0);
}

#[test]
fn a_world_is_there_as_long_as_one_holds_it() {
    let held = STUB.world("kept").unwrap();
    admin(&held, "POST /core/groups/", &json!({"name": "cooks"}));
    drop(STUB.world("kept").unwrap());
    assert_eq!(groups(&held, "cooks"), 1);
    drop(held);
    assert!(!STUB.worlds().contains(&"kept".to_owned()));

    let before = STUB.world("again").unwrap();
    STUB.drop_world("again").unwrap();
    let after = STUB.world("again").unwrap();
    drop(before);
    assert!(STUB.worlds().contains(&"again".to_owned()), "it is another world of the same name");
    drop(after);
    assert!(STUB.world("a b").is_err());
}

#[test]
fn objects_are_kept_under_a_name_and_come_back() {
    let world = STUB.fresh_world();
    world.save_snapshot("before").unwrap();
    admin(&world, "POST /core/groups/", &json!({"name": "cooks"}));
    let exported = world.export();
    world.restore_snapshot("before").unwrap();
    assert_eq!(groups(&world, "cooks"), 0);
    world.import(&exported).unwrap();
    assert_eq!((groups(&world, "cooks"), world.snapshots()), (json!(1), vec!["before".to_owned()]));
    world.remove_snapshot("before").unwrap();
    assert!(world.restore_snapshot("before").is_err());
}

#[test]
fn faults_answers_and_requests_of_a_world_are_its_own() {
    let (one, other) = (STUB.fresh_world(), STUB.fresh_world());
    one.faults().add([Fault::status(503).on("core_groups_list").times(2)]).unwrap();
    one.answers().add([Answer::new(200).on("core_users_list").unchecked().body("none")]).unwrap();
    let list = |world: &Instance| admin(world, "GET /core/groups/?name=x", &Value::Null).0;
    assert_eq!([list(&one), list(&other), list(&one), list(&one)], [503, 200, 503, 200]);
    assert_eq!(admin(&other, "GET /core/users/", &Value::Null).0, 200);
    let asked = one.requests().of("core_groups_list").times(3).unwrap();
    assert_eq!(
        asked.iter().map(authentik_stub::Entry::status).collect::<Vec<_>>(),
        [Some(503), Some(503), Some(200)]
    );
    other.requests().method("DELETE").never().unwrap();
    assert_eq!((one.faults().list().len(), other.faults().list().len()), (1, 0));
    let name = one.name().to_owned();
    drop(one);
    assert!(
        STUB.faults().in_world(&name).list().is_empty() && STUB.answers().in_world(&name).list().is_empty()
    );
}

#[test]
fn a_token_of_a_user_may_do_what_the_user_may() {
    let world = STUB.fresh_world();
    let token = world.token_of("alice").unwrap();
    assert_eq!(world.token_of("alice").unwrap(), token, "it is made once");
    assert_eq!(ask(&world, &token, "GET /core/groups/", &Value::Null).0, 200);
    assert_eq!(ask(&world, &token, "GET /rbac/roles/", &Value::Null).0, 403);
    let me = ask(&world, &token, "GET /core/users/me/", &Value::Null).1;
    assert_eq!(me["user"]["username"], "alice");

    assert!(matches!(world.token_of("bob"), Err(TokenError::Inactive(name)) if name == "bob"));
    let told = world.token_of("carol").unwrap_err().to_string();
    assert!(
        told.starts_with("there is no user `carol`; there are `akadmin`, ") && told.contains("`alice`"),
        "{told}"
    );
    assert_eq!(world.headers()[1], ("x-stub-world", world.name().to_owned()));
}

#[test]
fn a_stub_in_threads_of_its_own_ends_when_it_is_dropped() {
    let stub = Stub::start_blocking().unwrap();
    stub.clock().advance(TimeDelta::minutes(31)).unwrap();
    assert_eq!(groups(&stub, "nobody"), 0);
    let host = stub.origin().strip_prefix("http://").unwrap().to_owned();
    let taken = Stub::builder().listen(stub.address().clone()).start_blocking();
    assert!(taken.unwrap_err().to_string().contains("cannot listen there"));
    drop(stub);
    assert!(TcpStream::connect(host).is_err());
}

#[tokio::test]
async fn a_stub_in_threads_of_its_own_is_started_and_dropped_within_a_runtime() {
    let stub = Stub::start_blocking().unwrap();
    assert!(stub.token().is_some());
    drop(stub);
    let stub = Stub::start().await.unwrap();
    assert_eq!(stub.worlds(), Vec::<String>::new());
}

#[cfg(feature = "client")]
#[tokio::test]
async fn a_client_of_a_user_is_ready_to_use() {
    let world = STUB.fresh_world();
    let (root, alice) = (world.client().unwrap(), world.client_as("alice").unwrap());
    let source = authentik_sources_client::types::PlexSourceRequest::builder();
    let source = source.name("Den").slug("den").plex_token("secret");
    root.sources_plex_create().body(source).send().await.unwrap();
    let refused = alice.sources_plex_retrieve().slug("den").send().await.unwrap_err();
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(403));
    assert!(world.client_as("carol").is_err());
    world.requests().of("sources_plex_create").once().unwrap();
}
