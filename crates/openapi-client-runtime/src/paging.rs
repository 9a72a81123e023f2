//! A stream over all pages of a list, by the number of the next page that each page names.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures::stream::{self, BoxStream, Stream, StreamExt as _};

use crate::api::Operation;
use crate::error::Error;

/// The objects of a page, and the number of the next page: 0 after the last one, `None` if the page does not say.
pub type Page<T, N> = (Vec<T>, Option<N>);

/// The type of a page number in the document: an integer, or a number, whose value is an integer all the same.
pub trait PageNumber {
    /// Returns the number without its fraction.
    fn whole(self) -> i64;
}

impl PageNumber for i64 {
    fn whole(self) -> i64 {
        self
    }
}

impl PageNumber for f64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the number of a page has no fraction, and the cast saturates"
    )]
    fn whole(self) -> i64 {
        self as i64
    }
}

/// The state of a stream.
enum Next {
    /// Before the page that the caller asked for.
    First,
    /// Before the page of this number.
    Numbered(i64),
    /// After a page that does not say whether it is the last one.
    Unknown,
    /// After the last page.
    Done,
}

/// Returns the objects of all pages that `fetch` returns. Its first call has no page number.
///
/// It ends with the first error. A server whose pages do not advance, or are empty and name a next one, is one: its
/// list might never end. So is one whose page does not say whether there is a next one, once its objects are read: they
/// might be taken for all. That a page which was named is gone (404) is none: objects were deleted meanwhile, so that the
/// list has fewer pages, and all that are left were read.
pub fn stream<'a, T, N, F, Answer>(operation: &'static Operation, fetch: F) -> BoxStream<'a, Result<T, Error>>
where
    T: Send + 'a,
    N: PageNumber,
    F: Fn(Option<i64>) -> Answer + Send + 'a,
    Answer: Future<Output = Result<Page<T, N>, Error>> + Send + 'a,
{
    let pages = stream::try_unfold((fetch, Next::First), move |(fetch, next)| async move {
        let number = match next {
            Next::First => None,
            Next::Numbered(number) => Some(number),
            Next::Unknown => return Err(operation.invalid("a page does not say whether there is a next one")),
            Next::Done => return Ok(None),
        };
        let (objects, following) = match fetch(number).await {
            Ok((objects, following)) => (objects, following.map(PageNumber::whole)),
            Err(error) if number.is_some() && is_beyond_the_end(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let next = match (number, following) {
            (_, None) => Next::Unknown,
            (_, Some(..=0)) => Next::Done,
            (Some(number), Some(following)) if following <= number => {
                return Err(operation.invalid(format!("page {number} names page {following} as its next")));
            }
            (_, Some(following)) if objects.is_empty() => {
                return Err(operation.invalid(format!("an empty page names page {following} as its next")));
            }
            (_, Some(following)) => Next::Numbered(following),
        };
        Ok(Some((objects, (fetch, next))))
    });
    Objects::of(pages).boxed()
}

/// Returns the objects of all pages that `fetch` answers, each with the token of the next page; it is first asked with
/// no token. It ends with the first error.
pub fn stream_by_token<'a, T, F, Answer>(fetch: F) -> BoxStream<'a, Result<T, Error>>
where
    T: Send + 'a,
    F: Fn(Option<String>) -> Answer + Send + 'a,
    Answer: Future<Output = Result<(Vec<T>, Option<String>), Error>> + Send + 'a,
{
    let pages = stream::try_unfold((fetch, Some(None)), move |(fetch, next)| async move {
        let Some(token) = next else { return Ok(None) };
        let (objects, following) = fetch(token).await?;
        Ok(Some((objects, (fetch, following.map(Some)))))
    });
    Objects::of(pages).boxed()
}

/// The objects of all pages, each of which is moved out of its page once.
struct Objects<'a, T> {
    pages: BoxStream<'a, Result<Vec<T>, Error>>,
    page: vec::IntoIter<T>,
}

impl<'a, T: Send + 'a> Objects<'a, T> {
    fn of(pages: impl Stream<Item = Result<Vec<T>, Error>> + Send + 'a) -> Self {
        Objects { pages: pages.boxed(), page: Vec::new().into_iter() }
    }
}

/// No object is pinned.
impl<T> Unpin for Objects<'_, T> {}

impl<T> Stream for Objects<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(object) = this.page.next() {
                return Poll::Ready(Some(Ok(object)));
            }
            match ready!(this.pages.as_mut().poll_next(context)) {
                Some(Ok(page)) => this.page = page.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Returns `true` if the API itself, and not a proxy before it, says that there is no such page.
fn is_beyond_the_end(error: &Error) -> bool {
    matches!(error, Error::NotFound { answer } if answer.detail().is_some())
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;

    #[tokio::test]
    async fn a_stream_by_token_asks_with_each_token_until_there_is_none() {
        let pages = |token: Option<String>| async move {
            Ok(match token.as_deref() {
                None => (vec![1, 2], Some("b".to_owned())),
                Some("b") => (Vec::new(), Some("c".to_owned())),
                Some(_) => (vec![3], None),
            })
        };
        let all: Vec<i32> = stream_by_token(pages).try_collect().await.unwrap();
        assert_eq!(all, [1, 2, 3]);
    }

    use super::*;

    const OPERATION: &Operation = &Operation::plain("shop_pets_list", "GET", "/shop/pets/");

    /// Returns the pages 1 to 3 of a list whose pages name `next` as the next ones.
    fn list(next: [i64; 3]) -> BoxStream<'static, Result<i64, Error>> {
        stream(OPERATION, move |number| async move {
            let number = number.unwrap_or(1);
            let index = usize::try_from(number - 1).unwrap();
            let next = next.get(index).copied().ok_or_else(|| OPERATION.invalid("no such page"))?;
            // A negative number stands for a page that does not say.
            Ok((vec![number * 10, number * 10 + 1], (next >= 0).then_some(next)))
        })
    }

    #[tokio::test]
    async fn all_pages_are_followed_in_order() {
        let objects: Vec<i64> = list([2, 3, 0]).try_collect().await.unwrap();
        assert_eq!(objects, [10, 11, 20, 21, 30, 31]);
    }

    #[test]
    fn the_number_of_a_page_is_whole_also_if_the_document_calls_it_any_number() {
        assert_eq!((2.0.whole(), f64::NAN.whole(), 7.whole()), (2, 0, 7));
    }

    #[tokio::test]
    async fn the_stream_ends_after_an_error() {
        let results: Vec<_> = list([2, 9, 0]).collect().await;
        assert_eq!(results.len(), 5);
        assert!(results[..4].iter().all(Result::is_ok) && results[4].is_err());
    }

    #[tokio::test]
    async fn pages_that_do_not_advance_are_an_error_and_no_endless_list() {
        let results: Vec<_> = list([2, 2, 0]).collect().await;
        assert_eq!(results.len(), 3);
        assert!(results[2].as_ref().unwrap_err().to_string().contains("page 2 names page 2 as its next"));
    }

    #[tokio::test]
    async fn a_page_that_does_not_say_whether_it_is_the_last_one_is_an_error_after_its_objects() {
        let results: Vec<_> = list([2, -1, 0]).collect().await;
        assert_eq!(results.len(), 5);
        assert!(results[4].as_ref().unwrap_err().to_string().contains("does not say"));
    }
}
