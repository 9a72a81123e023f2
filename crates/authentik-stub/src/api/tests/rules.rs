//! Rules of single parts of the API, and departures from its document.

use http::header::{CONTENT_TYPE, HOST};
use openapi_control::Controlled as _;

use super::*;

/// Sends a request without the host of its carrier, and returns the status and the media type.
async fn described(stub: &Stub, method: Method, path: &str, accept: &str) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v3{path}"))
        .header(HOST, "localhost")
        .header("authorization", "Bearer admin")
        .header("accept", accept)
        .body(http_body_util::Full::new(Bytes::new()))
        .expect("the request is one");
    let response = serve(stub, request).await;
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    (response.status().as_u16(), media_type.unwrap_or_default().to_owned())
}

/// Returns the departure that the last entry of the journal has.
fn departure(stub: &Stub) -> Option<&'static str> {
    let entries = stub.api().control().requests().all();
    entries.last().and_then(openapi_control::Entry::departure).map(|departure| departure.name)
}

#[tokio::test]
async fn departures_are_named_and_refused_where_everybody_is_held_to_the_document() {
    let mut fixture = fixture();
    let other = json!({"name": "Empty", "slug": "empty", "title": "Empty", "designation": "authentication"});
    fixture["objects"]["flows/instances"].as_array_mut().expect("there are flows").push(other);
    let fixture = Fixture::from_value(&fixture).expect("a fixture");
    let api = || Api::new(&fixture).unwrap_or_else(|error| panic!("{error}"));
    let lenient = api().service().with_dialect(dialect());
    let strict = api().service().with_dialect(dialect().strict(true));
    let rac = json!({"name": "rac", "authorization_flow": FLOW});
    let cases = [
        (Method::GET, "/policies/reputation/scores/?ip=x", None, 500, Some("query-fails")),
        (Method::POST, "/providers/rac/", Some(rac), 400, Some("unlicensed")),
        (Method::POST, "/core/groups/", Some(json!({})), 400, None),
        (Method::GET, "/flows/instances/empty/execute/", None, 500, Some("flow-unplanned")),
        (Method::GET, "/flows/instances/log-in/execute/", None, 400, Some("page")),
    ];
    for (method, path, body, status, named) in cases {
        let (found, _) = ask(&lenient, "admin", method.clone(), path, body.clone()).await;
        assert_eq!((found.as_u16(), departure(&lenient)), (status, named), "{path}");
        let (found, told) = ask(&strict, "admin", method, path, body).await;
        assert_eq!(departure(&strict), named, "{path}");
        if let Some(named) = named {
            assert_eq!(found, 400, "{path}");
            let sentence = told["non_field_errors"][0].as_str().unwrap_or_default();
            assert!(sentence.contains(named), "{told}");
        }
    }
    let (status, _) = described(&lenient, Method::OPTIONS, "/stages/email/", "*/*").await;
    assert_eq!((status, departure(&lenient)), (200, Some("undescribed")));
}

#[tokio::test]
async fn the_document_comes_in_each_media_type_that_it_declares() {
    let stub = stub(&fixture());
    let (json, yaml) = ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi; charset=utf-8");
    let cases = [
        ("*/*", "/schema/", yaml),
        ("application/vnd.oai.openapi", "/schema/", yaml),
        (json, "/schema/", json),
        ("application/json", "/schema/", "application/json"),
        ("application/yaml, */*", "/schema/", "application/yaml; charset=utf-8"),
        ("*/*", "/schema/?format=json", json),
        ("*/*", "/schema/?format=yaml", yaml),
    ];
    for (accept, path, expected) in cases {
        let found = described(&stub, Method::GET, path, accept).await;
        assert_eq!(found, (200, expected.to_owned()), "{accept} {path}");
    }
    assert_eq!(described(&stub, Method::GET, "/schema/", "text/html").await.0, 406);
    assert_eq!(described(&stub, Method::GET, "/schema/?format=xml", "*/*").await.0, 404);
}

#[tokio::test]
async fn an_application_shows_providers_of_ldap_as_their_base() {
    let mut fixture = fixture();
    let provider = |key: i64| json!({"pk": key, "name": "p", "authorization_flow": FLOW});
    fixture["objects"]["providers/ldap"] = json!([provider(1)]);
    fixture["objects"]["providers/saml"] =
        json!([{"pk": 2, "name": "s", "authorization_flow": FLOW, "acs_url": "https://x.example/"}]);
    let stub = stub(&fixture);
    for (key, expected) in [(1, "authentik_core.provider"), (2, "authentik_providers_saml.samlprovider")] {
        let body = json!({"name": "a", "slug": format!("a-{key}"), "provider": key});
        let (status, made) = ask(&stub, "admin", Method::POST, "/core/applications/", Some(body)).await;
        assert_eq!((status.as_u16(), &made["provider_obj"]["meta_model_name"]), (201, &json!(expected)));
    }
}

#[tokio::test]
async fn applications_are_shown_for_somebody_else_to_whom_may_see_them() {
    let stub = stub(&fixture());
    let names = |answer: &Value| answer["results"].as_array().map_or(0, Vec::len);
    assert_eq!(names(&get(&stub, "/core/applications/").await), 1);
    assert_eq!(names(&get(&stub, "/core/applications/?for_user=3").await), 0, "a binding keeps him out");
    let not_found = json!({"for_user": "User not found"});
    for (token, query, expected) in [
        ("admin", "for_user=999", &not_found),
        ("admin", "for_user=", &json!(["Invalid input."])),
        ("plain", "for_user=3", &not_found),
    ] {
        let path = format!("/core/applications/?{query}");
        let (status, told) = ask(&stub, token, Method::GET, &path, None).await;
        assert_eq!((status.as_u16(), &told), (400, expected), "{token} {query}");
    }
}

