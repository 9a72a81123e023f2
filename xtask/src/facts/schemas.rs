//! The components of the document and the serializers that they were made of.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::models::{FROM_OUTSIDE, Models};
use super::told::words;

const PREFIX: &str = "#/components/schemas/";

/// The serializers, and the components that were made of them.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    serializers: &'a Map<String, Value>,
    models: &'a Models,
    /// The serializers of components, by the names of these.
    found: BTreeMap<String, &'a str>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Value, serializers: &'a Map<String, Value>, models: &'a Models) -> Self {
        Self { document, serializers, models, found: BTreeMap::new() }
    }

    /// Notes that the bodies of an operation are made of a serializer.
    pub(super) fn add(&mut self, operation: &'a Value, serializer: &str) {
        let Some((serializer, _)) = self.serializers.get_key_value(serializer) else { return };
        let request = &operation["requestBody"]["content"]["application/json"]["schema"];
        self.schema(request, serializer);
        for status in ["200", "201"] {
            let answer = &operation["responses"][status]["content"]["application/json"]["schema"];
            let list = answer["$ref"].as_str().and_then(|reference| self.component(reference));
            let items = list.map(|(_, list)| &list["properties"]["results"]["items"]);
            self.schema(items.filter(|items| !items.is_null()).unwrap_or(answer), serializer);
        }
    }

    /// Notes the serializers of the bodies of actions: the framework calls a component after its serializer.
    pub(super) fn add_requests(&mut self) {
        let components: &'a Map<String, Value> = match self.document["components"]["schemas"].as_object() {
            Some(components) => components,
            None => return,
        };
        for (name, component) in components {
            let Some(title) = name.strip_suffix("Request") else { continue };
            let title = title.strip_prefix("Patched").unwrap_or(title);
            let end = format!(".{title}Serializer");
            let Some((serializer, facts)) = self.serializers.iter().find(|(name, _)| name.ends_with(&end))
            else {
                continue;
            };
            let properties = component["properties"].as_object();
            let fits = properties
                .is_some_and(|properties| properties.keys().all(|name| facts["fields"].get(name).is_some()));
            if fits && !self.found.contains_key(name) {
                self.found.insert(name.clone(), serializer);
            }
        }
    }

    fn component(&self, reference: &str) -> Option<(&'a str, &'a Value)> {
        let schemas: &'a Map<String, Value> = self.document["components"]["schemas"].as_object()?;
        let name = reference.strip_prefix(PREFIX)?;
        schemas.get_key_value(name).map(|(name, schema)| (name.as_str(), schema))
    }

    /// Notes that a schema is made of a serializer, and its parts of the parts of that.
    fn schema(&mut self, schema: &'a Value, serializer: &'a str) {
        let part = schema["allOf"].get(0).unwrap_or(schema);
        let part = if part["type"] == "array" { &part["items"] } else { part };
        let Some((name, component)) = part["$ref"].as_str().and_then(|reference| self.component(reference))
        else {
            return;
        };
        if self.found.contains_key(name) {
            return;
        }
        let fields = &self.serializers[serializer]["fields"];
        let properties = component["properties"].as_object();
        // A component of another serializer has other properties.
        if properties.is_none_or(|properties| properties.keys().any(|name| fields.get(name).is_none())) {
            return;
        }
        self.found.insert(name.to_owned(), serializer);
        for (property, schema) in properties.into_iter().flatten() {
            let field = &fields[property];
            if let Some(serializer) = nested(field)
                && let Some((serializer, _)) = self.serializers.get_key_value(serializer)
            {
                self.schema(schema, serializer);
            }
            if let Some(serializer) = by_method(&self.serializers[serializer], property)
                && let Some((serializer, _)) = self.serializers.get_key_value(serializer)
            {
                self.schema(schema, serializer);
            }
        }
    }

    /// Returns what the words of enumerations are called for people, by the names of their components.
    pub(super) fn labels(&self) -> BTreeMap<&str, Value> {
        let mut found = BTreeMap::new();
        for (name, serializer) in &self.found {
            let schema = &self.document["components"]["schemas"][name];
            for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
                let field = &self.serializers[*serializer]["fields"][property];
                let field = field.get("child").filter(|child| child.is_object()).unwrap_or(field);
                let Some(labels) = labels(field) else { continue };
                let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
                let parts = ["allOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
                for part in parts.chain([schema]) {
                    let component = part["$ref"].as_str().and_then(|reference| self.component(reference));
                    if let Some((name, _)) = component.filter(|(_, component)| component["enum"].is_array()) {
                        found.entry(name).or_insert_with(|| labels.clone());
                    }
                }
            }
        }
        found
    }

    /// Returns the notes of components, by their names.
    pub(super) fn notes(&self) -> BTreeMap<&str, Value> {
        let notes = self.found.iter().filter_map(|(name, serializer)| {
            let schema = &self.document["components"]["schemas"][name];
            let facts = &self.serializers[*serializer];
            let model = facts["model"].as_str().filter(|model| self.models.has(model));
            let mut properties = Map::new();
            for (property, schema) in schema["properties"].as_object()? {
                let field = &facts["fields"][property];
                let mut notes = self.property(model, property, schema, field);
                if name.ends_with("Request") && !name.starts_with("Patched") && field["read_only"] != true {
                    notes.extend(default(field).map(|default| ("default".to_owned(), default)));
                }
                if !notes.is_empty() {
                    properties.insert(property.clone(), Value::Object(notes));
                }
            }
            let mut notes = Map::new();
            if let Some(model) = model {
                notes.insert("x-model".to_owned(), json!(model));
                let overrides = facts["overrides"].as_array();
                if overrides.is_some_and(|overrides| overrides.contains(&json!("to_representation"))) {
                    let views = self.views_of(model);
                    if !views.is_empty() {
                        notes.insert("x-views".to_owned(), Value::Object(views));
                    }
                }
            }
            if !properties.is_empty() {
                notes.insert("properties".to_owned(), Value::Object(properties));
            }
            Some((name.as_str(), Value::Object(notes)))
        });
        notes.chain(self.secrets_of_others()).collect()
    }

    /// Returns the secrets of the components whose serializers nothing is known of.
    fn secrets_of_others(&self) -> impl Iterator<Item = (&str, Value)> {
        let components = self.document["components"]["schemas"].as_object().into_iter().flatten();
        components.filter(|(name, _)| !self.found.contains_key(*name)).filter_map(|(name, component)| {
            let names = component["properties"].as_object()?.keys();
            let secrets = names.filter(|name| SECRETS.contains(&name.as_str()));
            let secrets: Map<String, Value> =
                secrets.map(|name| (name.clone(), json!({"x-secret": true}))).collect();
            (!secrets.is_empty()).then(|| (name.as_str(), json!({"properties": secrets})))
        })
    }

    /// Returns the components that show rows of models that `base` is the base of.
    fn views_of(&self, base: &str) -> Map<String, Value> {
        let mut views = Map::new();
        for (name, serializer) in self.found.iter().filter(|(name, _)| !name.ends_with("Request")) {
            let model = self.serializers[*serializer]["model"].as_str().unwrap_or_default();
            if model != base && self.models.is_a(model, base) {
                views.entry(model).or_insert_with(|| json!(name));
            }
        }
        views
    }

    fn property(&self, model: Option<&str>, name: &str, schema: &Value, field: &Value) -> Map<String, Value> {
        let mut notes = Map::new();
        // What is below a relation that names nothing is left out, unless the field has a null for it.
        let source = field["source"].as_str().unwrap_or_default();
        let is_forward = model.zip(source.split('.').next()).is_some_and(|(model, first)| {
            self.models.field(model, first).is_object() && source.contains('.')
        });
        notes.insert("x-omit-null".to_owned(), json!(is_forward && field["allow_null"] != true));
        if let Some(source) = model.and_then(|model| self.source(model, name, schema, field)) {
            if field["read_only"] != true && ["path", "ownKey"].iter().any(|form| source.get(form).is_some())
            {
                let access = if field["write_only"] == true { "writeOnly" } else { "readWrite" };
                notes.insert("x-access".to_owned(), json!(access));
            }
            notes.insert("x-source".to_owned(), source);
        }
        if field["read_only"] != true {
            rules(schema, field, &mut notes);
        }
        let column = model.map_or(&Value::Null, |model| self.models.field(model, source));
        let mut items = items(column, name, field);
        if let Some(property) =
            self.enumerated(schema).filter(|_| field["child"]["drf_class"] == "ChoiceField")
        {
            items.insert("x-shown-by".to_owned(), json!(property));
        }
        if !items.is_empty() {
            notes.insert("items".to_owned(), Value::Object(items));
        }
        if SECRETS.contains(&name) {
            notes.insert("x-secret".to_owned(), json!(true));
        }
        if is_computed(field) {
            notes.insert("x-computed".to_owned(), json!(true));
        }
        notes
    }

    /// Returns where the value of a property comes from, if that is not the field of its name.
    fn source(&self, model: &str, name: &str, schema: &Value, field: &Value) -> Option<Value> {
        let serializer = nested(field);
        if let Some(method) = field["method_name"].as_str() {
            if FROM_OUTSIDE.contains(&(model, name)) {
                return Some(json!({"path": name}));
            }
            let view = self.view(schema);
            let object = by_path(name).and_then(|path| Some((self.models.path(model, path)?, view?)));
            return Some(match object {
                Some((path, view)) => json!({"object": {"path": path, "view": view}}),
                None => json!({"function": method.strip_prefix("get_").unwrap_or(method)}),
            });
        }
        let source = field["source"].as_str()?;
        let path = self.models.path(model, source);
        if let (Some("PolicyBindingModelForeignKey"), Some(path)) = (field["class"].as_str(), &path) {
            return Some(json!({"ownKey": path}));
        }
        match (serializer, path) {
            (Some(_), Some(path)) if self.models.leads_to_rows(model, source) => {
                let mut object = json!({"path": path, "view": self.view(schema)?});
                if let Some(seen) = self.models.seen(model, source) {
                    object["seen"] = json!(seen);
                }
                Some(json!({"object": object}))
            }
            // The rows that an enumeration is shown with are made by the program.
            (_, Some(_)) if name.ends_with("_obj") && serializer.is_none() => Some(json!({"function": name})),
            // Rows are shown by their names where they are a list of texts.
            (None, Some(_))
                if field["child"]["class"] == "CharField" && self.models.leads_to_rows(model, source) =>
            {
                Some(json!({"function": name}))
            }
            (_, Some(path)) if path == name && self.models.field(model, name).is_object() => None,
            (_, Some(path)) => Some(json!({"path": path})),
            _ => {
                if source == "get_provider" {
                    let target = self.models.field(model, "provider")["to"].as_str().unwrap_or_default();
                    let base_of = self.models.cast_to_base(target);
                    let object = json!({"path": "provider", "view": self.view(schema)?, "baseOf": base_of});
                    return Some(json!({"object": object}));
                }
                let root = model.rsplit('.').next().unwrap_or(model);
                Some(json!({"function": format!("{root}.{source}")}))
            }
        }
    }

    /// Returns the property of the objects of a list that is an enumeration.
    fn enumerated(&self, list: &Value) -> Option<&str> {
        let (_, object) = self.component(list["items"]["$ref"].as_str()?)?;
        let mut properties = object["properties"].as_object()?.iter();
        let is_enumeration = |schema: &Value| {
            let part = schema["allOf"].get(0).unwrap_or(schema);
            let component = part["$ref"].as_str().and_then(|reference| self.component(reference));
            component.is_some_and(|(_, component)| component["enum"].is_array())
        };
        properties.find(|(_, schema)| is_enumeration(schema)).map(|(name, _)| name.as_str())
    }

    fn view(&self, schema: &Value) -> Option<&str> {
        let part = schema["allOf"].get(0).unwrap_or(schema);
        let part = if part["type"] == "array" { &part["items"] } else { part };
        let name = part["$ref"].as_str()?.strip_prefix(PREFIX)?;
        self.found.get_key_value(name).map(|(name, _)| name.as_str())
    }
}

