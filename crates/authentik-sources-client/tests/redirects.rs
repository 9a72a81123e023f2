//! An answer that sends a call elsewhere is an error that says where to, and the call goes nowhere else.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use authentik_sources_client::types::PlexSourceRequest;
use authentik_sources_client::{Client, Error, header};
use server::{Server, answer, answer_with, source};

fn client(url: &str) -> Client {
    Client::builder(url).token("s3cret").build().unwrap()
}

fn moved(status: u16, location: &str) -> String {
    answer_with(status, &format!("Location: {location}\r\nSet-Cookie: a=b\r\nConnection: close\r\n"), "")
}

#[tokio::test]
async fn a_redirected_call_names_the_deployment_to_use_instead_and_does_not_follow() {
    let right = Server::start(vec![answer(200, &source())]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/sso/api/v3/sources/plex/plex/?next=%2F", right.url);
        let wrong = Server::start(vec![moved(status, &location)]).await;
        let error = client(&wrong.url).sources_plex_retrieve().slug("plex").send().await.unwrap_err();
        assert!(matches!(error, Error::Redirected { .. }) && !error.is_retryable(), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "sources_plex_retrieve answered {status} (request abc): redirects, and names \
                 \"{0}/sso/api/v3/sources/plex/plex/\" as the place; if that is the right deployment, give \"{0}/sso\" to \
                 Client::builder",
                right.url
            )
        );
        let headers = error.answer().unwrap().headers();
        assert_eq!(headers[header::LOCATION], location);
        assert_eq!(headers[header::SET_COOKIE], "a=b");
        assert_eq!(wrong.requests().len(), 1);
    }
    assert_eq!(right.requests().len(), 0, "the token went along");
    // What the error says to do helps.
    client(&format!("{}/sso", right.url)).sources_plex_retrieve().slug("plex").send().await.unwrap();
    assert_eq!(right.lines(), ["GET /sso/api/v3/sources/plex/plex/ HTTP/1.1"]);
}

#[tokio::test]
async fn a_redirected_write_is_not_sent_as_a_read() {
    let server = Server::start(vec![moved(302, "/if/flow/login/?next=x"), answer(200, &source())]).await;
    let body = PlexSourceRequest::builder().name("Plex").slug("plex").plex_token("hidden");
    let error = client(&server.url).sources_plex_create().body(body).send().await.unwrap_err();
    let place =
        format!("redirects, and names \"{}/if/flow/login/\" as the place; that is not followed", server.url);
    assert!(error.to_string().contains(&place), "{error}");
    assert_eq!(server.requests().len(), 1);
}
