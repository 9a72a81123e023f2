//! Compares the parts of a document outside its operations: `info`, tags, external documentation.

use super::annotations;
use super::change_log::ChangeLog;
use super::node::Both;
use super::rules::{INFO_CHANGED, TAGS_CHANGED};
use super::subject::Subject;

pub(super) fn compare(log: &mut ChangeLog, pair: &Both<'_>) {
    let subject = Subject::plain("the document");
    annotations::compare(log, pair, &subject);
    let info = pair.get("info");
    annotations::compare_except(log, &info, &subject, &["title"]);
    for key in ["title", "version", "termsOfService", "contact", "license"] {
        let member = info.get(key);
        if !member.same() {
            let text = format!("has another {}", label(key));
            log.record(&INFO_CHANGED, member.pointer(), &subject, text);
        }
    }
    let tags = pair.get("tags");
    if tags.differs_ignoring_empty() {
        log.record(&TAGS_CHANGED, tags.pointer(), &subject, "describes its tags differently");
    }
}

fn label(key: &str) -> &str {
    match key {
        "termsOfService" => "link to its terms of service",
        "license" => "licence",
        key => key,
    }
}
