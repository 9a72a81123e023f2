//! Derives the whole API from what a running authentik told about itself: the document as it describes itself, and an
//! overlay with what a document has no words for.

mod assets;
mod bodies;
mod constants;
mod joins;
mod models;
mod observed;
mod paths;
mod schemas;
mod told;
mod used_by;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use openapi_document::yaml_writer;
use openapi_workbench::{Outcome, Report, disk, source};
use serde_json::{Map, Value, json};

use joins::Joins;
use models::Models;
use paths::Viewset;
use schemas::Schemas;
use told::Told;

/// The facts and the files that are made of them.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The directory with what the authentik told, see spec/authentik/README.md
    #[arg(value_name = "DIR")]
    pub facts: PathBuf,
    /// The document that upstream publishes of the same release line, for its descriptions
    #[arg(long, value_name = "FILE")]
    pub words: Option<PathBuf>,
    /// Write nothing, and fail if something would change
    #[arg(long)]
    pub check: bool,
}

/// The directory of the whole API below the workspace.
const TARGET: &str = "spec/authentik";
/// The directory of the assets that the stub embeds.
const ASSETS: &str = "crates/authentik-stub/assets";
/// The release whose facts these are.
const RELEASE: &str = "2024.8";

/// Writes the document and its overlay, and says which of them changed.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments) -> Report {
    match derive(root, arguments) {
        Ok(changed) if changed.is_empty() => {
            Report::clean("the whole API is as the facts have it\n".to_owned())
        }
        Ok(changed) => {
            let names: Vec<String> = changed.iter().map(|path| format!("  {}\n", path.display())).collect();
            let word = if arguments.check { "stale" } else { "written" };
            let outcome = if arguments.check { Outcome::Findings } else { Outcome::Clean };
            Report { text: format!("{word}\n{}", names.concat()), outcome }
        }
        Err(message) => Report::failure(&message),
    }
}

fn derive(root: &Path, arguments: &Arguments) -> Result<Vec<PathBuf>, String> {
    let text = |name: &str| source::file(&arguments.facts.join(name), "give the directory of the facts");
    let read = |name: &str| -> Result<Value, String> {
        serde_json::from_str(&text(name)?).map_err(|error| format!("{name} is no JSON: {error}"))
    };
    let object = |value: Value, name: &str| match value {
        Value::Object(object) => Ok(object),
        _ => Err(format!("{name} is no object")),
    };
    let mut document = read("document.json")?;
    if let Some(path) = &arguments.words {
        let text = source::file(path, "write it with `cargo xtask upstream`")?;
        let words = openapi_document::Document::parse(&path.display().to_string(), &text)
            .map_err(|error| error.render(false))?;
        words::add(&mut document, &words.written());
    }
    let viewsets = read("viewsets.json")?;
    let models = Models::new(object(read("models.json")?, "models.json")?);
    let mut rows = read("permissions-base.json")?;
    let mut fresh = read("fresh.json")?;
    let constants = constants::of(&fresh, &viewsets)?;
    rows["rbac/permissions"] = fresh["objects"]["rbac/permissions"].take();
    rows["views"] = fresh["views"].take();
    let lines = |name: &str| -> Result<Vec<Value>, String> {
        let line = |line| serde_json::from_str(line).map_err(|error| format!("{name}: {error}"));
        text(name)?.lines().map(line).collect()
    };
    let mut answers = lines("cases.jsonl")?;
    answers.extend(lines("permissions.jsonl")?);
    let overlay = overlay(&document, &viewsets, &models, &rows, &answers);
    let whole = |value: &Value| {
        format!(
            "# Derived from a running authentik by `cargo xtask facts`; README.md says how.\n{}",
            yaml_writer::document(value)
        )
    };
    let (document, overlay) = (whole(&document), whole(&overlay));
    let assets = assets::of(&document, &overlay)?;
    let (target, stub) = (root.join(TARGET), root.join(ASSETS));
    let described = [
        (target.join(format!("{RELEASE}.yaml")), document.into_bytes()),
        (target.join(format!("{RELEASE}.overlay.yaml")), overlay.into_bytes()),
    ];
    let others = [("constants.json", constants), ("permissions.json", permissions(&rows))];
    let embedded = assets.files().into_iter().chain(others);
    let embedded = embedded.map(|(name, bytes)| (stub.join(name), bytes));
    let stale: Vec<_> = described.into_iter().chain(embedded).filter(is_stale).collect();
    if !arguments.check {
        for (path, bytes) in &stale {
            disk::write(path, bytes).map_err(|error| error.to_string())?;
        }
    }
    Ok(stale.into_iter().map(|(path, _)| path).collect())
}

