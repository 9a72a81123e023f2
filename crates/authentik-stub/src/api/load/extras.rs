//! Values that no answer shows: the bodies that objects were made with, and whose they are.

use std::collections::HashMap;

use openapi_resources::pointer::child;
use serde_json::Value;

use super::draft::{Drafts, Place};
use super::objects::Objects;
use super::problem::Problems;

/// Returns the rows of a list by the last parts of their paths, such as slugs.
fn named(drafts: &Drafts<'_>, list: &str) -> HashMap<String, usize> {
    let collection = drafts.plan.definition().collections.get(&format!("/{list}/"));
    let lookup = collection.and_then(|collection| Some((collection, collection.lookup.as_ref()?)));
    lookup.map(|(collection, lookup)| drafts.by(collection.model.as_str(), &lookup.path)).unwrap_or_default()
}

/// Adds the values of the bodies that objects were made with, which `rows` names in the same order.
pub(super) fn created_with(fixture: &Value, drafts: &mut Drafts<'_>, problems: &mut Problems) {
    let mut known = Vec::new();
    for (list, bodies) in fixture["created_with"].as_object().into_iter().flatten() {
        let rows = named(drafts, list);
        for (number, body) in bodies.as_array().into_iter().flatten().enumerate() {
            let pointer = child(&child("/created_with", list), number);
            let name = fixture["rows"][list][number].as_str();
            let row = name.and_then(|name| rows.get(name)).copied();
            match (row, body.as_object()) {
                (Some(row), Some(body)) => known.push((row, pointer, format!("/{list}/"), body)),
                (None, _) => {
                    let help = "name the object in `rows`, by the last part of its path";
                    problems.add(&pointer, "it is not known whose body this is", help);
                }
                (_, None) => problems.add(&pointer, "this is no object", "write the body of a request"),
            }
        }
    }
    let mut objects = Objects::new(drafts, problems);
    for (row, pointer, path, body) in known {
        // A serializer takes texts without the space around them.
        let trimmed =
            |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| Value::from(text.trim()));
        let body = body.iter().map(|(name, value)| (name.clone(), trimmed(value))).collect();
        objects.fill(row, &Place::from(pointer), &path, &body);
    }
    objects.link();
}

/// Adds the users whose objects are, by their names.
pub(super) fn owners(fixture: &Value, drafts: &mut Drafts<'_>, problems: &mut Problems) {
    let Some(owners) = fixture["owners"].as_object() else { return };
    let users = drafts.by("authentik_core.user", "username");
    for (list, owners) in owners {
        let rows = named(drafts, list);
        for (name, user) in owners.as_object().into_iter().flatten() {
            let pointer = child(&child("/owners", list), name);
            let Some(user) = user.as_str() else { continue };
            let key = users.get(user).and_then(|user| drafts.value(*user, "id").cloned());
            let Some(key) = key else {
                problems.add(&pointer, &format!("there is no user `{user}`"), "add the user to `core/users`");
                continue;
            };
            let Some(row) = rows.get(name).copied() else {
                // The rows of permissions for objects are described by the permissions of users.
                if !list.starts_with("rbac/") {
                    problems.add(&pointer, "there is no such object", "use the last part of the path of one");
                }
                continue;
            };
            if let Some(model) = drafts.at(row).map(|draft| draft.model)
                && drafts.reference(model, "user").is_some()
            {
                drafts.set(row, "user", "", key);
            }
        }
    }
}
