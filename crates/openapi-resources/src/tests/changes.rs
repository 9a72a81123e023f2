use serde_json::json;

use super::{
    Definition, Plan, Store, definition, filled, functions, get, names, refused, send, store, store_of,
};
use crate::answer::{Refusal, Request};
use crate::store::WriteError;
use crate::violation::Violation;

#[test]
fn a_new_row_is_filled() {
    let store = store();
    let note = send(&store, "notes_create", &[], json!({"name": "n", "token": "mine"}));
    assert_eq!(
        (&note["id"], &note["text"], note["token"].as_str().map(str::len)),
        (&json!(1), &json!(null), Some(24))
    );
    let (jo, _) = filled(&store);
    let ticket =
        send(&store, "tickets_create", &[], json!({"name": "t", "author": jo, "label": "given", "id": 9}));
    assert_eq!((&ticket["id"], &ticket["state"], &ticket["teams"]), (&json!(6), &json!("open"), &json!([])));
    assert_eq!(ticket["label"], "given");
}

#[test]
fn replacing_changing_and_merging_differ() {
    let store = store();
    let (jo, _) = filled(&store);
    send(&store, "tickets_patch", &["/id=1"], json!({"extra": {"size": {"x": 1}}, "state": "done"}));
    let patched =
        send(&store, "tickets_patch", &["/id=1"], json!({"extra": {"color": null, "size": {"y": 2}}}));
    assert_eq!(patched["extra"], json!({"size": {"x": 1, "y": 2}}));
    assert_eq!((&patched["state"], &patched["weight"]), (&json!("done"), &json!(3)));
    let put =
        send(&store, "tickets_update", &["/id=1"], json!({"name": "roof", "author": jo, "label": "no"}));
    assert_eq!(
        (&put["state"], &put["weight"], &put["extra"], &put["teams"]),
        (&json!("open"), &json!(null), &json!(null), &json!([]))
    );
    assert_eq!((&put["id"], &put["label"]), (&json!(1), &json!("roof/jo")), "what only creating sets stays");
}

#[test]
fn a_replacement_gives_what_it_lacks_its_default_and_keeps_the_key() {
    for (put, weight) in [("replace", json!(null)), ("keep", json!(3))] {
        let mut definition = definition();
        definition["collections"]["tickets"]["put"] = json!(put);
        let properties = &mut definition["views"]["Ticket"]["properties"];
        properties["id"] = json!({"default": 99});
        properties["state"]["default"] = json!("new");
        properties["extra"]["default"] = json!(null);
        let store = store_of(definition);
        let (jo, _) = filled(&store);
        send(&store, "tickets_patch", &["/id=1"], json!({"extra": {"size": 1}}));
        let put = send(&store, "tickets_update", &["/id=1"], json!({"name": "roof", "author": jo}));
        let found = ["id", "state", "extra", "weight"].map(|name| put[name].clone());
        assert_eq!(found, [json!(1), json!("new"), json!(null), weight]);
    }
}

#[test]
fn times_of_creation_and_change_are_kept() {
    let store = store();
    let (reader, item) = (|| store.snapshot(), store.plan().model("item").expect("a model"));
    let (jo, _) = filled(&store);
    let times = || {
        let snapshot = reader();
        let row = snapshot.reader().by_key(item, &json!(1)).expect("a row").clone();
        ["made", "changed"].map(|field| snapshot.reader().value(&row, field).clone())
    };
    let [made, changed] = times();
    send(&store, "tickets_update", &["/id=1"], json!({"name": "roof", "author": jo}));
    let [still, later] = times();
    assert_eq!(made, still);
    assert!(later.as_str() > changed.as_str(), "{later} {changed}");
}

#[test]
fn values_are_unique_across_models_with_one_base() {
    let store = store();
    let (jo, _) = filled(&store);
    let unique = |model: &str, fields: &[&str]| Violation::Unique {
        model: model.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    };
    let missing = |field: &str, target: &str, value: i64| Violation::ReferenceMissing {
        model: "ticket".to_owned(),
        field: field.to_owned(),
        target: target.to_owned(),
        value: json!(value),
    };
    // Among few rows all are looked at, among many those with the same values.
    for others in [0, 40] {
        for number in 0..others {
            send(&store, "notes_create", &[], json!({"name": format!("note {number}")}));
        }
        let refusal = refused(&store, "notes_create", &[], Some(json!({"name": "roof"})));
        assert_eq!(refusal, Refusal::Violations(vec![unique("item", &["name"])]));
        let twice = json!({"name": "roof", "author": jo, "weight": 3, "teams": [7], "parent": 8});
        let expected = vec![
            missing("parent", "ticket", 8),
            missing("teams", "team", 7),
            unique("ticket", &["author", "weight"]),
            unique("item", &["name"]),
        ];
        assert_eq!(refused(&store, "tickets_create", &[], Some(twice)), Refusal::Violations(expected));
        assert_eq!(get(&store, "tickets_list", &[])["pagination"]["count"], 4, "nothing was made");
    }
    // Null is shared by any number.
    send(&store, "tickets_create", &[], json!({"name": "a", "author": jo}));
    send(&store, "tickets_create", &[], json!({"name": "b", "author": jo}));
    let missing = Violation::Missing { model: "ticket".to_owned(), field: "author".to_owned() };
    let refusal = refused(&store, "tickets_patch", &["/id=1"], Some(json!({"author": null})));
    assert_eq!(refusal, Refusal::Violations(vec![missing]));
}

