//! Conversions of values for optional properties, as the builders accept them.
//!
//! The same `&str` may become a checked string, an option of one or a [`Patch`] of one. The conversions of the standard
//! library cover only the first.

use std::fmt::Display;

use crate::{Patch, Refusal};

/// Something a builder takes for a field of the type `F`: a value, anything that converts into one, or an option.
///
/// An option is taken where `None` can only mean that the field is left out. A [`Patch`] may also be `null`, and an option
/// does not say which of the two is meant:
///
/// ```
/// # use openapi_wire::{IntoField, Patch};
/// # fn name<How>(_: impl IntoField<Option<String>, How>) {}
/// # fn nickname<How>(_: impl IntoField<Patch<String>, How>) {}
/// name(Some("Rex"));
/// nickname(Patch::or_null(None::<String>)); // clears it
/// nickname(Patch::or_absent(None::<String>)); // leaves it as it is
/// ```
///
/// ```compile_fail
/// # use openapi_wire::{IntoField, Patch};
/// # fn nickname<How>(_: impl IntoField<Patch<String>, How>) {}
/// nickname(None::<String>);
/// ```
///
/// A list is taken as a `Vec` of its items, as an array or a slice of texts (`["a", "b"]`, `names.as_slice()`), or as a
/// reference to a `Vec`. (A `Vec<&str>` goes by reference, so that `vec![]` is a list of the field's own items.)
///
/// `How` tells the ways apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a field of the type `{F}` can be made from",
    note = "a list of texts is taken as an array, a slice, or a reference to a `Vec`: `[\"a\"]`, `&names`",
    note = "an option is taken for an `Option`; for a `Patch`, write `Patch::or_null(option)` if `None` is to clear the \
            field, and `Patch::or_absent(option)` if it is to leave it as it is"
)]
pub trait IntoField<F, How> {
    /// Converts, or says why it cannot.
    ///
    /// # Errors
    /// If the value does not fit, such as a slug with a blank.
    fn into_field(self) -> Result<F, Refusal>;
}

/// The way of a value, or of something that converts into one.
#[derive(Debug)]
pub enum ByValue {}

/// The way of an option of such a thing.
#[derive(Debug)]
pub enum ByOption {}

/// The way of a list whose items are converted one by one.
#[derive(Debug)]
pub enum ByItem {}

/// The way of the field's own type.
#[derive(Debug)]
pub enum AsItIs {}

impl<V, T> IntoField<Option<T>, ByValue> for V
where
    V: TryInto<T>,
    V::Error: Display + 'static,
{
    fn into_field(self) -> Result<Option<T>, Refusal> {
        convert(self).map(Some)
    }
}

impl<V, T> IntoField<Option<T>, ByOption> for Option<V>
where
    V: TryInto<T>,
    V::Error: Display + 'static,
{
    fn into_field(self) -> Result<Option<T>, Refusal> {
        self.map(convert).transpose()
    }
}

impl<V, T> IntoField<Vec<T>, ByValue> for V
where
    V: TryInto<Vec<T>>,
    V::Error: Display + 'static,
{
    fn into_field(self) -> Result<Vec<T>, Refusal> {
        convert(self)
    }
}

/// A list whose items are converted one by one.
pub trait Items {
    /// The type of its items.
    type Item;

    /// Returns the items in their order.
    fn items(self) -> impl Iterator<Item = Self::Item>;
}

impl<'a, const N: usize> Items for [&'a str; N] {
    type Item = &'a str;

    fn items(self) -> impl Iterator<Item = &'a str> {
        self.into_iter()
    }
}

impl<'a> Items for &[&'a str] {
    type Item = &'a str;

    fn items(self) -> impl Iterator<Item = &'a str> {
        self.iter().copied()
    }
}

impl<'a, const N: usize> Items for &[&'a str; N] {
    type Item = &'a str;

    fn items(self) -> impl Iterator<Item = &'a str> {
        self.iter().copied()
    }
}

impl<V: Clone> Items for &Vec<V> {
    type Item = V;

    fn items(self) -> impl Iterator<Item = V> {
        self.iter().cloned()
    }
}

impl<L, T> IntoField<Vec<T>, ByItem> for L
where
    L: Items,
    L::Item: TryInto<T>,
    <L::Item as TryInto<T>>::Error: Display + 'static,
{
    fn into_field(self) -> Result<Vec<T>, Refusal> {
        let items: Vec<Result<T, Refusal>> = self
            .items()
            .map(convert)
            .enumerate()
            .map(|(index, item)| item.map_err(|fault| Refusal::of(&index.to_string(), &fault)))
            .collect();
        Refusal::all(items.iter().map(|item| item.as_ref().err()))?;
        items.into_iter().collect()
    }
}

