//! Lists, and what is around them.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::request::{Answer, Refusal, Request};
use super::target::Target;
use super::window::{Window, cursor};
use crate::definition::{Paging, WindowFact};
use crate::query::Found;
use crate::reader::plain;
use crate::render;
use crate::row::Row;
use crate::store::Snapshot;

/// The characters of a query that stand for others.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A part of a list, and all that can be told about it.
struct Page<'a> {
    paging: &'a Paging,
    request: &'a Request<'a>,
    found: Found,
    limit: usize,
}

/// Answers a list.
pub(super) fn list(target: Target<'_>, snapshot: Snapshot, request: &Request<'_>) -> Result<Answer, Refusal> {
    let paging = &target.collection.paging;
    let window = Window::of(paging, request)?;
    let mut query = target.query(request)?;
    (query.offset, query.after, query.limit) = (window.offset, window.after, window.limit);
    let mut found = snapshot.reader().query(&query);
    if window.last && found.count > 0 {
        query.offset = (found.count - 1) / query.limit.max(1) * query.limit;
        found = snapshot.reader().query(&query);
    }
    if let Paging::Page { page, lenient: false, .. } = paging
        && window.offset > 0
        && window.offset >= found.count
    {
        return Err(Refusal::NoPage { parameter: page.clone() });
    }
    let page = Page { paging, request, found, limit: window.limit };
    let view = target.view(target.operation.answer.as_ref());
    let mut items = Vec::new();
    render::list(&page.found.rows, &mut items, |row, out| {
        if let Some(view) = view {
            snapshot.render(view, row, out);
        }
    });
    let envelope = &target.collection.envelope;
    let mut headers = Vec::new();
    for (name, fact) in &envelope.headers {
        match page.fact(fact) {
            Value::Null => {}
            value => headers.push((name.clone(), plain(&value))),
        }
    }
    let body = match &envelope.items {
        None => items,
        Some(name) => {
            let mut members: Vec<(Vec<&str>, Vec<u8>)> = Vec::new();
            for (path, fact) in &envelope.facts {
                let value = match fact {
                    WindowFact::Items => std::mem::take(&mut items),
                    fact => page.fact(fact).to_string().into_bytes(),
                };
                members.push((path.split('.').collect(), value));
            }
            if !items.is_empty() {
                members.push((name.split('.').collect(), items));
            }
            let mut out = Vec::with_capacity(members.iter().map(|(_, value)| value.len() + 32).sum());
            object(&members, 0, &mut out);
            out
        }
    };
    Ok(Answer {
        status: target.operation.status,
        body: Some(body),
        headers,
        row: None,
        rows: page.found.rows,
        location: None,
        version: None,
        snapshot,
    })
}

/// Appends an object of the members that have the same path up to `depth`; their order puts them side by side.
fn object(members: &[(Vec<&str>, Vec<u8>)], depth: usize, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut rest = members;
    while let Some(((path, value), _)) = rest.split_first() {
        if rest.len() < members.len() {
            out.push(b',');
        }
        let name = path.get(depth).copied().unwrap_or_default();
        render::write(&Value::from(name), out);
        out.push(b':');
        let same = rest.iter().take_while(|(path, _)| path.get(depth) == Some(&name)).count();
        let (here, after) = rest.split_at(same.max(1));
        if path.len() > depth + 1 {
            object(here, depth + 1, out);
        } else {
            out.extend_from_slice(value);
        }
        rest = after;
    }
    out.push(b'}');
}

