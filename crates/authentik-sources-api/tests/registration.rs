//! Every operation of the document can be registered and served.

use std::time::Duration;

use authentik_sources_api::runtime::host::Host;
use authentik_sources_api::{Server, Service, SourcesGroupConnectionsOauth, SourcesPlex};

struct Empty;

impl Host for Empty {
    type User = ();
}

impl SourcesGroupConnectionsOauth for Empty {}

impl SourcesPlex for Empty {}

#[tokio::test]
async fn a_server_of_all_operations_starts_and_ends() {
    let server = Server::start(Service::new(Empty), ([127, 0, 0, 1], 0).into()).unwrap();
    server.close(Duration::from_secs(10)).await.unwrap();
}

#[test]
fn all_operations_are_documented() {
    let document = authentik_sources_api::document().unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let members = items.flat_map(|item| item.as_object().unwrap().values());
    let documented = members.filter(|member| member.get("responses").is_some()).count();
    assert_eq!(documented, authentik_sources_api::OPERATIONS.len());
}
