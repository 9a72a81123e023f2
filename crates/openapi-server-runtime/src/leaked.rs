//! Reads values that live as long as the process: what tables refer to is allocated once and never freed.

use serde::{Deserialize, Deserializer};

/// Reads a value.
pub(crate) fn value<T, D>(deserializer: D) -> Result<&'static T, D::Error>
where
    T: Deserialize<'static>,
    D: Deserializer<'static>,
{
    Ok(Box::leak(Box::new(T::deserialize(deserializer)?)))
}

/// Reads values.
pub(crate) fn slice<T, D>(deserializer: D) -> Result<&'static [T], D::Error>
where
    T: Deserialize<'static>,
    D: Deserializer<'static>,
{
    Ok(Vec::<T>::deserialize(deserializer)?.leak())
}

/// Reads lists of values.
pub(crate) fn slices<T, D>(deserializer: D) -> Result<&'static [&'static [T]], D::Error>
where
    T: Deserialize<'static>,
    D: Deserializer<'static>,
{
    let lists = Vec::<Vec<T>>::deserialize(deserializer)?;
    Ok(lists.into_iter().map(|list| &*list.leak()).collect::<Vec<_>>().leak())
}