impl Page<'_> {
    /// Returns the number of the first page.
    fn first(&self) -> usize {
        match self.paging {
            Paging::Page { first, .. } => usize::try_from(*first).unwrap_or(usize::MAX),
            _ => 1,
        }
    }

    /// Returns the number of rows on a whole page.
    fn size(&self) -> usize {
        if self.limit == usize::MAX { self.found.count.max(1) } else { self.limit.max(1) }
    }

    fn pages(&self) -> usize {
        self.found.count.div_ceil(self.size())
    }

    fn number(&self) -> usize {
        (self.found.before / self.size()).saturating_add(self.first())
    }

    fn end(&self) -> usize {
        self.found.before.saturating_add(self.found.rows.len())
    }

    fn has_next(&self) -> bool {
        self.end() < self.found.count
    }

    fn has_previous(&self) -> bool {
        self.found.before > 0
    }

    fn next_cursor(&self) -> Option<String> {
        let last: Option<&Arc<Row>> = self.found.rows.last();
        last.filter(|_| self.has_next()).map(|row| cursor(self.end(), row.id))
    }

    /// Returns the URL of what follows.
    fn next_url(&self) -> Option<String> {
        self.has_next().then(|| match self.paging {
            Paging::Page { page, .. } => Some(self.url(page, &(self.number() + 1).to_string())),
            Paging::Offset { offset, .. } => {
                offset.as_ref().map(|offset| self.url(offset, &self.end().to_string()))
            }
            Paging::Cursor { cursor, .. } => self.next_cursor().map(|text| self.url(cursor, &text)),
            Paging::None => None,
        })?
    }

    /// Returns the URL of what is before.
    fn previous_url(&self) -> Option<String> {
        self.has_previous().then(|| match self.paging {
            Paging::Page { page, .. } => Some(self.url(page, &(self.number() - 1).to_string())),
            Paging::Offset { offset, .. } => {
                let before = self.found.before.saturating_sub(self.size());
                offset.as_ref().map(|offset| self.url(offset, &before.to_string()))
            }
            _ => None,
        })?
    }

    /// Returns the URL of the request with another value of a parameter.
    fn url(&self, parameter: &str, value: &str) -> String {
        let others = self.request.query.iter().filter(|(name, _)| *name != parameter);
        let others = others.flat_map(|(name, values)| values.iter().map(|value| (*name, plain(value))));
        let pairs = others.chain([(parameter, value.to_owned())]);
        let encoded = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
        let pairs: Vec<String> =
            pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(&value))).collect();
        format!("{}?{}", self.request.url, pairs.join("&"))
    }

    fn fact(&self, fact: &WindowFact) -> Value {
        let when = |is: bool, number: usize| if is { Value::from(number) } else { Value::Null };
        let (count, here) = (self.found.count, self.found.rows.len());
        match fact {
            WindowFact::Items => Value::Null,
            WindowFact::Count => Value::from(count),
            WindowFact::Here => Value::from(here),
            WindowFact::Page => Value::from(self.number()),
            WindowFact::Size => Value::from(if self.limit == usize::MAX { count } else { self.limit }),
            WindowFact::Offset => Value::from(self.found.before),
            WindowFact::Pages => Value::from(self.pages()),
            WindowFact::PagesAtLeastOne => Value::from(self.pages().max(1)),
            WindowFact::LastPage => {
                Value::from((self.pages() + self.first()).saturating_sub(1).max(self.first()))
            }
            WindowFact::NextPage => when(self.has_next(), self.number() + 1),
            WindowFact::NextPageOrZero => Value::from(if self.has_next() { self.number() + 1 } else { 0 }),
            WindowFact::PreviousPage => when(self.has_previous(), self.number().saturating_sub(1)),
            WindowFact::PreviousPageOrZero => {
                Value::from(if self.has_previous() { self.number().saturating_sub(1) } else { 0 })
            }
            WindowFact::StartIndex => Value::from(if here == 0 { 0 } else { self.found.before + 1 }),
            WindowFact::EndIndex => Value::from(if here == 0 { 0 } else { self.end() }),
            WindowFact::NextUrl => self.next_url().map_or(Value::Null, Value::from),
            WindowFact::PreviousUrl => self.previous_url().map_or(Value::Null, Value::from),
            WindowFact::NextCursor => self.next_cursor().map_or(Value::Null, Value::from),
            WindowFact::HasNext => Value::from(self.has_next()),
            WindowFact::HasPrevious => Value::from(self.has_previous()),
            WindowFact::IsLast => Value::from(!self.has_next()),
            WindowFact::IsFirst => Value::from(!self.has_previous()),
            WindowFact::IsEmpty => Value::from(here == 0),
            WindowFact::Links => {
                let links = [("next", self.next_url()), ("prev", self.previous_url())];
                let links =
                    links.into_iter().filter_map(|(rel, url)| Some(format!("<{}>; rel=\"{rel}\"", url?)));
                let links: Vec<String> = links.collect();
                if links.is_empty() { Value::Null } else { Value::from(links.join(", ")) }
            }
            WindowFact::Constant(value) => value.clone(),
        }
    }
}
