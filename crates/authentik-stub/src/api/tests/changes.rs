//! Changes, with what belongs to them: defaults of replacements, times at which things expire, events, permissions.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;

/// Sends a request as somebody, and returns the answer after checking its status.
async fn sent(stub: &Stub, who: &str, (method, path): (Method, &str), body: Value, status: u16) -> Value {
    let (found, told) = ask(stub, who, method, path, Some(body)).await;
    assert_eq!(found.as_u16(), status, "{who} {path}: {told}");
    told
}

fn in_half_an_hour(value: &Value) -> bool {
    let time = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let left = time.map(|time| time.to_utc() - Utc::now()).unwrap_or_default();
    left > TimeDelta::minutes(28) && left <= TimeDelta::minutes(30)
}

#[tokio::test]
async fn a_replacement_gives_what_it_does_not_have_its_default_and_leaves_the_rest() {
    let stub = stub(&fixture());
    let viewers = "/core/groups/11111111-1111-4111-8111-111111111112/";
    let change = json!({"parent": GROUP, "users": [3], "attributes": {"a": 1}});
    sent(&stub, "admin", (Method::PATCH, viewers), change, 200).await;
    assert_eq!(get(&stub, "/core/users/3/").await["groups"], json!(["11111111-1111-4111-8111-111111111112"]));
    let group = sent(&stub, "admin", (Method::PUT, viewers), json!({"name": "viewers"}), 200).await;
    assert_eq!((&group["parent"], &group["users"]), (&Value::Null, &json!([])));
    assert_eq!(group["attributes"], json!({"a": 1}));
    sent(&stub, "admin", (Method::PATCH, "/core/users/3/"), json!({"groups": [GROUP]}), 200).await;
    let body = json!({"username": "plain", "name": "P"});
    let user = sent(&stub, "admin", (Method::PUT, "/core/users/3/"), body, 200).await;
    assert_eq!(user["groups"], json!([]));
}

#[tokio::test]
async fn what_expires_is_saved_with_a_time_at_which_it_does() {
    let stub = stub(&fixture());
    let password = json!({"identifier": "password", "intent": "app_password"});
    let made = sent(&stub, "admin", (Method::POST, "/core/tokens/"), password, 201).await;
    assert!(in_half_an_hour(&made["expires"]), "{made}");
    let invitations = "/stages/invitation/invitations/";
    let body = json!({"name": "invited", "expires": null});
    let made = sent(&stub, "admin", (Method::POST, invitations), body, 201).await;
    assert!(in_half_an_hour(&made["expires"]), "{made}");
    let path = format!("{invitations}{}/", made["pk"].as_str().expect("a key"));
    let changed = sent(&stub, "admin", (Method::PATCH, &path), json!({"expires": null}), 200).await;
    assert!(in_half_an_hour(&changed["expires"]), "{changed}");
}

#[tokio::test]
async fn a_password_for_programs_is_good_for_no_longer_than_its_user_may_have_one() {
    let stub = stub(&fixture());
    let body = |expires: Value| json!({"identifier": "long", "intent": "app_password", "expires": expires});
    let late = json!("2999-01-01T00:00:00Z");
    let told = sent(&stub, "admin", (Method::POST, "/core/tokens/"), body(late), 400).await;
    let message = told["expires"][0].as_str().unwrap_or_default();
    assert!(
        message.starts_with("Token expires exceeds maximum lifetime (") && message.ends_with("+00:00 UTC).")
    );
    sent(&stub, "admin", (Method::POST, "/core/tokens/"), body(Value::Null), 405).await;
    let attributes = json!({"attributes": {"goauthentik.io/user/token-maximum-lifetime": "days=2"}});
    sent(&stub, "admin", (Method::PATCH, "/core/users/2/"), attributes, 200).await;
    let tomorrow = json!((Utc::now() + TimeDelta::days(1)).to_rfc3339());
    sent(&stub, "admin", (Method::POST, "/core/tokens/"), body(tomorrow), 201).await;
}

#[tokio::test]
async fn who_is_no_superuser_makes_tokens_that_expire_and_may_see_their_keys() {
    let mut fixture = fixture();
    fixture["permissions"]["adder"]["global"] = json!(["authentik_core.add_token"]);
    let stub = stub(&fixture);
    let body = json!({"identifier": "own", "expiring": false, "user": 2});
    let made = sent(&stub, "adder", (Method::POST, "/core/tokens/"), body, 201).await;
    assert_eq!((&made["expiring"], &made["user"]), (&json!(true), &json!(7)));
    sent(&stub, "adder", (Method::GET, "/core/tokens/own/view_key/"), json!({}), 200).await;
    sent(&stub, "plain", (Method::GET, "/core/tokens/own/view_key/"), json!({}), 404).await;
    let events = get(&stub, "/events/events/?action=secret_view").await;
    let name = events["results"][0]["context"]["secret"]["name"].as_str().unwrap_or_default();
    assert!(name.starts_with("own (expires="), "{events}");
}

