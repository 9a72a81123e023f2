//! Decides whether every value that one schema admits is admitted by another, whatever form the two have.
//!
//! Both schemas are lowered to alternatives of plain facts, in which compositions, references and conditions are
//! resolved. An alternative of the sender has to lie within one of the reader. Recursive schemas are compared by
//! assuming what is being proved. The answer [`Answer::Yes`] is a proof, apart from formats and from patterns
//! that are not regular, which are compared by their text.
//!
//! A sender is taken to send the properties that its schema declares, besides those of a typed rest. So an open object
//! may gain an optional property, although JSON Schema would allow any value under that name before.

mod answer;
mod facts;
mod limits;
mod lower;
mod numbers;
mod objects;
mod opposites;
mod question;
mod scalars;
mod schema;
mod texts;
mod values;

pub(crate) use answer::Answer;
pub(crate) use question::{Memo, Question};
pub(crate) use schema::Schema;
pub(crate) use texts::{Texts, Work};

#[cfg(test)]
mod tests;
