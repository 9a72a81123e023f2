//! Paths and parameters that do not agree.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::error::Diagnostic;
use crate::operations::is_method;
use crate::pointer;
use crate::source::Location;
use crate::tree::{Content, Tree};

/// Mends what paths and parameters say of each other, in a document in the canonical form.
pub(crate) fn operations(tree: &mut Tree) -> Vec<Diagnostic> {
    let components = tree.at_pointer("/components/parameters").cloned();
    let mut mender = Mender { components: components.as_ref(), warnings: Vec::new() };
    let Some(paths) = tree.get_mut("paths").and_then(Tree::map_mut) else { return Vec::new() };
    let keys: Vec<String> = paths.keys().filter(|path| path.starts_with('/')).cloned().collect();
    for path in keys {
        let Some(item) = paths.get_mut(&path).filter(|item| item.map().is_some()) else { continue };
        let at = pointer::child("/paths", &path);
        let Some(variables) = variables(&path) else { continue };
        mender.lists(item, &at);
        let distinct = distinct(&path, &variables);
        let variables = match &distinct {
            Some((renamed, _)) if paths.contains_key(renamed) => continue,
            Some((renamed, copies)) => {
                let Some(index) = paths.get_index_of(&path) else { continue };
                let Some(mut item) = paths.shift_remove(&path) else { continue };
                mender.copies(&mut item, &at, &path, copies);
                paths.shift_insert(index, renamed.clone(), item);
                self::variables(renamed).unwrap_or_default()
            }
            None => variables,
        };
        let key = distinct.map_or(path, |(renamed, _)| renamed);
        let at = pointer::child("/paths", &key);
        if let Some(item) = paths.get_mut(&key) {
            mender.agree(item, &at, &variables);
        }
    }
    mender.warnings
}

/// Returns the variables of a path, in their order; `None` if its braces do not pair.
fn variables(path: &str) -> Option<Vec<String>> {
    let (mut found, mut rest) = (Vec::new(), path);
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        let opened = rest.as_bytes().get(before.len()) == Some(&b'{');
        let (name, after) = after
            .split_once('}')
            .filter(|(name, _)| opened && !name.is_empty() && !name.contains(['{', '/']))?;
        found.push(name.to_owned());
        rest = after;
    }
    Some(found)
}

/// Returns the path with another name for each variable that it has a second time, and these names with those there were;
/// `None` if all are different.
fn distinct(path: &str, variables: &[String]) -> Option<(String, Vec<(String, String)>)> {
    let (mut known, mut copies) = (HashSet::new(), Vec::new());
    let (mut renamed, mut rest) = (String::new(), path);
    for name in variables {
        let written = format!("{{{name}}}");
        let (before, after) = rest.split_once(&written)?;
        renamed.push_str(before);
        if known.insert(name.clone()) {
            renamed.push_str(&written);
        } else {
            let others = (2..).map(|number: u32| format!("{name}_{number}"));
            let free =
                others.into_iter().find(|other| !variables.contains(other) && known.insert(other.clone()))?;
            renamed = renamed + "{" + &free + "}";
            copies.push((name.clone(), free));
        }
        rest = after;
    }
    renamed.push_str(rest);
    (!copies.is_empty()).then_some((renamed, copies))
}

struct Mender<'t> {
    components: Option<&'t Tree>,
    warnings: Vec<Diagnostic>,
}