/// Returns `true` if a file does not hold these bytes.
fn is_stale((path, bytes): &(PathBuf, Vec<u8>)) -> bool {
    !std::fs::read(path).is_ok_and(|old| old == *bytes)
}

/// Returns the permissions that there are, which no model tells.
fn permissions(rows: &Value) -> Vec<u8> {
    let all = rows["permission_table"].as_array().into_iter().flatten();
    let lines: Vec<String> = all.map(ToString::to_string).collect();
    format!("[\n{}\n]\n", lines.join(",\n")).into_bytes()
}

/// Returns the assets of the stub that are not those of the whole API as it is in the workspace.
///
/// # Errors
/// Fails if a file cannot be read, or the document or its overlay is wrong.
pub fn stale_assets(root: &Path) -> Result<Vec<PathBuf>, String> {
    let read =
        |name: String| source::file(&root.join(TARGET).join(name), "write it with `cargo xtask facts`");
    let assets = assets::of(&read(format!("{RELEASE}.yaml"))?, &read(format!("{RELEASE}.overlay.yaml"))?)?;
    let files = assets.files().into_iter().map(|(name, bytes)| (root.join(ASSETS).join(name), bytes));
    Ok(files.filter(is_stale).map(|(path, _)| path).collect())
}

/// Returns the operation of a method and a path, whatever its variables are called, with its path.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<(&'a str, &'a Value)> {
    let shape = |path: &str| -> Vec<String> {
        path.split('/')
            .map(|part| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() })
            .collect()
    };
    let wanted = shape(path);
    let (path, item) = document["paths"].as_object()?.iter().find(|(path, _)| shape(path) == wanted)?;
    Some((path, item.get(method.to_lowercase())?))
}

/// Returns what a path was answered with, if it was asked for.
fn answered<'a>(cases: &'a [Value], path: &str) -> &'a Value {
    let steps = cases.iter().flat_map(|case| case["steps"].as_array().into_iter().flatten());
    let mut steps =
        steps.filter(|step| step["path"] == path && step["status"] == 200 && step["method"] == "GET");
    steps.next().map_or(&Value::Null, |step| &step["answer_body"])
}

/// Returns the names of apps for people, from the rows of permissions and from recorded lists of who has any.
fn apps<'a>(rows: &'a Value, answers: &'a [Value]) -> BTreeMap<&'a str, &'a str> {
    let permissions = rows["rbac/permissions"].as_array().into_iter().flatten();
    let steps = answers.iter().flat_map(|case| case["steps"].as_array().into_iter().flatten());
    let recorded = steps.flat_map(|step| step["answer_body"]["results"].as_array().into_iter().flatten());
    permissions
        .chain(recorded)
        .filter_map(|row| Some((row["app_label"].as_str()?, row["app_label_verbose"].as_str()?)))
        .collect()
}

/// Returns the names of countries by their codes, which are the choices of a field.
fn countries(serializers: &Map<String, Value>) -> Value {
    let field =
        &serializers["authentik.policies.geoip.api.GeoIPPolicySerializer"]["fields"]["countries"]["child"];
    let (codes, names) = (field["choices"].as_array(), field["choice_labels"].as_array());
    let pairs = codes.into_iter().flatten().zip(names.into_iter().flatten());
    pairs
        .filter_map(|(code, name)| Some((code.as_str()?.to_owned(), name.clone())))
        .collect::<Map<_, _>>()
        .into()
}

/// Returns the components of the user interface that edit rows, by their models: what objects say of themselves, and the
/// lists of types of the others.
fn components<'a>(rows: &'a Value, models: &'a Models) -> BTreeMap<&'a str, &'a str> {
    let lists = rows["objects"].as_object().into_iter().flatten();
    let objects = lists.flat_map(|(_, objects)| objects.as_array().into_iter().flatten());
    let shown = objects
        .filter_map(|object| Some((object["meta_model_name"].as_str()?, object["component"].as_str()?)));
    let views = rows["views"].as_object().into_iter().flatten().filter(|(path, _)| path.ends_with("/types/"));
    let answers = views.flat_map(|(_, answers)| answers.as_object().into_iter().flat_map(Map::values));
    let types = answers.flat_map(|answer| answer["answer_body"].as_array().into_iter().flatten());
    let told = types.filter_map(|kind| {
        let (component, name) = (kind["component"].as_str()?, kind["model_name"].as_str()?);
        let model = models.names().find(|model| model.rsplit('.').next() == Some(name))?;
        Some((model, component))
    });
    told.chain(shown).collect()
}

