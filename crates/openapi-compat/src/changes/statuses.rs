//! Statuses of answers, and the ranges that stand for them.

use super::node::{Both, Node};

/// Returns `true` if a status means success. `default` does if no other response can.
pub(super) fn is_success(status: &str, answers: &Node<'_>) -> bool {
    let plain = |status: &str| status.starts_with(['1', '2', '3']);
    plain(status) || (status == "default" && !answers.members().any(|(status, _)| plain(status)))
}

/// Returns the answer that stands for `status` among others that do not name it: its range, or `default`.
pub(super) fn standing_for<'a>(status: &str, answers: &Node<'a>) -> Option<(String, Node<'a>)> {
    if status == "default" || answers.get(status).exists() {
        return None;
    }
    let range = format!("{}XX", status.get(..1)?);
    let named = |name: &str| {
        let found = answers.members().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(known, node)| (known.clone(), node))
    };
    let is_range = status.eq_ignore_ascii_case(&range);
    let by_range = if is_range { None } else { named(&range) };
    // What stands for everything else is no success beside one.
    let may_be = |(known, _): &(String, Node<'a>)| is_success(known, answers) == is_success(status, answers);
    by_range.or_else(|| named("default").filter(may_be))
}

/// Returns `true` if an answer that is gone stood for one that is named now: a range, or `default` where it was all that
/// succeeds.
pub(super) fn stood_for_one(gone: &str, answers: &Both<'_>) -> bool {
    if gone == "default" {
        let is_named = |status: &str| status != gone && is_success(status, &answers.new);
        return is_success(gone, &answers.old) && answers.new.members().any(|(status, _)| is_named(status));
    }
    let Some(first) = gone.get(..1).filter(|_| gone.to_ascii_uppercase().ends_with("XX")) else {
        return false;
    };
    answers.new.members().any(|(status, _)| status.starts_with(first))
}
