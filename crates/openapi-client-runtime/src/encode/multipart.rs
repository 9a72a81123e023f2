//! Bodies of several parts, some of them files.

use futures::TryStreamExt as _;
use openapi_wire::form::{IntoForm, Part};
use reqwest::multipart;

use super::form::is_json;
use crate::parameter::Encoding;

/// Returns the content type and the bytes of the form `body`, whose parts have the content types that `encodings` name.
///
/// # Errors
/// If a value cannot be written, or a part names no content type.
pub(crate) async fn multipart(
    body: impl IntoForm,
    encodings: &[Encoding],
) -> Result<(String, Vec<u8>), String> {
    let form = body.into_form().map_err(|fault| fault.to_string())?;
    let mut parts = multipart::Form::new();
    for (name, part) in form.parts {
        let encoding = encodings.iter().find(|encoding| encoding.property == name);
        let named = encoding.and_then(|encoding| encoding.content_type).and_then(first);
        let part = match part {
            Part::Text(text) => match named {
                Some(named) => multipart::Part::text(text).mime_str(named),
                None => Ok(multipart::Part::text(text)),
            },
            Part::Json(value) => multipart::Part::text(value.to_string())
                .mime_str(named.filter(|named| is_json(named)).unwrap_or("application/json")),
            Part::File(file) => {
                let length = file.content.len() as u64;
                let said = file.content_type.as_deref().or(named).unwrap_or("application/octet-stream");
                multipart::Part::stream_with_length(file.content, length)
                    .file_name(file.file_name)
                    .mime_str(said)
            }
        };
        let part = part.map_err(|fault| format!("{name}: {fault}"))?;
        parts = parts.part(name, part);
    }
    let content_type = format!("multipart/form-data; boundary={}", parts.boundary());
    // A stream could be sent once; in one piece, the body can be sent again where the call may be.
    let body: Vec<_> =
        parts.into_stream().try_collect().await.map_err(|fault| fault.without_url().to_string())?;
    Ok((content_type, body.concat()))
}

/// Returns the first of several content types; `None` if it stands for any.
fn first(content_types: &'static str) -> Option<&'static str> {
    let first = content_types.split(',').next()?.trim();
    (!first.contains('*')).then_some(first)
}

#[cfg(test)]
mod tests {
    use openapi_wire::form::{FilePart, Form};

    use super::*;

    struct Body(Form);

    impl IntoForm for Body {
        fn into_form(self) -> Result<Form, serde_json::Error> {
            Ok(self.0)
        }
    }

    /// Returns the content type and the text of a body of these parts.
    async fn written(parts: Vec<(&str, Part)>, encodings: &[Encoding]) -> Result<(String, Vec<u8>), String> {
        let parts = parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect();
        multipart(Body(Form { parts }), encodings).await
    }

    #[tokio::test]
    async fn a_form_says_its_texts_its_json_and_its_files_byte_for_byte() {
        let file = FilePart::new("a \"b\".png", vec![0, 159, 255]).with_content_type("image/png");
        let parts = vec![
            ("clear", Part::Text("true".to_owned())),
            ("context", Part::Json(serde_json::json!({"a": 1}))),
            ("file", Part::File(file)),
        ];
        let (kind, sent) = written(parts, &[]).await.unwrap();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"clear\"\r\n\r\ntrue\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"context\"\r\n\
             Content-Type: application/json\r\n\r\n{{\"a\":1}}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".png\"\r\n\
             Content-Type: image/png\r\n\r\n"
        )
        .into_bytes();
        expected.extend([0, 159, 255]);
        expected.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        assert_eq!(String::from_utf8_lossy(&sent), String::from_utf8_lossy(&expected));
        assert_eq!(sent, expected);
    }

    #[tokio::test]
    async fn a_part_has_the_content_type_that_the_document_gives_it() {
        let encoding =
            |property, content_type| Encoding { property, content_type: Some(content_type), parameter: None };
        let encodings = [
            encoding("table", "text/csv"),
            encoding("icon", "image/png, image/jpeg"),
            encoding("any", "image/*"),
            encoding("meta", "application/ld+json"),
        ];
        let parts = vec![
            ("table", Part::Text("a,b".to_owned())),
            ("icon", Part::File(FilePart::new("i", "i"))),
            ("any", Part::File(FilePart::new("a", "a"))),
            ("meta", Part::Json(serde_json::json!({}))),
        ];
        let (_, sent) = written(parts, &encodings).await.unwrap();
        let text = String::from_utf8(sent).unwrap();
        let types: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Content-Type: ")).collect();
        assert_eq!(types, ["text/csv", "image/png", "application/octet-stream", "application/ld+json"]);
    }

    #[tokio::test]
    async fn a_content_type_that_is_none_is_refused_with_the_name_of_its_part() {
        let file = FilePart::new("a", "b").with_content_type("no type");
        let fault = written(vec![("icon", Part::File(file))], &[]).await.unwrap_err();
        assert!(fault.starts_with("icon: "), "{fault}");
    }
}
