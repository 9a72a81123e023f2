//! What stands around the operations: what the document says of itself, and its tags.

use super::annotations;
use super::journal::Journal;
use super::node::Pair;
use super::rules::{INFO_CHANGED, TAGS_CHANGED};
use super::subject::Subject;

pub(super) fn compare(journal: &mut Journal, pair: &Pair<'_>) {
    let subject = Subject::plain("the document");
    annotations::compare(journal, pair, &subject);
    let info = pair.get("info");
    annotations::compare_except(journal, &info, &subject, &["title"]);
    for key in ["title", "version", "termsOfService", "contact", "license"] {
        let member = info.get(key);
        if !member.same() {
            let text = format!("has another {}", label(key));
            journal.note(&INFO_CHANGED, member.pointer(), &subject, text);
        }
    }
    let tags = pair.get("tags");
    if tags.differs() {
        journal.note(&TAGS_CHANGED, tags.pointer(), &subject, "describes its tags differently");
    }
}

fn label(key: &str) -> &str {
    match key {
        "termsOfService" => "link to its terms of service",
        "license" => "licence",
        key => key,
    }
}
