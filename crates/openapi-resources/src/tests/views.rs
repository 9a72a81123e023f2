use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::{definition, filled, get, send, store, store_with};
use crate::functions::Functions;

#[test]
fn a_view_shows_values_from_everywhere() {
    let store = store();
    let (jo, al) = filled(&store);
    let person = json!({"id": jo, "name": "jo", "team": 1, "team_slug": "red", "shout": "JO"});
    let red = json!({"id": 1, "slug": "red", "members": [jo], "kind": "team", "size": 1});
    let blue = json!({"id": 2, "slug": "blue", "members": [], "kind": "team", "size": 0});
    let expected = json!({
        "id": 1, "name": "roof", "state": "open", "weight": 3, "author": jo, "parent": null, "teams": [1, 2],
        "extra": {"color": "red"}, "label": "roof/jo", "author_obj": person, "teams_obj": [red, blue],
        "path": "/red/1", "color": "red",
    });
    let shown = get(&store, "tickets_retrieve", &["/id=1"]);
    assert_eq!(shown, expected);
    assert_eq!(shown.to_string(), expected.to_string(), "properties keep their order");
    // A template with nothing to say is null, and what is optional and null is not there.
    let other = get(&store, "tickets_retrieve", &["/id=3"]);
    assert_eq!((&other["path"], other.get("color"), &other["author"]), (&json!(null), None, &json!(al)));
}

#[test]
fn a_view_that_was_shown_before_shows_changes_of_other_rows() {
    let store = store();
    filled(&store);
    assert_eq!(get(&store, "tickets_retrieve", &["/id=1"])["author_obj"]["team_slug"], "red");
    send(&store, "teams_update", &["/slug=red"], json!({"slug": "green"}));
    assert_eq!(get(&store, "tickets_retrieve", &["/id=1"])["author_obj"]["team_slug"], "green");
    assert_eq!(get(&store, "tickets_retrieve", &["/id=1"])["path"], "/green/1");
}

#[test]
fn a_value_of_the_row_alone_is_computed_once() {
    let computed = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&computed);
    let functions = Functions::new().with_own("shout", move |reader, row| {
        counter.fetch_add(1, Ordering::Relaxed);
        json!(reader.value(row, "name").as_str().unwrap_or_default().to_uppercase())
    });
    let store = store_with(definition(), functions);
    let (jo, _) = filled(&store);
    let path = format!("/id={jo}");
    let times = || {
        let before = computed.load(Ordering::Relaxed);
        for _ in 0..3 {
            assert_eq!(get(&store, "people_retrieve", &[&path])["shout"], "JO");
        }
        computed.load(Ordering::Relaxed) - before
    };
    times();
    assert_eq!(times(), 0);
    send(&store, "teams_update", &["/slug=red"], json!({"slug": "red", "members": []}));
    assert_eq!(times(), 1, "the row is another now");
}

#[test]
fn rows_that_refer_can_be_set_from_the_other_side() {
    let store = store();
    let (jo, al) = filled(&store);
    let team = send(&store, "teams_update", &["/slug=blue"], json!({"slug": "blue", "members": [jo, al]}));
    assert_eq!(team["members"], json!([jo, al]));
    assert_eq!(get(&store, "teams_retrieve", &["/slug=red"])["size"], 0);
    assert_eq!(get(&store, "people_retrieve", &[&format!("/id={al}")])["team"], 2);
    send(&store, "teams_update", &["/slug=blue"], json!({"slug": "blue", "members": [al]}));
    assert_eq!(get(&store, "people_retrieve", &[&format!("/id={jo}")])["team"], json!(null));
}

#[test]
fn a_row_can_be_inside_a_property() {
    let store = store();
    let (jo, _) = filled(&store);
    let made = send(&store, "tickets_put", &["/id=77"], json!({"ticket": {"name": "new", "author": jo}}));
    assert_eq!((&made["ticket"]["id"], &made["ticket"]["name"]), (&json!(77), &json!("new")));
    let next = send(&store, "tickets_create", &[], json!({"name": "after", "author": jo}));
    assert_eq!(next["id"], 78, "a sequence goes on after the greatest number");
}
