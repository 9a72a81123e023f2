//! Coverage: which parts of the API the requests used.

use serde_json::{Value, json};

use crate::shelter::{PETS, Server};

#[tokio::test]
async fn coverage_says_what_was_used_and_what_was_not() {
    let server = Server::start();
    let (_, before) = server.get("/-/coverage").await;
    let share =
        |covered: u32, all: u32, percent: f64| json!({"covered": covered, "all": all, "percent": percent});
    assert_eq!(
        before["totals"],
        json!({
            "operations": share(0, 4, 0.0),
            "parameters": share(0, 4, 0.0),
            "properties": share(0, 4, 0.0),
            "statuses": share(0, 4, 0.0),
        })
    );
    server.get("/pets/?page=1&pages=2").await;
    server.get("/pets/?page=x").await;
    server.ask("POST /pets/", &json!({"name": "rex", "tricks": [], "tail": 1})).await;
    server.get("/pets/rex/").await;
    server.get("/nowhere").await;
    let (status, shown) = server.get("/-/coverage").await;
    assert_eq!(status, 200);
    assert_eq!(
        shown["totals"],
        json!({
            "operations": share(3, 4, 75.0),
            "parameters": share(2, 4, 50.0),
            "properties": share(2, 4, 50.0),
            "statuses": share(3, 4, 75.0),
        })
    );
    assert_eq!(
        shown["operations"][0],
        json!({
            "operation": "listPets", "method": "GET", "path": "/pets/", "calls": 2,
            "parameters": {"covered": ["query page"], "missing": ["query pin"]},
            "properties": {"covered": [], "missing": []},
            "statuses": {"covered": ["200"], "missing": []},
            "undescribed_statuses": {"400": 1},
        })
    );
    assert_eq!(
        shown["operations"][1]["properties"],
        json!({"covered": ["name", "tricks"], "missing": ["age", "chip"]})
    );
    assert_eq!(server.control().coverage().never_called(), ["removePet"]);
}

#[tokio::test]
async fn coverage_reads_forms_and_goes_on_when_the_journal_is_cleared() {
    let server = Server::start();
    let form = [("x-key", "k"), ("content-type", "application/x-www-form-urlencoded")];
    server.send("POST /pets/", &form, "name=rex&age=3").await;
    let parts = "--b\r\ncontent-disposition: form-data; name=\"chip\"\r\n\r\nc\r\n--b--\r\n";
    server
        .send("POST /pets/", &[("x-key", "k"), ("content-type", "multipart/form-data; boundary=b")], parts)
        .await;
    server.ask("DELETE /-/requests", &Value::Null).await;
    server.ask("POST /-/reset", &Value::Null).await;
    let properties = server.control().coverage().properties();
    assert_eq!((properties.covered, properties.all), (3, 4));
    assert_eq!(server.ask("DELETE /-/coverage", &Value::Null).await.0, 204);
    let coverage = server.control().coverage();
    assert_eq!((coverage.operations().covered, coverage.properties().covered), (0, 0));
}

#[tokio::test]
async fn coverage_is_a_text_for_people() {
    let server = Server::start();
    server.get("/pets/?page=1").await;
    let response = server.send("GET /-/coverage", &[("accept", "text/plain")], "").await;
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    let text = String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap();
    assert_eq!(
        text,
        "operations 1 of 4 (25.0 %)\n\
         parameters 1 of 4 (25.0 %)\n\
         properties 0 of 4 (0.0 %)\n\
         statuses   1 of 4 (25.0 %)\n\
         \n\
         never called:\n  \
           POST    /pets/  createPet\n  \
           GET     /pets/{name}/  findPet\n  \
           DELETE  /pets/{name}/  removePet\n\
         \n\
         never used of what was called:\n  \
           GET     /pets/  listPets\n    \
             parameters: query pin\n"
    );
}

#[tokio::test]
async fn properties_of_members_that_no_property_names_are_covered_too() {
    let toys = "toys: {type: object, properties: {ball: {type: string}}, \
                additionalProperties: {type: object, properties: {colour: {type: string}, size: {type: integer}}}}";
    let server = Server::of(&PETS.replace("age: {type: integer}", toys), |control| control);
    let rex = json!({"name": "rex", "toys": {"ball": "b", "bone": {"colour": "red"}}});
    assert_eq!(server.ask("POST /pets/", &rex).await.0, 201);
    let properties = &server.get("/-/coverage").await.1["operations"][1]["properties"];
    assert_eq!(properties["covered"], json!(["name", "toys", "toys.ball", "toys.*.colour"]));
    assert!(properties["missing"].as_array().unwrap().contains(&json!("toys.*.size")), "{properties}");
}