#[tokio::test]
async fn events_have_the_brand_that_they_are_given() {
    let stub = stub(&fixture());
    let body =
        |brand: Value| json!({"action": "login", "app": "a", "client_ip": "FE80::0001", "brand": brand});
    let event = sent(&stub, "admin", (Method::POST, "/events/events/"), body(json!({"a": 1})), 201).await;
    assert_eq!((&event["brand"], &event["client_ip"]), (&json!({"a": 1}), &json!("fe80::1")));
    let body = json!({"action": "login", "app": "a"});
    let event = sent(&stub, "admin", (Method::POST, "/events/events/"), body, 201).await;
    assert_eq!(event["brand"]["name"], "Brand fallback");
}

#[tokio::test]
async fn a_password_that_is_set_is_an_event_of_its_user() {
    let stub = stub(&fixture());
    let body = json!({"password": "new"});
    sent(&stub, "admin", (Method::POST, "/core/users/3/set_password/"), body, 204).await;
    let events = get(&stub, "/events/events/?action=password_set").await;
    assert_eq!(events["results"][0]["user"]["pk"], 3, "{events}");
}

#[tokio::test]
async fn a_tried_transport_leaves_an_event_and_a_notification_of_it() {
    let stub = stub(&fixture());
    let body = json!({"name": "local", "mode": "local"});
    let made = sent(&stub, "admin", (Method::POST, "/events/transports/"), body, 201).await;
    let path = format!("/events/transports/{}/test/", made["pk"].as_str().expect("a key"));
    sent(&stub, "admin", (Method::POST, &path), json!({}), 200).await;
    let shown = get(&stub, "/events/notifications/").await;
    assert_eq!(shown["results"][0]["event"]["action"], "custom_notification_test", "{shown}");
}

#[tokio::test]
async fn permissions_for_one_object_are_named_with_and_without_their_app() {
    let stub = stub(&fixture());
    let assign = (Method::POST, "/rbac/permissions/assigned_by_users/3/assign/");
    let unassign = (Method::PATCH, "/rbac/permissions/assigned_by_users/3/unassign/");
    let nowhere = json!({"permissions": ["nope"]});
    let told = sent(&stub, "admin", assign.clone(), nowhere, 400).await;
    let message = "When assigning global permissions, codename must be given as app_label.codename";
    assert_eq!(told, json!({"permissions": [message]}));
    let on = |key: &str, name: &str| json!({"permissions": [name], "model": "authentik_core.group", "object_pk": key});
    sent(&stub, "admin", assign.clone(), on(GROUP, "change_group"), 200).await;
    let described = || async {
        let shown = get(&stub, "/rbac/permissions/users/").await;
        let rows = shown["results"].as_array().into_iter().flatten().filter(|row| row["model"] == "group");
        rows.map(|row| row["object_description"].clone()).collect::<Vec<_>>()
    };
    // What its holder may not view is not called anything.
    assert_eq!(described().await, [Value::Null]);
    sent(&stub, "admin", assign.clone(), on(GROUP, "any.view_group"), 200).await;
    assert_eq!(described().await, ["Group admins", "Group admins"]);
    sent(&stub, "admin", unassign, on(GROUP, "view_group"), 204).await;
    let told = sent(&stub, "admin", assign.clone(), on("x", "view_group"), 400).await;
    assert_eq!(told, json!({"non_field_errors": ["“x” is not a valid UUID."]}));
    // An object that is not there is as none.
    let other = "11111111-1111-4111-8111-000000000000";
    sent(&stub, "admin", assign, on(other, "authentik_core.view_group"), 200).await;
    sent(&stub, "plain", (Method::GET, "/core/groups/"), json!({}), 200).await;
}

