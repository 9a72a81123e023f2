//! Bodies of several parts, some of them files: what `multipart/form-data` says, apart from how it says it.
//!
//! A generated type for such a body holds its files as [`FilePart`]s, becomes a [`Form`] to be sent, and is made by
//! [`read`] from what was received. The bytes of the body, with their boundaries, are the client's and the server's.

use std::fmt;

use bytes::Bytes;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer, forward_to_deserialize_any};
use serde_json::{Error, Map, Value};

/// A file in a form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FilePart {
    /// Its name, as the sender gives it.
    pub file_name: String,
    /// Its media type; `application/octet-stream` is sent if there is none.
    pub content_type: Option<String>,
    /// The content of the file.
    pub content: Bytes,
}

impl FilePart {
    /// Returns a file of this name that holds `content`.
    pub fn new(file_name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        FilePart { file_name: file_name.into(), content_type: None, content: content.into() }
    }

    /// Returns the same file with a media type, such as `image/png`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }
}

/// Shows the length of the content, not the content itself.
impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish()
    }
}

/// Outside of a form a file is a text: JSON has no other place for it.
impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.content) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Err(serde::ser::Error::custom("the content of a file that is no text")),
        }
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfTextOrParts;
        impl<'de> Visitor<'de> for OfTextOrParts {
            type Value = FilePart;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file")
            }

            fn visit_str<E>(self, content: &str) -> Result<FilePart, E> {
                Ok(FilePart::new(String::new(), content.as_bytes().to_vec()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<FilePart, A::Error> {
                let mut file = FilePart::default();
                while let Some(name) = members.next_key::<String>()? {
                    match (name.as_str(), members.next_value::<Piece>()?) {
                        (NAME, Piece::Text(text)) => file.file_name = text,
                        (KIND, Piece::Text(text)) => file.content_type = Some(text),
                        (CONTENT, Piece::Bytes(bytes)) => file.content = bytes,
                        _ => return Err(serde::de::Error::unknown_field(&name, &[NAME, KIND, CONTENT])),
                    }
                }
                Ok(file)
            }
        }
        deserializer.deserialize_any(OfTextOrParts)
    }
}

const NAME: &str = "file_name";
const KIND: &str = "content_type";
const CONTENT: &str = "content";

/// A body to be sent in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// The parts with their names, in their order; a list is several parts of one name.
    pub parts: Vec<(String, Part)>,
}

/// One part of a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A plain value.
    Text(String),
    /// An object, as JSON.
    Json(Value),
    /// A file.
    File(FilePart),
}

/// A type whose values can be sent as a form.
pub trait IntoForm {
    /// Returns the equivalent form.
    ///
    /// # Errors
    /// If a value is one that JSON has no words for either.
    fn into_form(self) -> Result<Form, Error>;
}

impl Form {
    /// Adds the parts of one property: none for nothing, one for a value, one for each item of a list.
    ///
    /// # Errors
    /// If `value` is one that JSON has no words for either.
    pub fn add(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        self.add_value(name, serde_json::to_value(value)?);
        Ok(())
    }

    /// Adds a property that is cleared: an empty text, because a form has no `null`.
    pub fn clear(&mut self, name: &str) {
        self.parts.push((name.to_owned(), Part::Text(String::new())));
    }

    /// Adds files under one name.
    pub fn add_files(&mut self, name: &str, files: impl IntoIterator<Item = FilePart>) {
        self.parts.extend(files.into_iter().map(|file| (name.to_owned(), Part::File(file))));
    }

    fn add_value(&mut self, name: &str, value: Value) {
        let part = match value {
            Value::Null => return,
            Value::Array(items) => return items.into_iter().for_each(|item| self.add_value(name, item)),
            Value::String(text) => Part::Text(text),
            Value::Bool(_) | Value::Number(_) => Part::Text(value.to_string()),
            Value::Object(_) => Part::Json(value),
        };
        self.parts.push((name.to_owned(), part));
    }
}

impl IntoForm for Map<String, Value> {
    fn into_form(self) -> Result<Form, Error> {
        let mut form = Form::default();
        self.into_iter().for_each(|(name, value)| form.add_value(&name, value));
        Ok(form)
    }
}

impl IntoForm for Value {
    fn into_form(self) -> Result<Form, Error> {
        match self {
            Value::Object(members) => members.into_form(),
            _ => Err(serde::ser::Error::custom("only an object can be sent as a form")),
        }
    }
}

/// A property of a body that was received: the value its texts were read as, or its files.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Any value.
    Value(Value),
    /// A file.
    File(FilePart),
    /// A list of files.
    Files(Vec<FilePart>),
}

