//! OpenAPI Overlay 1.0: changes that are made to a document before it is read, and that keep their own positions.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexSet;
use serde_json_path::JsonPath;

use crate::error::{Diagnostic, Error};
use crate::pointer;
use crate::problems::into_result;
use crate::reader;
use crate::source::{Location, Source};
use crate::tree::{Content, Tree};

/// Changes to a document.
#[derive(Clone, Debug)]
pub struct Overlay {
    source: Source,
    actions: Vec<Action>,
}

/// A change.
#[derive(Clone, Debug)]
struct Action {
    target: String,
    path: JsonPath,
    /// The position of the target in the overlay.
    at: Location,
    pointer: String,
    effect: Effect,
}

#[derive(Clone, Debug)]
enum Effect {
    /// The value is merged into each target: into an object, or behind the last item of a list.
    Update(Tree),
    /// Each target is removed.
    Remove,
}

impl Overlay {
    /// Reads an overlay in YAML or JSON. `name` is the name of the file in errors.
    ///
    /// # Errors
    /// If the text is no overlay of version 1.0; the error has a diagnostic for everything found wrong.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let source = Source::of_file(name, text);
        let tree = reader::read(name, &source.text).map_err(|fault| fault.in_file(&source))?;
        let mut problems = Vec::new();
        let actions = actions(&tree, &mut problems);
        into_result(&Arc::from([source.clone()]), problems)?;
        Ok(Self { source, actions })
    }

    /// Returns the name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Changes the document `tree`, which was read from `sources`, and adds the file of the overlay to these.
    pub(crate) fn apply(&self, tree: &mut Tree, sources: &mut Vec<Source>, problems: &mut Vec<Diagnostic>) {
        let file = sources.len();
        sources.push(self.source.clone());
        // Targets are searched in the values, which change along with the tree.
        let mut value = tree.to_value();
        for action in &self.actions {
            let found = action.path.query_located(&value);
            let targets: IndexSet<String> =
                found.iter().map(|node| node.location().to_json_pointer()).collect();
            let mut targets: Vec<String> = targets.into_iter().collect();
            if targets.is_empty() {
                problems.push(action.problem(
                    file,
                    format!("the target `{}` matches nothing in the document", action.target),
                    "correct it, or remove the action: `$.paths['/pets'].get` is the operation `GET /pets`",
                ));
            }
            // Of the items of a list, the last are removed first, so that the others stay where they are.
            if matches!(action.effect, Effect::Remove) {
                targets.sort_by_cached_key(|target| Reverse(steps(target)));
            }
            // What holds something that is removed.
            let mut holders = BTreeSet::new();
            for target in targets {
                match &action.effect {
                    Effect::Remove if target.is_empty() => problems.push(action.problem(
                        file,
                        "the whole document cannot be removed".to_owned(),
                        "choose a part of it as the target",
                    )),
                    Effect::Remove => holders.extend(remove(tree, &target)),
                    Effect::Update(update) => {
                        let (Some(place), Some(known)) =
                            (tree.at_pointer_mut(&target), value.pointer_mut(&target))
                        else {
                            continue;
                        };
                        let mut update = update.clone();
                        update.mark(file);
                        if matches!(place.content, Content::Map(_) | Content::List(_)) {
                            merge(place, update);
                            *known = place.to_value();
                        } else {
                            problems.push(action.problem(
                                file,
                                format!("the target `{}` is neither an object nor a list", action.target),
                                "choose what holds it as the target, and the member in `update`",
                            ));
                        }
                    }
                }
            }
            for holder in holders {
                if let (Some(place), Some(known)) = (tree.at_pointer_mut(&holder), value.pointer_mut(&holder))
                {
                    *known = place.to_value();
                }
            }
        }
    }
}

impl Action {
    fn problem(&self, file: usize, message: String, help: &str) -> Diagnostic {
        let (location, pointer) = (self.at.in_file(file), self.pointer.clone());
        Diagnostic { message, location, pointer, help: help.to_owned() }
    }
}

