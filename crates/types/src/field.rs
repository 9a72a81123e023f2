//! What the builders take for an optional property.
//!
//! A checked string, an option of it and a [`Patch`] of it can all be meant by the same `&str`; the conversions of the
//! standard library stop at the first of them.

use std::fmt::Display;

use crate::Patch;

/// Something a builder takes for a field of the type `F`: a value, anything that converts into one, or an option.
///
/// `How` tells the ways apart and is always inferred.
pub trait IntoField<F, How> {
    /// Converts, or says why it cannot.
    ///
    /// # Errors
    /// If the value does not fit, such as a slug with a blank.
    fn into_field(self) -> Result<F, String>;
}

/// The way of a value, or of something that converts into one.
#[derive(Debug)]
pub enum ByValue {}

/// The way of an option of such a thing.
#[derive(Debug)]
pub enum ByOption {}

/// The way of a list of texts.
#[derive(Debug)]
pub enum ByItem {}

/// The way of the field's own type.
#[derive(Debug)]
pub enum AsItIs {}

impl<V, T> IntoField<Option<T>, ByValue> for V
where
    V: TryInto<T>,
    V::Error: Display,
{
    fn into_field(self) -> Result<Option<T>, String> {
        convert(self).map(Some)
    }
}

impl<V, T> IntoField<Option<T>, ByOption> for Option<V>
where
    V: TryInto<T>,
    V::Error: Display,
{
    fn into_field(self) -> Result<Option<T>, String> {
        self.map(convert).transpose()
    }
}

impl<'a, T, const N: usize> IntoField<Option<Vec<T>>, ByItem> for [&'a str; N]
where
    T: TryFrom<&'a str>,
    T::Error: Display,
{
    fn into_field(self) -> Result<Option<Vec<T>>, String> {
        self.into_iter().map(convert).collect::<Result<_, _>>().map(Some)
    }
}

impl<V, T> IntoField<Patch<T>, ByValue> for V
where
    V: TryInto<T>,
    V::Error: Display,
{
    fn into_field(self) -> Result<Patch<T>, String> {
        convert(self).map(Patch::Value)
    }
}

impl<T> IntoField<Patch<T>, ByOption> for Option<T> {
    fn into_field(self) -> Result<Patch<T>, String> {
        Ok(self.into())
    }
}

impl<T> IntoField<Patch<T>, AsItIs> for Patch<T> {
    fn into_field(self) -> Result<Patch<T>, String> {
        Ok(self)
    }
}

fn convert<V, T>(value: V) -> Result<T, String>
where
    V: TryInto<T>,
    V::Error: Display,
{
    value.try_into().map_err(|fault| fault.to_string())
}
