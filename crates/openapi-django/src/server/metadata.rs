//! The response to `OPTIONS`: what a route is called, what it is for, and the fields of the objects that can be written
//! there, as Django REST framework's `SimpleMetadata` describes them.

use http::Method;
use serde_json::{Map, Value, json};

use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::route::Route;
use openapi_server_runtime::schema::{Choice, Field, List, ObjectSchema, Rule, Text};

/// The methods whose objects are described.
const DESCRIBED: [Method; 2] = [Method::POST, Method::PUT];

/// Describes a route to the caller of `cx`.
///
/// # Errors
/// Whatever the host fails with when it is asked what the caller may write.
pub async fn describe<H: Host>(
    route: &Route,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Failure> {
    let first = |text: fn(&Operation) -> Option<&'static str>| {
        route.operations().iter().find_map(|operation| text(operation)).unwrap_or_default()
    };
    let mut description = json!({
        "name": first(|operation| operation.view_name.or(operation.summary)),
        "description": first(|operation| operation.view_description.or(operation.description)),
        "renders": ["application/json"],
        "parses": parsed(route),
    });
    let mut actions = Map::new();
    for method in &DESCRIBED {
        let operation = route.operation(method).and_then(|operation| host.described(operation));
        if let Some(operation) = operation
            && let Some(schema) = host.written_object(operation)
            && may_write(host, cx, method).await?
        {
            let sent = operation.body.as_ref().and_then(|body| match &body.content.rule {
                Rule::Object(sent) => Some(&**sent),
                _ => None,
            });
            actions.insert(method.to_string(), fields_of(schema, sent));
        }
    }
    if !actions.is_empty() {
        description["actions"] = Value::Object(actions);
    }
    Ok(description)
}

/// Returns `true` if the caller could write with this method here. As in the framework, only of a change it is asked whether
/// there is anything to change.
async fn may_write<H: Host>(
    host: &H,
    cx: &RequestContext<H::User>,
    method: &Method,
) -> Result<bool, Failure> {
    let admitted = match host.authorize_route(cx, method).await {
        Ok(()) if *method == Method::PUT => host.authorize_object(cx, method).await,
        permitted => permitted,
    };
    match admitted {
        Ok(()) => Ok(true),
        Err(failure) if failure.is_server_error() => Err(failure),
        Err(_) => Ok(false),
    }
}

/// Returns the media types that bodies may have.
fn parsed(route: &Route) -> &'static [&'static str] {
    let body = route.operations().iter().find_map(|operation| operation.body.as_ref());
    body.map(|body| body.content_types).filter(|types| !types.is_empty()).unwrap_or(&["application/json"])
}

fn fields(schema: &ObjectSchema) -> Value {
    fields_of(schema, None)
}

/// Describes the fields of an object, and those that are only sent, each after the one that it follows there.
fn fields_of(schema: &ObjectSchema, sent: Option<&ObjectSchema>) -> Value {
    let mut all: Vec<&Field> = schema.fields.iter().collect();
    let mut before: Option<&str> = None;
    for field in sent.into_iter().flat_map(|sent| sent.fields) {
        if !all.iter().any(|known| known.name == field.name) {
            let place = before.and_then(|before| all.iter().position(|known| known.name == before));
            all.insert(place.map_or(0, |place| place + 1), field);
        }
        before = Some(field.name);
    }
    let described = all.into_iter().map(|field| {
        let traits = Traits {
            required: field.required && !field.read_only,
            read_only: field.read_only,
            computed: field.computed,
            label: label(field),
            help: field.description.filter(|_| !field.computed),
        };
        (field.name.to_owned(), describe_value(&field.rule, &traits))
    });
    Value::Object(described.collect())
}

/// The properties of a value other than its rule.
struct Traits {
    required: bool,
    read_only: bool,
    computed: bool,
    label: String,
    help: Option<&'static str>,
}

fn describe_value(rule: &Rule, traits: &Traits) -> Value {
    let mut info = Map::new();
    let mut set = |key: &str, value: Value| info.insert(key.to_owned(), value);
    set("type", Value::from(if traits.computed { "field" } else { type_name(rule) }));
    set("required", Value::from(traits.required));
    set("read_only", Value::from(traits.read_only));
    if !traits.label.is_empty() {
        set("label", Value::from(traits.label.as_str()));
    }
    if let Some(help) = traits.help {
        set("help_text", Value::from(help));
    }
    match rule {
        // Nothing is known of what the server computes.
        _ if traits.computed => {}
        // A least length of one says no more than that the text may not be blank.
        Rule::Text(text) => {
            if let Some(least) = text.min_length.filter(|least| *least > 1) {
                set("min_length", Value::from(least));
            }
            if let Some(most) = text.max_length {
                set("max_length", Value::from(most));
            }
        }
        Rule::Integer(integer) => {
            if let Some(least) = integer.minimum {
                set("min_value", Value::from(least));
            }
            if let Some(most) = integer.maximum {
                set("max_value", Value::from(most));
            }
        }
        Rule::List(list) if matches!(list.item, Rule::Reference { .. }) => {}
        Rule::List(list) => {
            if let Some(most) = list.size.max {
                set("max_length", Value::from(most));
            }
            // A field that only shows a list was not made from a column, and so its items have no label.
            let item = shown(list);
            let is_nested = matches!(item, Rule::Object(_));
            let label = if traits.read_only || is_nested { "" } else { &traits.label };
            let (required, read_only) =
                if is_nested { (traits.required, traits.read_only) } else { (true, false) };
            let child = Traits {
                required: list.traits.required.unwrap_or(required),
                read_only: list.traits.read_only.unwrap_or(read_only),
                computed: false,
                label: list.traits.title.unwrap_or(label).to_owned(),
                help: None,
            };
            set("child", describe_value(item, &child));
        }
        Rule::Object(schema) => {
            set("children", fields(schema));
        }
        Rule::Choice(choices) if !traits.read_only => {
            set("choices", choices.iter().map(choice).collect());
        }
        _ => {}
    }
    Value::Object(info)
}

