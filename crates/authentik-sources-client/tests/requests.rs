//! What goes over the wire, and what becomes of what comes back.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use authentik_sources_client::types::{GroupMatchingModeEnum, Patch, PatchedPlexSourceRequest};
use authentik_sources_client::{CallOptions, Client, Error, Retries};
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use server::{Server, answer};

const ID: &str = "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d";

fn client(server: &Server) -> Client {
    Client::builder(&server.url).token("s3cret").build().unwrap()
}

fn source(slug: &str) -> Value {
    json!({
        "pk": ID, "name": "Plex", "slug": slug, "component": "", "verbose_name": "", "verbose_name_plural": "",
        "meta_model_name": "", "managed": null, "icon": "/x.svg", "plex_token": "hidden"
    })
}

fn page(next: i64, slugs: &[&str]) -> String {
    let pagination = json!({
        "next": next, "previous": 0, "count": 3, "current": 1, "total_pages": 2, "start_index": 1, "end_index": 2
    });
    let results: Vec<Value> = slugs.iter().map(|slug| source(slug)).collect();
    answer(200, &json!({"pagination": pagination, "results": results}).to_string())
}

#[tokio::test]
async fn a_list_is_asked_for_with_its_filters_and_the_token_and_no_more() {
    let server = Server::start(vec![page(0, &["plex"])]).await;
    let answer = client(&server)
        .sources_plex_list()
        .enabled(true)
        .name("a&b")
        .group_matching_mode(GroupMatchingModeEnum::NameLink)
        .enrollment_flow(ID)
        .search(None::<String>)
        .page(2)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.results[0].slug, "plex");
    let request = server.requests().remove(0);
    let (line, headers) = request.split_once("\r\n").unwrap();
    assert_eq!(
        line,
        format!(
            "GET /api/v3/sources/plex/?enabled=true&enrollment_flow={ID}&group_matching_mode=name_link&name=a%26b&page=2 HTTP/1.1"
        )
    );
    let headers = headers.to_ascii_lowercase();
    assert!(headers.contains("authorization: bearer s3cret\r\n"), "{headers}");
    assert!(headers.contains("user-agent: authentik-sources-client/"), "{headers}");
    assert!(headers.contains("accept: application/json\r\n"), "{headers}");
    assert!(!headers.contains("api-version"), "{headers}");
}

#[tokio::test]
async fn a_body_can_be_a_builder_and_says_null_empty_and_absent() {
    let server = Server::start(vec![answer(200, &source("plex").to_string())]).await;
    let body = PatchedPlexSourceRequest::builder()
        .name("Plex at home")
        .authentication_flow(Patch::Null)
        .allowed_servers(vec![]);
    let source = client(&server).sources_plex_partial_update().slug("plex").body(body).send().await.unwrap();
    assert_eq!(source.slug, "plex");
    let request = server.requests().remove(0);
    assert!(request.starts_with("PATCH /api/v3/sources/plex/plex/ HTTP/1.1\r\n"), "{request}");
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, r#"{"name":"Plex at home","authentication_flow":null,"allowed_servers":[]}"#);
}

