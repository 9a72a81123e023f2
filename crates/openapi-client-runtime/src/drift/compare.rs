//! Walks a response and its shape at once: reports what differs, and puts neutral values where they are needed.

use serde_json::{Map, Value};

use super::place::{Step, pointer};
use super::report::{Drift, DriftKind};
use super::shape::{Object, Property, Scalar, Shape};
use crate::dialect::Dialect;

/// Returns the differences between `value` and `shape`, and whether `value` was changed to fit.
pub(super) fn settle(dialect: &dyn Dialect, shape: &Shape, value: &mut Value) -> (Vec<Drift>, bool) {
    let mut walk = Walk { dialect, path: Vec::new(), found: Vec::new(), changed: false };
    // A response of another kind altogether is for decoding to refuse.
    walk.fits(shape, value);
    (walk.found, walk.changed)
}

struct Walk<'a> {
    dialect: &'a dyn Dialect,
    path: Vec<Step>,
    found: Vec<Drift>,
    changed: bool,
}

impl Walk<'_> {
    /// Settles what is below `value`; `false` if it is not of this shape at all.
    fn fits(&mut self, shape: &Shape, value: &mut Value) -> bool {
        match (shape, value) {
            (Shape::Opaque, _) | (Shape::Nullable(_), Value::Null) => true,
            (Shape::Nullable(shape), value) => self.fits(shape, value),
            (Shape::Scalar { reads, .. }, value) => {
                Scalar::of(value).is_some_and(|scalar| reads(&scalar)) || self.becomes_whole(*reads, value)
            }
            (Shape::Object(object), Value::Object(members)) => {
                self.object(object, members);
                self.unknown(object, members);
                true
            }
            (Shape::Open(object, others), Value::Object(members)) => {
                self.object(object, members);
                members.retain(|name, value| {
                    object.knows(name) || self.item(others, Step::Name(name.clone()), value)
                });
                true
            }
            (Shape::List(items), Value::Array(values)) => {
                let mut index = 0;
                values.retain_mut(|value| {
                    let kept = self.item(items, Step::Index(index), value);
                    index += 1;
                    kept
                });
                true
            }
            (Shape::Map(items), Value::Object(members)) => {
                members.retain(|name, value| self.item(items, Step::Name(name.clone()), value));
                true
            }
            (Shape::Choice([only]), Value::String(text)) => text == only,
            (Shape::Choice(known), Value::String(text)) => {
                if !known.contains(&text.as_str()) {
                    let value = Value::String(text.clone());
                    self.report(DriftKind::UnknownValue, Some(value));
                }
                true
            }
            (Shape::Text { longest, pattern }, Value::String(text)) => {
                let too_long = longest.is_some_and(|longest| text.chars().count() > longest);
                if too_long || pattern.is_some_and(|pattern| pattern().is_found_in(text) == Some(false)) {
                    self.report(DriftKind::OffLimits, None);
                }
                true
            }
            _ => false,
        }
    }

    /// Returns `true` if an item of a list or a map is kept. One that does not fit is dropped, unless it has to be an
    /// object: a list that lacks an object would be taken for a complete one.
    fn item(&mut self, shape: &Shape, step: Step, value: &mut Value) -> bool {
        self.path.push(step);
        let stays = self.fits(shape, value) || matches!(shape, Shape::Object(_) | Shape::Open(..));
        if !stays {
            let value = value.take();
            let kind = if value.is_null() { DriftKind::UnexpectedNull } else { DriftKind::WrongType };
            self.report(kind, Some(value).filter(|value| !value.is_null()));
            self.changed = true;
        }
        self.path.pop();
        stays
    }

    /// Writes `2.0` as `2` where that is what is read. JSON has one kind of number, so it is no drift.
    fn becomes_whole(&mut self, reads: fn(&Scalar<'_>) -> bool, value: &mut Value) -> bool {
        let whole = value.as_f64().filter(|number| number.fract() == 0.0);
        let whole = whole.and_then(|number| serde_json::from_str::<Value>(&format!("{number:.0}")).ok());
        let reads = |value: &Value| Scalar::of(value).is_some_and(|scalar| reads(&scalar));
        let Some(whole) = whole.filter(reads) else { return false };
        *value = whole;
        self.changed = true;
        true
    }

    fn object(&mut self, object: &Object, members: &mut Map<String, Value>) {
        for property in object.properties {
            self.path.push(Step::Name(property.name.to_owned()));
            self.expand(object, property, members);
            match members.get_mut(property.name) {
                None => self.absent(property, DriftKind::MissingProperty, members),
                Some(Value::Null) if property.nullable => {}
                Some(Value::Null) => self.absent(property, DriftKind::UnexpectedNull, members),
                Some(value) => {
                    if !self.fits(&property.shape, value) {
                        self.absent(property, DriftKind::WrongType, members);
                    }
                }
            }
            self.path.pop();
        }
    }

    /// Reports properties that the document does not have.
    fn unknown(&mut self, object: &Object, members: &Map<String, Value>) {
        for (name, value) in members {
            if !object.knows(name) {
                self.path.push(Step::Name(name.clone()));
                self.report(DriftKind::UnknownProperty, Some(value.clone()));
                self.path.pop();
            }
        }
    }

    /// Moves an object from where later releases answer it to where the document has it.
    fn expand(&mut self, object: &Object, property: &Property, members: &mut Map<String, Value>) {
        let Some(expanded) = self.dialect.expanded(property.name) else { return };
        let is_moved = matches!(property.shape, Shape::Object(_) | Shape::Open(..))
            && !object.knows(&expanded)
            && !members.get(property.name).is_some_and(Value::is_object)
            && members.get(&expanded).is_some_and(Value::is_object);
        if let Some(moved) = is_moved.then(|| members.shift_remove(&expanded)).flatten() {
            let bare = members.insert(property.name.to_owned(), moved);
            self.report(DriftKind::Moved, bare);
            self.changed = true;
        }
    }

    /// Deals with a property that is missing, or has a value that it cannot have.
    fn absent(&mut self, property: &Property, kind: DriftKind, members: &mut Map<String, Value>) {
        if kind == DriftKind::MissingProperty && !property.expected {
            return;
        }
        let mut kept = None;
        // What stands in for an essential property would be taken for real, so decoding is left to refuse the response.
        if !property.essential && !self.dialect.is_essential(property.name) {
            // Optional properties are as good as absent, and read as that; so are lists.
            let unfit = members.shift_remove(property.name);
            self.changed |= unfit.is_some();
            kept = unfit.filter(|value| !value.is_null());
            let neutral = if property.nullable { Some(Value::Null) } else { property.shape.neutral() };
            if let (true, Some(neutral)) = (property.required, neutral) {
                members.insert(property.name.to_owned(), neutral);
                self.changed = true;
            }
        }
        self.report(kind, kept);
    }

    fn report(&mut self, kind: DriftKind, value: Option<Value>) {
        let (pointer, place) = pointer(self.path.iter());
        self.found.push(Drift { pointer, place, kind, value });
    }
}