/// Returns the rule of the items of a list: of a value that is shown as an object, that of the value.
fn shown(list: &List) -> &Rule {
    match &list.item {
        Rule::Object(schema) => {
            let field =
                list.traits.shown_by.and_then(|name| schema.fields.iter().find(|field| field.name == name));
            field.map_or(&list.item, |field| &field.rule)
        }
        item => item,
    }
}

fn choice(choice: &Choice) -> Value {
    json!({"value": choice.value, "display_name": choice.label})
}

fn type_name(rule: &Rule) -> &'static str {
    match rule {
        Rule::Text(text) if text.is_slug() => "slug",
        Rule::Text(Text { format: Some("uri"), .. }) => "url",
        Rule::Text(Text { format: Some("email"), .. }) => "email",
        Rule::Text(_) | Rule::Uuid => "string",
        Rule::Boolean => "boolean",
        Rule::Integer(_) => "integer",
        Rule::Number(_) => "float",
        Rule::DateTime => "datetime",
        Rule::List(list) if matches!(shown(list), Rule::Reference { .. } | Rule::Object(_)) => "field",
        Rule::Reference { .. } | Rule::Map(_) | Rule::Union(_) | Rule::Any => "field",
        Rule::Nullable(rule) => type_name(rule),
        Rule::Choice(_) => "choice",
        Rule::File => "file upload",
        Rule::List(_) => "list",
        Rule::Object(_) => "nested object",
    }
}

/// Returns the title, or the name as words.
fn label(field: &Field) -> String {
    if let Some(title) = field.title.filter(|_| !field.computed) {
        return title.to_owned();
    }
    let words = field.name.replace('_', " ");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Django;
    use openapi_server_runtime::sample::{PET, ask};
    use openapi_server_runtime::schema::{ItemTraits, To};

    #[test]
    fn fields_are_described_by_their_rules() {
        let described = fields(&PET);
        let expected = json!({
            "id": {"type": "string", "required": false, "read_only": true, "label": "Tag number"},
            "name": {"type": "slug", "required": true, "read_only": false, "label": "Name", "help_text": "What to call.", "max_length": 9},
            "good": {"type": "boolean", "required": false, "read_only": false, "label": "Good"},
            "owner": {"type": "field", "required": false, "read_only": false, "label": "Owner"},
            "friends": {"type": "field", "required": false, "read_only": false, "label": "Friends"},
            "kind": {"type": "choice", "required": false, "read_only": false, "label": "Kind", "choices": [
                {"value": "dog", "display_name": "A dog"}, {"value": "cat", "display_name": "A cat"},
            ]},
            "tricks": {"type": "list", "required": false, "read_only": false, "label": "Tricks", "child":
                {"type": "string", "required": true, "read_only": false, "label": "Tricks"}},
            "age": {"type": "integer", "required": false, "read_only": false, "label": "Age"},
            "photo": {"type": "file upload", "required": false, "read_only": false, "label": "Photo"},
            "full_title": {"type": "field", "required": false, "read_only": true, "label": "Full title"},
        });
        assert_eq!(described.to_string(), expected.to_string());
    }

    #[test]
    fn items_are_described_by_traits_of_their_own() {
        let list = |item, traits| {
            let list = Box::leak(Box::new(List { traits, ..List::of(item) }));
            let traits = Traits {
                required: false,
                read_only: true,
                computed: false,
                label: "Tricks".to_owned(),
                help: None,
            };
            describe_value(&Rule::List(To::Own(list)), &traits)["child"].clone()
        };
        let own =
            ItemTraits { title: Some("Trick"), required: Some(false), read_only: Some(true), shown_by: None };
        let shown =
            list(Rule::Object(To::Own(&PET)), ItemTraits { shown_by: Some("kind"), ..ItemTraits::NONE });
        assert_eq!((&shown["type"], shown["choices"].as_array().map(Vec::len)), (&json!("choice"), Some(2)));
        assert_eq!(
            list(Rule::Boolean, ItemTraits::NONE),
            json!({"type": "boolean", "required": true, "read_only": false})
        );
        assert_eq!(
            list(Rule::Boolean, own),
            json!({"type": "boolean", "required": false, "read_only": true, "label": "Trick"})
        );
    }

    #[tokio::test]
    async fn a_route_is_described_with_what_the_caller_may_write() {
        let described = ask(Django::new(), "OPTIONS", "/pets/", &[], "").await;
        let body: Value = serde_json::from_slice(described.body()).expect("JSON");
        assert_eq!((&body["name"], &body["description"]), (&json!("Pet List"), &json!("All pets.")));
        assert!(body["actions"]["POST"]["name"].is_object());
        let described = ask(Django::new(), "OPTIONS", "/pets/wash/", &[], "").await;
        let body: Value = serde_json::from_slice(described.body()).expect("JSON");
        assert_eq!(body.get("actions"), None);
    }
}
