//! Fixtures as the API shows them, and who may do what with them.

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use openapi_server_runtime::serve::serve;
use openapi_server_runtime::service::Service;
use serde_json::{Value, json};

use super::{Api, ByStore, dialect};
use crate::Fixture;

mod actions;
mod changes;
mod refusals;
mod rules;

const GROUP: &str = "11111111-1111-4111-8111-111111111111";
const ROLE: &str = "99999999-9999-4999-8999-999999999999";
const FLOW: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const BASE_OF_FLOW: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const POLICY: &str = "aaaaaaaa-0000-4000-8000-000000000003";
const STAGES: [&str; 2] = ["bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"];
const APPLICATION: &str = "cccccccc-0000-4000-8000-000000000001";

type Stub = Service<ByStore, Api, openapi_django::server::Django>;

fn fixture() -> Value {
    let user = |key: i64, name: &str| json!({"pk": key, "username": name, "name": name, "is_active": true, "type": "internal"});
    let token = |name: &str, user: i64| json!({"identifier": name, "intent": "api", "user": user, "key": name, "expiring": false});
    json!({
        "objects": {
            "core/groups": [
                {"pk": GROUP, "name": "admins", "is_superuser": true, "users": [2]},
                {"pk": "11111111-1111-4111-8111-111111111112", "name": "viewers", "is_superuser": false},
            ],
            "core/users": [user(2, "admin"), user(3, "plain"), user(4, "viewer"), user(5, "one"), user(7, "adder")],
            "core/tokens": [token("admin", 2), token("plain", 3), token("viewer", 4), token("one", 5), token("adder", 7)],
            "rbac/roles": [{"pk": ROLE, "name": "viewer"}],
            "flows/instances": [{
                "pk": FLOW, "policybindingmodel_ptr_id": BASE_OF_FLOW, "name": "Log in", "slug": "log-in", "title": "Log in",
                "designation": "authentication",
            }],
            "stages/dummy": [{"pk": STAGES[0], "name": "first"}],
            "stages/all": [
                {"pk": STAGES[0], "name": "first", "meta_model_name": "authentik_stages_dummy.dummystage"},
                {"pk": STAGES[1], "name": "second", "meta_model_name": "authentik_stages_deny.denystage"},
            ],
            "policies/dummy": [{"pk": POLICY, "name": "never", "result": false}],
            "policies/bindings": [
                {"pk": "aaaaaaaa-0000-4000-8000-000000000004", "policy": POLICY, "target": FLOW, "order": 1},
                {"pk": "aaaaaaaa-0000-4000-8000-000000000005", "group": GROUP, "target": APPLICATION, "order": 0},
            ],
            "events/events": [{
                "pk": "dddddddd-0000-4000-8000-000000000001", "action": "model_created", "app": "log", "created": "2026-01-01T00:00:00Z",
                "context": {
                    "model": {"app": "authentik_core", "model_name": "application", "pk": APPLICATION.replace('-', "")},
                    "diff": {
                        "pbm_uuid": {"new_value": APPLICATION.replace('-', "")},
                        "name": {"new_value": "Logged"}, "slug": {"new_value": "logged"},
                    },
                },
            }],
        },
        "about": {"unlisted": {"core/users": [{"pk": 1, "username": "AnonymousUser"}]}},
        "rows": {"stages/dummy": [STAGES[0]]},
        "created_with": {"stages/dummy": [{"name": "first", "throw_error": true}]},
        "memberships": {"groups": {"viewers": {"pk": "11111111-1111-4111-8111-111111111112", "users": ["viewer"], "roles": ["viewer"]}}},
        "permissions": {
            "viewer": {"kind": "role", "uuid": ROLE, "global": ["authentik_flows.view_stage", "authentik_flows.view_flow"]},
            "one": {"kind": "user", "pk": 5, "objects": [["authentik_flows.view_stage", "authentik_flows.stage", STAGES[1]]]},
            "adder": {"kind": "user", "pk": 7, "global": ["authentik_stages_dummy.add_dummystage"]},
        },
        "sequences": {"authentik_core_user_id_seq": [40, true]},
    })
}

fn stub(fixture: &Value) -> Stub {
    let fixture = Fixture::from_value(fixture).expect("a fixture");
    let api = Api::new(&fixture).unwrap_or_else(|error| panic!("{error}"));
    api.service().with_dialect(dialect())
}

/// Returns what is wrong with a fixture.
fn refused(fixture: &Value) -> String {
    let fixture = Fixture::from_value(fixture).expect("a fixture");
    Api::new(&fixture).expect_err("the fixture is wrong").to_string()
}

