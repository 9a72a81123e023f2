//! Bodies of several parts on their way out.

use futures::TryStreamExt as _;
use openapi_wire::form::{IntoForm, Part};
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart;

use crate::api::Operation;
use crate::error::Error;

/// Gives `request` the form `body` as its body.
///
/// # Errors
/// If a value cannot be written, or a file names no media type.
pub async fn attach_form(
    operation: &'static Operation,
    request: RequestBuilder,
    body: impl IntoForm,
) -> Result<RequestBuilder, Error> {
    let form = body.into_form().map_err(|fault| operation.invalid(fault.to_string()))?;
    let mut parts = multipart::Form::new();
    for (name, part) in form.parts {
        let part = match part {
            Part::Text(text) => Ok(multipart::Part::text(text)),
            Part::Json(value) => multipart::Part::text(value.to_string()).mime_str("application/json"),
            Part::File(file) => {
                let length = file.content.len() as u64;
                multipart::Part::stream_with_length(file.content, length)
                    .file_name(file.file_name)
                    .mime_str(file.content_type.as_deref().unwrap_or("application/octet-stream"))
            }
        };
        let part = part.map_err(|fault| operation.invalid(format!("{name}: {fault}")))?;
        parts = parts.part(name, part);
    }
    let content_type = format!("multipart/form-data; boundary={}", parts.boundary());
    // A stream could be sent once; in one piece, the body can be sent again where the call may be.
    let body: Vec<_> = parts
        .into_stream()
        .try_collect()
        .await
        .map_err(|fault| operation.invalid(fault.without_url().to_string()))?;
    Ok(request.header(CONTENT_TYPE, content_type).body(body.concat()))
}

#[cfg(test)]
mod tests {
    use openapi_wire::form::{FilePart, Form};

    use super::*;

    const UPLOAD: &Operation = &Operation::sample("upload", "POST", "/upload/");

    struct Body(Form);

    impl IntoForm for Body {
        fn into_form(self) -> Result<Form, serde_json::Error> {
            Ok(self.0)
        }
    }

    /// The request that sends these parts.
    async fn request(parts: Vec<(&str, Part)>) -> Result<reqwest::Request, Error> {
        let parts = parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect();
        let request = reqwest::Client::new().post("http://127.0.0.1/upload/");
        Ok(attach_form(UPLOAD, request, Body(Form { parts })).await?.build().unwrap())
    }

    #[tokio::test]
    async fn a_form_says_its_texts_its_json_and_its_files_byte_for_byte() {
        let file = FilePart::new("a \"b\".png", vec![0, 159, 255]).with_content_type("image/png");
        let request = request(vec![
            ("clear", Part::Text("true".to_owned())),
            ("context", Part::Json(serde_json::json!({"a": 1}))),
            ("file", Part::File(file)),
        ]);
        let request = request.await.unwrap();
        let kind = request.headers()[CONTENT_TYPE].to_str().unwrap();
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
        let sent = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        assert_eq!(String::from_utf8_lossy(sent), String::from_utf8_lossy(&expected));
        assert_eq!(sent, expected);
        assert!(request.try_clone().is_some(), "it can be sent again");
    }

    #[tokio::test]
    async fn a_media_type_that_is_none_is_refused_with_the_name_of_its_part() {
        let file = FilePart::new("a", "b").with_content_type("no type");
        let error = request(vec![("icon", Part::File(file))]).await.unwrap_err();
        assert!(error.to_string().contains("upload was not sent: icon: "), "{error}");
    }
}
