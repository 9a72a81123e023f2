use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ask, store};
use crate::ids::{IndexId, ModelId};
use crate::state::State;
use crate::store::Snapshot;

/// Checks that every index is what it would be if all rows were put into an empty store.
fn assert_indexed(snapshot: &Snapshot) {
    let plan = &snapshot.plan.layout;
    let mut fresh = State::empty(plan);
    let roots = (0..plan.models.len()).map(ModelId).filter(|model| plan.at(*model).root() == *model);
    for row in roots.flat_map(|root| snapshot.state.rows(root)) {
        fresh.replace(plan, None, Some(row));
    }
    for (model, description) in plan.models.iter().enumerate() {
        for number in 0..description.texts.len() {
            for term in ["t", "1", "n"] {
                let found = |state: &State| state.containing(ModelId(model), number, term);
                assert_eq!(found(&snapshot.state), found(&fresh), "{} {number} {term}", description.name);
            }
        }
        for number in 0..description.indexes.len() {
            let id = IndexId { model: ModelId(model), number };
            let list = |state: &State| -> Vec<String> {
                state.index(id).iter().map(|entry| format!("{entry:?}")).collect()
            };
            assert_eq!(list(&snapshot.state), list(&fresh), "{} {number}", description.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn indexes_follow_every_change(
        steps in prop::collection::vec((0_u8..7, 0_u8..6, 0_u8..6, 0_u8..6), 1..60),
    ) {
        let store = store();
        for (step, one, two, three) in steps {
            let person = format!("00000000-0000-0000-0000-{one:012}");
            let (operation, parameters, body): (_, Vec<String>, Option<Value>) = match step {
                0 => ("teams_create", vec![], Some(json!({"slug": format!("s{one}")}))),
                1 => ("people_create", vec![], Some(json!({"name": format!("n{one}"), "team": two}))),
                2 => ("tickets_create", vec![], Some(json!({"name": format!("t{one}{two}"), "author": person, "teams": [two, three], "weight": three}))),
                3 => ("tickets_patch", vec![format!("/id={two}")], Some(json!({"parent": three, "weight": null, "teams": [one]}))),
                4 => ("teams_delete", vec![format!("/slug=s{one}")], None),
                5 => ("items_delete", vec![format!("/id={one}")], None),
                _ => ("people_delete", vec![format!("/id={person}")], None),
            };
            let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
            // What breaks a rule changes nothing.
            let _ = ask(&store, operation, &parameters, body.as_ref());
        }
        assert_indexed(&store.snapshot());
    }
}
