//! Rows in the form of the API.

use serde_json::{Value, json};

use super::{filled, get, send, store};
use crate::objects::{located, text};
use crate::plan::Problem;

/// Returns the places of what is wrong with a state, with what is said of them.
fn problems(state: &Value) -> Vec<(String, String)> {
    let problems = store().import(state).expect_err("a problem");
    problems.into_iter().map(|Problem { pointer, message, .. }| (pointer, message)).collect()
}

#[test]
fn an_exported_state_is_what_get_answers_and_comes_back_byte_for_byte() {
    let rows = store();
    filled(&rows);
    send(&rows, "notes_create", &[], json!({"name": "note", "text": "hidden from the list"}));
    let exported = rows.export();
    assert_eq!(exported["objects"]["teams"][0], get(&rows, "teams_retrieve", &["/slug=red"]));
    assert_eq!(exported["objects"]["tickets"][0], get(&rows, "tickets_retrieve", &["/id=1"]));
    let people = &exported["objects"]["people"];
    let id = people[0]["id"].as_str().expect("a key");
    assert_eq!(people[0]["password"], Value::Null, "no answer shows it");
    assert_eq!(exported["beside"]["objects"]["people"][id]["values"], json!({"password": "x"}));
    // A list that has no answers of its own shows its rows as those of their base.
    let note = &exported["beside"]["objects"]["items"]["5"];
    assert_eq!((&note["model"], &note["values"]["text"]), (&json!("note"), &json!("hidden from the list")));
    let again = store();
    again.import(&exported).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(again.export().to_string(), exported.to_string());
    assert_eq!(again.entries(), rows.entries());
    let read: Value = serde_json::from_str(&text(&exported)).expect("JSON");
    assert_eq!(read.to_string(), exported.to_string());
    // Sequences go on where they were.
    assert_eq!(send(&again, "teams_create", &[], json!({"slug": "green"}))["id"], 3);
}

#[test]
fn objects_alone_are_filled_like_new_rows() {
    let rows = store();
    let state = json!({"objects": {
        "/people/": [{"id": "a", "name": "jo", "password": "p", "shout": "what others derive"}],
        "tickets": [{"name": "roof", "author": "a", "teams": [1]}],
        "teams": [{"id": 1, "slug": "red"}],
    }});
    rows.import(&state).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let ticket = get(&rows, "tickets_retrieve", &["/id=1"]);
    assert_eq!((&ticket["state"], &ticket["label"]), (&json!("open"), &json!("roof/jo")));
    let exported = rows.export();
    assert_eq!(exported["beside"]["objects"]["people"]["a"]["values"]["password"], "p");
    assert_eq!(exported["beside"]["sequences"], json!({"team/id": 1, "item/id": 1}));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let state = json!({
        "objects": {
            "people": [{"id": "a", "nam": "x", "name": 7}, {"id": "a", "name": "x"}],
            "tickets": [{"name": "t", "author": "nobody"}, 7],
            "peple": [],
            "teams": {},
        },
        "beside": {
            "objects": {"people": {"gone": {"row": 1}, "a": {"row": 2, "values": {"secret": 1}}}},
            "rows": [{"model": "persn"}, {"model": "note", "values": {"name": "n"}, "row": 2}],
            "sequences": {"team/number": 1},
            "order": [],
        },
        "permissions": {},
    });
    let found = problems(&state);
    let expected = [
        "/permissions",
        "/beside/order",
        "/beside/objects/people/a/values/secret",
        "/objects/people/0/nam",
        "/objects/people/0/name",
        "/objects/tickets/1",
        "/objects/peple",
        "/objects/teams",
        "/beside/objects/people/gone",
        "/beside/rows/0",
        "/beside/sequences/team~1number",
        "/beside/rows/1",
        "/objects/people/0/id",
        "/objects/people/1/id",
        "/objects/tickets/0/author",
    ];
    for pointer in expected {
        assert!(found.iter().any(|(known, _)| known == pointer), "{pointer} in {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    let known = &found.iter().find(|(pointer, _)| pointer == "/objects/people/0/name").expect("a problem").1;
    assert_eq!(known, "this is no text: 7");
    let told = located("f.json", "{\n \"objects\": {}}", &[Problem::new("/objects", "no", "yes")]);
    assert_eq!(told, "f.json:2:13: /objects: no; yes");
    assert!(!problems(&json!([])).is_empty());
}

#[test]
fn rows_are_taken_over_where_two_definitions_describe_them_alike() {
    let before = store();
    let (jo, _) = filled(&before);
    let mut definition = super::definition();
    definition["models"]["team"]["fields"]["motto"] = json!({"kind": "text", "nullable": true});
    // Nothing depends on tickets; persons and tickets depend on teams.
    let plan = |definition: Value| {
        let definition = serde_json::from_value(definition).expect("a definition");
        crate::plan::Plan::new(definition, super::functions()).expect("a plan")
    };
    let after = crate::store::Store::new(plan(definition.clone()));
    send(&after, "notes_create", &[], json!({"name": "note"}));
    let adopted = after.adopt(&before.snapshot());
    assert_eq!(adopted.kept, ["item", "note"]);
    assert_eq!(adopted.anew, ["team", "person", "ticket"]);
    assert_eq!(get(&after, "people_list", &[])["total"], 0, "their teams are others");

    definition["models"]["team"]["fields"].as_object_mut().expect("fields").remove("motto");
    definition["models"]["ticket"]["fields"]["extra"] = json!({"kind": "text", "nullable": true});
    let after = crate::store::Store::new(plan(definition));
    send(&after, "teams_create", &[], json!({"slug": "of another time"}));
    let adopted = after.adopt(&before.snapshot());
    assert_eq!(
        (adopted.kept.join(" "), adopted.anew.join(" ")),
        ("team person item note".into(), "ticket".into())
    );
    assert_eq!(after.export()["objects"]["people"], before.export()["objects"]["people"]);
    assert_eq!(after.export()["objects"]["teams"].as_array().map(Vec::len), Some(2));
    assert_eq!(send(&after, "teams_create", &[], json!({"slug": "green"}))["id"], 3, "sequences go on");
    send(&after, "tickets_create", &[], json!({"name": "new", "author": jo}));
}
