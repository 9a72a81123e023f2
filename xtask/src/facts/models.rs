//! The models of the program as models of resources: their fields, references and what a row is called.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The models, by their labels.
pub(super) struct Models {
    facts: Map<String, Value>,
}

/// The fields that rows are looked up by although their values are not unique.
const LOOKED_UP: [(&str, &str); 2] = [("authentik_core.token", "key"), ("auth.permission", "codename")];

/// The values that the program computes from databases of places and programs, which no stub has: what a fixture says is kept.
pub(super) const FROM_OUTSIDE: [(&str, &str); 3] = [
    ("authentik_core.authenticatedsession", "asn"),
    ("authentik_core.authenticatedsession", "geo_ip"),
    ("authentik_core.authenticatedsession", "user_agent"),
];

/// A step of a path over relations.
struct Step<'a> {
    /// The text of the step in a path of resources.
    text: String,
    /// The model that it leads to; `None` after a field.
    model: Option<&'a str>,
}

impl Models {
    pub(super) fn new(facts: Map<String, Value>) -> Self {
        // Rows that the database or the framework keeps for itself are part of no answer, and the rows between two models
        // that are joined by nothing but them are lists of one of the two.
        let is_kept = |name: &str, model: &Value| {
            !["pgactivity.", "pglock.", "sessions.", "django_"].iter().any(|other| name.starts_with(other))
                && model["auto_created"] == false
        };
        let mut facts: Map<_, _> = facts.into_iter().filter(|(name, model)| is_kept(name, model)).collect();
        for (model, field) in FROM_OUTSIDE {
            if let Some(model) = facts.get_mut(model) {
                model["fields"][field] = json!({"type": "JSONField", "null": true});
            }
        }
        Self { facts }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.facts.keys().map(String::as_str)
    }

    pub(super) fn at(&self, name: &str) -> &Value {
        self.facts.get(name).unwrap_or(&Value::Null)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.facts.contains_key(name)
    }

    /// Returns what models are called for people, and which of them they are in the program.
    pub(super) fn names_for_people(&self, components: &BTreeMap<&str, &str>) -> Value {
        let all = self.facts.iter().map(|(name, facts)| {
            let about = json!({
                "name": facts["verbose_name"],
                "plural": facts["verbose_name_plural"],
                "base": self.base(name),
                "component": components.get(name.as_str()),
                "table": facts["db_table"],
                "usedBy": self.used_by(name),
                "shadows": facts["used_by_shadows"],
            });
            (name.clone(), about)
        });
        Value::Object(all.collect())
    }

    pub(super) fn base(&self, name: &str) -> Option<&str> {
        self.at(name)["parents"].get(0)?.as_str()
    }

    /// Returns the field that other rows name rows of a model by.
    pub(super) fn key(&self, name: &str) -> &str {
        let key = self.at(name)["pk"].as_str().unwrap_or_default();
        match self.base(name) {
            Some(base) if self.is_link(name, key) => self.key(base),
            _ => key,
        }
    }

    /// Returns `true` if a field does nothing but join a row to the same row of its base.
    pub(super) fn is_link(&self, name: &str, field: &str) -> bool {
        field.ends_with("_ptr") && self.field(name, field)["to"].as_str() == self.base(name)
    }

    pub(super) fn field(&self, name: &str, field: &str) -> &Value {
        &self.at(name)["fields"][field]
    }

