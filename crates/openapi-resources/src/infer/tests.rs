#![expect(clippy::needless_pass_by_value, reason = "tests read better so")]

use openapi_document::Document;
use serde_json::{Value, json};

use super::Inferred;
use crate::answer::{Refusal, Request};
use crate::definition::{Collection, Fill, Lookup, OnDelete, Paging, WindowFact};
use crate::functions::Functions;
use crate::store::Store;

const SHOP: &str = include_str!("tests/shop.yaml");

fn inferred(text: &str) -> Inferred {
    let document = Document::parse("shop.yaml", text).unwrap_or_else(|error| panic!("{error}"));
    Inferred::of(&document, Functions::new()).unwrap_or_else(|error| panic!("{error}"))
}

fn error(from: &str, to: &str) -> String {
    assert!(SHOP.contains(from), "{from}");
    let document = Document::parse("shop.yaml", &SHOP.replacen(from, to, 1)).expect("a document");
    Inferred::of(&document, Functions::new()).expect_err(to).to_string()
}

fn collection<'a>(inferred: &'a Inferred, path: &str) -> &'a Collection {
    inferred
        .plan
        .definition()
        .collections
        .get(path)
        .unwrap_or_else(|| panic!("{path}: {:#?}", inferred.operations))
}

#[test]
fn paths_are_collections_and_their_objects() {
    let inferred = inferred(SHOP);
    let meanings: Vec<String> = inferred
        .operations
        .iter()
        .map(|operation| match &operation.meaning {
            Ok((collection, action)) => format!("{}: {action:?} {collection}", operation.operation),
            Err(reason) => format!("{}: {reason}", operation.operation),
        })
        .collect();
    let expected = [
        "shops_list: List /shops/",
        "shops_create: Create /shops/",
        "shops_retrieve: Retrieve /shops/",
        "shops_update: Update /shops/",
        "shops_patch: Patch /shops/",
        "shops_delete: Delete /shops/",
        "shops_close: its body is no JSON",
        "items_list: List /shops/{shopId}/items",
        "items_create: Create /shops/{shopId}/items",
        "items_retrieve: Retrieve /shops/{shopId}/items",
        "items_best: List /shops/{shopId}/items",
        "orders_list: List /orders",
        "orders_create: Create /orders",
        "orders_change: Update /orders",
        "orders_retrieve: Retrieve /orders",
        "status: its answer is no list of objects",
        "secret: `x-resource` says that it is none",
    ];
    assert_eq!(meanings, expected);
    assert_eq!(inferred.coverage(), (14, 17));
}

#[test]
fn parameters_and_envelopes_are_known_by_their_names() {
    let inferred = inferred(SHOP);
    let shops = collection(&inferred, "/shops/");
    assert_eq!(
        shops.paging,
        Paging::Page {
            page: "page".to_owned(),
            first: 1,
            size: Some("per_page".to_owned()),
            default_size: 2,
            max_size: Some(50),
            lenient: true
        }
    );
    let facts: Vec<_> =
        shops.envelope.facts.iter().map(|(path, fact)| (path.as_str(), fact.clone())).collect();
    let expected = [
        ("meta.total", WindowFact::Count),
        ("meta.next", WindowFact::NextPage),
        ("results", WindowFact::Items),
        ("kind", WindowFact::Constant(json!("list"))),
    ];
    assert_eq!((shops.envelope.items.as_deref(), facts.as_slice()), (Some("results"), expected.as_slice()));
    let filters: Vec<_> = shops
        .filters
        .iter()
        .map(|(name, filter)| (name.as_str(), filter.path.as_str(), filter.lookup))
        .collect();
    let expected = [
        ("city", "city", Lookup::Exact),
        ("name__icontains", "name", Lookup::IContains),
        ("opened_after", "opened", Lookup::Gte),
        ("chief", "owner.name", Lookup::Exact),
    ];
    assert_eq!(filters, expected);
    assert_eq!(shops.unmapped, ["mood"]);
    let ordering = shops.ordering.as_ref().expect("an ordering");
    assert_eq!(ordering.fields.keys().collect::<Vec<_>>(), ["name", "opened"]);
    let search = shops.search.as_ref().expect("a search");
    assert_eq!(
        search.fields.iter().map(|field| field.path.as_str()).collect::<Vec<_>>(),
        ["name", "slug", "city"]
    );
    let gaps: Vec<_> = inferred.gaps.iter().map(|gap| gap.message.as_str()).collect();
    let expected = [
        "nothing says what the order `stars` is",
        "nothing says what the parameter `mood` narrows a list by",
    ];
    assert_eq!(gaps, expected);
    assert!(matches!(collection(&inferred, "/orders").paging, Paging::Cursor { .. }));
}