#[test]
fn deleting_does_with_others_what_their_fields_say() {
    let store = store();
    let (jo, _) = filled(&store);
    for (id, parent) in [(2, 1), (4, 2)] {
        send(&store, "tickets_patch", &[&format!("/id={id}")], json!({"parent": parent}));
    }
    let refusal = refused(&store, "people_delete", &[&format!("/id={jo}")], None);
    let Refusal::Violations(violations) = refusal else { panic!("{refusal}") };
    let protected = violations.iter().map(|violation| match violation {
        Violation::Protected { model, by, by_key, field, .. } => {
            (model.as_str(), by.as_str(), by_key.clone(), field.as_str())
        }
        other => panic!("{other}"),
    });
    let expected = [("person", "ticket", json!(1), "author"), ("person", "ticket", json!(2), "author")];
    assert_eq!(protected.collect::<Vec<_>>(), expected);
    // A list loses the item, a single name becomes null.
    get(&store, "teams_delete", &["/slug=red"]);
    assert_eq!(get(&store, "tickets_retrieve", &["/id=1"])["teams"], json!([2]));
    assert_eq!(get(&store, "people_retrieve", &[&format!("/id={jo}")])["team"], json!(null));
    // A row goes with the one that it belongs to, also if that is deleted as a row of its base.
    get(&store, "items_delete", &["/id=1"]);
    assert_eq!(names(&get(&store, "tickets_list", &[])["results"]), ["floor"]);
    get(&store, "people_delete", &[&format!("/id={jo}")]);
}

#[test]
fn a_snapshot_stays_and_can_be_restored() {
    let (store, other) = (store(), store());
    let (jo, _) = filled(&store);
    let before = store.snapshot();
    let list = get(&store, "tickets_list", &["page_size=9"]);
    get(&store, "items_delete", &["/id=1"]);
    send(&store, "teams_update", &["/slug=red"], json!({"slug": "green"}));
    let ticket = store.plan().model("ticket").expect("a model");
    assert_eq!((before.reader().count(ticket), before.reader().rows(ticket).count()), (4, 4));
    assert_eq!(store.snapshot().reader().count(ticket), 3);
    store.restore(&before).expect("the same plan");
    assert_eq!(get(&store, "tickets_list", &["page_size=9"]), list);
    let again = send(&store, "tickets_create", &[], json!({"name": "x", "author": jo}));
    assert_eq!(again["id"], 5, "a sequence goes on where it was");
    assert!(other.restore(&before).is_err());
}

#[test]
fn a_transaction_happens_as_a_whole() {
    let store = store();
    let (ticket, person) =
        (store.plan().model("ticket").expect("a model"), store.plan().model("person").expect("a model"));
    let values = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
    // Rows may name rows that are made after them.
    let made = store.write(|transaction| {
        transaction.insert(ticket, values(json!({"name": "t", "author": "k"})));
        transaction.insert(person, values(json!({"id": "k", "name": "jo"})));
        Ok::<_, WriteError>(())
    });
    assert!(made.is_ok());
    let failed = store.write(|transaction| {
        transaction.insert(person, values(json!({"id": "l", "name": "al"})));
        transaction.insert(person, values(json!({"id": "k", "name": "twice", "shoe": 1})));
        Ok::<_, WriteError>(())
    });
    let failed = failed.expect_err("violations").to_string();
    assert_eq!(failed, "the model `person` has no field `shoe`; another row of `person` has the same id");
    assert_eq!(store.snapshot().reader().count(person), 1);
}

#[test]
fn a_row_says_what_names_it_and_how_it_is_called() {
    let store = store();
    filled(&store);
    let snapshot = store.snapshot();
    let (reader, team) = (snapshot.reader(), store.plan().model("team").expect("a model"));
    let red = reader.find(team, "slug", &json!("red")).expect("a row");
    let named: Vec<_> = reader
        .references(red)
        .map(|reference| {
            (
                reference.field,
                store.plan().model_name(reference.model),
                reader.text(reference.row),
                reference.many,
            )
        })
        .collect();
    assert_eq!(reader.text(red), "Team red");
    assert_eq!(named.len(), 3);
    assert_eq!((named[0].0, named[0].1, named[0].3), ("team", "person", false));
    assert_eq!((named[1].0, named[1].1, named[1].2.as_str(), named[1].3), ("teams", "ticket", "1", true));
}

#[test]
fn a_new_row_is_the_users_unless_it_says_otherwise() {
    let store = store();
    let body = json!({"name": "me"});
    let request = Request {
        operation: "people_create",
        user: Some(json!("u1")),
        body: Some(&body),
        ..Request::default()
    };
    let made = super::body(&store.answer(&request).expect("a row"));
    assert_eq!(made["id"], "u1");
}

#[test]
fn a_key_of_any_kind_is_found_by_its_text() {
    let definition = json!({"models": {"thing": {"key": "id", "fields": {"id": {}}}}, "collections": {}});
    let definition: Definition = serde_json::from_value(definition).expect("a definition");
    let plan = Plan::new(definition, functions()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let store = Store::new(plan);
    let thing = store.plan().model("thing").expect("a model");
    for id in [json!(5), json!(true), json!("a"), json!("7")] {
        let inserted = store.write(|transaction| {
            transaction.insert(thing, [("id".to_owned(), id)].into_iter().collect());
            Ok::<_, WriteError>(())
        });
        assert!(inserted.is_ok(), "{inserted:?}");
    }
    let snapshot = store.snapshot();
    for text in ["5", "true", "a", "7"] {
        assert!(snapshot.reader().by_key(thing, &json!(text)).is_some(), "{text}");
    }
    assert!(snapshot.reader().by_key(thing, &json!("6")).is_none());
}