    /// Returns the kind of the key of a model.
    fn kind_of_key(&self, name: &str) -> &'static str {
        kind(self.field(name, self.key(name)))
    }

    /// Returns the definition of a model.
    pub(super) fn definition(&self, name: &str) -> Value {
        let facts = self.at(name);
        let mut model = Map::new();
        if let Some(base) = self.base(name) {
            model.insert("base".to_owned(), json!(base));
        }
        model.insert("key".to_owned(), json!(self.key(name)));
        let mut fields = Map::new();
        for (field, about) in facts["fields"].as_object().into_iter().flatten() {
            let is_own = about.get("inherited_from").is_none() && !self.is_link(name, field);
            if is_own && (about["many"] != true || about["through_auto"] == true) {
                let mut definition = self.field_definition(about);
                if LOOKED_UP.contains(&(name, field.as_str())) {
                    definition["indexed"] = json!(true);
                }
                fields.insert(field.clone(), definition);
            }
        }
        model.insert("fields".to_owned(), Value::Object(fields));
        let reverse = self.reverse(name);
        if !reverse.is_empty() {
            model.insert("reverse".to_owned(), json!(reverse));
        }
        let together = facts["unique_together"].as_array().into_iter().flatten();
        let together: Vec<&Value> = together.collect();
        if !together.is_empty() {
            model.insert("uniqueTogether".to_owned(), json!(together));
        }
        if let Some(text) = facts["text"].as_str() {
            let text = text.replace("_id}", "}");
            let mut names = text.split('{').skip(1).filter_map(|part| part.split('}').next());
            if names.all(|path| self.path(name, path).is_some()) {
                model.insert("text".to_owned(), json!(text));
            }
        }
        Value::Object(model)
    }

    /// Returns the names for rows that refer to a row of a model.
    fn reverse(&self, name: &str) -> BTreeMap<String, Value> {
        let named = self.at(name)["reverse"].as_object().into_iter().flatten();
        let kept = named.filter_map(|(accessor, about)| {
            let (model, field) = (about["model"].as_str()?, about["field"].as_str()?);
            let facts = self.field(model, field);
            let is_own = self.has(model) && facts.get("inherited_from").is_none();
            let is_list = facts["many"] != true || facts["through_auto"] == true;
            (is_own && is_list && !self.is_link(model, field))
                .then(|| (accessor.clone(), json!({"model": model, "field": field})))
        });
        let mut reverse: BTreeMap<String, Value> = kept.collect();
        for (model, facts) in &self.facts {
            for (field, about) in facts["fields"].as_object().into_iter().flatten() {
                let is_hidden = about["related_name"] == "+" && about.get("inherited_from").is_none();
                if is_hidden && about["to"] == *name && about["many"] != true {
                    reverse.insert(hidden(model, field), json!({"model": model, "field": field}));
                }
            }
        }
        reverse
    }

    fn field_definition(&self, about: &Value) -> Value {
        let mut field = Map::new();
        let target = about["to"].as_str().filter(|target| self.has(target));
        let is_many = about["many"] == true;
        let kind = match target {
            Some(_) if is_many => "any",
            Some(target) => self.kind_of_key(target),
            None => kind(about),
        };
        field.insert("kind".to_owned(), json!(kind));
        let nullable = about["null"] == true;
        if nullable {
            field.insert("nullable".to_owned(), json!(true));
        }
        if about["unique"] == true && !is_many {
            field.insert("unique".to_owned(), json!(true));
        }
        if let Some(target) = target {
            let on_delete = match about["on_delete"].as_str() {
                Some("CASCADE") => "cascade",
                Some("SET_NULL") => "null",
                Some("SET_DEFAULT") => "default",
                _ => "nothing",
            };
            let mut reference = json!({"model": target, "onDelete": on_delete});
            if is_many {
                reference["many"] = json!(true);
            }
            field.insert("reference".to_owned(), reference);
        }
        if let Some(fill) = fill(about).filter(|_| !is_many) {
            field.insert("fill".to_owned(), fill);
        }
        Value::Object(field)
    }

    /// Translates a path of the program into one of resources; `None` if a step is no field of a row.
    pub(super) fn path(&self, model: &str, path: &str) -> Option<String> {
        self.walk(model, path).map(|(path, _)| path)
    }

    /// Returns `true` if a path of the program leads to rows.
    pub(super) fn leads_to_rows(&self, model: &str, path: &str) -> bool {
        self.walk(model, path).is_some_and(|(_, rows)| rows)
    }

    /// Returns the model that rows at the end of a path are seen as, if that is not that which they were made for.
    pub(super) fn seen(&self, model: &str, path: &str) -> Option<&'static str> {
        let normal = path.replace("__", ".");
        let names = normal.split('.').filter(|name| *name != "all");
        let (mut current, mut last) = (model, None);
        for name in names {
            let step = self.step(current, name)?;
            last = Some((self.field(current, name), step.model?));
            current = step.model?;
        }
        let (field, target) = last?;
        let is_base = self.facts.keys().any(|other| self.base(other) == Some(target));
        match field["type"].as_str() {
            _ if !is_base || self.at(target)["default_manager"] == "InheritanceAutoManager" => None,
            Some("InheritanceForeignKey") => Some("read"),
            _ => Some("base"),
        }
    }

    /// Returns the models whose rows the program takes for rows of `base` where it casts one: it looks for a row of each model
    /// in turn, those of a model of a model first, and sorts what it finds by depth. A row of the base counts as deeper when
    /// such a model is looked for, which comes after the models before it.
    pub(super) fn cast_to_base(&self, base: &str) -> Vec<&str> {
        let of = |base: &str| self.names().filter(|name| self.base(name) == Some(base)).collect::<Vec<_>>();
        let mut models = of(base);
        let deeper = models.iter().position(|model| !of(model).is_empty());
        models.truncate(deeper.unwrap_or_default());
        models
    }

    fn walk(&self, model: &str, path: &str) -> Option<(String, bool)> {
        let mut current = Some(model);
        let mut found = Vec::new();
        let normal = path.replace("__", ".");
        let names: Vec<&str> = normal.split('.').filter(|name| !name.is_empty() && *name != "all").collect();
        for name in names {
            match current {
                Some(model) => {
                    let step = self.step(model, name)?;
                    current = step.model;
                    found.push(step.text);
                }
                // What is inside a value of JSON.
                None => found.push(name.to_owned()),
            }
        }
        (!found.is_empty()).then(|| (found.join("."), current.is_some()))
    }

    fn step(&self, model: &str, name: &str) -> Option<Step<'_>> {
        if name == "pk" {
            return Some(Step { text: self.key(model).to_owned(), model: None });
        }
        if let Some(base) = name.strip_suffix("_ptr_id").and_then(|base| self.base_named(model, base)) {
            return Some(Step { text: self.key(base).to_owned(), model: None });
        }
        let plain = name.strip_suffix("_id").filter(|plain| self.field(model, plain).is_object());
        let field = plain.unwrap_or(name);
        let about = self.field(model, field);
        if self.is_link(model, field) {
            return Some(Step { text: self.key(self.base(model)?).to_owned(), model: None });
        }
        if about.is_object() {
            let target = about["to"].as_str().and_then(|target| self.facts.get_key_value(target));
            if about["many"] == true && about["through_auto"] != true {
                return self.over(model, about, target?.0);
            }
            let is_json = kind(about) == "any";
            return match target {
                Some((target, _)) if plain.is_none() => {
                    Some(Step { text: field.to_owned(), model: Some(target) })
                }
                _ if is_json || target.is_none() || plain.is_some() => {
                    Some(Step { text: field.to_owned(), model: None })
                }
                _ => None,
            };
        }
        self.reversed(model, name)
    }

    /// Returns the base of a model that is called this, whatever its app.
    fn base_named<'a>(&'a self, model: &'a str, name: &str) -> Option<&'a str> {
        let base = self.base(model)?;
        if base.rsplit('.').next() == Some(name) { Some(base) } else { self.base_named(base, name) }
    }

    /// Returns the step over the rows that join two models.
    fn over<'a>(&'a self, model: &str, about: &'a Value, target: &'a str) -> Option<Step<'a>> {
        let through = about["through"].as_str()?;
        let refers = |to: &str| {
            let fields = self.at(through)["fields"].as_object().into_iter().flatten();
            fields.filter(|(_, about)| about["many"] != true).find_map(|(field, about)| {
                let is_it = about["to"].as_str().is_some_and(|found| self.is_a(to, found));
                (is_it && !self.is_link(through, field)).then_some(field.as_str())
            })
        };
        let (from, to) = (refers(model)?, refers(target)?);
        let accessor = self.accessor(model, through, from)?;
        Some(Step { text: format!("{accessor}.{to}"), model: Some(target) })
    }

    pub(super) fn is_a(&self, model: &str, base: &str) -> bool {
        model == base || self.base(model).is_some_and(|next| self.is_a(next, base))
    }

    /// Returns the name by which rows of `model` know the rows of `other` whose field names them.
    fn accessor(&self, model: &str, other: &str, field: &str) -> Option<String> {
        if self.field(other, field)["related_name"] == "+" {
            return Some(hidden(other, field));
        }
        let named = self.at(model)["reverse"].as_object().into_iter().flatten();
        let mut own = named.filter(|(_, about)| about["model"] == *other && about["field"] == *field);
        own.next().map(|(name, _)| name.clone()).or_else(|| self.accessor(self.base(model)?, other, field))
    }

    /// Returns the step to rows that name a row, by the name for them or that of their model.
    fn reversed(&self, model: &str, name: &str) -> Option<Step<'_>> {
        let own = self.at(model)["reverse"].as_object();
        let found =
            own.and_then(|own| own.get_key_value(name).or_else(|| own.get_key_value(&format!("{name}_set"))));
        let Some((accessor, about)) = found else { return self.reversed(self.base(model)?, name) };
        let (other, field) = (about["model"].as_str()?, about["field"].as_str()?);
        let facts = self.field(other, field);
        if self.is_link(other, field) {
            return None;
        }
        if facts["many"] == true && facts["through_auto"] != true {
            let through = facts["through"].as_str()?;
            let fields = self.at(through)["fields"].as_object().into_iter().flatten();
            let refers = |to: &str| {
                fields.clone().find_map(|(field, about)| {
                    let is_it = about["to"].as_str().is_some_and(|found| self.is_a(to, found));
                    (is_it && !self.is_link(through, field)).then_some(field.as_str())
                })
            };
            let (from, to) = (refers(model)?, refers(other)?);
            let accessor = self.accessor(model, through, from)?;
            return Some(Step {
                text: format!("{accessor}.{to}"),
                model: Some(self.facts.get_key_value(other)?.0),
            });
        }
        let (name, _) = self.facts.get_key_value(other)?;
        Some(Step { text: accessor.clone(), model: Some(name) })
    }
}

