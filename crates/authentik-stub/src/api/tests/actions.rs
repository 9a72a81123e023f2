//! Answers of single actions.

use http::header::HOST;

use super::*;

/// Posts a body that is accepted, and returns the object that came of it.
async fn made(stub: &Stub, path: &str, body: Value) -> Value {
    let (status, made) = ask(stub, "admin", Method::POST, path, Some(body)).await;
    assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
    made
}

/// Posts a body that an action accepts, and returns its answer.
async fn told(stub: &Stub, path: &str, body: Value) -> Value {
    let (status, told) = ask(stub, "admin", Method::POST, path, Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {told}");
    told
}

/// Asks as nobody.
async fn anonymously(stub: &Stub, path: &str) -> Value {
    let request = Request::builder()
        .uri(format!("/api/v3{path}"))
        .header(HOST, "localhost")
        .body(http_body_util::Full::new(Bytes::new()))
        .expect("the request is one");
    let bytes = serve(stub, request).await.into_body().collect().await.expect("the body is there").to_bytes();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Returns the text of a member.
fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_prompt_is_previewed_with_texts_and_one_of_its_choices() {
    let stub = stub(&fixture());
    let prompt = |about: Value| {
        let mut prompt =
            json!({"field_key": "k", "label": "l", "type": "dropdown", "placeholder_expression": true});
        for (name, value) in about.as_object().expect("an object") {
            prompt[name] = value.clone();
        }
        prompt
    };
    for (about, choices, initial, placeholder) in [
        (json!({"placeholder": "return [1, ' b ']", "initial_value": "zz"}), json!(["1", "b"]), "1", ""),
        (json!({"placeholder": "return ['a', 'b']", "initial_value": "b"}), json!(["a", "b"]), "b", ""),
        (json!({"placeholder": "return []", "initial_value": "b"}), Value::Null, "", ""),
        (
            json!({"type": "text", "placeholder": "return None", "initial_value": "return [1, 'a']", "initial_value_expression": true}),
            Value::Null,
            "[1, 'a']",
            "None",
        ),
    ] {
        let previewed = told(&stub, "/stages/prompt/prompts/preview/", prompt(about)).await;
        let field = &previewed["fields"][0];
        assert_eq!(
            (&field["choices"], text(field, "initial_value"), text(field, "placeholder")),
            (&choices, initial, placeholder)
        );
    }
}

#[tokio::test]
async fn a_flow_is_executed_by_whom_its_bindings_let_pass_and_leave_a_stage() {
    let mut fixture = fixture();
    let mine = "aaaaaaaa-0000-4000-8000-000000000009";
    fixture["objects"]["policies/bindings"] = json!([]);
    fixture["objects"]["policies/expression"] =
        json!([{"pk": mine, "name": "hard", "expression": "return f()"}]);
    fixture["objects"]["flows/bindings"] = json!([]);
    let stub = stub(&fixture);
    let status =
        async || ask(&stub, "admin", Method::GET, "/flows/instances/log-in/execute/", None).await.0.as_u16();
    assert_eq!(status().await, 500, "no stage");
    let stage = json!({"target": FLOW, "stage": STAGES[0], "order": 0, "evaluate_on_plan": true});
    let stage = made(&stub, "/flows/bindings/", stage).await;
    assert_eq!(status().await, 200);
    for (target, policy, expected) in [
        (text(&stage, "pk"), POLICY, 500),
        (text(&stage, "pk"), mine, 501),
        (FLOW, POLICY, 400),
        (FLOW, mine, 501),
    ] {
        let binding =
            made(&stub, "/policies/bindings/", json!({"target": target, "policy": policy, "order": 0})).await;
        assert_eq!(status().await, expected, "{target} {policy}");
        let path = format!("/policies/bindings/{}/", text(&binding, "pk"));
        assert_eq!(ask(&stub, "admin", Method::DELETE, &path, None).await.0, 204);
    }
    // What is evaluated later is not asked before.
    let path = format!("/flows/bindings/{}/", text(&stage, "pk"));
    let (found, _) =
        ask(&stub, "admin", Method::PATCH, &path, Some(json!({"evaluate_on_plan": false}))).await;
    assert_eq!(found, 200);
    made(&stub, "/policies/bindings/", json!({"target": stage["pk"], "policy": POLICY, "order": 0})).await;
    assert_eq!(status().await, 200);
}

#[tokio::test]
async fn the_place_of_a_caller_is_what_the_context_says() {
    let mut fixture = fixture();
    let place = "aaaaaaaa-0000-4000-8000-000000000008";
    fixture["objects"]["policies/geoip"] =
        json!([{"pk": place, "name": "here", "asns": [7], "countries": ["DE"]}]);
    fixture["objects"]["policies/expression"] =
        json!([{"pk": POLICY, "name": "told", "expression": "ak_message('hi')\nreturn False"}]);
    fixture["objects"]["policies/dummy"] = json!([]);
    let stub = stub(&fixture);
    let verdict = |passing: bool, messages: &[&str]| json!({"passing": passing, "messages": messages, "log_messages": []});
    let network = "Client IP is not part of an allowed autonomous system.";
    let country = "Client IP is not in an allowed country.";
    for (policy, context, expected) in [
        (POLICY, json!({}), verdict(false, &["hi"])),
        (place, json!({}), verdict(false, &["GeoIP: client IP not found in ASN database."])),
        (
            place,
            json!({"asn": {"asn": 7}, "geoip": null}),
            verdict(false, &["GeoIP: client IP address not found in City database."]),
        ),
        (place, json!({"asn": {"asn": 8}, "geoip": {"country": "DE"}}), verdict(true, &[network])),
        (place, json!({"asn": {"asn": 8}, "geoip": {"country": "FR"}}), verdict(false, &[network, country])),
    ] {
        let path = format!("/policies/all/{policy}/test/");
        assert_eq!(told(&stub, &path, json!({"user": 2, "context": context})).await, expected, "{context}");
    }
    // A binding tells what becomes of a policy that fails.
    for (is_let_in, negate, expected) in [(true, false, true), (false, false, false), (true, true, false)] {
        let body = json!({"target": APPLICATION, "policy": place, "order": 3, "failure_result": is_let_in, "negate": negate});
        let binding = made(&stub, "/policies/bindings/", body).await;
        let checked = get(&stub, "/core/applications/logged/check_access/?for_user=3").await;
        assert_eq!(checked["passing"], expected, "{is_let_in} {negate}");
        let path = format!("/policies/bindings/{}/", text(&binding, "pk"));
        assert_eq!(ask(&stub, "admin", Method::DELETE, &path, None).await.0, 204);
    }
}

#[tokio::test]
async fn outposts_see_providers_of_applications_and_are_not_told_why_access_is_refused() {
    let mut fixture = fixture();
    fixture["objects"]["providers/ldap"] = json!([
        {"pk": 1, "name": "both", "authorization_flow": FLOW},
        {"pk": 2, "name": "backchannel", "authorization_flow": FLOW},
        {"pk": 3, "name": "none", "authorization_flow": FLOW},
    ]);
    fixture["objects"]["providers/radius"] = json!([{"pk": 4, "name": "r", "authorization_flow": FLOW}]);
    let stub = stub(&fixture);
    let body = |slug: &str, provider: Option<i64>, others: Value| json!({"name": slug, "slug": slug, "provider": provider, "backchannel_providers": others});
    made(&stub, "/core/applications/", body("own", Some(1), json!([]))).await;
    let other = made(&stub, "/core/applications/", body("other", None, json!([1, 2]))).await;
    let shown = get(&stub, "/outposts/ldap/").await;
    let shown = shown["results"].as_array().expect("there are providers");
    let shown: Vec<_> =
        shown.iter().map(|provider| (text(provider, "name"), text(provider, "application_slug"))).collect();
    assert_eq!(shown, [("backchannel", "other"), ("both", "other")]);

    let (ldap, radius) =
        ("/outposts/ldap/1/check_access/?app_slug=other", "/outposts/radius/4/check_access/?app_slug=other");
    let access = |passing: bool| json!({"passing": passing, "messages": [], "log_messages": []});
    let nobody = json!({"has_search_permission": false, "access": access(true)});
    assert_eq!(anonymously(&stub, ldap).await, nobody);
    let (first, second) = (get(&stub, radius).await, get(&stub, radius).await);
    assert_eq!((first["access"].clone(), text(&first, "attributes").len()), (access(true), 28));
    assert_ne!(first, second, "a packet is random");
    made(&stub, "/policies/bindings/", json!({"target": other["pk"], "policy": POLICY, "order": 0})).await;
    assert_eq!(get(&stub, ldap).await, json!({"has_search_permission": true, "access": access(false)}));
    assert_eq!(get(&stub, radius).await, json!({"attributes": null, "access": access(false)}));
}

#[tokio::test]
async fn an_application_is_launched_where_its_provider_is() {
    let mut fixture = fixture();
    fixture["objects"]["providers/ldap"] = json!([{"pk": 1, "name": "l", "authorization_flow": FLOW}]);
    fixture["objects"]["providers/saml"] =
        json!([{"pk": 2, "name": "s", "authorization_flow": FLOW, "acs_url": "https://x.example/"}]);
    fixture["objects"]["providers/oauth2"] = json!([
        {"pk": 3, "name": "o", "authorization_flow": FLOW, "redirect_uris": "https://g.example/login\nhttps://h.example/"},
        {"pk": 4, "name": "any", "authorization_flow": FLOW, "redirect_uris": "*"},
        {"pk": 5, "name": "no", "authorization_flow": FLOW, "redirect_uris": ""},
    ]);
    fixture["objects"]["providers/rac"] = json!([{"pk": 6, "name": "r", "authorization_flow": FLOW}]);
    let endpoint = "eeeeeeee-0000-4000-8000-000000000002";
    fixture["objects"]["rac/endpoints"] = json!([{
        "pk": endpoint, "name": "e", "provider": 6, "protocol": "rdp", "host": "h", "auth_mode": "prompt", "settings": {},
    }]);
    let stub = stub(&fixture);
    assert_eq!(get(&stub, &format!("/rac/endpoints/{endpoint}/")).await["launch_url"], Value::Null);
    let proxy = json!({"name": "p", "authorization_flow": FLOW, "external_host": "https://p.example/a", "mode": "forward_single"});
    let proxy = made(&stub, "/providers/proxy/", proxy).await;
    for (provider, expected) in [
        (json!(1), Value::Null),
        (json!(2), json!("/application/saml/a-2/sso/binding/init/")),
        (json!(3), json!("https://g.example")),
        (json!(4), json!("")),
        (json!(5), Value::Null),
        (json!(6), json!("goauthentik.io://providers/rac/launch")),
        (proxy["pk"].clone(), json!("https://p.example/a")),
    ] {
        let body = json!({"name": "a", "slug": format!("a-{provider}"), "provider": provider});
        let application = made(&stub, "/core/applications/", body).await;
        assert_eq!(application["launch_url"], expected, "{provider}");
    }
    for (query, expected) in [
        ("", 8),
        ("?only_with_launch_url=True", 4),
        ("?superuser_full_list=TRUE&only_with_launch_url=true", 8),
    ] {
        let found = get(&stub, &format!("/core/applications/{query}")).await;
        assert_eq!(found["results"].as_array().map(Vec::len), Some(expected), "{query}");
    }
    let launched = json!(format!("/application/rac/a-6/{endpoint}/"));
    assert_eq!(get(&stub, &format!("/rac/endpoints/{endpoint}/")).await["launch_url"], launched);
}

#[tokio::test]
async fn a_source_of_an_unknown_name_is_of_no_kind() {
    let stub = stub(&fixture());
    for (query, expected) in [("", 14), ("?name=github", 1), ("?name=nope", 1), ("?name=", 1)] {
        let found = get(&stub, &format!("/sources/oauth/source_types/{query}")).await;
        assert_eq!(found.as_array().map(Vec::len), Some(expected), "{query}");
        if expected == 1 {
            let name = if query.ends_with("github") { "github" } else { "default" };
            assert_eq!(found[0]["name"], name, "{query}");
        }
    }
}

#[tokio::test]
async fn a_provider_for_all_is_known_without_an_application() {
    let mut fixture = fixture();
    fixture["objects"]["providers/oauth2"] = json!([
        {"pk": 1, "name": "all", "authorization_flow": FLOW, "issuer_mode": "global"},
        {"pk": 2, "name": "each", "authorization_flow": FLOW, "issuer_mode": "per_provider"},
    ]);
    let stub = stub(&fixture);
    let all = get(&stub, "/providers/oauth2/1/setup_urls/").await;
    assert!(text(&all, "issuer").ends_with('/') && !text(&all, "issuer").contains("application"), "{all}");
    assert_eq!(get(&stub, "/providers/oauth2/2/setup_urls/").await["issuer"], Value::Null);
}

#[tokio::test]
async fn a_source_of_saml_tells_its_issuer_and_both_keys() {
    let stub = stub(&fixture());
    let pair = json!({"common_name": "pair", "subject_alt_name": "x", "validity_days": 3});
    let (_, pair) =
        ask(&stub, "admin", Method::POST, "/crypto/certificatekeypairs/generate/", Some(pair)).await;
    let source = json!({
        "name": "s", "slug": "s", "sso_url": "https://x.example/", "pre_authentication_flow": FLOW, "issuer": "",
        "signing_kp": pair["pk"], "encryption_kp": pair["pk"],
    });
    made(&stub, "/sources/saml/", source).await;
    let answer = get(&stub, "/sources/saml/s/metadata/").await;
    let metadata = text(&answer, "metadata");
    assert!(metadata.contains("entityID=\"\""), "{metadata}");
    let uses: Vec<&str> =
        metadata.split("KeyDescriptor use=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(uses, ["signing", "encryption"], "{metadata}");
}

#[tokio::test]
async fn a_mapping_is_tested_without_a_user_as_for_a_new_one() {
    let mut fixture = fixture();
    let mapping = "eeeeeeee-0000-4000-8000-000000000001";
    fixture["objects"]["propertymappings/provider/scope"] =
        json!([{"pk": mapping, "name": "m", "scope_name": "m", "expression": "return request.user.email"}]);
    let stub = stub(&fixture);
    let path = format!("/propertymappings/all/{mapping}/test/");
    assert_eq!(told(&stub, &path, json!({})).await, json!({"result": "\"\"", "successful": true}));
}

#[tokio::test]
async fn devices_that_are_not_confirmed_are_shown_to_administrators_only() {
    let stub = stub(&fixture());
    let inserted = stub.api().store().write(|transaction| {
        let model = transaction.reader().model("authentik_stages_authenticator_static.staticdevice");
        for (name, confirmed) in [("ready", true), ("begun", false)] {
            let device = json!({"user": 2, "name": name, "confirmed": confirmed});
            transaction.insert(model.expect("there are devices"), crate::api::members::members(device));
        }
        Ok::<_, openapi_resources::answer::Refusal>(())
    });
    inserted.expect("the devices are made");
    let names = |devices: &Value| {
        let devices = devices.as_array().expect("a list of devices");
        devices.iter().map(|device| text(device, "name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&get(&stub, "/authenticators/all/").await), ["ready"]);
    assert_eq!(names(&get(&stub, "/authenticators/admin/all/").await), ["ready", "begun"]);
}