impl<L, T> IntoField<Option<Vec<T>>, ByItem> for L
where
    L: Items,
    L::Item: TryInto<T>,
    <L::Item as TryInto<T>>::Error: Display + 'static,
{
    fn into_field(self) -> Result<Option<Vec<T>>, Refusal> {
        IntoField::<Vec<T>, ByItem>::into_field(self).map(Some)
    }
}

impl<L, T> IntoField<Patch<Vec<T>>, ByItem> for L
where
    L: Items,
    L::Item: TryInto<T>,
    <L::Item as TryInto<T>>::Error: Display + 'static,
{
    fn into_field(self) -> Result<Patch<Vec<T>>, Refusal> {
        IntoField::<Vec<T>, ByItem>::into_field(self).map(Patch::Value)
    }
}

impl<V, T> IntoField<Patch<T>, ByValue> for V
where
    V: TryInto<T>,
    V::Error: Display + 'static,
{
    fn into_field(self) -> Result<Patch<T>, Refusal> {
        convert(self).map(Patch::Value)
    }
}

impl<T> IntoField<Patch<T>, AsItIs> for Patch<T> {
    fn into_field(self) -> Result<Patch<T>, Refusal> {
        Ok(self)
    }
}

fn convert<V, T>(value: V) -> Result<T, Refusal>
where
    V: TryInto<T>,
    V::Error: Display + 'static,
{
    value.try_into().map_err(|fault| Refusal::of("", &fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that has no blank.
    #[derive(Clone, Debug, PartialEq)]
    struct Word(String);

    impl TryFrom<&str> for Word {
        type Error = String;
        fn try_from(text: &str) -> Result<Self, String> {
            if text.contains(' ') { Err("must have no blank".to_owned()) } else { Ok(Word(text.to_owned())) }
        }
    }

    fn optional<How>(value: impl IntoField<Option<Vec<String>>, How>) -> Option<Vec<String>> {
        value.into_field().unwrap()
    }

    fn required<How>(value: impl IntoField<Vec<String>, How>) -> Vec<String> {
        value.into_field().unwrap()
    }

    fn patch<How>(value: impl IntoField<Patch<Vec<String>>, How>) -> Patch<Vec<String>> {
        value.into_field().unwrap()
    }

    #[test]
    #[allow(clippy::needless_borrows_for_generic_args, reason = "a borrowed list is one of the forms")]
    fn a_list_of_texts_is_taken_in_every_form_that_it_comes_in() {
        let ab = vec!["a".to_owned(), "b".to_owned()];
        let names = vec!["a", "b"];
        assert_eq!(optional(["a", "b"]), Some(ab.clone()));
        assert_eq!(optional(&["a", "b"]), Some(ab.clone()));
        assert_eq!(optional(names.as_slice()), Some(ab.clone()));
        assert_eq!(optional(&names), Some(ab.clone()));
        assert_eq!(optional(&ab), Some(ab.clone()));
        assert_eq!(optional(ab.as_slice()), Some(ab.clone()));
        assert_eq!(optional(ab.clone()), Some(ab.clone()));
        assert_eq!(optional(Some(ab.clone())), Some(ab.clone()));
        assert_eq!(optional(vec![]), Some(vec![]));
        assert_eq!(optional(None::<Vec<String>>), None);
        assert_eq!(required(["a", "b"]), ab);
        assert_eq!(required(&names), ab);
        assert_eq!(required(vec![]), Vec::<String>::new());
        assert_eq!(patch(["a", "b"]), Patch::Value(ab.clone()));
        assert_eq!(patch(&names), Patch::Value(ab));
        assert_eq!(patch(Patch::Null), Patch::Null);
    }

    #[test]
    fn an_item_that_does_not_fit_is_refused_with_the_rule() {
        let words: Result<Option<Vec<Word>>, Refusal> = ["a", "b c", "d", "e f"].into_field();
        assert_eq!(words.unwrap_err().to_string(), "1: must have no blank; 3: must have no blank");
        let numbers: Result<Option<Vec<i64>>, Refusal> = vec![1, 2].into_field();
        assert_eq!(numbers, Ok(Some(vec![1, 2])));
    }
}
