use serde_json::{Value, json};

use super::{ask, body, filled, get, names, refused, send, store};
use crate::answer::{Refusal, Request};
use crate::reader::{Only, Reader};
use crate::row::{Row, RowId};

#[test]
fn filters_narrow_a_list() {
    let store = store();
    let (jo, _) = filled(&store);
    let author = format!("author={jo}");
    let cases: [(&[&str], &[&str]); 18] = [
        (&[], &["floor", "roof", "window", "Door"]),
        (&["state=done"], &["floor"]),
        (&["state=done", "state=open"], &["floor", "roof", "window", "Door"]),
        (&["name__icontains=OO"], &["floor", "roof", "Door"]),
        (&["weight_gte=3"], &["roof", "window"]),
        (&["weight__isnull=true"], &["floor"]),
        (&["weight__isnull=false"], &["roof", "window", "Door"]),
        (&[&author], &["roof", "Door"]),
        (&["author_team=red"], &["roof", "Door"]),
        (&["author_team=blue"], &[]),
        (&["teams=2"], &["roof", "Door"]),
        (&["teams=1", "teams=2"], &["roof", "window", "Door"]),
        (&["all_teams=red,blue"], &["roof"]),
        (&["not_state=open"], &["floor"]),
        (&["color=blue"], &["window"]),
        (&["match=^.oo"], &["roof", "Door"]),
        (&["search=o ROO"], &["roof"]),
        (&["search=al"], &["floor", "window"]),
    ];
    for (parameters, expected) in cases {
        let parameters = [parameters, &["page_size=9"]].concat();
        let list = get(&store, "tickets_list", &parameters);
        assert_eq!(names(&list["results"]), expected, "{parameters:?}");
        assert_eq!(list["pagination"]["count"], expected.len(), "{parameters:?}");
    }
}

#[test]
fn hidden_rows_are_left_out_alike_whether_they_are_few_or_a_function_says_them() {
    let store = store();
    filled(&store);
    let snapshot = store.snapshot();
    let model = snapshot.reader().model("ticket").unwrap();
    let all: Vec<RowId> = snapshot.reader().rows(model).map(|row| row.id()).collect();
    for hidden in [&[][..], &all[..1], &all[3..], &all[1..3], &[all[3], all[0]], &all] {
        let shows = |_: Reader<'_>, row: &Row| !hidden.contains(&row.id());
        for page in ["1", "2", "3"] {
            for ordering in ["", "name", "-name"] {
                let page = |only| {
                    let query = [("ordering", ordering), ("page", page), ("page_size", "2")];
                    let query =
                        query.iter().map(|(name, value)| (*name, vec![Value::from(*value)])).collect();
                    let request =
                        Request { operation: "tickets_list", query, only: Some(only), ..Request::default() };
                    store.answer(&request).map(|answer| answer.body).map_err(|refusal| format!("{refusal:?}"))
                };
                assert_eq!(page(Only::But(hidden)), page(Only::If(&shows)), "{hidden:?} {ordering}");
            }
        }
    }
}

#[test]
fn a_list_is_ordered_as_asked_for() {
    let store = store();
    filled(&store);
    let cases = [
        ("", ["floor", "roof", "window", "Door"]),
        ("name", ["Door", "floor", "roof", "window"]),
        ("-name", ["window", "roof", "floor", "Door"]),
        ("weight,-name", ["Door", "window", "roof", "floor"]),
        ("author", ["floor", "window", "roof", "Door"]),
        ("-author,name", ["Door", "roof", "floor", "window"]),
    ];
    for (ordering, expected) in cases {
        let ordering = format!("ordering={ordering}");
        let list = get(&store, "tickets_list", &[&ordering, "page_size=9"]);
        assert_eq!(names(&list["results"]), expected, "{ordering}");
        // A part of a list is the same part of the whole.
        let part = get(&store, "tickets_list", &[&ordering, "page=2"]);
        assert_eq!(names(&part["results"]), expected[2..], "{ordering}");
    }
    let refusal = refused(&store, "tickets_list", &["ordering=state"], None);
    assert!(matches!(refusal, Refusal::Parameter { parameter, .. } if parameter == "ordering"));
}

#[test]
fn what_a_parameter_cannot_mean_is_refused() {
    let store = store();
    let cases = [
        ("mystery=1", Refusal::Unmapped { parameter: "mystery".to_owned() }),
        ("page=2", Refusal::NoPage { parameter: "page".to_owned() }),
        ("page=0", Refusal::NoPage { parameter: "page".to_owned() }),
        ("page=x", Refusal::NoPage { parameter: "page".to_owned() }),
    ];
    for (parameter, expected) in cases {
        assert_eq!(refused(&store, "tickets_list", &[parameter], None), expected);
    }
    for parameter in ["match=(", "page_size=x"] {
        let refusal = refused(&store, "tickets_list", &[parameter], None);
        assert!(matches!(refusal, Refusal::Parameter { .. }), "{parameter}: {refusal:?}");
    }
    assert_eq!(
        refused(&store, "people_list", &["after=x"], None),
        Refusal::NoPage { parameter: "after".to_owned() }
    );
    assert_eq!(refused(&store, "unknown", &[], None), Refusal::NoOperation);
}