/// Reads the actions of an overlay.
fn actions(tree: &Tree, problems: &mut Vec<Diagnostic>) -> Vec<Action> {
    let mut add = |at: Location, pointer: &str, message: &str, help: &str| {
        problems.push(Diagnostic {
            message: message.to_owned(),
            location: at,
            pointer: pointer.to_owned(),
            help: help.to_owned(),
        });
    };
    if !tree.text("overlay").is_some_and(|version| version.starts_with("1.")) {
        let at = tree.get("overlay").map_or(tree.at, |version| version.at);
        add(at, "/overlay", "this is no overlay of version 1", "begin it with `overlay: 1.0.0`");
    }
    unknown(tree, "", &["overlay", "info", "extends", "actions"], &mut add);
    let Some(listed) = tree.get("actions").and_then(Tree::list) else {
        add(
            tree.at,
            "",
            "the overlay lacks the list `actions`",
            "add the changes to make, each with a `target`",
        );
        return Vec::new();
    };
    let mut actions = Vec::new();
    for (position, action) in listed.iter().enumerate() {
        let pointer = format!("/actions/{position}");
        unknown(action, &pointer, &["target", "description", "update", "remove"], &mut add);
        let Some(target) = action.get("target") else {
            add(action.at, &pointer, "the action lacks `target`", "add the JSONPath of what it changes");
            continue;
        };
        let text = target.as_text().unwrap_or_default();
        let path = match JsonPath::parse(text) {
            Ok(path) => path,
            Err(error) => {
                let message = format!("`{text}` is no JSONPath: {error}");
                add(
                    target.at,
                    &pointer,
                    &message,
                    "write it as RFC 9535 says, such as `$.paths['/pets'].get`",
                );
                continue;
            }
        };
        let effect = match (action.get("remove").is_some_and(Tree::is_true), action.get("update")) {
            (true, _) => Effect::Remove,
            (false, Some(update)) => Effect::Update(update.clone()),
            (false, None) => {
                add(action.at, &pointer, "the action changes nothing", "add `update`, or `remove: true`");
                continue;
            }
        };
        actions.push(Action { target: text.to_owned(), path, at: target.at, pointer, effect });
    }
    actions
}

/// Adds the members of `tree` that no overlay has.
fn unknown(tree: &Tree, pointer: &str, known: &[&str], add: &mut impl FnMut(Location, &str, &str, &str)) {
    for (key, member) in tree.map().into_iter().flatten() {
        if !known.contains(&key.as_str()) && !key.starts_with("x-") {
            let message = format!("an overlay has no `{key}` here");
            let help = format!("use one of {}", known.join(", "));
            add(member.key.unwrap_or(member.at), &pointer::child(pointer, key), &message, &help);
        }
    }
}

/// Returns the steps of a pointer in an order in which items of a list stand by their numbers.
fn steps(pointer: &str) -> Vec<(Option<usize>, String)> {
    pointer.split('/').map(|step| (step.parse().ok(), step.to_owned())).collect()
}

/// Removes what a pointer leads to, and returns the pointer of what held it.
fn remove(tree: &mut Tree, target: &str) -> Option<String> {
    let (parent, key) = target.rsplit_once('/')?;
    let key = pointer::unescape(key);
    match tree.at_pointer_mut(parent).map(|parent| &mut parent.content) {
        Some(Content::Map(members)) => drop(members.shift_remove(&key)),
        Some(Content::List(items)) => {
            if let Some(position) = key.parse().ok().filter(|position| *position < items.len()) {
                items.remove(position);
            }
        }
        _ => {}
    }
    Some(parent.to_owned())
}

