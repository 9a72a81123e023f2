//! How a call is made: attempts, deadlines, connections and headers.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use authentik_sources_client::types::{PatchedPlexSourceRequest, PlexSourceRequest};
use authentik_sources_client::{CallOptions, Client, ClientBuilder, Error, Retries};
use server::{Server, answer, answer_with, closed_port, source};
use tokio::io::AsyncReadExt as _;

/// Retries that do not make tests wait.
fn quick() -> Retries {
    Retries::default().first_wait(Duration::from_millis(1))
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder(&server.url).token("s3cret").retries(quick())
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn body() -> authentik_sources_client::types::builder::PlexSourceRequest {
    PlexSourceRequest::builder().name("Plex").slug("plex").plex_token("hidden")
}

/// What comes of something that does not wait for long, even on a busy machine; what never ends fails the test.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(2), work).await.expect("it does not end")
}

/// A server that takes connections and says nothing.
async fn silent() -> (tokio::net::TcpListener, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn an_idempotent_call_is_tried_again_after_a_passing_failure() {
    let cut_off = answer(200, &source()).replace("Content-Length: ", "Content-Length: 9");
    for failure in [answer(502, ""), answer(503, ""), answer(504, ""), String::new(), cut_off] {
        let server =
            Server::start(vec![failure.clone(), failure, answer(200, &source()), answer(204, "")]).await;
        client(&server).sources_plex_retrieve().slug("plex").send().await.unwrap();
        client(&server).sources_plex_destroy().slug("plex").send().await.unwrap();
        assert_eq!(server.requests().len(), 4);
    }
    let server = Server::start(vec![String::new(), answer(200, &source())]).await;
    client(&server).sources_plex_update().slug("plex").body(body()).send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0], requests[1], "the body is sent again too");
}

#[tokio::test]
async fn a_call_that_may_have_done_something_is_not_repeated() {
    for failure in [answer(503, ""), answer_with(503, "Retry-After: 0\r\n", ""), String::new()] {
        let server = Server::start(vec![failure.clone(), failure]).await;
        let client = client(&server);
        let error = client.sources_plex_create().body(body()).send().await.unwrap_err();
        assert!(!error.is_retryable(), "{error:?}");
        let patch = PatchedPlexSourceRequest::builder().name("x");
        let patched = client.sources_plex_partial_update().slug("plex").body(patch);
        assert!(!patched.send().await.unwrap_err().is_retryable());
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn an_answer_that_no_repetition_changes_is_the_calls() {
    for status in [400, 403, 404, 500] {
        let server = Server::start(vec![answer(status, "")]).await;
        let error = client(&server).sources_plex_retrieve().slug("plex").send().await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_for_too_many_requests_is_waited_out_by_every_method() {
    let busy = answer_with(429, "Retry-After: 1\r\n", "");
    let server = Server::start(vec![busy, answer(201, &source())]).await;
    let start = Instant::now();
    client(&server).sources_plex_create().body(body()).send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(server.requests().len(), 2);

    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2));
    let busy = answer_with(503, &format!("Retry-After: {date}\r\n"), "");
    let server = Server::start(vec![busy, answer(204, "")]).await;
    client(&server).sources_plex_destroy().slug("plex").send().await.unwrap();
    assert!(SystemTime::now() >= httpdate::parse_http_date(&date).unwrap(), "it is not {date} yet");
}

#[tokio::test]
async fn a_server_that_asks_for_more_than_the_longest_wait_is_not_bothered_again() {
    let busy = answer_with(429, "Retry-After: 3600\r\n", "");
    let server = Server::start(vec![busy.clone(), busy]).await;
    let client = client(&server);
    let error = client.sources_plex_retrieve().slug("plex").send().await.unwrap_err();
    let hour = Duration::from_hours(1);
    assert!(matches!(error, Error::RateLimited { retry_after: Some(asked), .. } if asked == hour));
    // Nor is it if the wait is allowed and the deadline does not leave the time.
    let patient = CallOptions::new().retries(quick().longest_wait(2 * hour));
    let error = client.sources_plex_retrieve().slug("plex").options(patient).send().await.unwrap_err();
    assert!(matches!(error, Error::RateLimited { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn attempts_are_bounded_for_the_client_and_for_a_call() {
    let server = Server::start(vec![answer(503, ""); 9]).await;
    let client = builder(&server).retries(quick().attempts(5)).build().unwrap();
    let call = || client.sources_plex_retrieve().slug("plex");
    assert!(call().send().await.unwrap_err().is_retryable());
    assert_eq!(server.requests().len(), 5);
    call().options(CallOptions::new().retries(quick().attempts(2))).send().await.unwrap_err();
    assert_eq!(server.requests().len(), 7);
    call().options(CallOptions::new().retries(Retries::none())).send().await.unwrap_err();
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn a_request_that_never_left_is_tried_again_whatever_it_is() {
    let (socket, address) = closed_port();
    let (closed, server) = (Mutex::new(Some(socket)), Arc::new(OnceLock::new()));
    let client = Client::builder(format!("http://{address}"))
        .retries(quick())
        .on_request({
            let server = Arc::clone(&server);
            // The server is there from the second attempt on.
            move |attempt, _| {
                if attempt.number == 2
                    && let Some(socket) = closed.lock().unwrap().take()
                {
                    let listener = socket.listen(1).unwrap();
                    server.get_or_init(|| Server::start_on(listener, vec![answer(201, &source())]));
                }
            }
        })
        .build()
        .unwrap();
    client.sources_plex_create().body(body()).send().await.unwrap();
    assert_eq!(server.get().map(|server| server.requests().len()), Some(1));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_from_one_that_goes_away() {
    let (_socket, address) = closed_port();
    let client = Client::builder(format!("http://{address}")).retries(Retries::none()).build().unwrap();
    let error = client.sources_plex_list().send().await.unwrap_err();
    assert_eq!(error.to_string(), "sources_plex_list was not sent: there is no connection to the server");
    let server = Server::start(vec![]).await;
    let client = builder(&server).retries(Retries::none()).build().unwrap();
    let error = client.sources_plex_list().send().await.unwrap_err();
    assert_eq!(error.to_string(), "sources_plex_list had no complete answer");
}

#[tokio::test]
async fn the_deadline_is_over_all_attempts_and_a_call_may_have_its_own() {
    let (_listener, url) = silent().await;
    let attempts = Arc::new(AtomicUsize::new(0));
    let client = Client::builder(url)
        .retries(quick().attempts(100))
        .on_request({
            let attempts = Arc::clone(&attempts);
            move |_, _| {
                attempts.fetch_add(1, Ordering::SeqCst);
            }
        })
        .build()
        .unwrap();
    let short = CallOptions::new().timeout(Duration::from_millis(100));
    let error = client.sources_plex_retrieve().slug("plex").options(short.clone()).send().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { operation: "sources_plex_retrieve", .. }), "{error:?}");
    assert!(error.is_retryable());
    let error = client.sources_plex_create().body(body()).options(short).send().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }) && !error.is_retryable(), "{error:?}");
    assert_eq!(attempts.load(Ordering::SeqCst), 2, "no attempt is begun after the deadline");

    // A wait that would end after the deadline is not begun, and the answer there was is not lost.
    let server = Server::start(vec![answer(503, "")]).await;
    let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
    let slow = Retries::default().first_wait(day).longest_wait(day);
    let options = CallOptions::new().timeout(hour).retries(slow);
    let client = builder(&server).build().unwrap();
    let call = client.sources_plex_retrieve().slug("plex").options(options).send();
    let error = soon(call).await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }), "{error:?}");
}

