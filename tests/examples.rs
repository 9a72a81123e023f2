//! Examples: each of the client's examples does against the stub what it says it does.

use authentik_sources_client::types::{
    GroupMatchingModeEnum, PlexSource, PlexSourceRequest, PolicyEngineMode, UserMatchingModeEnum,
};
use authentik_sources_client::{Client, Error};
use authentik_stub::{Fault, Stub};

/// Includes examples as modules; what only their `main` uses has no use here.
macro_rules! examples {
    ($($name:ident = $path:literal),*) => {
        $(
            #[path = $path]
            #[allow(dead_code, reason = "its `main` is not called")]
            #[allow(clippy::duplicate_mod, reason = "all examples connect in the same way")]
            mod $name;
        )*
    };
}

examples! {
    copy_sources = "../crates/authentik-sources-client/examples/copy_sources.rs",
    find_or_create = "../crates/authentik-sources-client/examples/find_or_create.rs",
    list_and_filter = "../crates/authentik-sources-client/examples/list_and_filter.rs",
    rename_and_clear_flow = "../crates/authentik-sources-client/examples/rename_and_clear_flow.rs",
    watch_drift = "../crates/authentik-sources-client/examples/watch_drift.rs"
}

/// Returns a stub with the sample data, and a client that may do everything there.
async fn start() -> (Client, Stub) {
    let stub = Stub::builder().start().await.expect("the stub starts");
    let token = stub.token().expect("the sample has a token");
    let client = Client::builder(stub.url()).token(token).build().expect("a client");
    (client, stub)
}

#[tokio::test]
async fn listing_finds_the_enabled_sources_that_have_the_words() -> Result<(), Error> {
    let (client, stub) = start().await;
    let (mut source, _) = find_or_create::run(&client, "needle", "t").await?;
    assert_eq!(list_and_filter::run(&client, "needle").await?, Vec::<String>::new(), "it is disabled");
    let body = authentik_sources_client::types::PatchedPlexSourceRequest::builder().enabled(true);
    source = client.sources_plex_partial_update().slug(source.slug).body(body).send().await?.into_inner();
    assert_eq!(list_and_filter::run(&client, "needle").await?, [source.slug]);
    assert!(list_and_filter::run(&client, "").await?.len() > 1);
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn renaming_clears_the_flow_and_keeps_the_rest() -> Result<(), Error> {
    let (client, stub) = start().await;
    let page = client.sources_plex_list().send().await?;
    let before =
        page.results.iter().find(|source| source.enrollment_flow.is_some()).expect("one with a flow");
    let after = rename_and_clear_flow::run(&client, &before.slug, "Renamed").await?;
    let mut expected = before.clone();
    expected.name = "Renamed".to_owned();
    expected.enrollment_flow = None;
    assert_eq!(after, expected);
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn finding_or_creating_twice_creates_once() -> Result<(), Error> {
    let (client, stub) = start().await;
    let (first, created) = find_or_create::run(&client, "new", "t").await?;
    assert!(created);
    let (second, created) = find_or_create::run(&client, "new", "t").await?;
    assert!(!created);
    assert_eq!(first, second);
    stub.close().await;
    Ok(())
}

#[tokio::test]
async fn copying_brings_what_is_not_there_yet_and_disables_it() -> Result<(), Error> {
    let (from, old) = start().await;
    let (to, new) = start().await;
    find_or_create::run(&from, "only-here", "t").await?;
    let (copied, there) = copy_sources::run(&from, &to).await?;
    assert_eq!(copied, ["only-here"]);
    assert!(!there.is_empty());
    let copy = to.sources_plex_retrieve().slug("only-here").send().await?;
    assert_eq!((copy.enabled, copy.plex_token.as_str()), (Some(false), "t"));
    let (copied, _) = copy_sources::run(&from, &to).await?;
    assert_eq!(copied, Vec::<String>::new(), "again there is nothing left to do");
    old.close().await;
    new.close().await;
    Ok(())
}

#[tokio::test]
async fn a_copy_lets_in_nobody_whom_its_source_does_not() -> Result<(), Error> {
    let (from, old) = start().await;
    let (to, new) = start().await;
    let plain = PlexSourceRequest::builder().name("Plain").slug("plain").plex_token("t");
    let plain = from.sources_plex_create().body(plain).send().await?.into_inner();
    let body = PlexSourceRequest::builder()
        .name("Strict")
        .slug("strict")
        .plex_token("t")
        .enabled(false)
        .policy_engine_mode(PolicyEngineMode::All)
        .user_matching_mode(UserMatchingModeEnum::EmailDeny)
        .user_path_template("elsewhere/%(slug)s")
        .group_matching_mode(GroupMatchingModeEnum::NameDeny)
        .client_id("a client")
        .allowed_servers(["one", "two"])
        .allow_friends(false);
    let original = from.sources_plex_create().body(body).send().await?.into_inner();
    copy_sources::run(&from, &to).await?;
    let copy = to.sources_plex_retrieve().slug("strict").send().await?.into_inner();
    let json = |source: &PlexSource| serde_json::to_value(source).expect("a source is JSON");
    let (plain, original, copy) = (json(&plain), json(&original), json(&copy));
    for field in [
        "name",
        "slug",
        "policy_engine_mode",
        "user_matching_mode",
        "user_path_template",
        "group_matching_mode",
        "client_id",
        "allowed_servers",
        "allow_friends",
    ] {
        assert_ne!(original[field], plain[field], "{field} is a default");
    }
    // The key is the server's to give; all else is copied.
    let mut expected = original;
    expected["pk"] = copy["pk"].clone();
    assert_eq!(copy, expected);
    old.close().await;
    new.close().await;
    Ok(())
}

#[tokio::test]
async fn drift_is_told_once_for_all_objects_of_all_pages() -> Result<(), Error> {
    let (client, stub) = start().await;
    assert!(watch_drift::run(&client).await?.is_empty(), "the stub does not drift");

    let page = client.sources_plex_list().send().await?.into_inner();
    assert!(page.results.len() > 1);
    let mut first = serde_json::to_value(page).expect("a page is JSON");
    let mut second = first.clone();
    first["pagination"]["next"] = 2.into();
    for source in first["results"].as_array_mut().expect("a list") {
        source["icon_url"] = "/static/plex.svg".into();
    }
    second["results"][0]["icon_url"] = "/static/plex.svg".into();
    second["results"][0]["policy_engine_mode"] = "most".into();
    second["results"][1].as_object_mut().expect("an object").remove("icon");
    let fault = |operation: &str, body| Fault {
        operation: Some(operation.to_owned()),
        status: Some(200),
        body: Some(body),
        ..Fault::default()
    };
    let mut connections =
        serde_json::to_value(client.sources_group_connections_oauth_list().send().await?.into_inner())
            .expect("a page is JSON");
    connections["autocomplete"] = serde_json::json!({});
    stub.faults()
        .add([
            fault("sources_plex_list", first),
            fault("sources_plex_list", second),
            fault("sources_group_connections_oauth_list", connections),
        ])
        .expect("the faults make sense");
    let lines: Vec<String> = watch_drift::run(&client).await?.into_iter().collect();
    assert_eq!(
        lines,
        [
            "sources_group_connections_oauth_list: unknown property at /autocomplete",
            "sources_plex_list: missing property at /results/*/icon",
            "sources_plex_list: unknown property at /results/*/icon_url",
            "sources_plex_list: unknown value at /results/*/policy_engine_mode",
        ]
    );
    assert!(stub.faults().list().iter().all(|planned| planned.hits == 1), "{:?}", stub.faults().list());
    stub.close().await;
    Ok(())
}
