//! Infers the surroundings of a list from the names of its properties and headers.

use openapi_document::example;
use openapi_document::model::Operation;
use openapi_document::model::{Kind, SchemaId, Status};

use super::shapes::{self, ListShape, plain_name};
use super::{Gap, Inference};
use crate::definition::{Envelope, Paging, WindowFact};

impl Inference<'_> {
    /// Infers what is around a list.
    pub(super) fn envelope(
        &mut self,
        operation: &Operation<'_>,
        list: &ListShape<'_>,
        paging: &Paging,
    ) -> Envelope {
        let mut envelope = Envelope { items: list.within.map(str::to_owned), ..Envelope::default() };
        if let Some(within) = list.within {
            self.facts(list.whole, "", within, paging, &mut envelope);
        }
        let responses = operation
            .responses
            .iter()
            .filter(|response| response.status.is_success() || response.status == Status::Default);
        for header in responses.flat_map(|response| &response.headers) {
            let fact = match plain_name(header.name).as_str() {
                "link" => WindowFact::Links,
                "xtotalcount" | "xtotal" | "totalcount" => WindowFact::Count,
                "xtotalpages" => WindowFact::Pages,
                "xpage" => WindowFact::Page,
                "xperpage" => WindowFact::Size,
                "xnextpage" => WindowFact::NextPage,
                "xprevpage" => WindowFact::PreviousPage,
                "xnext" | "xnextcursor" => WindowFact::NextCursor,
                _ => continue,
            };
            envelope.headers.insert(header.name.to_owned(), fact);
        }
        envelope
    }

    /// Adds what the properties of an object around a list tell, below `before`.
    fn facts(
        &mut self,
        schema: SchemaId,
        before: &str,
        items: &str,
        paging: &Paging,
        envelope: &mut Envelope,
    ) {
        let model = self.model;
        for property in shapes::properties(model, schema) {
            let path = format!("{before}{}", property.name);
            if path == items {
                envelope.facts.insert(path, WindowFact::Items);
                continue;
            }
            let of = model.resolved(property.schema);
            let written = model.schema(property.schema);
            let nullable = of.nullable || written.nullable;
            if let Some(fact) = fact(property.name, of.kind, nullable, property.required, paging) {
                envelope.facts.insert(path, fact);
            } else if let Some([only]) = of.values {
                envelope.facts.insert(path, WindowFact::Constant(only.clone()));
            } else if !before.contains('.') && shapes::is_object(model, property.schema) {
                let known = envelope.facts.len();
                self.facts(property.schema, &format!("{path}."), items, paging, envelope);
                if envelope.facts.len() == known && property.required {
                    envelope.facts.insert(path, WindowFact::Constant(serde_json::json!({})));
                }
            } else if property.required {
                let value = if nullable {
                    serde_json::Value::Null
                } else {
                    example::of(model.document.value(), of.value)
                };
                self.gaps.push(Gap {
                    pointer: written.pointer.clone(),
                    message: format!("`{path}` of the answer of a list always is {value}"),
                    help: "say what it tells with `envelope` of `x-resource`, or leave it at that".to_owned(),
                });
                envelope.facts.insert(path, WindowFact::Constant(value));
            }
        }
    }
}

/// Returns what a property of this name tells about a list.
fn fact(
    name: &str,
    kind: Option<Kind>,
    nullable: bool,
    required: bool,
    paging: &Paging,
) -> Option<WindowFact> {
    let is_text = kind.is_none_or(|kind| kind == Kind::String);
    let is_number = kind.is_none_or(|kind| matches!(kind, Kind::Integer | Kind::Number));
    let is_flag = kind == Some(Kind::Boolean);
    let can_be_absent = nullable || !required;
    let by_cursor = matches!(paging, Paging::Cursor { .. });
    Some(match plain_name(name).as_str() {
        "count" | "total" | "totalcount" | "totalelements" | "totalitems" | "totalresults"
        | "totalrecords" | "totalhits" | "found" | "numfound"
            if is_number =>
        {
            WindowFact::Count
        }
        "page" | "currentpage" | "current" | "pagenumber" | "number" | "pageindex" if is_number => {
            WindowFact::Page
        }
        "pages" | "totalpages" | "pagecount" | "numpages" if is_number => WindowFact::Pages,
        "lastpage" if is_number => WindowFact::LastPage,
        "size" | "pagesize" | "perpage" | "limit" | "itemsperpage" if is_number => WindowFact::Size,
        "offset" | "skip" if is_number => WindowFact::Offset,
        "numberofelements" | "returned" if is_number => WindowFact::Here,
        "startindex" if is_number => WindowFact::StartIndex,
        "endindex" if is_number => WindowFact::EndIndex,
        "next" | "nextpage" if kind.is_some() && is_number && can_be_absent => WindowFact::NextPage,
        "next" | "nextpage" if kind.is_some() && is_number => WindowFact::NextPageOrZero,
        "previous" | "prev" | "previouspage" | "prevpage" if kind.is_some() && is_number && can_be_absent => {
            WindowFact::PreviousPage
        }
        "previous" | "prev" | "previouspage" | "prevpage" if kind.is_some() && is_number => {
            WindowFact::PreviousPageOrZero
        }
        "next" | "nextpage" if is_text && by_cursor => WindowFact::NextCursor,
        "next" | "nextpage" | "nexturl" | "nextlink" if is_text => WindowFact::NextUrl,
        "previous" | "prev" | "previouspage" | "prevurl" | "previousurl" | "prevlink" if is_text => {
            WindowFact::PreviousUrl
        }
        "nextcursor" | "nextpagetoken" | "nexttoken" | "nextmarker" | "endcursor" | "cursor"
        | "continuationtoken"
            if is_text && by_cursor =>
        {
            WindowFact::NextCursor
        }
        "hasmore" | "hasnext" | "hasnextpage" if is_flag => WindowFact::HasNext,
        "hasprevious" | "haspreviouspage" | "hasprev" if is_flag => WindowFact::HasPrevious,
        "first" | "isfirst" if is_flag => WindowFact::IsFirst,
        "last" | "islast" if is_flag => WindowFact::IsLast,
        "empty" | "isempty" if is_flag => WindowFact::IsEmpty,
        _ => return None,
    })
}
