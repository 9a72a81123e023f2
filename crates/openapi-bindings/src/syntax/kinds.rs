//! What an answer is read as.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Expr, ExprCall, ImplItem, ImplItemFn, Item, ReturnType, Stmt, Type, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::{impls_mut, type_name, wrapped};
use openapi_document::model::{AnswerForm, Answers, Status};

/// Has every call expect the answers that the document declares: a text, bytes, or perhaps nothing.
///
/// To progenitor an operation has one kind of answer, by `plain_answers`, and all that is no JSON is a stream. The
/// runtime has `text`, `bytes` and `optional` besides. Runs after `one_error`, and before
/// anything that copies what `send` answers.
pub(super) fn answer_kinds(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let operations = plan.model.operations.iter();
    let declared: HashMap<&str, Answers> = operations
        .map(|operation| (operation.builder.as_str(), operation.answers(&plan.model.schemas)))
        .collect();
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        let Some(answers) = type_name(&item.self_ty).and_then(|name| declared.get(name.as_str())) else {
            continue;
        };
        for member in &mut item.items {
            if let ImplItem::Fn(send) = member
                && send.sig.ident == "send"
            {
                changes += usize::from(expect(send, answers));
            }
        }
    }
    changes
}

/// Has one `send` expect `answers`; `false` if it does so already.
fn expect(send: &mut ImplItemFn, answers: &Answers) -> bool {
    let Some(call) = call(send) else { return false };
    let Expr::Path(function) = &mut *call.func else { return false };
    let Some(name) = function.path.segments.last_mut() else { return false };
    let wanted = match answers.form {
        _ if name.ident == "upgrade" => return false,
        AnswerForm::Json if answers.optional => "optional",
        AnswerForm::Json => "json",
        AnswerForm::Nothing => "empty",
        AnswerForm::Text => "text",
        AnswerForm::Bytes => "bytes",
    };
    let mut changed = name.ident != wanted;
    name.ident = format_ident!("{wanted}");
    if let Some(expected) = call.args.last_mut()
        && let Some(pattern) = pattern(&answers.statuses)
    {
        let wanted: Expr = parse_quote!(|status| matches!(status, #pattern));
        changed |= quote!(#expected).to_string() != quote!(#wanted).to_string();
        *expected = wanted;
    }
    if changed
        && let ReturnType::Type(_, output) = &send.sig.output
        && let Some(answer) = wrapped(output, "Result").and_then(|answer| wrapped(answer, "ResponseValue"))
    {
        let answer: Type = match answers.form {
            AnswerForm::Json if answers.optional => parse_quote!(::std::option::Option<#answer>),
            AnswerForm::Json => answer.clone(),
            AnswerForm::Nothing => parse_quote!(()),
            AnswerForm::Text => parse_quote!(::std::string::String),
            AnswerForm::Bytes => parse_quote!(::bytes::Bytes),
        };
        send.sig.output = parse_quote!(-> Result<runtime::ResponseValue<#answer>, runtime::Error>);
    }
    changed
}

/// The call at the end of a `send`.
fn call(send: &mut ImplItemFn) -> Option<&mut ExprCall> {
    let Some(Stmt::Expr(Expr::Await(awaited), None)) = send.block.stmts.last_mut() else { return None };
    match &mut *awaited.base {
        Expr::Call(call) => Some(call),
        _ => None,
    }
}

/// The pattern that `statuses` are, in the order in which progenitor writes them.
fn pattern(statuses: &[Status]) -> Option<TokenStream> {
    let mut statuses: Vec<Status> = statuses.to_vec();
    statuses.sort_by_key(ToString::to_string);
    let patterns = statuses.into_iter().map(|status| match status {
        Status::Code(code) => Some(quote!(#code)),
        Status::Class(digit) => {
            let (first, last) = (digit * 100, digit * 100 + 99);
            Some(quote!(#first..=#last))
        }
        Status::Default => None,
    });
    let patterns: Vec<_> = patterns.collect::<Option<_>>()?;
    Some(quote!(#(#patterns)|*))
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    /// The builder of an operation with these responses after the pass, and how many changes it made.
    fn kinds(responses: &str, function: &str, answer: &str, expected: &str) -> (String, usize) {
        after(
            "answer_kinds",
            &format!(
                "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{/pets/: {{get: {{operationId: pets, responses: {responses}}}}}}}}}"
            ),
            &send(function, answer, expected),
        )
    }

    fn send(function: &str, answer: &str, expected: &str) -> String {
        format!(
            "impl<'a> Pets<'a> {{ pub async fn send(self) -> Result<runtime::ResponseValue<{answer}>, runtime::Error> {{ \
             runtime::{function}(client, Self::OPERATION, request, |status| matches!(status, {expected})).await }} }}"
        )
    }

    const JSON: &str = "{description: '', content: {application/json: {schema: {type: string}}}}";

    #[test]
    fn an_answer_that_may_have_no_content_is_optional() {
        let (source, changes) =
            kinds(&format!("{{'200': {JSON}, '204': {{description: ''}}}}"), "json", "String", "200u16");
        assert_eq!(changes, 1);
        assert_eq!(source, formatted(&send("optional", "::std::option::Option<String>", "200u16 | 204u16")));
    }

    #[test]
    fn a_text_is_read_as_one_and_all_else_as_bytes() {
        let (source, _) =
            kinds("{'200': {description: '', content: {text/csv: {}}}}", "stream", "ByteStream", "200u16");
        assert_eq!(source, formatted(&send("text", "::std::string::String", "200u16")));
        let (source, _) =
            kinds("{default: {description: '', content: {image/png: {}}}}", "stream", "ByteStream", "200u16");
        assert_eq!(source, formatted(&send("bytes", "::bytes::Bytes", "200u16..=299u16")));
    }

    #[test]
    fn an_answer_of_one_kind_stays_as_it_is() {
        assert_eq!(
            kinds(&format!("{{'201': {JSON}, '200': {JSON}}}"), "json", "String", "200u16 | 201u16").1,
            0
        );
    }
}
