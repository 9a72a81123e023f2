//! Requests that the document does not have.

use bytes::Bytes;
use reqwest::{Body, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::Operation;
use crate::call;
use crate::client::Client;
use crate::error::Error;
use crate::options::CallOptions;
use crate::parameter::Parameter;
use crate::request::Request;
use crate::response_value::ResponseValue;

/// A request that the document does not have: [`Client::request`] starts it.
///
/// It is sent like an operation of the document, with the same credentials, headers, hooks, retries and limits, and has the
/// same errors. It carries all credentials that the client was given, since nothing says which of them it needs. A status
/// from 200 to 299 is a success.
///
/// ```
/// # use openapi_client_runtime::{Client, Error};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let users = client.request("GET", "/core/users/").query("page_size", 5).send::<serde_json::Value>().await?;
/// println!("{}", users["results"]);
/// let created = client.request("POST", "/core/users/").json(&serde_json::json!({"username": "ada"})).send_bytes().await?;
/// assert_eq!(created.status(), 201);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct OtherRequest<'c> {
    request: Request<'c>,
    accept: Option<String>,
    options: CallOptions,
}

/// Returns the operation that stands for all requests of a method.
const fn any(id: &'static str, method: &'static str) -> Operation {
    Operation::plain(id, method, "")
}

static ANY: [Operation; 9] = [
    any("GET request", "GET"),
    any("HEAD request", "HEAD"),
    any("POST request", "POST"),
    any("PUT request", "PUT"),
    any("PATCH request", "PATCH"),
    any("DELETE request", "DELETE"),
    any("OPTIONS request", "OPTIONS"),
    any("TRACE request", "TRACE"),
    any("QUERY request", "QUERY"),
];

/// A request of a method that HTTP does not know, which is never sent.
static UNKNOWN: Operation = any("request", "");

impl Client {
    /// Starts a request that the document does not have, of the method `method` for the path `path` below
    /// [`base_url`](Self::base_url).
    ///
    /// It carries the client's credentials and headers, and has its hooks, retries, limits and errors. See [`OtherRequest`].
    pub fn request<M: TryInto<Method>>(&self, method: M, path: impl Into<String>) -> OtherRequest<'_> {
        OtherRequest::new(self, method.try_into().ok(), path.into())
    }
}

impl<'c> OtherRequest<'c> {
    fn new(client: &'c Client, method: Option<Method>, path: String) -> Self {
        let known = method.and_then(|method| ANY.iter().find(|known| known.method == method.as_str()));
        let request = Request::new(client, known.unwrap_or(&UNKNOWN), CallOptions::new()).to(path);
        OtherRequest { request, accept: None, options: CallOptions::new() }
    }

    /// Adds `name=value` to the query: once for each item of a list, and not at all for `None`.
    pub fn query(mut self, name: &'static str, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => self.request = self.request.with(&Parameter::query(name), value),
            Err(fault) => self.request.note(name, Err(fault.to_string())),
        }
        self
    }

    /// Sets a header, in place of one that the client or this crate would send.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sets the media types that are accepted: `application/json` unless set, and any for [`send_bytes`](Self::send_bytes).
    pub fn accept(mut self, media_types: impl Into<String>) -> Self {
        self.accept = Some(media_types.into());
        self
    }

    /// Sends `body` as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        let bytes = serde_json::to_vec(body).map(Body::from).map_err(|fault| format!("body: {fault}"));
        self.request = self.request.content("application/json".to_owned(), bytes);
        self
    }

    /// Sends `body` as it is, as content of the type `content_type`. A stream can be sent once, so it is not tried again.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Body>) -> Self {
        self.request = self.request.content(content_type.into(), Ok(body.into()));
        self
    }

    /// Sets how long the call may take, and whether it is tried again; what is not set is as the client has it.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the request and reads its response as JSON.
    ///
    /// # Errors
    /// If the request cannot be sent, or there is no response, none with a status from 200 to 299, or none that is a `T`.
    pub async fn send<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        call::json(self.accepting("application/json")?).await
    }

    /// Sends the request and returns its response as it is.
    ///
    /// # Errors
    /// If the request cannot be sent, or there is no response, or none with a status from 200 to 299.
    pub async fn send_bytes(self) -> Result<ResponseValue<Bytes>, Error> {
        call::bytes(self.accepting("*/*")?).await
    }

    /// Does what [`Self::send`] does, and blocks the thread until it is done.
    ///
    /// # Errors
    /// As those of [`Self::send`]; or if async code would have to wait for it.
    #[cfg(feature = "blocking")]
    pub fn send_blocking<T: DeserializeOwned + Send>(self) -> Result<ResponseValue<T>, Error> {
        crate::waiting::wait(self.request.operation(), self.send())
    }

    /// Does what [`Self::send_bytes`] does, and blocks the thread until it is done.
    ///
    /// # Errors
    /// As those of [`Self::send_bytes`]; or if async code would have to wait for it.
    #[cfg(feature = "blocking")]
    pub fn send_bytes_blocking(self) -> Result<ResponseValue<Bytes>, Error> {
        crate::waiting::wait(self.request.operation(), self.send_bytes())
    }

    fn accepting(self, usual: &str) -> Result<Request<'c>, Error> {
        let operation = self.request.operation();
        if operation.method.is_empty() {
            let known: Vec<&str> = ANY.iter().map(|known| known.method).collect();
            return Err(operation.invalid(format!("method: must be one of {}", known.join(", "))));
        }
        let request = self.request.with_options(self.options);
        Ok(request.usual_header("accept", self.accept.as_deref().unwrap_or(usual)))
    }
}