/// The views whose classes describe themselves otherwise than their operations do.
const DESCRIBED: [(&str, &str); 1] = [(
    "/core/transactional/applications/",
    "Create provider and application and attach them in a single transaction",
)];

/// Returns the class of a view in words.
fn class_in_words(class: &str) -> String {
    let class = class.strip_suffix("ViewSet").or(class.strip_suffix("View")).unwrap_or(class);
    let letters: Vec<char> = class.chars().collect();
    let mut words = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let is_last_of_capitals = letters.get(at + 1).is_some_and(|after| !after.is_uppercase());
        if letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase()) || is_last_of_capitals)
        {
            words.push(' ');
        }
        words.push(*letter);
    }
    titled(words.trim())
}

/// Returns what the framework calls a part of a viewset: its class in words, and the part.
fn view_name(class: &str, action: &str) -> String {
    let words = class_in_words(class);
    match action {
        "list" | "create" => format!("{words} List"),
        "retrieve" | "update" | "partial_update" | "destroy" => format!("{words} Instance"),
        other => {
            let mut letters = other.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
        }
    }
}

/// Returns a text with the first letter of each word in upper case and the others in lower case.
fn titled(text: &str) -> String {
    let mut is_within = false;
    let letters = text.chars().flat_map(|letter| {
        let changed: Vec<char> =
            if is_within { letter.to_lowercase().collect() } else { letter.to_uppercase().collect() };
        is_within = letter.is_alphabetic();
        changed
    });
    letters.collect()
}

