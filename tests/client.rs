//! Client and stub: what the generated client asks, the stub understands, and the other way round, on every operation,
//! over TCP.

use std::collections::BTreeSet;

use authentik_sources_api::OPERATIONS;
use authentik_sources_client::types::{
    GroupMatchingModeEnum, Patch, PatchedPlexSourceRequest, PlexSourceRequest, PlexTokenRedeemRequest,
    UsedByActionEnum, builder,
};
use authentik_sources_client::{Client, ClientBuilder, Error};
use authentik_stub::{Fixture, Stub};
use futures::TryStreamExt as _;
use http::StatusCode;

/// Returns a client that may do everything, and the stub it talks to.
async fn start() -> (Client, Stub) {
    let fixture =
        Fixture::parse("fixture.json", crate::replay::FIXTURE).expect("the recorded fixture is valid");
    let stub = Stub::builder().fixture(fixture).start().await.expect("the stub starts");
    let client = client(&stub, stub.token());
    (client, stub)
}

fn client(stub: &Stub, token: Option<&str>) -> Client {
    let builder = Client::builder(stub.url());
    token.into_iter().fold(builder, ClientBuilder::token).build().expect("a client")
}

#[tokio::test]
async fn plex_sources_are_created_read_changed_and_removed() -> Result<(), Error> {
    let (client, stub) = start().await;

    let body = PlexSourceRequest::builder().name("Living room").slug("den-of-lions").plex_token("secret");
    let created = client.sources_plex_create().body(body).send().await?;
    assert_eq!(created.status(), StatusCode::CREATED);
    assert_eq!((created.enabled, created.client_id.as_deref().map(str::len)), (Some(true), Some(40)));

    let read = client.sources_plex_retrieve().slug("den-of-lions").send().await?;
    assert_eq!(*read, *created);

    let flow = client.sources_plex_retrieve().slug("plex").send().await?.enrollment_flow.expect("a flow");
    let body = PatchedPlexSourceRequest::builder()
        .enrollment_flow(flow)
        .allowed_servers(vec!["one".parse().expect("a name"), "two".parse().expect("a name")]);
    let patched = client.sources_plex_partial_update().slug("den-of-lions").body(body).send().await?;
    assert_eq!(patched.enrollment_flow, Some(flow));
    assert_eq!(patched.allowed_servers, ["one", "two"]);
    assert_eq!(patched.name, "Living room", "what is not sent stays");

    let body = PatchedPlexSourceRequest::builder().enrollment_flow(Patch::Null).allowed_servers(vec![]);
    let cleared = client.sources_plex_partial_update().slug("den-of-lions").body(body).send().await?;
    assert_eq!((cleared.enrollment_flow, cleared.allowed_servers.len()), (None, 0), "null and [] are sent");

    let body = PlexSourceRequest::builder()
        .name("Attic")
        .slug("attic")
        .plex_token("other")
        .group_matching_mode(GroupMatchingModeEnum::NameLink);
    let replaced = client.sources_plex_update().slug("den-of-lions").body(body).send().await?;
    assert_eq!((replaced.pk, replaced.slug.as_str()), (created.pk, "attic"));
    assert_eq!(replaced.group_matching_mode, Some(GroupMatchingModeEnum::NameLink));

    let removed = client.sources_plex_destroy().slug("attic").send().await?;
    assert_eq!(removed.status(), StatusCode::NO_CONTENT);
    let gone = client.sources_plex_retrieve().slug("attic").send().await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn what_was_read_is_written_back_without_loss() -> Result<(), Error> {
    let (client, stub) = start().await;
    let sources: Vec<_> = client.sources_plex_list().stream().try_collect().await?;
    assert!(sources.iter().any(|source| source.enrollment_flow.is_none()), "a null is written back");
    for source in &sources {
        let body = PlexSourceRequest::from(source);
        let replaced = client.sources_plex_update().slug(source.slug.as_str()).body(body).send().await?;
        assert_eq!(*replaced, *source);
        let body = builder::PatchedPlexSourceRequest::from(source).name("Changed");
        let patched =
            client.sources_plex_partial_update().slug(source.slug.as_str()).body(body).send().await?;
        assert_eq!(patched.name, "Changed");
        assert_eq!(
            PlexSourceRequest { name: "x".parse().expect("a name"), ..PlexSourceRequest::from(&*patched) },
            PlexSourceRequest { name: "x".parse().expect("a name"), ..PlexSourceRequest::from(source) }
        );
    }
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn a_request_that_the_document_does_not_have_is_sent_like_any_other() -> Result<(), Error> {
    let (client, stub) = start().await;
    let page =
        client.request("GET", "/sources/plex/").query("page_size", 3).send::<serde_json::Value>().await?;
    assert_eq!(page["results"].as_array().map(Vec::len), Some(3));
    let body = serde_json::json!({"slug": "no slug"});
    let error = client.request("POST", "/sources/plex/").json(&body).send_bytes().await.expect_err("refused");
    assert!(error.fields().is_some_and(|fields| fields.about("slug").count() == 1), "{error}");
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn plex_sources_are_listed_by_page_and_by_stream() -> Result<(), Error> {
    let (client, stub) = start().await;
    let page = client.sources_plex_list().page_size(10).page(2).ordering("-slug").send().await?;
    assert_eq!((page.pagination.current, page.pagination.next, page.results.len()), (2, 3, 10));
    let all: Vec<_> = client.sources_plex_list().page_size(10).stream().try_collect().await?;
    assert_eq!(i64::try_from(all.len()), Ok(page.pagination.count));
    let slugs: BTreeSet<&str> = all.iter().map(|source| source.slug.as_str()).collect();
    assert_eq!(slugs.len(), all.len(), "no source comes twice");
    let enabled: Vec<_> =
        client.sources_plex_list().enabled(true).search("plex").stream().try_collect().await?;
    assert!(!enabled.is_empty() && enabled.iter().all(|source| source.enabled == Some(true)));

    let mappings = client.sources_plex_used_by_list().slug("plex").send().await?;
    assert!(mappings.iter().all(|used| used.action == UsedByActionEnum::CascadeMany));
    assert_eq!(mappings.len(), 2);
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn connections_are_listed_read_and_removed_but_not_created() -> Result<(), Error> {
    let (client, stub) = start().await;
    let list =
        client.sources_group_connections_oauth_list().source_slug("google").page_size(5).send().await?;
    assert_eq!(list.results.len(), 5);
    assert!(list.results.iter().all(|connection| connection.source.slug == "google"));
    let all: Vec<_> =
        client.sources_group_connections_oauth_list().page_size(7).stream().try_collect().await?;
    assert_eq!(all.len(), 60);
    let first = &all[0];

    let read = client.sources_group_connections_oauth_retrieve().id(first.pk).send().await?;
    assert_eq!(*read, *first);
    let put = client.sources_group_connections_oauth_update().id(first.pk).send().await?;
    assert_eq!(*put, *first);
    let patched = client.sources_group_connections_oauth_partial_update().id(first.pk).send().await?;
    assert_eq!(*patched, *first);
    assert!(client.sources_group_connections_oauth_used_by_list().id(first.pk).send().await?.is_empty());

    let refused = client.sources_group_connections_oauth_create().send().await;
    assert!(matches!(refused, Err(Error::Server { .. })), "{refused:?}");

    client.sources_group_connections_oauth_destroy().id(first.pk).send().await?;
    let gone = client.sources_group_connections_oauth_retrieve().id(first.pk).send().await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn a_plex_token_is_redeemed_as_far_as_plex() {
    let (client, stub) = start().await;
    let body = PlexTokenRedeemRequest::builder().plex_token("t");
    let unknown = client.sources_plex_redeem_token_create().slug("nope").body(body.clone()).send().await;
    assert!(matches!(unknown, Err(Error::NotFound { .. })), "{unknown:?}");
    let missing = client.sources_plex_redeem_token_authenticated_create().body(body.clone()).send().await;
    assert!(matches!(missing, Err(Error::NotFound { .. })), "{missing:?}");
    let plex = client.sources_plex_redeem_token_create().slug("plex").body(body).send().await;
    assert!(matches!(&plex, Err(Error::Server { .. })), "{plex:?}");
    stub.close().await;
}

#[tokio::test]
async fn what_the_stub_refuses_the_client_can_tell_apart() {
    let (admin, stub) = start().await;
    let anonymous = client(&stub, None).sources_plex_list().send().await;
    assert!(matches!(anonymous, Err(Error::Unauthenticated { .. })), "{anonymous:?}");
    let stranger = client(&stub, Some("no-such-token")).sources_plex_list().send().await;
    assert!(matches!(stranger, Err(Error::Unauthenticated { .. })), "{stranger:?}");
    let powerless = client(&stub, Some("oracle-noperm-token")).sources_plex_list().send().await;
    assert!(matches!(powerless, Err(Error::PermissionDenied { .. })), "{powerless:?}");
    let beyond = admin.sources_plex_list().page(1000).send().await;
    assert!(matches!(beyond, Err(Error::NotFound { .. })), "{beyond:?}");

    let taken = PlexSourceRequest::builder().name("x").slug("plex").plex_token("t");
    let refused = admin.sources_plex_create().body(taken).send().await;
    let Err(Error::Validation { fields, answer, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(fields.about("slug").collect::<Vec<_>>(), ["source with this slug already exists."]);
    assert_eq!(answer.operation(), "sources_plex_create");
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(answer.request_id().map(str::len), Some(32));
    stub.close().await;
}

#[test]
fn this_file_calls_every_operation() {
    let calls = include_str!("client.rs");
    let missing: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.id)
        .filter(|id| !calls.contains(&format!(".{id}()")))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
