//! Why something is as it is: where a name stands in the document, which generated items it became, and what uses it.
//!
//! Everything here is read off the document and the stamps of generated files. Where a document got its content from
//! is not known here.

mod called;
mod item;
mod nearest;
mod places;
mod question;

pub use item::{Item, items, items_of};
pub use places::{Place, places};
pub use question::{Unknown, resolve};

#[cfg(test)]
mod tests;
