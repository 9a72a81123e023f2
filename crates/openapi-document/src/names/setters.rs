//! The setters of the parameters of one operation.

use serde_json::Value;

use super::{Scope, spelling::Case, taken};
use crate::pointer::resolve;
use crate::pointer::{child, parent};

/// The setter of a parameter.
#[derive(Clone, Debug)]
pub struct Setter<'a> {
    /// The name in Rust.
    pub name: String,
    /// The parameter, with references followed.
    pub parameter: &'a Value,
    /// The pointer to the parameter in the list of the operation or of its path.
    pub pointer: String,
}

impl<'a> Setter<'a> {
    /// Returns the name of the parameter on the wire.
    pub fn wire(&self) -> &'a str {
        self.parameter.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the place of the parameter in a request.
    pub fn place(&self) -> &'a str {
        self.parameter.get("in").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Returns the setters of the operation at `pointer`: first those of parameters that all operations of its path share.
///
/// Parameters in the path have the same name in all of them.
#[must_use]
pub fn setters<'a>(root: &'a Value, pointer: &str) -> Vec<Setter<'a>> {
    let own = listed(root, pointer);
    let mut all = listed(root, parent(pointer).unwrap_or_default());
    all.retain(|shared| !own.iter().any(|own| (own.wire(), own.place()) == (shared.wire(), shared.place())));
    all.extend(own);
    let told: Vec<_> = all.iter().map(|setter| (setter.wire(), setter.place() == "path")).collect();
    for (setter, name) in all.iter_mut().zip(setter_names(&told)) {
        setter.name = name;
    }
    all
}

/// Returns the setters of the parameters of one operation, each told by its name and whether it stands in the path.
#[must_use]
pub fn setter_names(parameters: &[(&str, bool)]) -> Vec<String> {
    let mut scope = Scope::of(Case::Snake, &taken::BY_BUILDERS);
    let mut names = vec![String::new(); parameters.len()];
    // What stands in the path is called the same by all operations of the path.
    for in_path in [true, false] {
        let chosen = names.iter_mut().zip(parameters).filter(|(_, (_, is_in_path))| *is_in_path == in_path);
        let (places, wires): (Vec<_>, Vec<_>) = chosen.map(|(name, (wire, _))| (name, *wire)).unzip();
        for (place, name) in places.into_iter().zip(scope.distinct(&wires)) {
            *place = name;
        }
    }
    names
}

/// Returns the parameters listed at `owner`, without names yet.
fn listed<'a>(root: &'a Value, owner: &str) -> Vec<Setter<'a>> {
    let pointer = child(owner, "parameters");
    let parameters = root.pointer(&pointer).and_then(Value::as_array).into_iter().flatten().enumerate();
    let unnamed = parameters.map(|(index, parameter)| Setter {
        name: String::new(),
        parameter: resolve(root, parameter),
        pointer: format!("{pointer}/{index}"),
    });
    unnamed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_of_one_name_in_several_places_are_told_apart_and_the_path_comes_first() {
        let parameter = |name: &str, place: &str| json!({"name": name, "in": place});
        let root = json!({"paths": {"/{id}": {
            "parameters": [parameter("id", "path"), parameter("send", "header")],
            "put": {"parameters": [parameter("id", "query"), parameter("body", "query"), parameter("send", "header")]},
        }}});
        let setters = setters(&root, "/paths/~1{id}/put").into_iter();
        let named: Vec<(String, String)> =
            setters.map(|setter| (setter.pointer.replace("/paths/~1{id}", ""), setter.name)).collect();
        let expected = [
            ("/parameters/0", "id"),
            ("/put/parameters/0", "id_2"),
            ("/put/parameters/1", "body_2"),
            ("/put/parameters/2", "send_2"),
        ];
        assert_eq!(named, expected.map(|(pointer, name)| (pointer.to_owned(), name.to_owned())));
    }
}
