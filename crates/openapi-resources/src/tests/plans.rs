use serde_json::{Value, json};

use super::{definition, functions};
use crate::definition::Definition;
use crate::functions::Functions;
use crate::plan::Plan;

/// Returns what is wrong after a value was put at `pointer`.
fn problems(pointer: &str, value: Value) -> Vec<(String, String)> {
    let mut definition = definition();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    definition
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .expect("an object")
        .insert(key.to_owned(), value);
    let definition: Definition = serde_json::from_value(definition).expect("a definition");
    let problems = Plan::new(definition, functions()).expect_err(pointer);
    problems.into_iter().map(|problem| (problem.pointer, problem.message)).collect()
}

#[test]
fn what_leads_nowhere_is_told_with_its_place() {
    let cases = [
        ("/models/ticket/base", json!("none"), "/models/ticket/base", "there is no model `none`"),
        ("/models/item/base", json!("ticket"), "/models/item/base", "the model `item` is its own base"),
        ("/models/team/key", json!("pk"), "/models/team/key", "the model `team` has no field `pk`"),
        (
            "/models/ticket/fields/name",
            json!({}),
            "/models/ticket/fields/name",
            "a base of `ticket` has the field `name` already",
        ),
        (
            "/models/person/fields/team/reference",
            json!({"model": "crew"}),
            "/models/person/fields/team/reference/model",
            "there is no model `crew`",
        ),
        (
            "/models/person/fields/team/reference",
            json!({"model": "team", "field": "nr"}),
            "/models/person/fields/team/reference/field",
            "the model `team` has no field that rows are named by",
        ),
        (
            "/models/team/reverse/members",
            json!({"model": "person", "field": "name"}),
            "/models/team/reverse/members/field",
            "`name` of the model `person` does not refer to `team`",
        ),
        (
            "/models/team/uniqueTogether",
            json!([["slug", "size"]]),
            "/models/team/uniqueTogether/0",
            "the model `team` has no field `size`",
        ),
        (
            "/models/team/text",
            json!("{size}"),
            "/models/team/text",
            "the path `size` leads nowhere: the model `team` has no field `size`",
        ),
        (
            "/models/note/fields/token/fill",
            json!({"function": "f"}),
            "/models/note/fields/token/fill",
            "there is no function `f`",
        ),
        ("/views/Item/model", json!("thing"), "/views/Item/model", "there is no model `thing`"),
        (
            "/views/Item/properties/size",
            json!({}),
            "/views/Item/properties/size",
            "the path `size` leads nowhere: the model `item` has no field `size`",
        ),
        (
            "/views/Person/properties/shout/source",
            json!({"function": "g"}),
            "/views/Person/properties/shout/source",
            "there is no function `g`",
        ),
        (
            "/views/Ticket/properties/author_obj/source",
            json!({"object": {"path": "author", "view": "Nobody"}}),
            "/views/Ticket/properties/author_obj/source/view",
            "there is no view `Nobody`",
        ),
        (
            "/views/Ticket/properties/author_obj/source",
            json!({"object": {"path": "author", "view": "Team"}}),
            "/views/Ticket/properties/author_obj/source/view",
            "the view `Team` shows rows of `team`, and the path leads to rows of `person`",
        ),
        (
            "/views/Ticket/properties/author_obj/source",
            json!({"object": {"path": "name", "view": "Team"}}),
            "/views/Ticket/properties/author_obj/source/path",
            "the path `name` leads nowhere: `name` of the model `ticket` refers to no rows",
        ),
        (
            "/views/Ticket/properties/author_obj/source",
            json!({"object": {"path": "parent", "view": "Ticket"}}),
            "/views/Ticket",
            "the view `Ticket` has objects that it shows itself, without end",
        ),
        ("/collections/items/model", json!("thing"), "/collections/items/model", "there is no model `thing`"),
        (
            "/collections/items/lookup",
            json!({"name": "id", "path": "pk"}),
            "/collections/items/lookup/path",
            "the path `pk` leads nowhere: the model `item` has no field `pk`",
        ),
        (
            "/collections/tickets/filters/state",
            json!({"path": "status"}),
            "/collections/tickets/filters/state",
            "the path `status` leads nowhere: the model `ticket` has no field `status`",
        ),
        (
            "/collections/tickets/ordering/fields",
            json!({"age": "age"}),
            "/collections/tickets/ordering/age",
            "the path `age` leads nowhere: the model `ticket` has no field `age`",
        ),
        (
            "/collections/tickets/search/fields",
            json!([{"path": "text"}]),
            "/collections/tickets/search/0",
            "the path `text` leads nowhere: the model `ticket` has no field `text`",
        ),
        (
            "/collections/tickets/search/fields",
            json!([{"path": "name", "lookup": "regex"}]),
            "/collections/tickets/search/0",
            "a search cannot relate values so",
        ),
        (
            "/collections/tickets/order",
            json!(["-age"]),
            "/collections/tickets/order/0",
            "the path `age` leads nowhere: the model `ticket` has no field `age`",
        ),
        (
            "/collections/people/owner",
            json!("user"),
            "/collections/people/owner",
            "the path `user` leads nowhere: the model `person` has no field `user`",
        ),
        (
            "/collections/items/operations/items_list",
            json!({"answer": "Thing"}),
            "/collections/items/operations/items_list/answer",
            "there is no view `Thing`",
        ),
        (
            "/collections/items/operations/items_list",
            json!({"answer": "Ticket"}),
            "/collections/items/operations/items_list/answer",
            "the view `Ticket` is one of the model `ticket`, and the collection has rows of `item`",
        ),
        (
            "/collections/items/lookup",
            json!(null),
            "/collections/items/operations/items_delete",
            "the operation is about one row, and nothing says which",
        ),
    ];
    for (pointer, value, at, message) in cases {
        let problems = problems(pointer, value);
        assert!(problems.contains(&(at.to_owned(), message.to_owned())), "{pointer}: {problems:#?}");
    }
}

#[test]
fn a_definition_survives_being_written() {
    let read: Definition = serde_json::from_value(definition()).expect("a definition");
    let written = serde_json::to_value(&read).expect("a value");
    assert_eq!(serde_json::from_value::<Definition>(written).expect("a definition"), read);
    let unknown = serde_json::from_value::<Definition>(json!({"models": {"a": {"keys": "id"}}}));
    assert!(unknown.expect_err("an unknown key").to_string().contains("keys"));
    assert!(Plan::new(Definition::default(), Functions::new()).is_ok());
}
