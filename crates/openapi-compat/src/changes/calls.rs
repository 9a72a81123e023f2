//! Compares calls, whoever makes them: what is asked and what is answered, and what is said of the operation itself.

use super::annotations;
use super::answers;
use super::bodies;
use super::change_log::ChangeLog;
use super::node::Both;
use super::parameters;
use super::rules::{OPERATION_DEPRECATED, OPERATION_ID_CHANGED, OPERATION_RESTORED, OPERATION_TAGS_CHANGED};
use super::subject::Subject;

/// Compares one operation; `paths` are its old and its new path, which order its variables.
pub(super) fn compare(
    log: &mut ChangeLog,
    (item, operation): (&Both<'_>, &Both<'_>),
    paths: (&str, &str),
    subject: &Subject,
) {
    let id = operation.get("operationId");
    if !id.same() {
        let text = format!("is called `{}` now", operation.new.text("operationId").unwrap_or_default());
        log.record(&OPERATION_ID_CHANGED, id.pointer(), subject, text);
    }
    let tags = operation.get("tags");
    if tags.differs_ignoring_empty() {
        log.record(&OPERATION_TAGS_CHANGED, tags.pointer(), subject, "has other tags");
    }
    match (operation.old.flag("deprecated"), operation.new.flag("deprecated")) {
        (false, true) => {
            log.record(&OPERATION_DEPRECATED, operation.pointer(), subject, "is deprecated");
        }
        (true, false) => {
            log.record(&OPERATION_RESTORED, operation.pointer(), subject, "is no longer deprecated");
        }
        _ => {}
    }
    annotations::compare(log, operation, subject);
    parameters::compare(log, item, operation, paths, subject);
    bodies::compare_request(log, &operation.get("requestBody"), subject);
    answers::compare(log, &operation.get("responses"), subject);
}