/// Makes the generated type of a body from its properties.
///
/// # Errors
/// If they do not fit the type.
pub fn read<T: DeserializeOwned>(fields: impl IntoIterator<Item = (String, Field)>) -> Result<T, Error> {
    T::deserialize(MapDeserializer::new(fields.into_iter()))
}

impl IntoDeserializer<'_, Error> for Field {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Field {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Field::Value(value) => value.deserialize_any(visitor),
            Field::Files(files) => {
                let files = files.into_iter().map(Field::File);
                visitor.visit_seq(serde::de::value::SeqDeserializer::new(files))
            }
            Field::File(FilePart { file_name, content_type, content }) => {
                let mut pieces = vec![(NAME, Piece::Text(file_name)), (CONTENT, Piece::Bytes(content))];
                pieces.extend(content_type.map(|kind| (KIND, Piece::Text(kind))));
                visitor.visit_map(MapDeserializer::new(pieces.into_iter()))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Field::Value(value) => value.deserialize_option(visitor),
            files => visitor.visit_some(files),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Field::Value(value) => value.deserialize_newtype_struct(name, visitor),
            files => visitor.visit_newtype_struct(files),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Field::Value(value) => value.deserialize_enum(name, variants, visitor),
            files => files.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A file or its text on its way through serde.
enum Piece {
    Text(String),
    Bytes(Bytes),
}

impl IntoDeserializer<'_, Error> for Piece {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Piece {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Piece::Text(text) => visitor.visit_string(text),
            Piece::Bytes(bytes) => visitor.visit_byte_buf(bytes.into()),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> Deserialize<'de> for Piece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfEither;
        impl Visitor<'_> for OfEither {
            type Value = Piece;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file or its text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Piece, E> {
                Ok(Piece::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Piece, E> {
                Ok(Piece::Text(text))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Piece, E> {
                Ok(Piece::Bytes(bytes.into()))
            }
        }
        deserializer.deserialize_any(OfEither)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Upload {
        file: FilePart,
        #[serde(default)]
        icon: Option<FilePart>,
        #[serde(default)]
        pages: Vec<FilePart>,
        clear: bool,
    }

    const NO_TEXT: &[u8] = &[0, 159, 255];

    #[test]
    fn what_was_received_is_read_with_its_files_byte_for_byte() {
        let file = FilePart::new("a.bin", NO_TEXT);
        let icon = FilePart::new("i.png", NO_TEXT).with_content_type("image/png");
        let fields = [
            ("file", Field::File(file.clone())),
            ("icon", Field::File(icon.clone())),
            ("pages", Field::Files(vec![file.clone(), icon.clone()])),
            ("clear", Field::Value(json!(true))),
        ];
        let read: Upload = read(fields.map(|(name, field)| (name.to_owned(), field))).unwrap();
        let pages = vec![file.clone(), icon.clone()];
        assert_eq!(read, Upload { file, icon: Some(icon), pages, clear: true });
    }

    #[test]
    fn a_file_is_no_value_and_a_value_no_file() {
        let fault = read::<Upload>([("file".to_owned(), Field::Value(json!(7)))]).unwrap_err();
        assert!(fault.to_string().contains("expected a file"), "{fault}");
        let fields = [("clear".to_owned(), Field::File(FilePart::default()))];
        assert!(read::<Upload>(fields).is_err());
    }

    #[test]
    fn a_value_is_a_text_an_object_json_a_list_several_parts_and_nothing_none() {
        let mut form = Form::default();
        form.add("name", &"a").unwrap();
        form.add("count", &7).unwrap();
        form.add("tags", &["x", "y"]).unwrap();
        form.add("nothing", &None::<i64>).unwrap();
        form.add("meta", &json!({"a": 1})).unwrap();
        form.clear("flow");
        let text = |name: &str, text: &str| (name.to_owned(), Part::Text(text.to_owned()));
        let meta = ("meta".to_owned(), Part::Json(json!({"a": 1})));
        let expected = [
            text("name", "a"),
            text("count", "7"),
            text("tags", "x"),
            text("tags", "y"),
            meta,
            text("flow", ""),
        ];
        assert_eq!(form.parts, expected);
    }

    #[test]
    fn outside_of_a_form_a_file_is_its_text_or_an_error() {
        assert_eq!(serde_json::to_value(FilePart::new("a.txt", "abc")).unwrap(), json!("abc"));
        assert!(serde_json::to_value(FilePart::new("a.bin", NO_TEXT)).is_err());
        assert_eq!(serde_json::from_value::<FilePart>(json!("abc")).unwrap().content, "abc");
    }

    #[test]
    fn debug_does_not_show_what_a_file_holds() {
        assert!(!format!("{:?}", FilePart::new("a.txt", "s3cret")).contains("s3cret"));
    }
}
