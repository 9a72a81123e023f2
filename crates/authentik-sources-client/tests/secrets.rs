//! No text that Rust code prints holds a secret: not of a value, not of an error; `log.rs` looks at the log.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod secret;
mod server;

use std::fmt::{Debug, Display};

use authentik_sources_client::Client;
use authentik_sources_client::types::{
    PaginatedPlexSourceList, PatchedPlexSourceRequest, PatchedPlexSourceRequestPlexToken, PlexSource,
    PlexSourceRequest, PlexSourceRequestPlexToken, PlexTokenRedeemRequest, PlexTokenRedeemRequestPlexToken,
};
use secret::{PLEX_TOKEN, TOKEN, assert_hidden, client, errors, page, source};
use server::{Server, answer_with};

fn debug(value: &dyn Debug) -> [String; 2] {
    [format!("{value:?}"), format!("{value:#?}")]
}

#[test]
fn a_value_says_that_there_is_a_secret_and_not_which() {
    let source: PlexSource = serde_json::from_value(source()).unwrap();
    let page: PaginatedPlexSourceList = serde_json::from_value(page()).unwrap();
    let request = PlexSourceRequest::builder().name("Plex").slug("plex").plex_token(PLEX_TOKEN);
    let patch = PatchedPlexSourceRequest::builder().plex_token(PLEX_TOKEN);
    let redeem = PlexTokenRedeemRequest::builder().plex_token(PLEX_TOKEN);
    let client = client("https://authentik.example.com");
    let texts = [
        debug(&source),
        debug(&page),
        debug(&request),
        debug(&patch),
        debug(&redeem),
        debug(&PlexSourceRequest::try_from(request.clone()).unwrap()),
        debug(&PatchedPlexSourceRequest::try_from(patch.clone()).unwrap()),
        debug(&PlexTokenRedeemRequest::try_from(redeem.clone()).unwrap()),
        debug(&PlexSourceRequestPlexToken::try_from(PLEX_TOKEN).unwrap()),
        debug(&PatchedPlexSourceRequestPlexToken::try_from(PLEX_TOKEN).unwrap()),
        debug(&PlexTokenRedeemRequestPlexToken::try_from(PLEX_TOKEN).unwrap()),
        debug(&client.sources_plex_create().body(request.clone())),
        debug(&client.sources_plex_update().slug("plex").body(request.clone())),
        debug(&client.sources_plex_partial_update().slug("plex").body(patch)),
        debug(&client.sources_plex_redeem_token_create().body(redeem.clone())),
        debug(&client.sources_plex_redeem_token_authenticated_create().body(redeem)),
    ];
    for text in texts {
        assert!(text[0].contains("[redacted]"), "{text:?}");
        assert_hidden("a value", &text);
    }
    assert_hidden("the client", &debug(&client));
    let builder = Client::builder("https://user:s3cret@a.example").token(TOKEN).header("x-key", "s3cret-key");
    assert_hidden("the client's builder", &debug(&builder));
    // What is hidden from the eye still goes over the wire.
    let sent = serde_json::to_value(PlexSourceRequest::try_from(request).unwrap()).unwrap();
    assert_eq!(sent["plex_token"], PLEX_TOKEN);
}

#[tokio::test]
async fn an_answer_names_its_headers_and_does_not_show_them() {
    let cookie = "Set-Cookie: s3cret-cookie=s3cret\r\n";
    let server = Server::start(vec![answer_with(200, cookie, &source().to_string())]).await;
    let answer = client(&server.url).sources_plex_retrieve().slug("plex").send().await.unwrap();
    assert_eq!(answer.headers()["set-cookie"], "s3cret-cookie=s3cret");
    let texts = debug(&answer);
    assert!(texts[0].contains("set-cookie"), "{texts:?}");
    assert_hidden("an answer", &texts);
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let errors = errors().await;
    for error in &errors {
        let mut texts = debug(error).to_vec();
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            let display: &dyn Display = &error;
            texts.push(format!("{display} {error:?}"));
            cause = error.source();
        }
        assert_hidden("an error", &texts);
    }
    let shown: Vec<String> = errors.iter().map(|error| format!("{error:?}")).collect();
    for variant in [
        "Configuration",
        "InvalidRequest",
        "Validation",
        "Unauthenticated",
        "PermissionDenied",
        "NotFound",
        "RateLimited",
        "Server",
        "Decode",
        "BodyTooLarge",
        "Timeout",
        "Transport",
        "Redirected",
        "Unexpected",
    ] {
        assert!(shown.iter().any(|error| error.starts_with(variant)), "no error is a {variant}");
    }
}