#[tokio::test]
async fn calls_share_a_connection() {
    let server = Server::start(vec![answer_with(200, "", &source()); 100]).await;
    let client = client(&server);
    let mut calls = 0;
    while !server.has_reused_a_connection() {
        calls += 1;
        assert!(calls <= 100, "every call has a connection of its own");
        client.clone().sources_plex_retrieve().slug("plex").send().await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_call_closes_its_connection() {
    let (listener, url) = silent().await;
    let client = Client::builder(url).build().unwrap();
    let call = client.sources_plex_list().send();
    let (mut connection, _) = tokio::select! {
        result = call => panic!("{result:?}"),
        accepted = listener.accept() => accepted.unwrap(),
    };
    let mut rest = Vec::new();
    // Closed in the middle of a request, a connection may also be reset.
    let _ = soon(connection.read_to_end(&mut rest)).await;
}

#[tokio::test]
async fn headers_are_those_of_the_client_and_what_a_hook_makes_of_them_for_every_attempt() {
    let server = Server::start(vec![answer(503, ""), answer(200, &source())]).await;
    let client = builder(&server)
        .header("X-Proxy-Key", "k3y")
        .user_agent("inventory/1.0")
        .on_request(|attempt, headers| {
            assert!(headers.contains_key("authorization"));
            headers.insert("x-attempt", attempt.number.into());
            headers.insert("x-operation", attempt.operation.parse().unwrap());
            headers.insert("authorization", "Bearer renewed".parse().unwrap());
        })
        .build()
        .unwrap();
    client.sources_plex_retrieve().slug("plex").send().await.unwrap();
    for (number, request) in (1..).zip(server.requests()) {
        let request = request.to_ascii_lowercase();
        for header in [
            "x-proxy-key: k3y",
            "user-agent: inventory/1.0",
            &format!("x-attempt: {number}"),
            "x-operation: sources_plex_retrieve",
            "authorization: bearer renewed",
        ] {
            assert!(request.contains(&format!("{header}\r\n")), "{header} in {request}");
        }
        assert_eq!(request.matches("authorization").count(), 1);
    }
}

#[test]
fn a_header_that_cannot_be_sent_is_refused_without_its_value() {
    for (name, value) in [("a b", "s3cret"), ("x-key", "s3cret\n")] {
        let error = Client::builder("https://a.example").header(name, value).build().unwrap_err();
        assert!(matches!(error, Error::Configuration { .. }));
        assert!(error.to_string().contains(name) && !error.to_string().contains("s3cret"), "{error}");
    }
}

/// That all calls can be made by a task that moves between threads is checked when this compiles.
#[expect(dead_code)]
fn every_call_is_send(client: &Client) {
    fn send(_: impl Send) {}
    send(client.sources_group_connections_oauth_list().send());
    send(client.sources_group_connections_oauth_list().stream());
    send(client.sources_group_connections_oauth_create().send());
    send(client.sources_group_connections_oauth_retrieve().send());
    send(client.sources_group_connections_oauth_update().send());
    send(client.sources_group_connections_oauth_destroy().send());
    send(client.sources_group_connections_oauth_partial_update().send());
    send(client.sources_group_connections_oauth_used_by_list().send());
    send(client.sources_plex_list().send());
    send(client.sources_plex_list().stream());
    send(client.sources_plex_create().send());
    send(client.sources_plex_retrieve().send());
    send(client.sources_plex_update().send());
    send(client.sources_plex_destroy().send());
    send(client.sources_plex_partial_update().send());
    send(client.sources_plex_used_by_list().send());
    send(client.sources_plex_redeem_token_create().send());
    send(client.sources_plex_redeem_token_authenticated_create().send());
}