impl Object {
    fn knows(&self, name: &str) -> bool {
        self.properties.iter().any(|property| property.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::super::sample::{LIST, RETRIEVE, VISIT_RETRIEVE, VISITS};
    use super::super::shape::reads;
    use super::*;
    use crate::api::Operation;
    use crate::dialect::ErrorReport;

    const ID: &str = "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d";

    fn pet() -> Value {
        json!({
            "pk": ID, "name": "Rex", "slug": "rex", "keeper": null, "picture": "/x.svg", "friends": [], "mood": "calm"
        })
    }

    /// The dialect of the pets.
    #[derive(Debug)]
    struct Pets;

    impl Dialect for Pets {
        fn read_error(&self, _: StatusCode, _: &HeaderMap, _: &[u8]) -> ErrorReport {
            ErrorReport::default()
        }

        fn is_essential(&self, property: &str) -> bool {
            ["pk", "slug"].contains(&property)
        }

        fn expanded(&self, property: &str) -> Option<String> {
            Some(format!("{property}_obj"))
        }
    }

    fn settle_body<'a>(operation: &Operation, body: &'a [u8]) -> (Cow<'a, [u8]>, Vec<Drift>) {
        super::super::settle(&Pets, operation, body)
    }

    /// Returns the repaired form of a pet that is changed like that, and its drift.
    fn settled(change: impl FnOnce(&mut Value)) -> (Value, Vec<String>) {
        let mut pet = pet();
        change(&mut pet);
        let body = pet.to_string();
        let (body, drift) = settle_body(&RETRIEVE, body.as_bytes());
        (serde_json::from_slice(&body).unwrap(), drift.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_answer_as_described_is_left_alone() {
        assert_eq!(settled(|_| ()), (pet(), vec![]));
    }

    #[test]
    fn what_is_missing_gets_its_neutral_value_and_what_says_which_object_it_is_does_not() {
        let (value, drift) = settled(|pet| {
            for name in ["picture", "keeper", "mood", "tame", "pk"] {
                pet.as_object_mut().unwrap().shift_remove(name);
            }
        });
        assert_eq!((&value["picture"], &value["keeper"]), (&json!(""), &Value::Null));
        assert!(value.get("mood").is_none() && value.get("pk").is_none());
        let missing = ["pk", "keeper", "picture", "mood"];
        assert_eq!(drift, missing.map(|name| format!("missing property at /{name}")));
    }

    #[test]
    fn what_is_of_another_type_gets_its_neutral_value_or_none_and_is_kept_in_the_report() {
        let mut pet = pet();
        pet["picture"] = json!({"light": "s3cret"});
        pet["tame"] = json!("yes");
        pet["friends"] = json!([ID, "not a key", ID]);
        pet["pk"] = json!(7);
        let body = pet.to_string();
        let (body, drift) = settle_body(&RETRIEVE, body.as_bytes());
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&value["picture"], &value["pk"]), (&json!(""), &json!(7)));
        assert!(value.get("tame").is_none());
        assert_eq!(value["friends"], json!([ID, ID]));
        let told: Vec<_> = drift.iter().map(|drift| (drift.to_string(), drift.value().cloned())).collect();
        let expected = [
            ("/pk", None),
            ("/tame", Some(json!("yes"))),
            ("/friends/1", Some(json!("not a key"))),
            ("/picture", Some(json!({"light": "s3cret"}))),
        ];
        assert_eq!(told, expected.map(|(at, value)| (format!("value of another type at {at}"), value)));
        assert!(!format!("{drift:?}").contains("s3cret"));
    }

    #[test]
    fn dates_numbers_and_nested_objects_have_neutral_values_too() {
        let body = json!({"pagination": {"next": 2.0}, "results": [{"pk": 1}]}).to_string();
        let (body, drift) = settle_body(&VISITS, body.as_bytes());
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["pagination"]["next"].to_string(), "2");
        assert_eq!(body["pagination"]["total_pages"], 0);
        let visit = &body["results"][0];
        assert_eq!(visit["created"], "1970-01-01T00:00:00Z");
        assert_eq!(visit["room"], "00000000-0000-0000-0000-000000000000");
        assert_eq!(visit["pet"]["slug"], "");
        assert_eq!(drift.len(), 2 + 4, "{drift:?}");
    }

