//! What the generated types look like on the wire.

use authentik_sources_types::{
    GroupMatchingModeEnum, GroupOAuthSourceConnection, Pagination, Patch, PatchedPlexSourceRequest,
    PlexSource, PlexSourceRequest, PlexSourceRequestSlug, ValidationError,
};
use serde_json::{Value, json};
use uuid::Uuid;

const FLOW: &str = "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d";

fn source() -> Value {
    json!({
        "pk": FLOW,
        "name": "Plex",
        "slug": "plex",
        "enabled": true,
        "authentication_flow": null,
        "enrollment_flow": FLOW,
        "user_property_mappings": [],
        "group_property_mappings": [FLOW],
        "component": "ak-source-plex-form",
        "verbose_name": "Plex Source",
        "verbose_name_plural": "Plex Sources",
        "meta_model_name": "authentik_sources_plex.plexsource",
        "policy_engine_mode": "any",
        "user_matching_mode": "identifier",
        "managed": null,
        "user_path_template": "goauthentik.io/sources/%(slug)s",
        "icon": "/static/authentik/sources/plex.svg",
        "group_matching_mode": "identifier",
        "client_id": "abc",
        "allowed_servers": [],
        "allow_friends": true,
        "plex_token": "token"
    })
}

#[test]
fn a_source_is_sent_back_byte_for_byte() {
    let wire = source().to_string();
    let source: PlexSource = serde_json::from_str(&wire).unwrap();
    assert_eq!(serde_json::to_string(&source).unwrap(), wire);
}

#[test]
fn a_source_of_an_older_server_lacks_lists_and_is_read_all_the_same() {
    let mut wire = source();
    for absent in ["user_property_mappings", "group_property_mappings", "group_matching_mode", "managed"] {
        wire.as_object_mut().unwrap().remove(absent);
    }
    let source: PlexSource = serde_json::from_value(wire).unwrap();
    assert!(source.user_property_mappings.is_empty());
    assert_eq!(source.group_matching_mode, None);
}

#[test]
fn a_stored_value_off_the_pattern_is_read() {
    let mut wire = source();
    wire["slug"] = json!("not a slug, and longer than the fifty characters that a slug can have");
    assert!(serde_json::from_value::<PlexSource>(wire).is_ok());
}

#[test]
fn a_mode_that_a_newer_server_added_is_kept_verbatim_but_cannot_be_misspelt() {
    let mut wire = source();
    wire["group_matching_mode"] = json!("name_guess");
    let source: PlexSource = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(
        source.group_matching_mode,
        Some(GroupMatchingModeEnum::Unrecognized("name_guess".to_owned()))
    );
    assert_eq!(serde_json::to_value(&source).unwrap(), wire);
    assert_eq!(GroupMatchingModeEnum::Unrecognized("name_guess".to_owned()).to_string(), "name_guess");
    assert!("name_guess".parse::<GroupMatchingModeEnum>().is_err());
    assert_eq!("name_link".parse::<GroupMatchingModeEnum>().unwrap(), GroupMatchingModeEnum::NameLink);
}

#[test]
fn a_partial_update_that_mentions_nothing_is_an_empty_object() {
    assert_eq!(serde_json::to_value(PatchedPlexSourceRequest::default()).unwrap(), json!({}));
}

#[test]
fn every_nullable_property_of_a_request_can_be_null_or_set() {
    let flow: Uuid = FLOW.parse().unwrap();
    let patch = |authentication, enrollment| {
        let body: PatchedPlexSourceRequest = PatchedPlexSourceRequest::builder()
            .authentication_flow(authentication)
            .enrollment_flow(enrollment)
            .try_into()
            .unwrap();
        serde_json::to_value(body).unwrap()
    };
    assert_eq!(
        patch(Patch::Null, Patch::Value(flow)),
        json!({"authentication_flow": null, "enrollment_flow": FLOW})
    );
    assert_eq!(patch(Patch::Absent, Patch::Null), json!({"enrollment_flow": null}));
    let put: PlexSourceRequest = PlexSourceRequest::builder()
        .name("Plex")
        .slug("plex")
        .plex_token("token")
        .authentication_flow(Patch::Null)
        .enrollment_flow(flow)
        .try_into()
        .unwrap();
    assert_eq!(
        serde_json::to_value(put).unwrap(),
        json!({"name": "Plex", "slug": "plex", "authentication_flow": null, "enrollment_flow": FLOW, "plex_token": "token"})
    );
}

