//! Checks what holds between an operation, its path and its parameters, and between operations.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::findings::Findings;
use crate::ids::made_of;
use crate::operations::{is_method, path_shape};
use crate::pointer;

/// Finds operations that cannot be distinguished or called: ids, parameters, path templates, security.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    let mut ids = HashMap::new();
    let mut templates: Templates<'_> = HashMap::new();
    let paths = document.value().get("paths").and_then(Value::as_object);
    check_security(findings, document.value(), "");
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| path.starts_with('/')) {
        let at = pointer::child("/paths", path);
        let item = document.resolve(item);
        let variables = check_template(findings, path, item, &at, &mut templates);
        let shared = parameters(findings, item, &at);
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(key, _)| is_method(key)) {
            let at = pointer::child(&at, method);
            check_id(findings, operation, path, method, &at, &mut ids);
            check_security(findings, operation, &at);
            let own = parameters(findings, operation, &at);
            check_path_parameters(findings, &variables, &shared, &own, &at);
        }
    }
}

fn check_id<'a>(
    findings: &mut Findings<'a>,
    operation: &'a Value,
    path: &str,
    method: &str,
    at: &str,
    ids: &mut HashMap<&'a str, String>,
) {
    let Some(id) = operation.get("operationId").and_then(Value::as_str) else { return };
    if id.is_empty() {
        let message = format!("the `operationId` of {} {path} is empty", method.to_uppercase());
        let help = format!("call it `{}`, or leave it out, which means the same", made_of(path, method));
        return findings.add(&pointer::child(at, "operationId"), message, help);
    }
    if let Some(first) = ids.get(id) {
        let line = findings.document.nearest(first).line;
        let message = format!("the operationId `{id}` is already taken in line {line}");
        return findings.add(
            &pointer::child(at, "operationId"),
            message,
            "give each operation an id of its own",
        );
    }
    ids.insert(id, at.to_owned());
}

/// The paths, and the methods each has operations for, by their shapes.
type Templates<'a> = HashMap<String, Vec<(&'a str, &'a Value)>>;

/// Returns the variables of a path template, having checked that it is well-formed and unlike all others.
fn check_template<'a>(
    findings: &mut Findings<'_>,
    path: &'a str,
    item: &'a Value,
    at: &str,
    templates: &mut Templates<'a>,
) -> Vec<&'a str> {
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
            return variables;
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
    variables
}

/// A parameter and where it is written.
struct Parameter<'a> {
    name: &'a str,
    location: &'a str,
    required: bool,
    at: String,
}

/// Returns the parameters listed in a path item or operation, having checked each of them and that none is listed
/// twice.
fn parameters<'a>(findings: &mut Findings<'a>, holder: &'a Value, at: &str) -> Vec<Parameter<'a>> {
    let at = pointer::child(at, "parameters");
    let mut seen = HashSet::new();
    let mut parameters = Vec::new();
    for (index, listed) in
        holder.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate()
    {
        let at = pointer::child(&at, &index.to_string());
        let parameter = findings.document.resolve(listed);
        let (Some(name), Some(location)) = (text(parameter, "name"), text(parameter, "in")) else { continue };
        if !seen.insert((location, name)) {
            let message = format!("the {location} parameter `{name}` is listed twice");
            findings.add(&at, message, "remove one of the two");
        }
        let content = parameter.get("content").and_then(Value::as_object).map(Map::len);
        if parameter.get("schema").is_some() == content.is_some() || content.is_some_and(|types| types != 1) {
            let message = format!(
                "the {location} parameter `{name}` needs either a `schema` or a `content` of one type"
            );
            findings.add(&at, message, "give it a `schema`");
        }
        let required = parameter.get("required") == Some(&Value::Bool(true));
        parameters.push(Parameter { name, location, required, at });
    }
    parameters
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn check_path_parameters(
    findings: &mut Findings<'_>,
    variables: &[&str],
    shared: &[Parameter<'_>],
    own: &[Parameter<'_>],
    at: &str,
) {
    let declared = || own.iter().chain(shared).filter(|parameter| parameter.location == "path");
    for variable in variables.iter().filter(|variable| !declared().any(|p| p.name == **variable)) {
        let message = format!("the path's variable `{variable}` has no parameter");
        findings.add(
            at,
            message,
            format!("add a parameter with `name: {variable}`, `in: path` and `required: true`"),
        );
    }
    for parameter in declared() {
        if !variables.contains(&parameter.name) {
            let message = format!("the path has no variable `{}` for this parameter", parameter.name);
            findings.add(
                &parameter.at,
                message,
                format!("put `{{{}}}` into the path or remove the parameter", parameter.name),
            );
        } else if !parameter.required {
            let message = format!("the path parameter `{}` is not required", parameter.name);
            findings.add(&parameter.at, message, "add `required: true`; a path without it is another path");
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
