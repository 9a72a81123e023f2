//! The format of a record: lines of JSON, of which the first tells the version and each other is an exchange.

use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::limits::MAX_RECORDED_BODY;
use crate::secrets::HIDDEN;

/// The version of the format.
pub const VERSION: u32 = 1;

/// The number of bytes of a line that is read: two bodies, each character of which may be escaped, and what is beside them.
const MAX_LINE: usize = 16 * MAX_RECORDED_BODY;

/// The first line of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version of the format.
    #[serde(rename = "exchanges")]
    pub version: u32,
    /// The path that the API was served below.
    #[serde(default)]
    pub base_path: String,
}

/// A request that was recorded, with what was answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path with the query, as it was sent.
    pub path: String,
    /// The headers of the request that matter, by their names in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body of the request, if it is JSON.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The body of the request, if it is another text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_raw: Option<String>,
    /// The body of the request in base64, if it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// `true` if the body of the request is not here, so that it cannot be sent again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub body_left_out: bool,
    /// The status of the response.
    pub status: u16,
    /// The media type of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The cookies that the response sets: what stands for their values, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answer_cookies: BTreeMap<String, String>,
    /// The body of the response, if it is JSON.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    pub answer_body: Option<Value>,
    /// `true` if the response has a body that is not here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub answer_left_out: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Reads a value that is there, be it null.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Head {
    pub(super) fn line(&self) -> String {
        line(self)
    }
}

impl Recorded {
    pub(super) fn line(&self) -> String {
        line(self)
    }
}

fn line(value: &impl Serialize) -> String {
    // Texts, numbers and maps of texts always have a form in JSON.
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// The reason why a record cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct FormatError {
    /// The number of the line, which begins with 1.
    pub line: usize,
    /// The reason.
    pub message: String,
}

/// The exchanges of a record, in order.
#[derive(Debug)]
pub struct Records<R> {
    lines: R,
    number: usize,
    /// The first line.
    pub head: Head,
}

impl<R: BufRead> Records<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// If this is no record, or one of another version.
    pub fn new(lines: R) -> Result<Self, FormatError> {
        let head = Head { version: VERSION, base_path: String::new() };
        let mut records = Self { lines, number: 0, head };
        let wrong = |message: String| FormatError { line: 1, message };
        let line = records.line()?.ok_or_else(|| wrong("the record is empty".to_owned()))?;
        let head: Head = serde_json::from_slice(&line).map_err(|error| {
            wrong(format!("a record begins with {{\"exchanges\": {VERSION}}}, and this does not: {error}"))
        })?;
        if head.version != VERSION {
            let version = head.version;
            return Err(wrong(format!("the record has the version {version}, and {VERSION} is read here")));
        }
        records.head = head;
        Ok(records)
    }

    /// Returns the next line; `None` at the end, which a line that was not written to its end is too.
    fn line(&mut self) -> Result<Option<Vec<u8>>, FormatError> {
        self.number += 1;
        let number = self.number;
        let wrong = |message: String| FormatError { line: number, message };
        let mut line = Vec::new();
        let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX);
        let read = self.lines.by_ref().take(limit).read_until(b'\n', &mut line);
        read.map_err(|error| wrong(format!("it cannot be read: {error}")))?;
        if line.len() == MAX_LINE && line.last() != Some(&b'\n') {
            return Err(wrong(format!("it is longer than {} MiB", MAX_LINE >> 20)));
        }
        // An editor may have left out the end of the last line.
        let is_whole = |line: &Vec<u8>| {
            line.last() == Some(&b'\n') || serde_json::from_slice::<IgnoredAny>(line).is_ok()
        };
        Ok(Some(line).filter(is_whole))
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Recorded, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.line().transpose()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let told = |error: serde_json::Error| FormatError {
            line: self.number,
            message: format!("this is no recorded exchange: {error}"),
        };
        Some(serde_json::from_slice(&line).map_err(told))
    }
}

/// Returns what stands for the secret with this number: `***1*`. The number 0 is that of secrets that are not told apart.
#[must_use]
pub fn stand_in(number: usize) -> String {
    format!("{HIDDEN}{number}{END}")
}

/// The end of what stands for a secret, so that a digit may follow.
const END: char = '*';

/// Returns the places in a text at which something stands for a secret.
pub fn stand_ins(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let found = rest.get(rest.find(HIDDEN)?..)?;
            let digits = found.bytes().skip(HIDDEN.len()).take_while(u8::is_ascii_digit).count();
            let length = HIDDEN.len() + digits + END.len_utf8();
            if let Some((stand_in, after)) = found.split_at_checked(length)
                && digits > 0
                && stand_in.ends_with(END)
            {
                rest = after;
                return Some(stand_in);
            }
            rest = found.get(1..)?;
        }
    })
}

/// Returns `true` if a text is nothing but what stands for a secret.
#[must_use]
pub fn is_stand_in(text: &str) -> bool {
    stand_ins(text).next() == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_secret_has_a_number_and_an_end() {
        let found = |text| stand_ins(text).collect::<Vec<_>>();
        assert_eq!(found("a***1*2, ***12****3* ****4*"), ["***1*", "***12*", "***3*", "***4*"]);
        assert_eq!(found("***bold*** *** ***5 ***5"), [""; 0]);
        assert_eq!(found("***5 ***6*"), ["***6*"]);
        assert_eq!(found("***é ***1*"), ["***1*"]);
        assert!(is_stand_in(&stand_in(7)) && !is_stand_in("***7* ") && !is_stand_in("***"));
    }
}
