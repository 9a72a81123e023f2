//! The viewsets as collections: how rows are found, filtered, ordered and searched, and who may use them.

use openapi_resources::definition::Lookup;
use serde_json::{Map, Value, json};

use super::joins::Joins;
use super::models::Models;

/// A path of the document, with what its viewset says.
pub(super) struct Viewset<'a> {
    pub(super) facts: &'a Value,
    pub(super) models: &'a Models,
    pub(super) serializers: &'a Map<String, Value>,
    pub(super) joins: Option<Joins>,
}

impl Viewset<'_> {
    pub(super) fn model(&self) -> Option<&str> {
        self.facts["model"].as_str().filter(|model| self.models.has(model))
    }

    /// Returns `x-resource` of the path of the list. `variable` names one row in a path.
    pub(super) fn resource(&self, variable: Option<&str>) -> Option<Value> {
        let model = self.model()?;
        let facts = self.facts;
        let mut notes = Map::new();
        notes.insert("model".to_owned(), json!(model));
        if let (Some(variable), Some(path)) =
            (variable, self.models.path(model, facts["lookup_field"].as_str().unwrap_or("pk")))
        {
            notes.insert("variables".to_owned(), json!({variable: path}));
        }
        let mut order = self.order(model);
        if self.joins == Some(Joins::NewestFirst) {
            order.extend(self.models.path(model, "pk").map(|key| format!("-{key}")));
        }
        if !order.is_empty() {
            notes.insert("order".to_owned(), json!(order));
            notes.insert("ties".to_owned(), json!("heap"));
        }
        notes.insert(
            "ordering".to_owned(),
            json!({
                "parameter": "ordering",
                "lenient": true,
                "fields": self.ordering(model),
            }),
        );
        notes.insert("search".to_owned(), json!(self.search(model)));
        notes.insert("terms".to_owned(), json!("list"));
        let filters = self.filters(model);
        if !filters.is_empty() {
            notes.insert("filters".to_owned(), Value::Object(filters));
        }
        notes.insert(
            "paging".to_owned(),
            json!({"page": {
                "page": "page", "first": 1, "size": "page_size", "defaultSize": 100, "lenient": false,
            }}),
        );
        notes.insert(
            "envelope".to_owned(),
            json!({"items": "results", "facts": {
                "pagination.next": "nextPageOrZero",
                "pagination.previous": "previousPageOrZero",
                "pagination.count": "count",
                "pagination.current": "page",
                "pagination.total_pages": "pagesAtLeastOne",
                "pagination.start_index": "startIndex",
                "pagination.end_index": "endIndex",
            }}),
        );
        notes.insert("put".to_owned(), json!("keep"));
        notes.insert("patch".to_owned(), json!("assign"));
        Some(Value::Object(notes))
    }

    /// Returns the order of a list that is asked for in none.
    fn order(&self, model: &str) -> Vec<String> {
        let said = |key: &str| self.facts[key].as_array().filter(|order| !order.is_empty());
        let order = said("ordering").or(said("query_ordering")).or(said("model_ordering"));
        let order = order.into_iter().flatten().filter_map(Value::as_str);
        let paths = order.filter_map(|name| match name.strip_prefix('-') {
            Some(name) => Some(format!("-{}", self.models.path(model, name)?)),
            None => self.models.path(model, name),
        });
        paths.collect()
    }

    /// Returns where the fields come from that a list shows.
    fn sources(&self) -> impl Iterator<Item = &str> {
        let actions = self.facts["actions"].as_array().into_iter().flatten();
        let list = actions.filter(|action| action["action"] == "list").take(1);
        let serializer = list.filter_map(|list| self.serializers.get(list["serializer"].as_str()?));
        let fields = serializer.filter_map(|serializer| serializer["fields"].as_object()).flatten();
        let shown = fields.filter(|(_, field)| field["write_only"] != true);
        shown.filter_map(|(_, field)| field["source"].as_str()).filter(|source| *source != "*")
    }

    /// Returns the names that a list can be ordered by.
    fn ordering(&self, model: &str) -> Map<String, Value> {
        if let Some(fields) = self.facts["ordering_fields"].as_array() {
            let fields = fields.iter().filter_map(Value::as_str);
            return fields
                .filter_map(|name| Some((name.to_owned(), json!(self.models.path(model, name)?))))
                .collect();
        }
        let sources = self.sources().filter(|source| !source.ends_with("_set"));
        let paths = sources
            .filter_map(|source| Some((source.replace('.', "__"), json!(self.models.path(model, source)?))));
        paths.collect()
    }

    /// Returns the names that a list can be asked to be ordered by, and on which the program fails.
    pub(super) fn failing(&self, model: &str) -> Vec<String> {
        self.sources()
            // What is a property of the class is left out by the framework; what is a relation by another name is not.
            .filter(|source| self.models.path(model, source).is_none_or(|_| source.ends_with("_set")))
            .filter(|source| source.ends_with("_set") || source.starts_with("get_"))
            .map(|source| source.replace('.', "__"))
            .collect()
    }

    fn search(&self, model: &str) -> Vec<Value> {
        let fields = self.facts["search_fields"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let fields = fields.filter_map(|field| {
            let (lookup, name) = match field.split_at_checked(1)? {
                ("^", rest) => ("istartswith", rest),
                ("=", rest) => ("iexact", rest),
                ("$", rest) => ("iregex", rest),
                _ => ("icontains", field),
            };
            Some(json!({"path": self.models.path(model, name)?, "lookup": lookup}))
        });
        fields.collect()
    }

    fn filters(&self, model: &str) -> Map<String, Value> {
        let mut filters = Map::new();
        for (name, facts) in self.facts["filters"].as_object().into_iter().flatten() {
            filters.insert(name.clone(), self.filter(model, facts).unwrap_or(json!(false)));
        }
        filters
    }

    fn filter(&self, model: &str, facts: &Value) -> Option<Value> {
        if facts.get("method").is_some() {
            return None;
        }
        let (field, expression) = (facts["field_name"].as_str()?, facts["lookup_expr"].as_str()?);
        let (field, lookup) = if serde_json::from_value::<Lookup>(json!(expression)).is_ok() {
            (field.to_owned(), expression)
        } else {
            (format!("{field}__{expression}"), "exact")
        };
        let path = self.models.path(model, &field)?;
        let mut filter = json!({"path": path, "lookup": lookup});
        if facts["conjoined"] == true {
            filter["all"] = json!(true);
        }
        if facts["exclude"] == true {
            filter["exclude"] = json!(true);
        }
        Some(filter)
    }

    /// Returns who may use the paths of the viewset.
    pub(super) fn manners(&self, prefix: &str) -> Value {
        let facts = self.facts;
        let mut manners = Map::new();
        manners.insert("path".to_owned(), json!(format!("/{prefix}/")));
        if let Some(model) = self.model() {
            manners.insert("model".to_owned(), json!(model));
            let failing = self.failing(model);
            if !failing.is_empty() {
                manners.insert("failingOrders".to_owned(), json!(failing));
            }
            let names = self.ordering(model);
            let key = self.models.path(model, "pk");
            let name = names.iter().find(|(_, path)| path.as_str() == key.as_deref());
            if let (Some(joins), Some((name, _))) = (self.joins, name) {
                manners.insert("byKey".to_owned(), json!({joins.asked_by_key(): name}));
            }
        }
        for (key, name) in [("permissions", "permission_classes"), ("filters", "filter_backends")] {
            manners.insert(key.to_owned(), facts[name].clone());
        }
        manners.insert("name".to_owned(), facts["class"].clone());
        let methods: Map<String, Value> = facts["filters"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, facts)| Some((name.clone(), facts.get("method")?.clone())))
            .collect();
        let model = self.model().unwrap_or_default();
        let failing: Map<String, Value> = facts["filters"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, facts)| {
                let field = self.models.field(model, facts["field_name"].as_str()?);
                let (class, lookup) = (facts["class"].as_str()?, facts["lookup_expr"].as_str()?);
                // What is no text is folded as text, and what is no address is compared with addresses.
                let fails_on = match (class, lookup, field["type"].as_str().unwrap_or_default()) {
                    ("BooleanFilter", "iexact", _) => "boolean",
                    (
                        "NumberFilter" | "UUIDFilter" | "ModelChoiceFilter" | "ModelMultipleChoiceFilter",
                        "iexact",
                        _,
                    ) => "any",
                    ("CharFilter", _, "GenericIPAddressField") => "ip",
                    ("CharFilter", "exact" | "iexact", "UUIDField") => "uuid",
                    _ => return None,
                };
                Some((name.clone(), json!(fails_on)))
            })
            .collect();
        if !failing.is_empty() {
            manners.insert("failingFilters".to_owned(), Value::Object(failing));
        }
        if !methods.is_empty() {
            manners.insert("functions".to_owned(), Value::Object(methods));
        }
        Value::Object(manners)
    }
}
