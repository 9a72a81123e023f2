//! The bodies and parameters of actions that their document gets wrong.

use serde_json::{Value, json};

/// The component for a provider of any kind, which is checked when it is made: its kind is beside it, not in it.
const ANY_PROVIDER: &str = "$.components.schemas['modelRequest']";

/// The action whose body is a component without one property, with both.
const WITHOUT: (&str, &str, &str) = ("/stages/prompt/prompts/preview/", "PromptRequest", "name");
/// A parameter of an action that it does without.
const OPTIONAL: (&str, &str) = ("/core/users/{id}/recovery_email/", "email_stage");

/// Returns the actions of an overlay that make bodies and parameters what the program takes.
pub(super) fn overlay(document: &Value) -> Vec<Value> {
    let (path, component, property) = WITHOUT;
    let mut schema = document["components"]["schemas"][component].clone();
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.shift_remove(property);
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name != property);
    }
    let content = format!("$.paths['{path}'].post.requestBody.content['application/json']");
    let (optional, parameter) = OPTIONAL;
    let removed = [
        format!("{ANY_PROVIDER}.oneOf"),
        format!("{ANY_PROVIDER}.discriminator"),
        format!("{content}.schema"),
    ];
    let mut actions: Vec<Value> =
        removed.iter().map(|target| json!({"target": target, "remove": true})).collect();
    actions.push(json!({"target": ANY_PROVIDER, "update": {"type": "object", "additionalProperties": {}}}));
    actions.push(json!({"target": content, "update": {"schema": schema}}));
    actions.push(json!({
        "target": format!("$.paths['{optional}'].post.parameters[?@.name=='{parameter}']"),
        "update": {"required": false},
    }));
    actions
}
