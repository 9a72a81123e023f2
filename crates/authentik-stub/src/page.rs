//! Selects the rows of a page, and computes its numbers. [`crate::viewset`] makes the rows themselves.

use std::ops::Range;

use authentik_sources_types::Pagination;
use openapi_server_runtime::filters::PageNumber;

/// The number of rows on a page unless a request says otherwise.
const DEFAULT_SIZE: u64 = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    number: u64,
    pages: u64,
    count: u64,
    start: u64,
    end: u64,
}

impl Page {
    /// Returns the page of a list of `count` rows, or `None` if it has no such page. A list without rows has one page.
    #[must_use]
    pub fn cut(count: usize, number: Option<PageNumber>, size: Option<u64>) -> Option<Self> {
        let count = u64::try_from(count).ok()?;
        let size = size.unwrap_or(DEFAULT_SIZE).max(1);
        let pages = count.div_ceil(size).max(1);
        let number = match number {
            None => 1,
            Some(PageNumber::Last) => pages,
            Some(PageNumber::Number(number)) => number,
            Some(PageNumber::Invalid) => return None,
        };
        if number == 0 || number > pages {
            return None;
        }
        let start = (number - 1).saturating_mul(size);
        Some(Self { number, pages, count, start, end: start.saturating_add(size).min(count) })
    }

    /// Returns the positions, counted from 0, of the rows on this page.
    #[must_use]
    pub fn rows(&self) -> Range<usize> {
        let position = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
        position(self.start)..position(self.end)
    }

    /// Returns the numbers as a client sees them.
    #[must_use]
    pub fn pagination(&self) -> Pagination {
        let wire = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Pagination {
            next: if self.number < self.pages { wire(self.number + 1) } else { 0 },
            previous: wire(self.number - 1),
            count: wire(self.count),
            current: wire(self.number),
            total_pages: wire(self.pages),
            start_index: if self.count == 0 { 0 } else { wire(self.start + 1) },
            end_index: wire(self.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns next, previous, count, current, total pages, start index and end index.
    fn numbers(count: usize, number: Option<PageNumber>, size: Option<u64>) -> Option<[i64; 7]> {
        let page = Page::cut(count, number, size)?.pagination();
        Some([
            page.next,
            page.previous,
            page.count,
            page.current,
            page.total_pages,
            page.start_index,
            page.end_index,
        ])
    }

    #[test]
    fn pages_are_numbered_from_one() {
        let page = |number| Some(PageNumber::Number(number));
        let cases = [
            ((47, None, None), Some([0, 0, 47, 1, 1, 1, 47])),
            ((101, None, None), Some([2, 0, 101, 1, 2, 1, 100])),
            ((47, page(1), Some(20)), Some([2, 0, 47, 1, 3, 1, 20])),
            ((47, page(2), Some(20)), Some([3, 1, 47, 2, 3, 21, 40])),
            ((47, page(3), Some(20)), Some([0, 2, 47, 3, 3, 41, 47])),
            ((47, Some(PageNumber::Last), Some(20)), Some([0, 2, 47, 3, 3, 41, 47])),
            ((40, page(2), Some(20)), Some([0, 1, 40, 2, 2, 21, 40])),
            ((47, page(4), Some(20)), None),
            ((47, page(0), None), None),
            ((47, Some(PageNumber::Invalid), None), None),
            ((47, page(u64::MAX), None), None),
            ((47, None, Some(u64::MAX)), Some([0, 0, 47, 1, 1, 1, 47])),
        ];
        for ((count, number, size), expected) in cases {
            assert_eq!(numbers(count, number, size), expected, "{count} {number:?} {size:?}");
        }
    }

    #[test]
    fn an_empty_list_has_one_empty_page() {
        for number in [None, Some(PageNumber::Number(1)), Some(PageNumber::Last)] {
            assert_eq!(numbers(0, number, None), Some([0, 0, 0, 1, 1, 0, 0]), "{number:?}");
        }
        assert_eq!(numbers(0, Some(PageNumber::Number(2)), None), None);
    }

    #[test]
    fn a_page_covers_its_rows() {
        assert_eq!(Page::cut(47, Some(PageNumber::Number(3)), Some(20)).unwrap().rows(), 40..47);
        assert_eq!(Page::cut(0, None, None).unwrap().rows(), 0..0);
    }
}
