//! The order of paths, methods, components, parameters and keys.

use serde_json::Value;

use super::scope::{Scope, listed, text};
use openapi_document::pointer;

/// One segment of a path: variables come before fixed names, those by their letters.
type Segment<'a> = (bool, &'a str);

pub(super) fn paths(scope: &mut Scope<'_>) {
    let paths = scope.root().get("paths").and_then(Value::as_object);
    let names: Vec<&str> = paths.into_iter().flatten().map(|(path, _)| path.as_str()).collect();
    out_of_place(scope, "/paths", &names, segments, "path");
    let methods = scope.style.methods.clone();
    for (path, item) in paths.into_iter().flatten() {
        let of_item = item.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let of_item: Vec<&str> = of_item.filter(|key| methods.contains(key)).collect();
        let place = |key: &str| methods.iter().position(|method| *method == key);
        out_of_place(scope, &pointer::child("/paths", path), &of_item, place, "method");
    }
}

/// Returns the key that a path is sorted by.
pub(crate) fn segments(path: &str) -> Vec<Segment<'_>> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| (!segment.starts_with('{'), segment)).collect()
}

pub(super) fn components(scope: &mut Scope<'_>) {
    let order = scope.style.components.clone();
    if order.is_empty() {
        return;
    }
    let kinds: Vec<_> = scope.kinds().collect();
    let names: Vec<&str> = kinds.iter().map(|(kind, _)| *kind).collect();
    let place = |kind: &str| order.iter().position(|listed| *listed == kind).unwrap_or(usize::MAX);
    out_of_place(scope, "/components", &names, place, "kind of component");
    for (kind, components) in kinds {
        let names: Vec<&str> = components.keys().map(String::as_str).collect();
        out_of_place(scope, &pointer::child("/components", kind), &names, str::to_owned, "component");
    }
}

pub(super) fn parameters(scope: &mut Scope<'_>) {
    const PLACES: [&str; 4] = ["path", "query", "header", "cookie"];
    for (_, _, operation, at) in scope.operations() {
        let list = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let keys: Vec<(Option<usize>, &str)> = list
            .map(|parameter| {
                let parameter = scope.document.resolve(parameter);
                let place =
                    text(parameter, "in").and_then(|place| PLACES.iter().position(|known| *known == place));
                (place, text(parameter, "name").unwrap_or_default())
            })
            .collect();
        if let Some(index) =
            keys.windows(2).position(|pair| matches!(pair, [before, after] if before > after))
        {
            let (_, name) = keys.get(index + 1).copied().unwrap_or_default();
            let (_, before) = keys.get(index).copied().unwrap_or_default();
            let message = format!("the parameter `{name}` is out of place after `{before}`");
            let remedy = "list those in the path first, then the others by their names";
            scope.add(&format!("{at}/parameters/{}", index + 1), message, remedy);
        }
    }
}

pub(super) fn keys(scope: &mut Scope<'_>) {
    for (kind, value, at) in scope.objects() {
        let Some((_, order)) = scope.style.keys.iter().find(|(of, _)| *of == kind).cloned() else { continue };
        let keys = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let keys: Vec<&str> = keys.filter(|key| order.contains(key)).collect();
        let place = |key: &str| order.iter().position(|listed| *listed == key);
        out_of_place(scope, &at, &keys, place, "key");
    }
}

pub(super) fn required(scope: &mut Scope<'_>) {
    for (value, at) in scope.objects_of("schema") {
        let Some(required) = value.get("required").and_then(Value::as_array) else { continue };
        let properties = value.get("properties").and_then(Value::as_object);
        let names: Vec<&str> = properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let place = |name: &Value| names.iter().position(|known| name == *known);
        let places: Vec<Option<usize>> = required.iter().map(place).collect();
        // Names that are declared elsewhere, as in another part of a composition, have no place here.
        let places: Vec<(usize, usize)> =
            places.iter().enumerate().filter_map(|(index, place)| Some((index, (*place)?))).collect();
        if let Some([_, (index, place)]) =
            places.windows(2).find(|pair| pair.is_sorted_by_key(|(_, place)| std::cmp::Reverse(*place)))
        {
            let name = names.get(*place).copied().unwrap_or_default();
            let message = format!("`{name}` is out of place: `required` follows the order of the properties");
            scope.add(
                &format!("{at}/required/{index}"),
                message,
                "list the names in the order of the properties",
            );
        }
    }
}

/// Finds the first of `names` below `at` that belongs before the one in front of it.
fn out_of_place<'n, K: Ord>(
    scope: &mut Scope<'_>,
    at: &str,
    names: &[&'n str],
    key: impl Fn(&'n str) -> K,
    what: &str,
) {
    for (index, name) in names.iter().enumerate().skip(1) {
        let earlier = names.get(..index).unwrap_or_default();
        let own = key(name);
        let Some(successor) = earlier.iter().find(|earlier| key(earlier) > own) else { continue };
        let message =
            format!("the {what} `{name}` is out of place after {}", listed(earlier.last().copied()));
        scope.add(&pointer::child(at, name), message, format!("move it in front of `{successor}`"));
        return;
    }
}