#[tokio::test]
async fn attributes_are_found_by_paths_into_objects_and_lists() {
    let mut fixture = fixture();
    fixture["objects"]["core/groups"][0]["attributes"] = json!({"a": {"b": [1, {"c": "x"}]}});
    let stub = stub(&fixture);
    for (path, expected) in [
        (r#"{"a__b__0": 1}"#, 1),
        (r#"{"a__b__-1__c": "x"}"#, 1),
        (r#"{"a__b__2": 1}"#, 0),
        (r#"{"a__b__x": 1}"#, 0),
    ] {
        let query: String =
            percent_encoding::percent_encode(path.as_bytes(), percent_encoding::NON_ALPHANUMERIC).to_string();
        let found = get(&stub, &format!("/core/groups/?attributes={query}")).await;
        assert_eq!(found["pagination"]["count"], expected, "{path}");
    }
}

#[tokio::test]
async fn one_ldap_source_keeps_passwords() {
    let stub = stub(&fixture());
    let body = |slug: &str, keeps: bool| json!({"name": slug, "slug": slug, "server_uri": "ldap://x", "base_dn": "dc=x", "sync_users": false, "sync_groups": false, "sync_users_password": keeps});
    for (slug, keeps, status) in [("a", true, 201), ("b", true, 400), ("b", false, 201)] {
        let (found, told) =
            ask(&stub, "admin", Method::POST, "/sources/ldap/", Some(body(slug, keeps))).await;
        assert_eq!(found.as_u16(), status, "{slug} {told}");
    }
    let patch = Some(json!({"sync_users_password": true}));
    assert_eq!(ask(&stub, "admin", Method::PATCH, "/sources/ldap/a/", patch).await.0, 200, "it is the one");
}

#[tokio::test]
async fn an_outpost_has_an_account_where_a_worker_runs() {
    let mut fixture = fixture();
    fixture["objects"]["providers/ldap"] = json!([
        {"pk": 1, "name": "p", "authorization_flow": FLOW}, {"pk": 2, "name": "q", "authorization_flow": FLOW},
    ]);
    let body = json!({"name": "out", "type": "ldap", "providers": [1], "config": {}});
    let accounts = "/core/users/?type=internal_service_account";
    let idle = stub(&fixture);
    assert_eq!(ask(&idle, "admin", Method::POST, "/outposts/instances/", Some(body.clone())).await.0, 201);
    assert_eq!(get(&idle, accounts).await["pagination"]["count"], 0);
    fixture["objects"]["events/system_tasks"] = json!([{
        "uuid": "eeeeeeee-0000-4000-8000-000000000001", "name": "clean", "full_name": "clean", "uid": null,
        "description": "", "start_timestamp": "2026-01-01T00:00:00Z", "finish_timestamp": "2026-01-01T00:00:01Z",
        "duration": 1.0, "status": "successful", "messages": [], "expires": "2031-01-01T00:00:00Z", "expiring": true,
    }]);
    let busy = stub(&fixture);
    let (_, outpost) = ask(&busy, "admin", Method::POST, "/outposts/instances/", Some(body)).await;
    let account = get(&busy, accounts).await["results"][0].clone();
    assert_eq!(account["name"], "Outpost out Service-Account");
    let token =
        get(&busy, &format!("/core/tokens/{}/", outpost["token_identifier"].as_str().unwrap_or_default()))
            .await;
    assert_eq!((&token["user"], &token["expiring"]), (&account["pk"], &json!(false)));
    let path = format!("/outposts/instances/{}/", outpost["pk"].as_str().unwrap_or_default());
    let held = format!("/rbac/permissions/users/?user_id={}", account["pk"]);
    for providers in [json!([1, 2]), json!([1]), json!([2])] {
        let change = json!({"providers": providers});
        assert_eq!(ask(&busy, "admin", Method::PATCH, &path, Some(change)).await.0, 200);
        let held = get(&busy, &held).await["results"].clone();
        let held: Vec<_> = held
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| (it["codename"].clone(), it["object_pk"].clone()))
            .collect();
        let keys = providers.as_array().into_iter().flatten().map(|key| json!(key.to_string()));
        let view = |model: &str, key: &Value| (json!(format!("view_{model}")), key.clone());
        let seen = keys.map(|key| view("ldapprovider", &key));
        let expected: Vec<_> = std::iter::once(view("outpost", &outpost["pk"])).chain(seen).collect();
        assert_eq!(held, expected);
        let global = get(&busy, &format!("/rbac/permissions/?user={}", account["pk"])).await;
        assert_eq!(global["pagination"]["count"], 3, "{global}");
    }
    assert_eq!(ask(&busy, "admin", Method::DELETE, &path, None).await.0, 204);
    assert_eq!(get(&busy, accounts).await["pagination"]["count"], 0);
}

#[tokio::test]
async fn a_path_names_an_object_by_any_form_of_its_key() {
    let stub = stub(&fixture());
    let plain = GROUP.replace('-', "");
    for form in
        [GROUP, &plain, &plain.to_uppercase(), &format!("%7B{GROUP}%7D"), &format!("urn:uuid:{GROUP}")]
    {
        assert_eq!(get(&stub, &format!("/core/groups/{form}/")).await["pk"], GROUP, "{form}");
    }
    assert_eq!(get(&stub, "/core/users/02/").await["pk"], 2);
}