#[tokio::test]
async fn what_does_not_fit_is_not_sent() {
    let server = Server::start(vec![]).await;
    let client = client(&server);
    let errors = [
        client.sources_plex_retrieve().slug("..").send().await.unwrap_err(),
        client.sources_plex_retrieve().send().await.unwrap_err(),
        client.sources_plex_list().enrollment_flow("no uuid").send().await.unwrap_err(),
        client
            .sources_plex_partial_update()
            .slug("plex")
            .body(PatchedPlexSourceRequest::builder().slug("a b"))
            .send()
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
        assert!(error.operation().unwrap().starts_with("sources_plex_"));
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn everything_that_does_not_fit_is_told_at_once_as_a_server_tells_it() {
    let server = Server::start(vec![]).await;
    let body = PatchedPlexSourceRequest::builder()
        .slug("a b")
        .enrollment_flow("no uuid")
        .group_matching_mode("name-link")
        .name("x".repeat(3))
        .allowed_servers(["one", "two"]);
    let error = client(&server).sources_plex_partial_update().body(body).send().await.unwrap_err();
    let fields = error.fields().unwrap();
    let told: Vec<(&str, &str)> =
        fields.iter().map(|field| (field.path.as_str(), field.messages[0].as_str())).collect();
    let [slug, rule, flow, mode] = told[..] else { panic!("{told:?}") };
    assert_eq!(slug, ("slug", "must be set"), "the one in the path");
    assert_eq!(rule, ("slug", "must match ^[-a-zA-Z0-9_]+$"));
    assert!(flow.0 == "enrollment_flow" && flow.1.starts_with("must be a UUID such as "), "{flow:?}");
    let values = r#"must be one of "identifier", "name_link", "name_deny""#;
    assert_eq!(mode, ("group_matching_mode", values));
    assert!(
        error.to_string().starts_with("sources_plex_partial_update was not sent: slug: must be set; "),
        "{error}"
    );
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_option_is_taken_where_none_can_only_mean_one_thing() {
    let server = Server::start(vec![page(0, &[]), answer(200, &source("plex").to_string())]).await;
    let client = client(&server);
    client.sources_plex_list().search(Some("a")).name(None::<&str>).send().await.unwrap();
    assert!(server.requests()[0].starts_with("GET /api/v3/sources/plex/?search=a HTTP/1.1\r\n"));
    let body = PatchedPlexSourceRequest::builder()
        .name(Some("x"))
        .slug(None::<&str>)
        .authentication_flow(Patch::or_null(None))
        .enrollment_flow(Patch::or_absent(None));
    client.sources_plex_partial_update().slug("plex").body(body).send().await.unwrap();
    let request = server.requests().remove(1);
    assert!(request.ends_with("\r\n\r\n{\"name\":\"x\",\"authentication_flow\":null}"), "{request}");
}

#[tokio::test]
async fn a_removal_has_no_answer_and_an_undeclared_status_is_an_error() {
    let server = Server::start(vec![answer(204, ""), answer(404, r#"{"detail":"Not found."}"#)]).await;
    let client = client(&server);
    client.sources_plex_destroy().slug("plex").send().await.unwrap();
    let error = client.sources_plex_destroy().slug("plex").send().await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }));
    assert_eq!(error.to_string(), "sources_plex_destroy answered 404 (request abc): Not found.");
    assert_eq!(error.request_id(), Some("abc"));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_named_by_its_place_and_not_shown() {
    let mut wire = source("plex");
    wire["pk"] = json!("hidden");
    let body = json!({"pagination": {}, "results": [wire]}).to_string();
    let server = Server::start(vec![answer(200, &source("plex").to_string()), answer(200, &body)]).await;
    let client = client(&server);
    let error = client.sources_plex_list().send().await.unwrap_err();
    assert!(matches!(&error, Error::Decode { pointer, .. } if pointer.is_empty()), "{error:?}");
    assert!(error.to_string().contains("missing field `results`"), "{error}");
    let error = client.sources_plex_list().send().await.unwrap_err();
    assert!(matches!(&error, Error::Decode { pointer, .. } if pointer == "/results/0/pk"), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hidden"));
}

#[tokio::test]
async fn a_stream_follows_the_pages_and_ends_after_an_error() {
    let server =
        Server::start(vec![page(2, &["a", "b"]), page(0, &["c"]), page(2, &["a"]), answer(500, "")]).await;
    let client = client(&server);
    let slugs: Vec<String> = client
        .sources_plex_list()
        .page_size(2)
        .stream()
        .map_ok(|source| source.slug)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(slugs, ["a", "b", "c"]);
    let lines: Vec<_> =
        server.requests().iter().filter_map(|request| request.lines().next().map(str::to_owned)).collect();
    assert_eq!(
        lines,
        [
            "GET /api/v3/sources/plex/?page_size=2 HTTP/1.1",
            "GET /api/v3/sources/plex/?page=2&page_size=2 HTTP/1.1"
        ]
    );
    let results: Vec<_> = client.sources_plex_list().stream().collect().await;
    assert_eq!(results.len(), 2);
    assert!(matches!(results[1], Err(Error::Server { .. })));
}

#[tokio::test]
async fn silence_and_a_closed_connection_are_errors_of_the_transport() {
    let server = Server::start(vec![]).await;
    let once = CallOptions::new().retries(Retries::none());
    let error = client(&server).sources_plex_list().name("hidden").options(once).send().await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client = Client::builder(url).timeout(std::time::Duration::from_millis(50)).build().unwrap();
    let error = client.sources_plex_list().send().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { operation: "sources_plex_list", .. }), "{error:?}");
}
