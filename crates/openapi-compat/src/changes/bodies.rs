//! Compares the bodies of requests, and contents by their media types.

use super::annotations;
use super::change_log::ChangeLog;
use super::encodings::{self, Written};
use super::media_types;
use super::node::{Both, Member, Node, joined};
use super::rule::{ANOTHER_ARGUMENT, Direction, Rule};
use super::rules::{
    ANSWER_CONTENT_TYPE_NARROWED, ENCODING_CHANGED, ENCODING_WIDENED, REQUEST_BODY_ADDED_OPTIONAL,
    REQUEST_BODY_ADDED_REQUIRED, REQUEST_BODY_BECAME_OPTIONAL, REQUEST_BODY_BECAME_REQUIRED,
    REQUEST_BODY_REMOVED, REQUEST_CONTENT_TYPE_ADDED, REQUEST_CONTENT_TYPE_REMOVED, XML_CHANGED,
};
use super::schemas;
use super::subject::Subject;
use super::xml;
use openapi_document::grammar::{ANNOTATIONS, is_extension};
use openapi_document::pointer;

/// Compares the request bodies of one operation.
pub(super) fn compare_request(log: &mut ChangeLog, declared: &Both<'_>, operation: &Subject) {
    let pair = declared.resolved();
    let (old, new) = (&pair.old, &pair.new);
    // Whether there is one is said by the operation, what it is perhaps by a component.
    let place = if old.exists() && new.exists() { new } else { &declared.new };
    let label = label(place, "the body", operation);
    let subject = operation.asking().part(label, "body");
    match (old.exists(), new.exists()) {
        (false, false) => {}
        (false, true) => {
            let (rule, text) = if new.flag("required") {
                (&REQUEST_BODY_ADDED_REQUIRED, "is new, and required")
            } else {
                (&REQUEST_BODY_ADDED_OPTIONAL, "is new")
            };
            log.record(rule, &declared.new.pointer, &subject, text);
            let method = subject.served_by(operation);
            log.record_effect(rule, &declared.new.pointer, &method, text, ANOTHER_ARGUMENT);
        }
        (true, false) => log.record(&REQUEST_BODY_REMOVED, &declared.old.pointer, &subject, "is gone"),
        (true, true) => {
            match (old.flag("required"), new.flag("required")) {
                (false, true) => {
                    log.record(&REQUEST_BODY_BECAME_REQUIRED, &new.pointer, &subject, "is required now");
                }
                (true, false) => {
                    log.record(&REQUEST_BODY_BECAME_OPTIONAL, &new.pointer, &subject, "is optional now");
                }
                _ => {}
            }
            annotations::compare(log, &pair, &subject);
            let rules = (&REQUEST_CONTENT_TYPE_ADDED, &REQUEST_CONTENT_TYPE_REMOVED);
            content(log, &pair.get("content"), &subject, rules);
        }
    }
}

/// Components keep their own names, since several operations have them.
pub(super) fn label(node: &Node<'_>, name: &str, operation: &Subject) -> String {
    match node.pointer.strip_prefix("/components/") {
        Some(component) => format!("{name} `{}`", component.rsplit('/').next().unwrap_or_default()),
        None => format!("{name} of {}", operation.label),
    }
}

/// Compares contents by their media types. A range stands for every media type that is not named beside it.
pub(super) fn content(
    log: &mut ChangeLog,
    pair: &Both<'_>,
    subject: &Subject,
    (added, removed): (&'static Rule, &'static Rule),
) {
    let (old_types, new_types) = (media_types::of(&pair.old), media_types::of(&pair.new));
    let is_answer = subject.direction == Some(Direction::Response);
    for (name, member) in joined(old_types.clone(), new_types.clone()) {
        match member {
            Member::Added(new) => {
                let covering = media_types::covering(&old_types, &name);
                // Where it could be anything of a range, it is only described by itself.
                if covering.is_none() || !is_answer {
                    log.record(added, &new.pointer, subject, format!("may be `{name}`"));
                }
                if let Some(old) = covering {
                    media_type(log, &Both { old: old.clone(), new }, subject);
                }
            }
            Member::Removed(old) => match media_types::covering(&new_types, &name) {
                Some(new) => media_type(log, &Both { old, new: new.clone() }, subject),
                None if is_answer && media_types::is_covering(&name, &new_types) => {
                    let text = format!("is no longer anything that `{name}` stands for");
                    log.record(&ANSWER_CONTENT_TYPE_NARROWED, &old.pointer, subject, text);
                }
                None => log.record(removed, &old.pointer, subject, format!("is no longer `{name}`")),
            },
            Member::Kept(pair) => media_type(log, &pair, subject),
        }
    }
}

