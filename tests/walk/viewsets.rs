//! The viewsets of a document: each list whose path has pages of objects, and what can be done with one of them.

use serde_json::{Value, json};

/// A list and the operations on its objects.
#[derive(Debug, Clone)]
pub struct Viewset {
    /// The path of the list.
    pub list: String,
    /// The template of the path of an object.
    pub detail: Option<String>,
    /// The model of the objects.
    pub model: Option<String>,
    /// The schema of the body that creates an object.
    pub created: Option<Value>,
    /// `true` if an object can be changed.
    pub patched: bool,
    /// `true` if it tells what uses it.
    pub is_used: bool,
    /// `true` if it can be destroyed.
    pub destroyed: bool,
    /// The parameters that narrow the list.
    filters: Vec<String>,
    /// The properties that can be changed.
    written: Vec<String>,
}

/// Returns the viewsets of a document, in its order.
pub fn of(document: &Value) -> Vec<Viewset> {
    let paths = document["paths"].as_object().expect("the document has paths");
    let lists = paths.iter().filter_map(|(list, item)| {
        let answer =
            component(document, &item["get"]["responses"]["200"]["content"]["application/json"]["schema"]);
        let objects = component(document, answer.get("properties")?.get("results")?.get("items")?);
        let is_detail = |path: &&String| {
            let rest = path.strip_prefix(list.as_str()).unwrap_or_default();
            rest.starts_with('{') && rest.matches('/').count() == 1
        };
        let detail = paths.keys().find(is_detail).cloned();
        let of_one = detail.as_ref().map_or(&Value::Null, |path| &paths[path]);
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let filters = parameters.filter(|parameter| parameter["x-role"] == "filter");
        let body =
            |operation: &Value| operation["requestBody"]["content"]["application/json"]["schema"].clone();
        let changed = component(document, &body(&of_one["patch"])).clone();
        Some(Viewset {
            list: list.clone(),
            model: objects["x-model"].as_str().map(str::to_owned),
            created: item.get("post").map(body),
            patched: of_one.get("patch").is_some(),
            is_used: detail.as_ref().is_some_and(|path| paths.contains_key(&format!("{path}used_by/"))),
            destroyed: of_one.get("delete").is_some(),
            filters: filters.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect(),
            written: changed["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
            detail,
        })
    });
    lists.collect()
}

/// Returns the component that a schema refers to, or the schema.
pub fn component<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let part = schema["allOf"].get(0).unwrap_or(schema);
    let pointer = part["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(part)
}

/// Returns the key of an object, by the property of this name if it has one.
pub fn key<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    [name, "pk", "uuid", "id"].into_iter().find_map(|name| object.get(name)).filter(|key| !key.is_null())
}

impl Viewset {
    /// Returns the path of an object.
    pub fn path_of(&self, object: &Value) -> Option<String> {
        let detail = self.detail.as_ref()?;
        let (start, end) = (detail.find('{')?, detail.find('}')?);
        let key = key(object, &detail[start + 1..end])?;
        Some(format!("{}{}{}", &detail[..start], plain(key), &detail[end + 1..]))
    }

    /// Returns the queries that have to find an object: nothing, and each filter that is called like one of its properties.
    pub fn queries(&self, object: &Value) -> Vec<String> {
        let named = self.filters.iter().filter_map(|name| {
            let value = object.get(name)?;
            let is_plain = value.is_string() || value.is_boolean() || value.is_i64();
            let text = plain(value);
            (is_plain && !text.is_empty()).then(|| format!("{name}={}", encoded(&text)))
        });
        std::iter::once("ordering=".to_owned()).chain(named).collect()
    }

    /// Returns a change of an object: the text that it has, once more.
    pub fn patch(&self, object: &Value) -> Value {
        let named = self.written.iter().find(|name| object.get(name.as_str()).is_some_and(Value::is_string));
        named.map_or_else(|| json!({}), |name| json!({name.as_str(): object[name.as_str()]}))
    }
}

/// Returns a value as a path or a query has it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn encoded(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    bytes.collect()
}