/// The properties that nobody is to read in a log.
const SECRETS: [&str; 24] = [
    "access_token",
    "activation_barcode",
    "activation_code",
    "admin_secret_key",
    "auth_password",
    "bind_password",
    "client_secret",
    "codes",
    "config_url",
    "consumer_secret",
    "cookie_secret",
    "credentials",
    "data",
    "id_token",
    "key",
    "key_data",
    "kubeconfig",
    "link",
    "password",
    "plex_token",
    "private_key",
    "refresh_token",
    "shared_secret",
    "token",
];

/// Returns the value of a field that a body does not have.
fn default(field: &Value) -> Option<Value> {
    match field.get("default")? {
        Value::Object(default) => (default.get("callable")? == "list").then(|| json!([])),
        default => Some(default.clone()),
    }
}

/// Adds the rules of a field that its schema has no words for.
fn rules(schema: &Value, field: &Value, notes: &mut Map<String, Value>) {
    let inner = field.get("child").filter(|child| child.is_object());
    if let Some(target) = field["queryset_model"].as_str() {
        notes.insert("x-references".to_owned(), json!(target));
    }
    if let Some(target) = inner.and_then(|inner| inner["queryset_model"].as_str()) {
        notes.insert("items".to_owned(), json!({"x-references": target}));
    }
    if inner.is_some_and(|inner| inner["trim_whitespace"] == false) || field["trim_whitespace"] == false {
        notes.insert("x-trim".to_owned(), json!(false));
    }
    let mut messages = Map::new();
    if field["class"] == "PolicyBindingModelForeignKey" {
        // It looks for whatever it is given.
        messages.insert("type".to_owned(), json!("Invalid pk \"{value}\" - object does not exist."));
    }
    for validator in field["validators"].as_array().into_iter().flatten() {
        let message = validator["message"].as_str().unwrap_or_default();
        match validator["class"].as_str().unwrap_or_default() {
            "UniqueValidator" => {
                notes.insert("x-unique".to_owned(), validator["queryset"].clone());
                let message = if message.is_empty() { "This field must be unique." } else { message };
                messages.insert("unique".to_owned(), json!(message));
            }
            "function timedelta_string_validator" => {
                notes.insert("format".to_owned(), json!("timedelta"));
            }
            "function is_dict" => {
                let message = "Value must be a dictionary, and not have any duplicate keys.";
                messages.insert("type".to_owned(), json!(message));
            }
            "function validate_ipv46_address" => {
                notes.insert("format".to_owned(), json!("ip"));
            }
            "function no_space" => {
                notes.insert("pattern".to_owned(), json!(r"^\S*$"));
                messages.insert("pattern".to_owned(), json!("Value cannot contain spaces."));
            }
            "UnicodeUsernameValidator" => {
                notes.insert("pattern".to_owned(), json!(r"^[\w.@+-]+$"));
                messages.insert("pattern".to_owned(), json!(message));
            }
            "DomainlessURLValidator"
            | "MultiURLValidator"
            | "DomainlessFormattedURLValidator"
            | "URLValidator" => {
                let format = match validator["class"].as_str() {
                    Some("URLValidator") => "uri",
                    Some("DomainlessURLValidator") => "url-domainless",
                    Some("MultiURLValidator") => "url-several",
                    _ => "url-template",
                };
                let schemes = validator["schemes"].as_array().into_iter().flatten();
                let mut schemes: Vec<&str> = schemes.filter_map(Value::as_str).collect();
                schemes.sort_unstable();
                schemes.dedup();
                let is_usual =
                    schemes.iter().all(|scheme| ["blank", "ftp", "ftps", "http", "https"].contains(scheme));
                let format =
                    if is_usual { format.to_owned() } else { format!("{format}({})", schemes.join(",")) };
                notes.insert("format".to_owned(), json!(format));
            }
            _ => {}
        }
    }
    if !messages.is_empty() {
        notes.insert("x-messages".to_owned(), Value::Object(messages));
    }
    if let Some(labels) = labels(field).filter(|_| schema.get("enum").is_some()) {
        notes.insert("x-enum-labels".to_owned(), labels);
    }
}

