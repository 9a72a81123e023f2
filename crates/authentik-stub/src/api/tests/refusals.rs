//! Refusals of single parts of the API, their words, and what comes of requests that lack something.

use super::*;

/// Sends a request as somebody, and checks the answer.
async fn expect(stub: &Stub, who: &str, (method, path): (Method, &str), body: Value, expected: (u16, Value)) {
    let (status, told) = ask(stub, who, method, path, Some(body)).await;
    assert_eq!((status.as_u16(), told), expected, "{who} {path}");
}

#[tokio::test]
async fn only_the_permission_for_one_user_lets_somebody_be_him() {
    let mut fixture = fixture();
    fixture["permissions"]["adder"]["global"] =
        json!(["authentik_core.impersonate", "authentik_core.view_user"]);
    fixture["permissions"]["one"]["objects"] = json!([
        ["authentik_core.impersonate", "authentik_core.user", "3"],
        ["authentik_core.view_user", "authentik_core.user", "3"],
    ]);
    let stub = stub(&fixture);
    let body = json!({"reason": "why"});
    for (who, status) in [("adder", 401), ("one", 201), ("admin", 201)] {
        let path = "/core/users/3/impersonate/";
        let (found, told) = ask(&stub, who, Method::POST, path, Some(body.clone())).await;
        assert_eq!(found.as_u16(), status, "{who} {told}");
    }
}

#[tokio::test]
async fn service_accounts_of_the_program_are_given_no_permissions() {
    let mut fixture = fixture();
    fixture["objects"]["core/users"][1]["type"] = json!("internal_service_account");
    let stub = stub(&fixture);
    let body = json!({"permissions": ["authentik_core.view_user"]});
    let (assign, unassign) = (
        (Method::POST, "/rbac/permissions/assigned_by_users/3/assign/"),
        (Method::PATCH, "/rbac/permissions/assigned_by_users/3/unassign/"),
    );
    let refused =
        |word: &str| (400, json!([format!("Permissions cannot be {word} an internal service account.")]));
    expect(&stub, "admin", assign, body.clone(), refused("assigned to")).await;
    expect(&stub, "admin", unassign, body, refused("unassigned from")).await;
    let other = (Method::PATCH, "/rbac/permissions/assigned_by_users/4/unassign/");
    expect(&stub, "admin", other, json!({}), (400, json!({"permissions": ["This field is required."]})))
        .await;
}

#[tokio::test]
async fn a_flow_is_imported_from_a_file() {
    let form = "--x\r\nContent-Disposition: form-data; name=\"clear\"\r\n\r\nfalse\r\n--x--\r\n";
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v3/flows/instances/import/")
        .header("authorization", "Bearer admin")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(http_body_util::Full::new(Bytes::from(form)))
        .expect("the request is one");
    let response = serve(&stub(&fixture()), request).await;
    assert_eq!(response.status(), 400);
    let told = response.into_body().collect().await.expect("the body is there").to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&told).ok(), Some(json!({"logs": [], "success": false})));
}

#[tokio::test]
async fn attributes_are_asked_for_by_objects_in_json() {
    let stub = stub(&fixture());
    for (query, told) in
        [("x", "filter: failed to parse JSON"), ("[]", "filter: value must be key:value mapping")]
    {
        let path = format!("/core/groups/?attributes={query}");
        assert_eq!(get(&stub, &path).await, json!([told]), "{query}");
    }
    assert_eq!(get(&stub, "/core/groups/?attributes=").await["pagination"]["count"], 2);
}

#[tokio::test]
async fn a_wrong_expression_is_told_by_the_name_of_its_object() {
    let stub = stub(&fixture());
    let refused = |file: &str| {
        let told = format!("Expression Syntax Error: '(' was never closed ({file}, line 2)");
        (400, json!({"expression": [told]}))
    };
    let body = |expression: &str| json!({"name": "mine", "expression": expression});
    let (policies, mappings) = ("/policies/expression/", "/propertymappings/provider/scope/");
    expect(&stub, "admin", (Method::POST, policies), body("return ("), refused("temp-policy")).await;
    let mut mapping = body("return (");
    mapping["scope_name"] = json!("scope");
    expect(&stub, "admin", (Method::POST, mappings), mapping, refused("None")).await;
    let (_, made) = ask(&stub, "admin", Method::POST, policies, Some(body("return True"))).await;
    let path = format!("{policies}{}/", made["pk"].as_str().unwrap_or_default());
    let change = json!({"expression": "return ("});
    expect(&stub, "admin", (Method::PATCH, &path), change, refused("mine")).await;
}