impl std::fmt::Debug for OtherRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtherRequest")
            .field("method", &self.request.operation().method)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::SAMPLE;
    use crate::client::ClientBuilder;

    fn client() -> Client {
        ClientBuilder::new(&SAMPLE, "http://a.example").build().unwrap()
    }

    fn refused(request: OtherRequest<'_>) -> String {
        let request = request.accepting("*/*").and_then(Request::build);
        request.map(|(request, _)| request.url().to_string()).unwrap_err().to_string()
    }

    #[test]
    fn a_request_goes_below_the_url_of_the_api_with_what_it_was_given() {
        let client = client();
        let request = client
            .request(Method::PUT, "/core/users/7/?a=1")
            .query("tag", ["x y", "z"])
            .query("none", None::<i64>)
            .header("x-tenant", "acme")
            .json(&serde_json::json!({"name": null}));
        let (request, _) = request.accepting("application/json").unwrap().build().unwrap();
        assert_eq!(request.method(), Method::PUT);
        assert_eq!(request.url().as_str(), "http://a.example/api/v3/core/users/7/?a=1&tag=x%20y&tag=z");
        let header = |name: &str| request.headers()[name].to_str().unwrap();
        assert_eq!(
            [header("accept"), header("content-type"), header("x-tenant")],
            ["application/json", "application/json", "acme"]
        );
        assert_eq!(request.body().and_then(Body::as_bytes), Some(&br#"{"name":null}"#[..]));
        let request = client.request("GET", "/x").accept("text/csv").header("Accept", "image/png");
        let (request, _) = request.accepting("*/*").unwrap().build().unwrap();
        assert_eq!(request.headers()["accept"], "image/png");
    }

    #[test]
    fn what_cannot_be_sent_says_why() {
        let client = client();
        for (path, reason) in [
            ("core/users/", "must begin with a slash"),
            ("@b.example/", "must begin with a slash"),
            ("/x#y", "no fragment"),
            ("/../../admin/", "must have no segment `..`"),
            ("/%2e%2E/%2e./admin/", "must have no segment `..`"),
            ("/..\\..\\admin", "must have no segment `..`"),
        ] {
            let refused = refused(client.request("GET", path));
            assert!(
                refused.starts_with("GET request was not sent: ") && refused.contains(reason),
                "{refused}"
            );
        }
        let method = refused(client.request("BREW", "/pot"));
        assert!(
            method.starts_with("request was not sent: method: must be one of GET, HEAD, POST"),
            "{method}"
        );
        assert!(refused(client.request("GET", "/x").header("a b", "c")).contains("name of a header"));
        let header = refused(client.request("GET", "/x").header("a", "s3cret\n"));
        assert!(header.contains("the header \"a\"") && !header.contains("s3cret"), "{header}");
    }
}