fn overlay(document: &Value, viewsets: &Value, models: &Models, rows: &Value, answers: &[Value]) -> Value {
    let components = components(rows, models);
    let empty = Map::new();
    let serializers = viewsets["serializers"].as_object().unwrap_or(&empty);
    let mut actions = Vec::new();
    let mut act = |target: String, update: Value| actions.push(json!({"target": target, "update": update}));
    let definitions: Map<String, Value> =
        models.names().map(|name| (name.to_owned(), models.definition(name))).collect();
    act("$".to_owned(), json!({"x-models": definitions}));
    for (name, role) in
        [("page", "page"), ("page_size", "page-size"), ("ordering", "ordering"), ("search", "search")]
    {
        act(format!("$.paths.*.get.parameters[?@.name=='{name}']"), json!({"x-role": role}));
    }
    let mut schemas = Schemas::new(document, serializers, models);
    let mut manners = Vec::new();
    let told = Told::of(document, answers);
    let mut notes: Vec<(String, Value)> = Vec::new();
    for facts in viewsets["viewsets"].as_array().into_iter().flatten() {
        let prefix = facts["prefix"].as_str().unwrap_or_default();
        let viewset = Viewset { facts, models, serializers, joins: Joins::of(facts, prefix, answers) };
        let mut manner = viewset.manners(prefix);
        let mut variable = None;
        let mut filters_of = None;
        let mut special = Map::new();
        for action in facts["actions"].as_array().into_iter().flatten() {
            let (method, path) =
                (action["method"].as_str().unwrap_or_default(), action["path"].as_str().unwrap_or_default());
            let Some((path, operation)) = operation(document, method, path) else { continue };
            let name = action["action"].as_str().unwrap_or_default();
            let class = facts["class"].as_str().unwrap_or_default();
            let target = format!("$.paths['{path}'].{}", method.to_lowercase());
            notes.push((target, json!({"x-view-name": view_name(class, name)})));
            let id = operation["operationId"].as_str().unwrap_or_default();
            if name == "create" {
                let serializer = &serializers[action["serializer"].as_str().unwrap_or_default()];
                let together: Vec<&Value> = serializer["validators"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|validator| validator["class"] == "UniqueTogetherValidator")
                    .map(|validator| &validator["fields"])
                    .collect();
                if !together.is_empty() {
                    manner["together"] = json!(together);
                }
            }
            if matches!(name, "create" | "update" | "partial_update") {
                let serializer = &serializers[action["serializer"].as_str().unwrap_or_default()];
                let mro = serializer["mro"].as_array();
                if mro.is_some_and(|mro| mro.contains(&json!("EnterpriseRequiredMixin"))) {
                    manner["enterprise"] = json!(true);
                }
            }
            if matches!(name, "list" | "create" | "retrieve" | "update" | "partial_update")
                && let Some(serializer) = action["serializer"].as_str()
            {
                schemas.add(operation, serializer);
            }
            if action["extra"] == true && name != "used_by" {
                let mut about = Map::new();
                about.insert("action".to_owned(), json!(name));
                for key in ["permission_required", "permission_classes", "filter_backends"] {
                    if let Some(value) = action.get(key) {
                        about.insert(key.to_owned(), value.clone());
                    }
                }
                special.insert(id.to_owned(), Value::Object(about));
            }
            if name == "list" {
                filters_of = Some(path);
            }
            if action["detail"] == true && variable.is_none() {
                variable =
                    path.rsplit_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name);
            }
        }
        if !special.is_empty() {
            manner["actions"] = Value::Object(special);
        }
        manners.push(manner);
        if let Some(resource) = viewset.resource(variable) {
            notes.push((format!("$.paths['/{prefix}/']"), json!({"x-resource": resource})));
        }
        for (name, facts) in facts["filters"].as_object().into_iter().flatten() {
            let Some(path) = filters_of else { continue };
            let mut update = json!({"x-role": "filter"});
            if facts["class"] == "AllValuesMultipleFilter"
                && let (Some(model), Some(field)) = (viewset.model(), facts["field_name"].as_str())
            {
                update["schema"] = json!({"items": {"x-references": model, "x-references-by": field}});
            }
            if let Some(model) = facts["queryset_model"].as_str().filter(|model| models.has(model)) {
                let mut reference = json!({"x-references": model});
                // The link of a row to its base is the key of both.
                let by = facts["to_field_name"].as_str().filter(|by| !models.is_link(model, by));
                if let Some(by) = by {
                    reference["x-references-by"] = json!(by);
                }
                let is_list = facts["class"] == "ModelMultipleChoiceFilter";
                update["schema"] = if is_list { json!({"items": reference}) } else { reference };
            }
            notes.push((format!("$.paths['{path}'].get.parameters[?@.name=='{name}']"), update));
        }
    }
    for facts in viewsets["other_views"].as_array().into_iter().flatten() {
        let (Some(path), Some(class)) = (facts["path"].as_str(), facts["class"].as_str()) else { continue };
        for method in facts["methods"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let Some((path, operation)) = operation(document, method, path) else { continue };
            if let Some(serializer) = facts["serializer"].as_str() {
                schemas.add(operation, serializer);
            }
            let target = format!("$.paths['{path}'].{}", method.to_lowercase());
            notes.push((target, json!({"x-view-name": class_in_words(class)})));
        }
        if let Some((_, text)) = DESCRIBED.iter().find(|(known, _)| *known == path) {
            notes.push((format!("$.paths['{path}']"), json!({"x-view-description": text})));
        }
    }
    schemas.add_requests();
    for (name, update) in schemas.notes() {
        act(format!("$.components.schemas['{name}']"), update);
    }
    for (name, labels) in schemas.labels() {
        act(format!("$.components.schemas['{name}']"), json!({"x-enum-labels": labels}));
    }
    for (target, update) in told.updates().chain(observed::updates(document, answers)) {
        act(target, update);
    }
    for (target, update) in notes {
        act(target, update);
    }
    actions.extend(bodies::overlay(document));
    let mut act = |target: String, update: Value| actions.push(json!({"target": target, "update": update}));
    act(
        "$".to_owned(),
        json!({"x-viewsets": {
            "viewsets": manners,
            "models": models.names_for_people(&components),
            "apps": apps(rows, answers),
            "countries": countries(serializers),
            "install_id": answered(answers, "/enterprise/license/install_id/")["install_id"],
            "source_types": answered(answers, "/sources/oauth/source_types/"),
        }}),
    );
    json!({
        "overlay": "1.0.0",
        "info": {"title": "What the document of authentik has no words for", "version": RELEASE},
        "actions": actions,
    })
}
