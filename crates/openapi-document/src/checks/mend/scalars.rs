//! Scalars of another kind than is wanted.

use serde_json::Number;

use super::Mender;
use crate::grammar::Shape;
use crate::tree::{Content, Tree};

impl Mender<'_> {
    /// Mends a scalar that says in another way what is wanted.
    pub(super) fn scalar(&mut self, member: &mut Tree, shape: Shape) {
        let Some(content) = self.scalar_as(member, shape) else { return };
        let shown = match &content {
            Content::Text(text) => format!("the text `{text}`"),
            Content::Bool(flag) => format!("`{flag}`"),
            Content::Number(number) => format!("the number {number}"),
            _ => "another value".to_owned(),
        };
        let written = match &member.content {
            Content::Text(text) => format!("the text `{text}`"),
            Content::Bool(flag) => format!("`{flag}`"),
            Content::Number(number) => format!("the number {number}"),
            _ => "another value".to_owned(),
        };
        let message = format!("`{}` must not be {written}", self.name());
        self.warn(member.at, message, format!("it is read as {shown}"));
        member.content = content;
    }

    fn scalar_as(&self, member: &Tree, shape: Shape) -> Option<Content> {
        match (shape, &member.content) {
            (Shape::Text, Content::Number(number)) => Some(Content::Text(self.written(member, number))),
            (Shape::Text, Content::Bool(flag)) => Some(Content::Text(flag.to_string())),
            (Shape::Flag | Shape::FlagOr(_), Content::Text(text)) => match text.to_ascii_lowercase().as_str()
            {
                "true" => Some(Content::Bool(true)),
                "false" => Some(Content::Bool(false)),
                _ => None,
            },
            (Shape::Number, Content::Text(text)) => {
                let number: Option<Number> = serde_json::from_str(text.trim()).ok();
                number.map(Content::Number)
            }
            (Shape::Count, Content::Text(text)) => {
                let count: Option<u64> = text.trim().parse().ok();
                count.map(|count| Content::Number(count.into()))
            }
            (Shape::Count, Content::Number(number)) if !number.is_u64() => whole(number),
            (Shape::Word(words), Content::Text(text)) if !words.contains(&text.as_str()) => {
                let same = words.iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
                same.map(|word| Content::Text((*word).to_owned()))
            }
            _ => None,
        }
    }

    /// Returns a number as it was written, with its zeros.
    fn written(&self, member: &Tree, number: &Number) -> String {
        let text = self.sources.get(member.at.file).and_then(|source| source.text.get(member.at.span()));
        let text = text.map(str::trim).filter(|text| {
            let read: Option<f64> = text.parse().ok();
            read.is_some() && read == number.as_f64()
        });
        text.map_or_else(|| number.to_string(), str::to_owned)
    }
}

/// Returns a count that was written with a point.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number is whole and small")]
fn whole(number: &Number) -> Option<Content> {
    const MAX: f64 = 9_007_199_254_740_991.0;
    let value = number.as_f64()?;
    let is_whole = value.fract() == 0.0 && (0.0..=MAX).contains(&value);
    is_whole.then(|| Content::Number(Number::from(value as u64)))
}
