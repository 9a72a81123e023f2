//! Checks what holds between an operation, its path and its parameters, and between operations.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::findings::Findings;
use crate::operations::{is_method, path_shape};
use crate::pointer;

/// Finds operations that cannot be distinguished or called: path templates, parameters, security.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    let mut templates: Templates<'_> = HashMap::new();
    let paths = document.value().get("paths").and_then(Value::as_object);
    check_security(findings, document.value(), "");
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| path.starts_with('/')) {
        let at = pointer::child("/paths", path);
        let item = document.resolve(item);
        check_template(findings, path, item, &at, &mut templates);
        check_parameters(findings, item, &at);
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(key, _)| is_method(key)) {
            let at = pointer::child(&at, method);
            check_security(findings, operation, &at);
            check_parameters(findings, operation, &at);
        }
    }
}

/// The paths, and the methods each has operations for, by their shapes.
type Templates<'a> = HashMap<String, Vec<(&'a str, &'a Value)>>;

/// Checks that a path template is well-formed and unlike all others.
fn check_template<'a>(
    findings: &mut Findings<'_>,
    path: &'a str,
    item: &'a Value,
    at: &str,
    templates: &mut Templates<'a>,
) {
    let mut variables = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        let opened = rest.as_bytes().get(before.len()) == Some(&b'{');
        let variable = after
            .split_once('}')
            .filter(|(name, _)| opened && !name.is_empty() && !name.contains(['{', '/']));
        let Some((name, after)) = variable else {
            findings.add(
                at,
                format!("the braces of the path `{path}` do not pair"),
                "write each variable as `{name}`",
            );
            return;
        };
        if variables.contains(&name) {
            findings.add(
                at,
                format!("the path has the variable `{name}` twice"),
                "give each variable its own name",
            );
        }
        variables.push(name);
        rest = after;
    }
    let alike = templates.entry(path_shape(path)).or_default();
    for (method, _) in item.as_object().into_iter().flatten().filter(|(key, _)| is_method(key)) {
        if let Some((other, _)) = alike.iter().find(|(_, known)| known.get(method).is_some()) {
            let method_name = method.to_uppercase();
            let message = format!(
                "{method_name} {path} is the same as {method_name} {other} but for the names of the variables"
            );
            findings.add(&pointer::child(at, method), message, "leave out one of the two operations");
        }
    }
    alike.push((path, item));
}

/// Checks that each parameter listed in a path item or operation says what its values are.
fn check_parameters<'a>(findings: &mut Findings<'a>, holder: &'a Value, at: &str) {
    let at = pointer::child(at, "parameters");
    let listed = holder.get("parameters").and_then(Value::as_array).into_iter().flatten();
    for (index, listed) in listed.enumerate() {
        let at = pointer::child(&at, &index.to_string());
        let parameter = findings.document.resolve(listed);
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let (Some(name), Some(location)) = (text("name"), text("in")) else { continue };
        let content = parameter.get("content").and_then(Value::as_object).map(Map::len);
        if parameter.get("schema").is_some() == content.is_some() || content.is_some_and(|types| types != 1) {
            let message = format!(
                "the {location} parameter `{name}` needs either a `schema` or a `content` of one type"
            );
            findings.add(&at, message, "give it a `schema`");
        }
    }
}

fn check_security(findings: &mut Findings<'_>, holder: &Value, at: &str) {
    let schemes = findings.document.value().pointer("/components/securitySchemes");
    let at = pointer::child(at, "security");
    for (index, alternative) in
        holder.get("security").and_then(Value::as_array).into_iter().flatten().enumerate()
    {
        let names = alternative.as_object().into_iter().flat_map(Map::keys);
        for name in names.filter(|name| schemes.is_none_or(|schemes| schemes.get(name.as_str()).is_none())) {
            let message = format!("there is no security scheme `{name}`");
            let at = pointer::child(&pointer::child(&at, &index.to_string()), name);
            findings.add(&at, message, "declare it in `components.securitySchemes`");
        }
    }
}