#[tokio::test]
async fn the_file_of_a_blueprint_is_looked_for_where_a_worker_runs() {
    let mut fixture = fixture();
    let idle = stub(&fixture);
    fixture["objects"]["events/system_tasks"] = json!([{
        "uuid": "eeeeeeee-0000-4000-8000-000000000001", "name": "clean", "full_name": "clean", "uid": null,
        "description": "", "start_timestamp": "2026-01-01T00:00:00Z", "finish_timestamp": "2026-01-01T00:00:01Z",
        "duration": 1.0, "status": "successful", "messages": [], "expires": "2031-01-01T00:00:00Z", "expiring": true,
    }]);
    let busy = stub(&fixture);
    let body = json!({"name": "mine", "path": "mine.yaml"});
    let (status, _) = ask(&idle, "admin", Method::POST, "/managed/blueprints/", Some(body.clone())).await;
    assert_eq!(status, 201);
    let refused = (400, json!({"path": ["Blueprint file does not exist"]}));
    expect(&busy, "admin", (Method::POST, "/managed/blueprints/"), body, refused).await;
}

#[tokio::test]
async fn parts_are_left_out_for_any_word_but_true() {
    let stub = stub(&fixture());
    for (query, is_shown) in [("", true), ("?include_groups=TRUE", true), ("?include_groups=no", false)] {
        let user = get(&stub, &format!("/core/users/2/{query}")).await;
        assert_eq!(user["groups_obj"].is_array(), is_shown, "{query}");
    }
}

#[tokio::test]
async fn a_list_over_many_tables_comes_by_its_keys_unless_the_search_is_narrow() {
    let mut fixture = fixture();
    let stages = fixture["objects"]["stages/all"].as_array_mut().expect("there are stages");
    stages.reverse();
    for stage in stages.iter_mut() {
        stage["name"] = json!(format!("one {}", stage["name"]));
    }
    fixture["objects"].as_object_mut().expect("an object").remove("stages/dummy");
    let stub = stub(&fixture);
    for (query, expected) in [("", 0), ("?search=o", 0), ("?ordering=-pk", 1), ("?search=one", 1)] {
        let found = get(&stub, &format!("/stages/all/{query}")).await;
        assert_eq!(found["results"][0]["pk"], STAGES[expected], "{query}");
    }
}

#[tokio::test]
async fn views_tell_by_themselves_what_is_wrong_with_their_parameters() {
    let stub = stub(&fixture());
    for (path, status, told) in [
        ("/core/applications/?for_user=x", 400, json!(["Invalid input."])),
        (
            "/core/applications/logged/check_access/?for_user=x",
            400,
            json!({"for_user": "for_user must be numerical"}),
        ),
        ("/events/events/top_per_user/?top_n=x", 500, Value::Null),
        ("/authenticators/admin/all/?user=x", 500, Value::Null),
    ] {
        let (found, body) = ask(&stub, "admin", Method::GET, path, None).await;
        assert_eq!((found.as_u16(), body), (status, told), "{path}");
    }
}

#[tokio::test]
async fn permissions_call_their_objects_by_what_they_take_them_for() {
    const MAPPING: &str = "ffffffff-0000-4000-8000-000000000001";
    let mut fixture = fixture();
    fixture["objects"]["propertymappings/provider/saml"] =
        json!([{"pk": MAPPING, "name": "uid", "saml_name": "urn:uid", "expression": "return 1"}]);
    let model = "authentik_providers_saml.samlpropertymapping";
    let objects = fixture["permissions"]["one"]["objects"].as_array_mut().expect("there are permissions");
    objects.push(json!(["authentik_providers_saml.view_samlpropertymapping", model, MAPPING]));
    let found = get(&stub(&fixture), "/rbac/permissions/users/?user_id=5").await;
    for (place, expected) in ["Stage second", "uid (None)"].into_iter().enumerate() {
        assert_eq!(found["results"][place]["object_description"], expected, "{found}");
    }
}

#[tokio::test]
async fn a_flow_shows_the_policies_of_its_bindings_and_nothing_for_other_bindings() {
    let mut fixture = fixture();
    fixture["objects"]["policies/bindings"][1]["target"] = json!(FLOW);
    let stub = stub(&fixture);
    assert_eq!(get(&stub, "/flows/instances/log-in/").await["policies"], json!([POLICY]));
}

#[tokio::test]
async fn some_lists_have_items() {
    let stub = stub(&fixture());
    for (path, list) in [
        ("/stages/authenticator/validate/", "device_classes"),
        ("/stages/password/", "backends"),
        ("/stages/prompt/stages/", "fields"),
    ] {
        let body = json!({"name": "s", list: []});
        let refused = json!({list: ["This list may not be empty."]});
        expect(&stub, "admin", (Method::POST, path), body, (400, refused)).await;
    }
}
