//! Compares which traits serve the operations. That depends on all operations together, so it may change where nothing
//! else does.

use serde_json::Value;

use super::change_log::ChangeLog;
use super::node::Both;
use super::rules::SERVICE_TRAIT_CHANGED;
use super::subject::Subject;
use openapi_document::grammar::SERVICE_TRAITS;
use openapi_document::operations::operations;
use openapi_document::pointer::escape;
use openapi_document::service_traits::way;

/// Compares the traits of two documents.
pub(super) fn compare(log: &mut ChangeLog, document: &Both<'_>) {
    let (old, new) = (document.old.side, document.new.side);
    if basis(old.root).eq(basis(new.root)) {
        return;
    }
    let (before, after) = (old.names(), new.names());
    let (was, is) = (way(old.root), way(new.root));
    if was != is {
        let items = before.service_traits().to_vec();
        let subject = Subject { items, ..Subject::plain("the document") };
        let text = format!("divides its operations among service traits by {is}, no longer by {was}");
        return log.record(&SERVICE_TRAIT_CHANGED, "", &subject, text);
    }
    for (path, method, operation) in operations(new.root) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let (Some(was), Some(is)) = (before.service_trait(id), after.service_trait(id)) else { continue };
        if was != is {
            let items = vec![format!("{was}::{}", before.operation(id))];
            let subject = Subject { items, ..Subject::plain(format!("`{id}`")) };
            let pointer = format!("/paths/{}/{method}", escape(path));
            let text = format!("is served by the trait `{is}`, no longer by `{was}`");
            log.record(&SERVICE_TRAIT_CHANGED, &pointer, &subject, text);
        }
    }
}

/// Returns what the traits of a document depend on.
fn basis(root: &Value) -> impl Iterator<Item = (&str, [Option<&Value>; 3])> {
    operations(root).map(|(path, _, operation)| {
        (path, [root.get(SERVICE_TRAITS), operation.get("operationId"), operation.get("tags")])
    })
}
