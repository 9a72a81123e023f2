//! The way in which the database joins tables, as recorded lists tell it: it gives rows that no order sorts another order
//! than that of their creation.

use serde_json::Value;

/// The objects of a list that are hardly in an order by accident.
const TELLING: usize = 5;

/// The way in which a list is joined with other tables as long as nothing narrows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joins {
    /// By merging them: a list without an order comes by its keys.
    ByKey,
    /// By looking up the rows that share a value from the last one to the first: of those that an order takes for the
    /// same, the newest is first.
    NewestFirst,
}

impl Joins {
    /// Returns what the recorded lists of a viewset tell; `None` if they come as they were made.
    pub(super) fn of(facts: &Value, prefix: &str, answers: &[Value]) -> Option<Self> {
        let has_order = ["ordering", "query_ordering", "model_ordering"]
            .iter()
            .any(|key| facts[*key].as_array().is_some_and(|order| !order.is_empty()));
        let path = format!("/{prefix}/");
        let steps = answers.iter().flat_map(|case| case["steps"].as_array().into_iter().flatten());
        let lists = steps.filter(|step| step["method"] == "GET" && step["path"] == *path);
        let lists = lists.filter_map(|step| step["answer_body"]["results"].as_array());
        let telling: Vec<_> = lists.filter(|objects| objects.len() >= TELLING).collect();
        let all = |in_order: fn(&[Value]) -> bool| {
            !telling.is_empty() && telling.iter().all(|objects| in_order(objects))
        };
        match has_order {
            false
                if all(|objects| {
                    objects.is_sorted_by_key(|object| object["pk"].as_str().unwrap_or_default())
                }) =>
            {
                let has_texts =
                    telling.iter().any(|objects| objects.iter().all(|object| object["pk"].is_string()));
                has_texts.then_some(Self::ByKey)
            }
            true if all(|objects| {
                objects.is_sorted_by(|one, other| one["id"].as_i64() > other["id"].as_i64())
            }) =>
            {
                Some(Self::NewestFirst)
            }
            _ => None,
        }
    }

    /// Returns when a list is as if it had been asked for by its keys.
    pub(super) const fn asked_by_key(self) -> &'static str {
        match self {
            Self::ByKey => "wide",
            Self::NewestFirst => "narrow",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_lists_tell_how_they_are_joined() {
        let texts = |keys: [&str; 5]| keys.map(|key| json!({"pk": key}));
        let numbers = |keys: [i64; 5]| keys.map(|key| json!({"id": key}));
        let ordered = json!({"ordering": ["name"]});
        let cases = [
            (json!({}), json!(texts(["a", "b", "c", "d", "e"])), Some(Joins::ByKey)),
            (json!({}), json!(texts(["a", "b", "c", "e", "d"])), None),
            (json!({}), json!([{"pk": "a"}, {"pk": "b"}]), None),
            (json!({}), json!([1, 2, 3, 4, 5].map(|key| json!({"pk": key}))), None),
            (ordered.clone(), json!(numbers([5, 4, 3, 2, 1])), Some(Joins::NewestFirst)),
            (ordered.clone(), json!(numbers([1, 2, 3, 4, 5])), None),
            (ordered, json!(texts(["a", "b", "c", "d", "e"])), None),
        ];
        for (facts, objects, expected) in cases {
            let step = json!({"method": "GET", "path": "/pets/", "answer_body": {"results": objects}});
            assert_eq!(Joins::of(&facts, "pets", &[json!({"steps": [step]})]), expected, "{objects}");
        }
    }
}