/// Compares what stands under a media type.
pub(super) fn media_type(log: &mut ChangeLog, declared: &Both<'_>, subject: &Subject) {
    let name = pointer::steps(declared.pointer()).last().unwrap_or_default();
    let pair = &declared.resolved();
    annotations::compare(log, pair, subject);
    let encoding = pair.get("encoding");
    // Where no encoding says how parts are written, their schemas do.
    let at = if encoding.differs_ignoring_empty() { &encoding } else { pair };
    match encodings::compare(pair, &media_types::essence(&name), subject.direction) {
        Written::Alike => {}
        Written::Wider => {
            let text = "has its parts encoded in a way that was known";
            let text = if subject.direction == Some(Direction::Response) {
                text
            } else {
                "may have its parts encoded in further ways"
            };
            log.record(&ENCODING_WIDENED, at.pointer(), subject, text);
        }
        Written::Otherwise => {
            log.record(&ENCODING_CHANGED, at.pointer(), subject, "has its parts encoded differently");
        }
    }
    let schema = pair.get("schema");
    let before = log.write_in_xml(xml::is_xml(&name));
    let roots = (xml::root_name(&schema.old), xml::root_name(&schema.new));
    if let (true, (Some(old), Some(new))) = (xml::is_xml(&name), roots)
        && old != new
        && schema.old.component() != schema.new.component()
    {
        log.record(
            &XML_CHANGED,
            schema.pointer(),
            subject,
            format!("is `<{new}>` in XML, no longer `<{old}>`"),
        );
    }
    if !(is_raw(&name) && is_bytes(&schema.old) && is_bytes(&schema.new)) {
        schemas::compare(log, &schema, subject);
    }
    schemas::compare(log, &pair.get("itemSchema"), subject);
    log.write_in_xml(before);
}

/// Returns `true` if contents of a media type are bytes, and no text or object that a schema describes.
fn is_raw(name: &str) -> bool {
    let name = media_types::essence(name);
    let kind = name.split(';').next().unwrap_or_default();
    let is_described = ["json", "xml", "yaml", "/*"].iter().any(|word| kind.contains(word))
        || ["text/", "multipart/", "application/x-www-form-urlencoded"]
            .iter()
            .any(|start| kind.starts_with(start));
    !is_described
}

/// Returns `true` if a schema of raw contents says that they are bytes, or nothing.
fn is_bytes(schema: &Node<'_>) -> bool {
    let schema = schema.resolved();
    let said = schema.object().into_iter().flatten();
    let mut bearing = said.filter(|(key, _)| !ANNOTATIONS.contains(&key.as_str()) && !is_extension(key));
    bearing.all(|(key, value)| match key.as_str() {
        "type" => value == "string",
        "format" => value == "binary",
        "contentMediaType" => true,
        _ => false,
    }) && (schema.text("type").is_none() || schema.text("format") == Some("binary"))
}

/// Compares what a parameter or header is: by its schema, or by the media type as which it is written.
pub(super) fn written(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject, rule: &'static Rule) {
    let content = pair.get("content");
    if content.old.is_blank() && content.new.is_blank() {
        return schemas::compare(log, &pair.get("schema"), subject);
    }
    let (old, new) = (media_types::of(&content.old), media_types::of(&content.new));
    let are_named = |one: &[(String, Node<'_>)], other: &[(String, Node<'_>)]| {
        one.iter().all(|(name, _)| other.iter().any(|(known, _)| known == name))
    };
    if !are_named(&old, &new) || !are_named(&new, &old) {
        let text = match new.first() {
            Some((name, _)) => format!("is sent as `{name}`"),
            None => "is sent as plain text".to_owned(),
        };
        return log.record(rule, pair.pointer(), subject, text);
    }
    for (_, member) in joined(old, new) {
        if let Member::Kept(pair) = member {
            media_type(log, &pair, subject);
        }
    }
}