/// Returns a name for rows that the program has none for.
fn hidden(model: &str, field: &str) -> String {
    format!("{}_by_{field}", model.rsplit('.').next().unwrap_or(model))
}

/// Returns the kind of the values of a field.
fn kind(about: &Value) -> &'static str {
    match about["type"].as_str().unwrap_or_default() {
        "BooleanField" => "boolean",
        "DateTimeField" => "dateTime",
        "JSONField" | "ArrayField" | "ManyToManyField" | "CountryField" => "any",
        name if name.contains("Integer") || matches!(name, "AutoField" | "FloatField") => "number",
        _ => "text",
    }
}

/// Returns the value of a new row that is given none; `None` if it has to be given one.
fn fill(about: &Value) -> Option<Value> {
    let type_name = about["type"].as_str().unwrap_or_default();
    if type_name == "AutoField" {
        return Some(json!("sequence"));
    }
    if about["auto_now"] == true {
        return Some(json!("changed"));
    }
    if about["auto_now_add"] == true {
        return Some(json!("created"));
    }
    match about.get("default") {
        Some(Value::Object(default)) => Some(match default.get("callable").and_then(Value::as_str)? {
            "uuid4" => json!("uuid"),
            "dict" | "default_brand" => json!({"value": {}}),
            "list" => json!({"value": []}),
            "now" => json!("created"),
            name => json!({"function": name}),
        }),
        Some(default) => Some(json!({"value": default})),
        // The framework writes an empty text where there is none.
        None if about["null"] != true && kind(about) == "text" && about.get("to").is_none() => {
            let is_text = !matches!(type_name, "UUIDField" | "GenericIPAddressField" | "DurationField");
            is_text.then(|| json!({"value": ""}))
        }
        None => None,
    }
}
