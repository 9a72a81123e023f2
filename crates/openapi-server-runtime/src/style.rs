//! Reads values from the texts of a request, each in the style in which it is written.
//!
//! A text becomes the JSON value that its rule asks for, spelled as in JSON. A list or an object inside of another is
//! JSON in one text, except in the style `deepObject`, where it has brackets of its own.

mod read;
#[cfg(test)]
mod tests;
mod tree;
mod written;

pub use written::Written;