#[test]
fn every_list_of_a_request_can_be_absent_empty_or_filled() {
    let lists = json!({"user_property_mappings": [], "group_property_mappings": [], "allowed_servers": []});
    let empty: PatchedPlexSourceRequest = PatchedPlexSourceRequest::builder()
        .user_property_mappings(vec![])
        .group_property_mappings(vec![])
        .allowed_servers(vec![])
        .try_into()
        .unwrap();
    assert_eq!(serde_json::to_value(&empty).unwrap(), lists);
    let read: PatchedPlexSourceRequest = serde_json::from_value(lists).unwrap();
    assert_eq!(read, empty);
    let absent: PatchedPlexSourceRequest = serde_json::from_value(json!({})).unwrap();
    assert_eq!(absent.allowed_servers, None);
    let filled: PatchedPlexSourceRequest =
        PatchedPlexSourceRequest::builder().allowed_servers(vec!["a".to_owned()]).try_into().unwrap();
    assert_eq!(serde_json::to_value(filled).unwrap(), json!({"allowed_servers": ["a"]}));
    let listed: PatchedPlexSourceRequest = PatchedPlexSourceRequest::builder()
        .allowed_servers(["a", "b"])
        .user_property_mappings([Uuid::nil()])
        .group_property_mappings([FLOW])
        .try_into()
        .unwrap();
    assert_eq!(
        serde_json::to_value(listed).unwrap(),
        json!({"user_property_mappings": [Uuid::nil()], "group_property_mappings": [FLOW], "allowed_servers": ["a", "b"]})
    );
}

#[test]
fn a_builder_takes_text_a_value_or_an_option_and_names_what_does_not_fit() {
    let name: Option<String> = Some("Plex".to_owned());
    let body: PatchedPlexSourceRequest = PatchedPlexSourceRequest::builder()
        .name(name)
        .slug("plex")
        .enabled(false)
        .policy_engine_mode("all")
        .enrollment_flow(FLOW)
        .try_into()
        .unwrap();
    assert_eq!(
        serde_json::to_value(body).unwrap(),
        json!({"name": "Plex", "slug": "plex", "enabled": false, "enrollment_flow": FLOW, "policy_engine_mode": "all"})
    );
    let refused =
        PatchedPlexSourceRequest::try_from(PatchedPlexSourceRequest::builder().slug("a b")).unwrap_err();
    assert!(refused.to_string().contains("slug"), "{refused}");
    let missing = PlexSourceRequest::try_from(PlexSourceRequest::builder().name("Plex")).unwrap_err();
    assert!(missing.to_string().ends_with(": must be set"), "{missing}");
}

#[test]
fn a_connection_is_written_in_the_servers_precision() {
    let wire = |created: &str| {
        let mut source = source();
        source.as_object_mut().unwrap().retain(|key, _| {
            !["group_matching_mode", "client_id", "allowed_servers", "allow_friends", "plex_token"]
                .contains(&key.as_str())
        });
        json!({"pk": 1, "group": FLOW, "source": source, "identifier": "i", "created": created})
    };
    for created in ["2024-08-01T12:00:00Z", "2024-08-01T12:00:00.123400Z"] {
        let connection: GroupOAuthSourceConnection = serde_json::from_value(wire(created)).unwrap();
        assert_eq!(serde_json::to_value(connection).unwrap(), wire(created));
    }
}

#[test]
fn the_numbers_of_a_page_are_whole() {
    let wire = json!({"next": 2, "previous": 0, "count": 3, "current": 1, "total_pages": 2, "start_index": 1, "end_index": 2});
    let pagination: Pagination = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(pagination.next, 2_i64);
    assert_eq!(serde_json::to_string(&pagination).unwrap(), wire.to_string());
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_the_field_and_the_rule() {
    let slugs = [
        ("a b", "must match ^[-a-zA-Z0-9_]+$"),
        ("", "must have at least 1 character"),
        (&"a".repeat(51), "must have at most 50 characters"),
    ];
    for (slug, rule) in slugs {
        assert_eq!(PlexSourceRequestSlug::try_from(slug).unwrap_err().to_string(), rule);
        assert_eq!(PlexSourceRequestSlug::try_from(slug.to_owned()).unwrap_err().to_string(), rule);
        assert_eq!(slug.parse::<PlexSourceRequestSlug>().unwrap_err().to_string(), rule);
        let required = PlexSourceRequest::builder().name("Plex").slug(slug).plex_token("token");
        let refused = PlexSourceRequest::try_from(required).unwrap_err().to_string();
        assert_eq!(refused, format!("slug: {rule}"));
        let optional = PatchedPlexSourceRequest::builder().slug(slug);
        let refused = PatchedPlexSourceRequest::try_from(optional).unwrap_err().to_string();
        assert_eq!(refused, format!("slug: {rule}"));
    }
}

#[test]
fn a_refusal_says_only_what_it_has_to_say() {
    let wire = json!({"slug": ["Bad."]});
    let refusal: ValidationError = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(serde_json::to_value(&refusal).unwrap(), wire);
    assert_eq!(refusal.extra["slug"], json!(["Bad."]));
    assert!(refusal.non_field_errors.is_empty() && refusal.code.is_none());
}