#[test]
fn fields_are_filled_as_the_schema_says() {
    let inferred = inferred(SHOP);
    let models = &inferred.plan.definition().models;
    let fill = |model: &str, field: &str| models[model].fields[field].fill.clone();
    assert_eq!(fill("Shop", "id"), Some(Fill::Sequence));
    assert_eq!(fill("Shop", "name"), None);
    assert_eq!(fill("Shop", "open"), Some(Fill::Value(json!(true))));
    assert_eq!(fill("Shop", "created_at"), Some(Fill::Created));
    assert_eq!(fill("Shop", "updated_at"), Some(Fill::Changed));
    assert_eq!(fill("Order", "id"), Some(Fill::Uuid));
    assert_eq!(fill("Order", "token"), Some(Fill::Secret(32)));
    let shop = models["Item"].fields["shopId"].reference.as_ref().expect("a reference");
    assert_eq!(
        (shop.model.as_str(), shop.field.as_deref(), shop.on_delete),
        ("Shop", Some("slug"), OnDelete::Cascade)
    );
    let item = models["Order"].fields["items"].reference.as_ref().expect("a reference");
    assert_eq!((item.model.as_str(), item.many), ("Item", true));
    assert_eq!(
        models["Order"].fields["shop"].reference.as_ref().map(|shop| shop.on_delete),
        Some(OnDelete::Protect)
    );
    assert!(models["Shop"].fields["slug"].unique);
}

fn ask(
    store: &Store,
    operation: &str,
    path: &[(&str, &str)],
    query: &[(&str, &str)],
    body: Option<Value>,
) -> Result<Value, Refusal> {
    let path = path.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
    let query = query.iter().map(|(name, value)| (*name, vec![Value::from(*value)])).collect();
    let answer =
        store.answer(&Request { operation, path, query, body: body.as_ref(), ..Request::default() })?;
    Ok(answer.body.map_or(Value::Null, |body| serde_json::from_slice(&body).expect("JSON")))
}

#[test]
fn what_is_created_is_found_listed_filtered_changed_and_deleted() {
    let store = Store::new(inferred(SHOP).plan);
    for (slug, city) in [("a", "Bonn"), ("b", "Köln"), ("c", "Bonn")] {
        let shop =
            json!({"slug": slug, "name": format!("Shop {slug}"), "city": city, "code": "hidden", "id": 77});
        let made = ask(&store, "shops_create", &[], &[], Some(shop)).expect("a shop");
        assert_eq!((&made["open"], made.get("code"), made.get("opened")), (&json!(true), None, None));
    }
    let list = ask(&store, "shops_list", &[], &[("city", "Bonn"), ("sort", "-name")], None).expect("a list");
    assert_eq!(
        (&list["meta"], &list["results"][0]["slug"], &list["results"][0]["id"]),
        (&json!({"total": 2, "next": null}), &json!("c"), &json!(3))
    );
    let item =
        ask(&store, "items_create", &[("shopId", "a")], &[], Some(json!({"title": "pen"}))).expect("an item");
    assert_eq!(item, json!({"sku": 1, "title": "pen"}));
    assert_eq!(ask(&store, "items_list", &[("shopId", "b")], &[], None), Ok(json!([])));
    assert_eq!(ask(&store, "items_best", &[("shopId", "a")], &[("title", "pen")], None), Ok(json!([item])));
    assert_eq!(ask(&store, "items_list", &[("shopId", "x")], &[], None), Err(Refusal::NotFound));
    let order =
        ask(&store, "orders_create", &[], &[], Some(json!({"shop": 1, "items": [1]}))).expect("an order");
    let inner = &order["shop_obj"];
    assert_eq!((&inner["slug"], &order["shop_city"]), (&json!("a"), &json!("Bonn")));
    assert!(matches!(ask(&store, "shops_delete", &[("slug", "a")], &[], None), Err(Refusal::Violations(_))));
    assert_eq!(
        ask(&store, "shops_patch", &[("slug", "b")], &[], Some(json!({"city": null})))
            .expect("a shop")
            .get("city"),
        None
    );
    ask(&store, "shops_delete", &[("slug", "b")], &[], None).expect("gone");
    assert_eq!(ask(&store, "shops_retrieve", &[("slug", "b")], &[], None), Err(Refusal::NotFound));
    // The body says which row it is where the path does not.
    let changed = json!({"id": order["id"], "shop": 3, "items": []});
    assert_eq!(ask(&store, "orders_change", &[], &[], Some(changed)).expect("an order")["shop"], 3);
    assert_eq!(ask(&store, "orders_change", &[], &[], Some(json!({"shop": 3}))), Err(Refusal::NotFound));
    let unmapped = Refusal::Unmapped { parameter: "mood".to_owned() };
    assert_eq!(ask(&store, "shops_list", &[], &[("mood", "good")], None), Err(unmapped));
}

