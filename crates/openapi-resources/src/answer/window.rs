//! The part of a list that a request asks for.

use std::num::ParseIntError;

use super::request::{Refusal, Request, texts};
use crate::definition::Paging;
use crate::ids::RowId;

/// The part of a list that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) after: Option<RowId>,
    pub(super) limit: usize,
    /// `true` if the last page is asked for, whichever that is.
    pub(super) last: bool,
}

impl Window {
    pub(super) fn of(paging: &Paging, request: &Request<'_>) -> Result<Self, Refusal> {
        let (offset, limit, after) = match paging {
            Paging::None => (0, usize::MAX, None),
            Paging::Page { page, first, size, default_size, max_size, .. } => {
                let size = count(request, size.as_ref())?.filter(|size| *size > 0).unwrap_or(*default_size);
                let size = size.min(max_size.unwrap_or(usize::MAX));
                let first = usize::try_from(*first).unwrap_or(usize::MAX);
                let number = match number(request, page).filter(|_| !is_last(request, page)) {
                    None => first,
                    Some(number) => {
                        number.ok().filter(|number| *number >= first).ok_or_else(|| no_page(page))?
                    }
                };
                ((number - first).saturating_mul(size), size, None)
            }
            Paging::Offset { offset, limit, default_limit, max_limit } => {
                let limit = count(request, limit.as_ref())?.or(*default_limit).unwrap_or(usize::MAX);
                (
                    count(request, offset.as_ref())?.unwrap_or(0),
                    limit.min(max_limit.unwrap_or(usize::MAX)),
                    None,
                )
            }
            Paging::Cursor { cursor, limit, default_limit, max_limit } => {
                let limit =
                    count(request, limit.as_ref())?.filter(|limit| *limit > 0).unwrap_or(*default_limit);
                let limit = limit.min(max_limit.unwrap_or(usize::MAX));
                match texts(request, cursor).into_iter().next().filter(|text| !text.is_empty()) {
                    None => (0, limit, None),
                    Some(text) => {
                        let (offset, row) = read_cursor(&text).ok_or_else(|| no_page(cursor))?;
                        (offset, limit, Some(row))
                    }
                }
            }
        };
        let last = matches!(paging, Paging::Page { page, .. } if is_last(request, page));
        Ok(Self { offset, after, limit, last })
    }
}

/// Returns `true` if a request asks for the last page by that word.
fn is_last(request: &Request<'_>, page: &str) -> bool {
    texts(request, page).last().is_some_and(|text| text == "last")
}

fn no_page(parameter: &str) -> Refusal {
    Refusal::NoPage { parameter: parameter.to_owned() }
}

/// Returns the text that leads to the rows after `row`, which is the last of `offset` rows.
pub(super) fn cursor(offset: usize, row: RowId) -> String {
    format!("r{:x}o{offset:x}", row.0)
}

fn read_cursor(text: &str) -> Option<(usize, RowId)> {
    let (row, offset) = text.strip_prefix('r')?.split_once('o')?;
    let row = u64::from_str_radix(row, 16).ok()?;
    Some((usize::from_str_radix(offset, 16).ok()?, RowId(row)))
}

/// Returns the number that a parameter has; an error if its text is none.
fn number(request: &Request<'_>, name: &str) -> Option<Result<usize, ParseIntError>> {
    texts(request, name).into_iter().next_back().filter(|text| !text.is_empty()).map(|text| text.parse())
}

/// Returns the number of rows that a parameter asks for.
fn count(request: &Request<'_>, name: Option<&String>) -> Result<Option<usize>, Refusal> {
    let Some(name) = name else { return Ok(None) };
    match number(request, name) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(Refusal::Parameter {
            parameter: name.clone(),
            reason: "it has to be a whole number that is not negative".to_owned(),
        }),
    }
}