/// Merges `update` into `place`: members of objects one by one, items of lists behind those that are there.
fn merge(place: &mut Tree, update: Tree) {
    match (&mut place.content, update.content) {
        (Content::Map(members), Content::Map(updates)) => {
            for (key, update) in updates {
                match members.get_mut(&key) {
                    Some(member) => merge(member, update),
                    None => drop(members.insert(key, update)),
                }
            }
        }
        (Content::List(items), Content::List(updates)) => items.extend(updates),
        (Content::List(items), content) => items.push(Tree::new(update.at, content)),
        (_, content) => {
            place.content = content;
            place.at = update.at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::loader::Nothing;

    const PETS: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /pets:
    get: {operationId: list, responses: {'200': {description: All}}}
  /pets/{id}:
    get:
      operationId: retrieve
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: One}}
";

    fn with(actions: &str) -> Result<Document, Error> {
        let overlay = Overlay::parse(
            "o.yaml",
            &format!("overlay: 1.0.0\ninfo: {{title: O, version: '1'}}\nactions:\n{actions}"),
        )?;
        Document::load_with("pets.yaml", PETS, &Nothing, &[overlay])
    }

    #[test]
    fn actions_merge_append_and_remove_one_after_the_other() {
        let document = with(
            "\
- target: $.paths['/pets'].get
  update: {summary: Lists, responses: {'200': {description: Every one}, '404': {description: None}}}
- target: $.paths.*.get
  update: {x-mark: true}
- target: $.paths['/pets/{id}'].get.parameters
  update: {name: q, in: query, schema: {type: string}}
- target: $.tags[?@.name != 'b']
  remove: true
- target: $.tags
  update: [{name: d}]
- target: $
  update: {x-all: 1}
",
        )
        .expect("a document");
        let get = &document.value()["paths"]["/pets"]["get"];
        assert_eq!(get["summary"], "Lists");
        assert_eq!(
            (&get["responses"]["200"]["description"], &get["responses"]["404"]["description"]),
            (&"Every one".into(), &"None".into())
        );
        assert_eq!(document.value()["paths"]["/pets/{id}"]["get"]["x-mark"], true);
        assert_eq!(document.value()["paths"]["/pets/{id}"]["get"]["parameters"][1]["name"], "q");
        let names: Vec<_> = document.value()["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|tag| tag["name"].clone())
            .collect();
        assert_eq!(names, ["b", "d"]);
        assert_eq!(document.value()["x-all"], 1);
    }

    #[test]
    fn what_is_found_is_removed_once_whatever_the_order() {
        for (target, left) in [("$.tags[2,0]", "b"), ("$.tags[0,0,1]", "c"), ("$.tags[0,2,0]", "b")] {
            let document = with(&format!("- target: {target}\n  remove: true\n")).expect("a document");
            assert_eq!(document.value()["tags"], serde_json::json!([{"name": left}]), "{target}");
        }
    }

    #[test]
    fn what_an_overlay_adds_is_told_with_its_place_there() {
        let error =
            with("- target: $.paths['/pets'].get\n  update: {requestBody: 1}\n").expect_err("a wrong shape");
        assert!(error.to_string().starts_with("o.yaml:5:"), "{error}");
    }

    #[test]
    fn wrong_actions_are_refused() {
        let cases = [
            (
                "- target: $.paths['/cats']\n  update: {}\n",
                "o.yaml:4:11: the target `$.paths['/cats']` matches nothing in the document (at #/actions/0)",
            ),
            (
                "- target: $.info.title\n  update: {}\n",
                "o.yaml:4:11: the target `$.info.title` is neither an object nor a list",
            ),
            ("- target: paths\n  update: {}\n", "o.yaml:4:11: `paths` is no JSONPath"),
            ("- update: {}\n", "o.yaml:4:3: the action lacks `target`"),
            ("- target: $\n", "o.yaml:4:3: the action changes nothing"),
            ("- target: $\n  remove: true\n", "o.yaml:4:11: the whole document cannot be removed"),
            ("- target: $\n  updates: {}\n  remove: true\n", "o.yaml:5:3: an overlay has no `updates` here"),
        ];
        for (actions, expected) in cases {
            let error = with(actions).expect_err(actions).to_string();
            assert!(error.starts_with(expected) && error.contains("help: "), "{actions}: {error}");
        }
        let error = Overlay::parse("o.yaml", "overlays: 1\nactions: []").expect_err("no overlay").to_string();
        assert!(
            error.contains("this is no overlay of version 1") && error.contains("no `overlays` here"),
            "{error}"
        );
    }
}