impl Mender<'_> {
    fn warn(&mut self, pointer: &str, location: Location, message: String, help: String) {
        self.warnings.push(Diagnostic { message, location, pointer: pointer.to_owned(), help });
    }

    /// Returns a parameter itself, or the component that it refers to.
    fn resolved<'a>(&'a self, mut parameter: &'a Tree) -> &'a Tree {
        const MAX_CHAIN: usize = 16;
        for _ in 0..MAX_CHAIN {
            let name = parameter.text("$ref").and_then(pointer::of_reference);
            let name = name.as_deref().and_then(|at| at.strip_prefix("/components/parameters/"));
            let target = name.and_then(|name| self.components?.get(&pointer::unescape(name)));
            let Some(target) = target else { break };
            parameter = target;
        }
        parameter
    }

    fn key(&self, parameter: &Tree) -> Option<(String, String)> {
        let parameter = self.resolved(parameter);
        Some((parameter.text("in")?.to_owned(), parameter.text("name")?.to_owned()))
    }

    /// Removes parameters that are listed twice.
    fn lists(&mut self, item: &mut Tree, at: &str) {
        self.unique(item, at);
        for (method, operation) in item.map_mut().into_iter().flatten().filter(|(key, _)| is_method(key)) {
            self.unique(operation, &pointer::child(at, method));
        }
    }

    fn unique(&mut self, holder: &mut Tree, at: &str) {
        let Some(list) = holder.get_mut("parameters").and_then(Tree::list_mut) else { return };
        let mut known = HashSet::new();
        let mut index = 0;
        list.retain(|parameter| {
            let here = format!("{at}/parameters/{index}");
            index += 1;
            let Some((location, name)) = self.key(parameter) else { return true };
            let is_new = known.insert((location.clone(), name.clone()));
            if !is_new {
                let message = format!("the {location} parameter `{name}` is listed twice");
                self.warn(&here, parameter.place(), message, "the second one is left out".to_owned());
            }
            is_new
        });
    }

    /// Adds to each list of parameters those that are copies of others.
    fn copies(&mut self, item: &mut Tree, at: &str, path: &str, copies: &[(String, String)]) {
        for (name, copy) in copies {
            let message = format!("the path `{path}` has the variable `{name}` twice");
            let help = format!("the later one is called `{copy}`; give each variable its own name");
            self.warn(at, item.place(), message, help);
        }
        self.copy(item, copies);
        for (_, operation) in item.map_mut().into_iter().flatten().filter(|(key, _)| is_method(key)) {
            self.copy(operation, copies);
        }
    }

    fn copy(&self, holder: &mut Tree, copies: &[(String, String)]) {
        let Some(list) = holder.get_mut("parameters").and_then(Tree::list_mut) else { return };
        for (name, copy) in copies {
            let of = (String::from("path"), name.clone());
            let found = list.iter().find(|parameter| self.key(parameter).as_ref() == Some(&of));
            if let Some(found) = found {
                let mut found = self.resolved(found).clone();
                found.put("name", Content::Text(copy.clone()));
                list.push(Tree { key: None, ..found });
            }
        }
    }

    /// Makes the variables of a path and the parameters of its operations agree.
    fn agree(&mut self, item: &mut Tree, at: &str, variables: &[String]) {
        let own: HashSet<String> = item
            .map()
            .into_iter()
            .flatten()
            .filter(|(key, _)| is_method(key))
            .flat_map(|(_, operation)| self.declared(operation))
            .collect();
        let shared = self.declared(item);
        let missing: Vec<&String> =
            variables.iter().filter(|name| !shared.contains(name) && !own.contains(*name)).collect();
        self.rename_or_remove(item, at, variables, &missing);
        let shared = self.declared(item);
        for (method, operation) in item.map_mut().into_iter().flatten().filter(|(key, _)| is_method(key)) {
            if operation.map().is_none() {
                continue;
            }
            let at = pointer::child(at, method);
            let missing = |own: &[String]| -> Vec<&String> {
                variables.iter().filter(|name| !shared.contains(name) && !own.contains(name)).collect()
            };
            let undeclared = missing(&self.declared(operation));
            self.rename_or_remove(operation, &at, variables, &undeclared);
            for name in missing(&self.declared(operation)) {
                let message = format!("the path's variable `{name}` has no parameter");
                let help = format!(
                    "it is read as a text; add a parameter with `name: {name}`, `in: path` and `required: true`"
                );
                self.warn(&at, operation.place(), message, help);
                add(operation, name);
            }
        }
    }

    /// Returns the names of the path parameters that are listed here.
    fn declared(&self, holder: &Tree) -> Vec<String> {
        let list = holder.get("parameters").and_then(Tree::list).into_iter().flatten();
        let keys = list.filter_map(|parameter| self.key(parameter));
        keys.filter(|(location, _)| location == "path").map(|(_, name)| name).collect()
    }

    /// Gives path parameters that the path has no variable for the name of one that is `missing` if it is the same word,
    /// or the only one; removes the others.
    fn rename_or_remove(&mut self, holder: &mut Tree, at: &str, variables: &[String], missing: &[&String]) {
        let spare = self.declared(holder).into_iter().filter(|name| !variables.contains(name));
        let spare: Vec<String> = spare.collect();
        let Some(list) = holder.get_mut("parameters").and_then(Tree::list_mut) else { return };
        let mut taken: HashSet<String> = HashSet::new();
        let mut index = 0;
        list.retain_mut(|parameter| {
            let here = format!("{at}/parameters/{index}");
            index += 1;
            let Some((location, name)) = self.key(parameter) else { return true };
            if location != "path" || !spare.contains(&name) {
                return true;
            }
            let same = missing.iter().find(|other| plain(other) == plain(&name));
            let only = missing.first().filter(|_| missing.len() == 1 && spare.len() == 1);
            let meant = same.or(only).filter(|meant| taken.insert((**meant).clone()));
            let message = format!("the path has no variable `{name}` for this parameter");
            let place = parameter.place();
            let Some(meant) = meant else {
                self.warn(
                    &here,
                    place,
                    message,
                    format!("it is left out; put `{{{name}}}` into the path or remove the parameter"),
                );
                return false;
            };
            self.warn(&here, place, message, format!("it is read as the parameter `{meant}`"));
            let mut written_out = self.resolved(parameter).clone();
            written_out.put("name", Content::Text((*meant).clone()));
            *parameter = Tree { key: None, ..written_out };
            true
        });
    }
}

/// Returns a name without what people write differently in different places.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Adds a path parameter of any text.
fn add(operation: &mut Tree, name: &str) {
    let at = operation.at;
    let text = |text: &str| Tree::new(at, Content::Text(text.to_owned()));
    let map = |members: Vec<(&str, Tree)>| {
        let members = members.into_iter().map(|(key, member)| (key.to_owned(), member));
        Tree::new(at, Content::Map(members.collect::<IndexMap<_, _>>()))
    };
    let parameter = map(vec![
        ("name", text(name)),
        ("in", text("path")),
        ("required", Tree::new(at, Content::Bool(true))),
        ("schema", map(vec![("type", text("string"))])),
    ]);
    if !operation.has("parameters") {
        operation.put("parameters", Content::List(Vec::new()));
    }
    if let Some(list) = operation.get_mut("parameters").and_then(Tree::list_mut) {
        list.push(parameter);
    }
}