#[test]
fn pages_have_numbers_and_facts() {
    let store = store();
    filled(&store);
    let list = get(&store, "tickets_list", &["search=o", "page_size=2"]);
    let facts = json!({"next": 2, "count": 4, "total_pages": 2, "start_index": 1});
    assert_eq!((&list["pagination"], names(&list["results"]).len()), (&facts, 2));
    assert_eq!(list["url"], "http://host/here?search=o&page_size=2&page=2");
    assert_eq!(
        list.as_object().map(|list| list.keys().map(String::as_str).collect::<Vec<_>>()),
        Some(vec!["pagination", "results", "url"])
    );
    let last = get(&store, "tickets_list", &["page=2"]);
    assert_eq!(last["pagination"], json!({"next": 0, "count": 4, "total_pages": 2, "start_index": 3}));
    assert_eq!(last["url"], json!(null));
    let none = get(&store, "tickets_list", &["search=xyz"]);
    assert_eq!(none["pagination"], json!({"next": 0, "count": 0, "total_pages": 1, "start_index": 0}));
}

#[test]
fn offsets_tell_their_place_in_headers() {
    let store = store();
    filled(&store);
    let answer = ask(&store, "items_list", &["limit=1", "offset=1"], None).expect("an answer");
    assert_eq!(names(&body(&answer)), ["Door"]);
    let link = "<http://host/here?limit=1&offset=2>; rel=\"next\", <http://host/here?limit=1&offset=0>; rel=\"prev\"";
    let expected =
        [("X-Total-Count", "4"), ("Link", link)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(answer.headers, expected);
    let all = ask(&store, "items_list", &[], None).expect("an answer");
    assert_eq!((names(&body(&all)).len(), all.headers.len()), (4, 1));
}

#[test]
fn texts_are_found_whatever_their_case_and_after_every_change() {
    let store = store();
    filled(&store);
    let found = |text: &str| {
        let list = get(&store, "items_list", &[&format!("search={text}")]);
        names(&list).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("OO"), ["roof", "Door", "floor"]);
    assert_eq!(found("oo 3"), ["floor"]);
    assert_eq!(found("none"), Vec::<String>::new());
    send(&store, "tickets_patch", &["/id=2"], json!({"name": "Gate"}));
    get(&store, "items_delete", &["/id=3"]);
    assert_eq!((found("oo"), found("gate")), (vec!["roof".to_owned()], vec!["Gate".to_owned()]));
}

#[test]
fn a_cursor_goes_on_where_it_was_whatever_is_made_before_it() {
    let store = store();
    for name in ["b", "d", "f", "h", "k"] {
        send(&store, "people_create", &[], json!({"name": name}));
    }
    let first = get(&store, "people_list", &[]);
    assert_eq!((names(&first["data"]), &first["total"]), (vec!["b", "d"], &json!(5)));
    for name in ["a", "e"] {
        send(&store, "people_create", &[], json!({"name": name}));
    }
    let after = format!("after={}", first["next"].as_str().expect("a cursor"));
    let second = get(&store, "people_list", &[&after, "limit=3"]);
    assert_eq!(names(&second["data"]), ["e", "f", "h"]);
    let after = format!("after={}", second["next"].as_str().expect("a cursor"));
    let last = get(&store, "people_list", &[&after]);
    assert_eq!((names(&last["data"]), &last["next"]), (vec!["k"], &json!(null)));
}

#[test]
fn a_row_is_found_below_its_parent_only() {
    let store = store();
    let (jo, al) = filled(&store);
    assert_eq!(names(&get(&store, "members_list", &["/slug=red"])), ["jo"]);
    assert_eq!(names(&get(&store, "members_list", &["/slug=blue"])), Vec::<&str>::new());
    assert_eq!(refused(&store, "members_list", &["/slug=none"], None), Refusal::NotFound);
    assert_eq!(get(&store, "members_retrieve", &["/slug=red", &format!("/id={jo}")])["name"], "jo");
    assert_eq!(
        refused(&store, "members_retrieve", &["/slug=red", &format!("/id={al}")], None),
        Refusal::NotFound
    );
    let made = send(&store, "members_create", &["/slug=blue"], json!({"name": "new"}));
    assert_eq!((&made["team"], &made["team_slug"]), (&json!(2), &json!("blue")));
    let refusal = refused(&store, "members_create", &["/slug=none"], Some(json!({"name": "new"})));
    assert_eq!(refusal, Refusal::NotFound);
}

#[test]
fn an_owner_sees_what_is_theirs() {
    let store = store();
    let (jo, al) = filled(&store);
    let mut request = Request { operation: "people_list", owner: Some(json!(jo)), ..Request::default() };
    assert_eq!(names(&body(&store.answer(&request).expect("a list"))["data"]), ["jo"]);
    request.operation = "people_retrieve";
    request.path = vec![("id", Value::from(al))];
    assert_eq!(store.answer(&request).expect_err("another's row"), Refusal::NotFound);
}