#[tokio::test]
async fn a_provider_that_is_made_with_its_application_is_checked_as_one_alone() {
    let stub = stub(&fixture());
    let path = "/core/transactional/applications/";
    let body = |model: &str, provider: Value| json!({"app": {"name": "App", "slug": "app"}, "provider_model": model, "provider": provider});
    let oauth = "authentik_providers_oauth2.oauth2provider";
    for (model, provider, expected) in [
        (
            oauth,
            json!({"name": "P", "authorization_flow": FLOW, "client_type": "zzz"}),
            json!({"client_type": ["\"zzz\" is not a valid choice."]}),
        ),
        (
            oauth,
            json!({"name": "P", "authorization_flow": "zzz"}),
            json!({"authorization_flow": ["“zzz” is not a valid UUID."]}),
        ),
        (
            "authentik_providers_proxy.proxyprovider",
            json!({"name": "P", "authorization_flow": FLOW, "external_host": "https://p.example.com"}),
            json!({"internal_host": ["Internal host cannot be empty when forward auth is disabled."]}),
        ),
        (
            "authentik_providers_rac.racprovider",
            json!({"name": "P", "authorization_flow": FLOW}),
            json!({"non_field_errors": ["Enterprise is required to create/update this object."]}),
        ),
    ] {
        let told = sent(&stub, "admin", (Method::PUT, path), body(model, provider), 400).await;
        assert_eq!(told, json!({"provider": expected}), "{model}");
    }
    sent(&stub, "admin", (Method::PUT, path), body(oauth, json!({"authorization_flow": FLOW})), 405).await;
    let good = json!({"name": "P", "authorization_flow": FLOW});
    let told = sent(&stub, "admin", (Method::PUT, path), body(oauth, good), 200).await;
    assert_eq!(told["applied"], true);
}

#[tokio::test]
async fn bindings_name_their_targets_by_either_key_and_only_once() {
    let stub = stub(&fixture());
    let path = "/policies/bindings/";
    let body = |target: Value, order: i64| json!({"target": target, "policy": POLICY, "order": order});
    let made = sent(&stub, "admin", (Method::POST, path), body(json!(BASE_OF_FLOW), 7), 201).await;
    assert_eq!(made["target"], FLOW);
    let told = sent(&stub, "admin", (Method::POST, path), body(json!(FLOW), 7), 400).await;
    let message = "The fields policy, target, order must make a unique set.";
    assert_eq!(told, json!({"non_field_errors": [message]}));
    let told = sent(&stub, "admin", (Method::POST, path), body(json!(true), 8), 400).await;
    assert_eq!(told, json!({"target": ["Invalid pk \"True\" - object does not exist."]}));
}

#[tokio::test]
async fn the_rows_of_others_are_not_written_with_a_row() {
    let stub = stub(&fixture());
    let path = format!("/stages/dummy/{}/", STAGES[0]);
    sent(&stub, "admin", (Method::PATCH, &path), json!({"flow_set": []}), 405).await;
    sent(&stub, "admin", (Method::PATCH, &path), json!({"name": "other"}), 200).await;
}

#[tokio::test]
async fn providers_are_listed_by_the_applications_that_they_serve_in_either_way() {
    let stub = stub(&fixture());
    let ldap = json!({"name": "l", "authorization_flow": FLOW});
    sent(&stub, "admin", (Method::POST, "/providers/ldap/"), ldap, 201).await;
    let oauth = json!({"name": "o", "authorization_flow": FLOW});
    let oauth = sent(&stub, "admin", (Method::POST, "/providers/oauth2/"), oauth, 201).await;
    let application = json!({"name": "a", "slug": "a", "provider": oauth["pk"]});
    sent(&stub, "admin", (Method::POST, "/core/applications/"), application, 201).await;
    for (query, expected) in [
        ("application__isnull=true", vec!["l"]),
        ("application__isnull=false", vec!["o"]),
        ("backchannel=true", vec!["l"]),
        ("backchannel=false", vec!["o"]),
    ] {
        let shown = get(&stub, &format!("/providers/all/?{query}")).await;
        let names = shown["results"].as_array().into_iter().flatten().filter_map(|row| row["name"].as_str());
        assert_eq!(names.collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn a_stage_shows_its_flows_in_the_order_of_their_creation() {
    let stub = stub(&fixture());
    let flow = json!({"name": "Later", "slug": "later", "title": "Later", "designation": "authentication"});
    let later = sent(&stub, "admin", (Method::POST, "/flows/instances/"), flow, 201).await;
    for flow in [&later["pk"], &json!(FLOW)] {
        let binding = json!({"target": flow, "stage": STAGES[0], "order": 0});
        sent(&stub, "admin", (Method::POST, "/flows/bindings/"), binding, 201).await;
    }
    let stage = get(&stub, &format!("/stages/dummy/{}/", STAGES[0])).await;
    let slugs: Vec<&Value> =
        stage["flow_set"].as_array().into_iter().flatten().map(|flow| &flow["slug"]).collect();
    assert_eq!(slugs, ["log-in", "later"]);
}