async fn ask(
    stub: &Stub,
    token: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v3{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(http_body_util::Full::new(body))
        .expect("the request is one");
    let response = serve(stub, request).await;
    let status = response.status();
    let bytes = response.into_body().collect().await.expect("the body is there").to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn get(stub: &Stub, path: &str) -> Value {
    ask(stub, "admin", Method::GET, path, None).await.1
}

#[tokio::test]
async fn objects_are_shown_as_the_fixture_has_them() {
    let fixture = fixture();
    let stub = stub(&fixture);
    for (list, objects) in fixture["objects"].as_object().expect("there are lists") {
        let shown = get(&stub, &format!("/{list}/")).await;
        for object in objects.as_array().expect("a list has objects") {
            let mut wanted = object.clone();
            // Keys of tokens are not shown.
            wanted.as_object_mut().expect("an object").remove("key");
            let is_shown = |shown: &Value| {
                wanted.as_object().into_iter().flatten().all(|(name, value)| shown.get(name) == Some(value))
            };
            let rows = shown["results"].as_array().expect("a list answers rows");
            assert!(rows.iter().any(is_shown), "{list}: {wanted}\n{shown}");
        }
    }
}

#[tokio::test]
async fn rows_are_shown_in_the_order_in_which_the_fixture_shows_them() {
    let mut fixture = fixture();
    fixture["objects"]["core/groups"][1]["users"] = json!([7, 3, 4]);
    let group = get(&stub(&fixture), "/core/groups/11111111-1111-4111-8111-111111111112/").await;
    assert_eq!(group["users"], json!([7, 3, 4]));
}

#[tokio::test]
async fn what_uses_an_object_is_told_in_the_order_of_the_fixture() {
    let mut fixture = fixture();
    let rule = |name: &str| json!({"pk": format!("eeeeeeee-0000-4000-8000-00000000000{name}"), "name": name, "group": GROUP});
    fixture["objects"]["events/rules"] = json!([rule("1"), rule("2"), rule("3")]);
    let told = |name: &str| json!({"app": "authentik_events", "model_name": "notificationrule", "pk": rule(name)["pk"]});
    fixture["used_by"] = json!({"core/groups": {GROUP: [told("3"), told("1"), told("2")]}});
    let used = get(&stub(&fixture), &format!("/core/groups/{GROUP}/used_by/")).await;
    let rules: Vec<&Value> =
        used.as_array().into_iter().flatten().filter(|row| row["app"] == "authentik_events").collect();
    let keys: Vec<&Value> = rules.iter().map(|row| &row["pk"]).collect();
    assert_eq!(keys, [&rule("3")["pk"], &rule("1")["pk"], &rule("2")["pk"]]);
}

#[tokio::test]
async fn sections_say_what_no_list_shows() {
    let stub = stub(&fixture());
    let users = get(&stub, "/core/users/").await;
    assert_eq!(users["pagination"]["count"], 5, "{users}");
    assert_eq!(get(&stub, &format!("/stages/dummy/{}/", STAGES[0])).await["throw_error"], true);
    let logged = get(&stub, "/core/applications/logged/").await;
    assert_eq!((&logged["pk"], &logged["name"]), (&json!(APPLICATION), &json!("Logged")));
    let new = json!({"username": "new", "name": "New"});
    let (status, new) = ask(&stub, "admin", Method::POST, "/core/users/", Some(new)).await;
    assert_eq!((status, &new["pk"]), (StatusCode::CREATED, &json!(41)));
    let (status, role) = ask(&stub, "admin", Method::POST, "/rbac/roles/", Some(json!({"name": "r"}))).await;
    assert_eq!((status, &role["name"]), (StatusCode::CREATED, &json!("r")));
}

#[tokio::test]
async fn callers_may_do_what_their_permissions_say() {
    let stub = stub(&fixture());
    let (one, two) = (format!("/stages/all/{}/", STAGES[0]), format!("/stages/all/{}/", STAGES[1]));
    let (ok, refused, gone) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND);
    for (token, path, status) in [
        ("admin", "/stages/all/", ok),
        ("viewer", "/stages/all/", ok),
        ("viewer", one.as_str(), ok),
        ("one", "/stages/all/", ok),
        ("one", two.as_str(), ok),
        ("one", one.as_str(), gone),
        ("plain", "/stages/all/", refused),
        ("plain", one.as_str(), refused),
        ("plain", "/core/tokens/plain/", ok),
        ("plain", "/core/tokens/admin/", gone),
        ("nobody", "/root/config/", refused),
        ("plain", "/admin/system/", refused),
        ("plain", "/authenticators/admin/duo/", refused),
    ] {
        let (found, body) = ask(&stub, token, Method::GET, path, None).await;
        assert_eq!(found, status, "{token} {path}: {body}");
    }
    let (_, seen) = ask(&stub, "one", Method::GET, "/stages/all/", None).await;
    assert_eq!(seen["pagination"]["count"], 1);
    let new = || Some(json!({"name": "third"}));
    let (status, _) = ask(&stub, "viewer", Method::POST, "/stages/dummy/", new()).await;
    assert_eq!(status, refused);
    let (status, _) = ask(&stub, "adder", Method::POST, "/stages/dummy/", new()).await;
    assert_eq!(status, StatusCode::CREATED);
    // The permission of the base is asked for an object of another app, on which the program fails.
    let (status, _) = ask(&stub, "viewer", Method::DELETE, &one, None).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_uses_an_object_is_told_relation_after_relation() {
    let stub = stub(&fixture());
    let base = format!("PolicyBindingModel {BASE_OF_FLOW}");
    let policy = format!("/policies/dummy/{POLICY}/used_by/");
    let group = format!("/core/groups/{GROUP}/used_by/");
    for (path, wanted) in [
        (policy, vec![("policybindingmodel", BASE_OF_FLOW, base.as_str(), "cascade_many")]),
        (
            group,
            vec![
                (
                    "policybinding",
                    "aaaaaaaa-0000-4000-8000-000000000005",
                    "Binding from Logged #0 to Group admins",
                    "cascade",
                ),
                ("user", "2", "admin", "cascade_many"),
            ],
        ),
    ] {
        let used = get(&stub, &path).await;
        let told = used.as_array().into_iter().flatten().map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default();
            (text("model_name"), text("pk"), text("name"), text("action"))
        });
        assert_eq!(told.collect::<Vec<_>>(), wanted, "{path}");
    }
}

