//! A shelter for pets under test: its requests go through the runtime's one function, as a server's do.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use openapi_control::{Control, Controlled};
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_resources::answer::Request as Asked;
use openapi_resources::functions::Functions;
use openapi_resources::infer::Inferred;
use openapi_resources::journal::{Change, Journal, JournalError};
use openapi_resources::store::Store;
use openapi_resources::supply::Adjustable;
use openapi_resources::worlds::Worlds;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::plain::Plain;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::serve::serve;
use openapi_server_runtime::service::Service;
use openapi_server_runtime::unwritten::Unwritten;
use serde_json::{Value, json};

pub struct Shelter {
    pub control: Control,
    pub worlds: Worlds<()>,
}

/// Keeps nothing.
pub struct Refusing;

impl Journal for Refusing {
    fn commit(&mut self, _: &[Change]) -> Result<(), JournalError> {
        Err(JournalError::Medium("the shelter is full".to_owned()))
    }

    fn replace(&mut self, entries: &[Change]) -> Result<(), JournalError> {
        self.commit(entries)
    }

    fn recover(&mut self, entries: &[Change]) -> Result<(), JournalError> {
        self.commit(entries)
    }

    fn probe(&mut self, _: usize) -> Result<(), JournalError> {
        self.commit(&[])
    }
}

impl Host for Shelter {
    type User = ();

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        openapi_control::answer(self, request).await
    }

    async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        openapi_control::middleware(self, line, handling).await
    }

    fn observes(&self, line: &RequestLine<'_>) -> bool {
        self.control.observes(line)
    }

    fn observe(&self, exchange: &Exchange<'_>) {
        self.control.observe(exchange);
    }
}

impl Controlled for Shelter {
    type Extra = ();

    fn control(&self) -> &Control {
        &self.control
    }

    fn worlds(&self) -> &Worlds<()> {
        &self.worlds
    }

    fn credentials(&self) -> Vec<(String, String)> {
        self.control.any_credentials()
    }
}

/// The document of the shelter.
pub const PETS: &str = include_str!("../pets.yaml");

pub struct Server(pub Service<Unwritten, Shelter>);

impl Server {
    pub fn start() -> Self {
        Self::adapted(|control| control)
    }

    /// Starts a server whose control API is adapted.
    pub fn adapted(adapt: impl FnOnce(Control) -> Control) -> Self {
        Self::of(PETS, adapt)
    }

    /// Starts a server of another document.
    pub fn of(document: &str, adapt: impl FnOnce(Control) -> Control) -> Self {
        let document = Document::parse("pets.yaml", document).unwrap();
        let tables = openapi_tables::build(&Model::of(&document)).unwrap();
        let supply = Arc::new(Adjustable::new(Some(1)));
        let control = Control::new(tables, Plain, document.written().to_string());
        let control = adapt(control.with_supply(Arc::clone(&supply)));
        let plan = Inferred::of(&document, Functions::new()).unwrap().plan;
        let worlds = Worlds::new(Store::new(plan.with_supply(supply)));
        Self(Service::of(tables, Shelter { control, worlds }))
    }

    pub fn control(&self) -> &Control {
        &self.0.api().control
    }

    /// Makes a pet in the first world.
    pub fn make(&self, name: &str) {
        let body = json!({"name": name});
        let asked = Asked { operation: "createPet", body: Some(&body), ..Asked::default() };
        self.0.api().worlds.main().store.answer(&asked).unwrap();
    }

    /// Returns the number of pets in a world.
    pub async fn pets(&self, world: &str) -> Value {
        let headers = [("x-stub-world", world)];
        let headers = if world.is_empty() { &[][..] } else { &headers };
        let health = self.send("GET /-/health", headers, "").await.into_body();
        let health: Value = serde_json::from_slice(health.as_bytes().unwrap()).unwrap();
        health["pets"].clone()
    }

    pub async fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Response<Body> {
        let (method, path) = line.split_once(' ').unwrap();
        let base = if path.starts_with("/-/") || path.starts_with("/api") { "" } else { "/api" };
        let request =
            Request::builder().method(method).uri(format!("{base}{path}")).header("host", "localhost");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        serve(&self.0, request.body(Full::new(Bytes::from(body.to_owned()))).unwrap()).await
    }

    /// Sends a request for the API with its credentials, or one for the control API.
    pub async fn ask(&self, line: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [("x-key", "k"), ("content-type", "application/json")];
        let response = self.send(line, &headers, &body).await;
        let status = response.status().as_u16();
        let bytes = response.into_body().as_bytes().cloned().unwrap_or_default();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.ask(&format!("GET {path}"), &Value::Null).await
    }

    pub async fn verify(&self, expectation: Value) -> (u16, Value) {
        self.ask("POST /-/verify", &expectation).await
    }

    /// Returns the reason why an expectation is refused, or does not hold.
    pub async fn detail(&self, expectation: Value) -> (u16, String) {
        let (status, body) = self.verify(expectation).await;
        (status, body["detail"].as_str().unwrap_or_default().to_owned())
    }
}

pub fn ids(requests: &Value) -> Vec<u64> {
    requests.as_array().unwrap().iter().map(|entry| entry["id"].as_u64().unwrap()).collect()
}