#[test]
fn a_wrong_annotation_is_told_with_its_place() {
    let cases = [
        ("x-filter: owner.name", "x-filter: boss.name", "the model `Shop` has no field `boss`", "shop.yaml:"),
        (
            "x-references: Item",
            "x-references: Thing",
            "`x-references` names the model `Thing`, which no collection has",
            "shop.yaml:",
        ),
        ("x-on-delete: protect", "x-on-delete: keep", "`x-on-delete` cannot be read", "shop.yaml:"),
        (
            "x-source: {path: shop.city}",
            "x-source: {path: shop.town}",
            "the model `Shop` has no field `town`",
            "shop.yaml:",
        ),
        (
            "x-source: {path: shop.city}",
            "x-source: {way: shop.city}",
            "`x-source` cannot be read",
            "shop.yaml:",
        ),
        ("x-fill: {secret: 32}", "x-fill: {secrets: 32}", "`x-fill` cannot be read", "shop.yaml:"),
        (
            "x-resource: {order: [slug]}",
            "x-resource: {order: [age]}",
            "the path `age` leads nowhere",
            "shop.yaml:",
        ),
        (
            "x-resource: {order: [slug]}",
            "x-resource: {orders: [age]}",
            "unknown field `orders`",
            "shop.yaml:",
        ),
        ("action: list}", "acts: list}", "`x-resource` cannot be read", "shop.yaml:"),
        (
            "uniqueTogether: [[name, city]]",
            "uniqueTogether: [[name, town]]",
            "the model `Shop` has no field `town`",
            "shop.yaml:",
        ),
    ];
    for (from, to, message, place) in cases {
        let error = error(from, to);
        assert!(
            error.contains(message) && error.starts_with(place) && error.contains("help: "),
            "{to}: {error}"
        );
        assert!(!error.starts_with("shop.yaml:1:1:"), "{to}: {error}");
    }
}

#[test]
fn what_has_no_rows_says_why() {
    let document = |answer: &str| {
        format!(
            "{{openapi: 3.0.3, info: {{title: T, version: '1'}}, paths: {{'/things/{{thing}}': {{get: {{operationId: g, parameters: [{{name: thing, in: path, required: true, schema: {{type: string}}}}], responses: {{'200': {{description: '', content: {{{answer}}}}}}}}}}}, /things: {{get: {{operationId: l, responses: {{'200': {{description: ''}}}}}}}}}}}}"
        )
    };
    let cases = [
        ("text/plain: {}", "its answer is no JSON"),
        ("application/json: {schema: {type: string}}", "its answer is no object"),
        (
            "application/json: {schema: {type: object, properties: {color: {type: string}, size: {type: string}}}}",
            "no property is what its objects are named by; `x-resource` can say it",
        ),
    ];
    for (answer, reason) in cases {
        let inferred = inferred(&document(answer));
        let found =
            inferred.operations.iter().find(|operation| operation.operation == "g").expect("an operation");
        assert_eq!(found.meaning, Err(reason.to_owned()), "{answer}");
    }
}