    #[test]
    fn a_null_that_should_not_be_is_a_neutral_value_or_none_at_all() {
        let (value, drift) = settled(|pet| {
            pet["picture"] = Value::Null;
            pet["tame"] = Value::Null;
            pet["friends"] = Value::Null;
        });
        assert_eq!(value["picture"], "");
        assert!(value.get("tame").is_none() && value.get("friends").is_none());
        assert_eq!(drift.len(), 3, "{drift:?}");
    }

    #[test]
    fn unknown_and_off_limit_values_are_kept_and_only_those_of_enumerations_shown() {
        let (value, drift) = settled(|pet| {
            pet["slug"] = json!("s3cret slug");
            pet["mood"] = json!("odd");
            pet["new/one"] = json!("s3cret");
        });
        assert_eq!(value["slug"], "s3cret slug");
        assert_eq!(
            drift,
            [
                "value off its limits at /slug",
                "unknown value at /mood: \"odd\"",
                "unknown property at /new~1one"
            ]
        );
    }

    #[test]
    fn an_unknown_property_is_kept_in_the_report_and_shown_nowhere() {
        let mut pet = pet();
        pet["new"] = json!("s3cret");
        let body = json!({"pagination": {}, "results": [pet]}).to_string();
        let (_, drift) = settle_body(&LIST, body.as_bytes());
        let unknown = drift.iter().find(|drift| drift.kind() == DriftKind::UnknownProperty).unwrap();
        assert_eq!((unknown.pointer(), unknown.place()), ("/results/0/new", "/results/*/new"));
        assert_eq!(unknown.value(), Some(&json!("s3cret")));
        assert!(!format!("{drift:?}").contains("s3cret"));
    }

    #[test]
    fn an_open_object_has_other_properties_of_one_kind() {
        const NUMBERS: Shape = Shape::Open(
            &Object {
                properties: &[Property {
                    name: "a",
                    essential: false,
                    required: false,
                    expected: false,
                    nullable: false,
                    shape: Shape::Text { longest: None, pattern: None },
                }],
            },
            &Shape::Scalar { reads: reads::<u8>, neutral: "0" },
        );
        let mut value = json!({"a": "x", "b": 1, "c": "y"});
        let (drift, changed) = settle(&Pets, &NUMBERS, &mut value);
        let drift: Vec<String> = drift.iter().map(ToString::to_string).collect();
        assert_eq!((value, changed), (json!({"a": "x", "b": 1}), true));
        assert_eq!(drift, ["value of another type at /c"]);
    }

    #[test]
    fn an_object_that_moved_is_put_back() {
        let body = json!({"pk": 1, "room": ID, "pet": ID, "pet_obj": pet(), "reason": "x",
                          "created": "2024-08-01T12:00:00Z"})
        .to_string();
        let (body, drift) = settle_body(&VISIT_RETRIEVE, body.as_bytes());
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["pet"]["slug"], "rex");
        assert!(body.get("pet_obj").is_none());
        assert_eq!((drift[0].pointer(), drift[0].kind()), ("/pet", DriftKind::Moved));
        assert_eq!(drift[0].value(), Some(&json!(ID)));
    }

    #[test]
    fn what_is_no_json_is_left_to_decoding() {
        let (body, drift) = settle_body(&LIST, b"<html>");
        assert_eq!((&*body, drift.len()), (&b"<html>"[..], 0));
    }
}