/// Returns how the items of a list of values are described, where that does not follow from the list: only those of a column
/// that is an array have its label.
fn items(column: &Value, name: &str, field: &Value) -> Map<String, Value> {
    let mut items = Map::new();
    let child = &field["child"];
    if field["class"] != "ListField" || !child.is_object() || child["serializer"].is_string() {
        return items;
    }
    let is_array = column["type"] == "ArrayField";
    if is_array == (field["read_only"] == true) {
        items.insert("title".to_owned(), json!(if is_array { words(name) } else { String::new() }));
    }
    if child["required"] == false {
        items.insert("x-required".to_owned(), json!(false));
    }
    items
}

/// Returns what the choices of a field are called for people, if they are called anything else.
fn labels(field: &Value) -> Option<Value> {
    let (labels, choices) = (field["choice_labels"].as_array()?, field["choices"].as_array()?);
    let pairs = choices.iter().zip(labels);
    let pairs = pairs.filter_map(|(choice, label)| Some((choice.as_str()?.to_owned(), label.clone())));
    (labels != choices).then(|| Value::Object(pairs.collect()))
}

/// Returns the serializer of a field, or of the items of its list.
fn nested(field: &Value) -> Option<&str> {
    let child = &field["child"];
    child.as_str().or(child["serializer"].as_str()).or(field["serializer"].as_str())
}

/// Returns `true` if a value is made by the program, so that nothing is known of its form.
fn is_computed(field: &Value) -> bool {
    let class = field["class"].as_str().unwrap_or_default();
    matches!(class, "SerializerMethodField" | "ReadOnlyField")
        || field["read_only"] == true && matches!(class, "PrimaryKeyRelatedField" | "ManyRelatedField")
}

/// Returns the relation that a property shows whose value a method makes.
fn by_path(property: &str) -> Option<&'static str> {
    match property {
        "groups_obj" => Some("ak_groups"),
        "users_obj" => Some("users"),
        _ => None,
    }
}

/// Returns the serializer of a property whose value a method makes.
fn by_method(_serializer: &Value, property: &str) -> Option<&'static str> {
    match property {
        "groups_obj" => Some("authentik.core.api.users.UserGroupSerializer"),
        "users_obj" => Some("authentik.core.api.groups.GroupMemberSerializer"),
        _ => None,
    }
}