#[test]
fn a_fixture_is_refused_with_everything_that_is_wrong_with_it() {
    let fixture = json!({
        "objects": {
            "core/nothing": [],
            "core/users": [{"pk": 2, "username": 7, "colour": "red"}],
            "policies/bindings": [{"pk": "aaaaaaaa-0000-4000-8000-000000000004", "target": FLOW, "order": 0}],
        },
        "objcts": {},
        "permissions": {"a": {"kind": "user", "pk": 2, "global": ["authentik_core.fly"]}},
        "owners": {"core/tokens": {"t": "nobody"}},
    });
    let text = refused(&fixture);
    for pointer in [
        "/objcts: there is no such section",
        "/objects/core~1nothing: the API has no such list",
        "/objects/core~1users/0/username: this is no text",
        "/objects/core~1users/0/colour: objects of this list have no such property",
        "/permissions/a/global/0: unknown permission `authentik_core.fly`: the nearest known is ",
        "/owners/core~1tokens/t: there is no user `nobody`",
    ] {
        assert!(text.contains(pointer), "{pointer} is not in\n{text}");
    }
    let fixture = json!({"objects": {
        "policies/bindings": [{"pk": "aaaaaaaa-0000-4000-8000-000000000004", "target": FLOW, "order": 0}],
        "core/groups": [{"name": "g", "parent": GROUP}],
    }});
    let text = refused(&fixture);
    for pointer in ["/objects/policies~1bindings/0/target: ", "/objects/core~1groups/0/parent: "] {
        assert!(text.contains(pointer), "{pointer} is not in\n{text}");
    }
}

#[tokio::test]
async fn a_provider_for_proxies_has_its_mappings_and_outposts_of_its_type() {
    let mut fixture = fixture();
    let scope = "eeeeeeee-0000-4000-8000-000000000001";
    fixture["objects"]["propertymappings/provider/scope"] = json!([{
        "pk": scope, "name": "OpenID", "scope_name": "openid", "expression": "return {}",
        "managed": "goauthentik.io/providers/oauth2/scope-openid",
    }]);
    let stub = stub(&fixture);
    let about = json!({"name": "wiki", "authorization_flow": FLOW, "external_host": "https://a.example", "mode": "forward_single"});
    let (status, provider) = ask(&stub, "admin", Method::POST, "/providers/proxy/", Some(about)).await;
    assert_eq!(status, StatusCode::CREATED, "{provider}");
    assert_eq!(provider["property_mappings"], json!([scope]));

    let outpost = |kind: &str, providers: Value| json!({"name": kind, "type": kind, "providers": providers, "config": {}});
    for (body, refusal) in [
        (outpost("proxy", json!([])), "This list may not be empty."),
        (
            outpost("ldap", json!([provider["pk"]])),
            "Outpost type ldap can't be used with ProxyProvider providers.",
        ),
    ] {
        let (status, refused) = ask(&stub, "admin", Method::POST, "/outposts/instances/", Some(body)).await;
        assert_eq!((status, refused), (StatusCode::BAD_REQUEST, json!({"providers": [refusal]})));
    }
    let body = outpost("proxy", json!([provider["pk"]]));
    let (status, _) = ask(&stub, "admin", Method::POST, "/outposts/instances/", Some(body)).await;
    assert_eq!(status, StatusCode::CREATED);
}
