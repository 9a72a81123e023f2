//! Answers of one's own: for which requests they are, what the document says of them, and their scenarios.

use openapi_control::limits::{MAX_ANSWERS, MAX_BODY, MAX_BYTES_OF_A_KIND, MAX_PATH};
use openapi_control::{Answer, AnswerError, MatchError, When};
use serde_json::{Map, Value, json};

use crate::shelter::{Server, ids};

#[tokio::test]
async fn an_answer_stands_in_the_place_of_the_apis() {
    let server = Server::start();
    let rex = json!({"operation": "findPet", "path": "/pets/rex/", "headers": {"X-Own": "1"}, "body": {"name": "rex"}});
    let (status, answers) = server.ask("POST /-/answers", &rex).await;
    assert_eq!((status, ids(&answers)), (201, vec![1]));
    let response = server.send("GET /pets/rex/", &[("x-key", "k")], "").await;
    assert_eq!((response.status().as_u16(), &response.headers()["x-own"]), (200, &"1".parse().unwrap()));
    let other = server.send("GET /pets/max/", &[("x-key", "k")], "").await;
    assert!(!other.headers().contains_key("x-own"), "it is for another path");
    // The newest that is meant is taken, and one that is used up is none.
    let once = json!({"method": "GET", "path": "/pets/*/", "body": {"name": "max"}, "times": 1});
    assert_eq!(server.ask("POST /-/answers", &once).await.0, 201);
    assert_eq!(server.get("/pets/rex/").await.1, json!({"name": "max"}));
    assert_eq!(server.get("/pets/rex/").await.1, json!({"name": "rex"}));
    let (_, answers) = server.get("/-/answers").await;
    assert_eq!((&answers[0]["hits"], &answers[1]["hits"]), (&json!(2), &json!(1)));
    let (_, requests) = server.get("/-/requests").await;
    assert_eq!((&requests[0]["answer"], &requests[1]["answer"]), (&json!(1), &Value::Null));
    assert_eq!(server.ask("DELETE /-/answers/1", &Value::Null).await.0, 204);
    let missing = json!({"detail": "There is no answer `1`."});
    assert_eq!(server.ask("DELETE /-/answers/1", &Value::Null).await, (404, missing));
    assert_ne!(server.get("/pets/rex/").await.1["name"], "rex");
    assert_eq!(server.ask("DELETE /-/answers", &Value::Null).await.0, 204);
    assert_eq!(server.get("/-/answers").await.1, json!([]));
}

#[tokio::test]
async fn paths_and_methods_that_the_document_does_not_have_are_answered_too() {
    let server = Server::start();
    let answers = json!([
        {"method": "POST", "path": "/about", "status": 202, "body": "a shelter"},
        {"method": "PUT", "path": "/pets/", "status": 200, "body": {"all": true}},
    ]);
    assert_eq!(server.ask("POST /-/answers", &answers).await.0, 201);
    let response = server.send("POST /about", &[], "").await;
    assert_eq!(
        (response.status().as_u16(), &response.body().as_bytes().unwrap()[..]),
        (202, &b"a shelter"[..])
    );
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(server.get("/about").await.0, 404, "it is for POST alone");
    assert_eq!(server.ask("PUT /pets/", &json!({})).await, (200, json!({"all": true})));
    let (_, requests) = server.get("/-/requests").await;
    assert_eq!((&requests[0]["path"], &requests[0]["answer"]), (&json!("/about"), &json!(1)));
    server.control().answers().add([Answer::new(204).method("GET").at("/gone")]).unwrap();
    assert_eq!(server.send("HEAD /gone", &[], "").await.status(), 204, "HEAD is answered as GET is");
}

#[tokio::test]
async fn conditions_on_query_headers_and_body_choose_the_requests() {
    let server = Server::start();
    let answer = |when: Value| {
        let when: When = serde_json::from_value(when).unwrap();
        Answer::new(418).on("createPet").when(when).unchecked()
    };
    for (when, line, headers, body, is_met) in [
        (json!({"query": {"dry": "1"}}), "POST /pets/?dry=1&x=2", ("a", "b"), "{}", true),
        (json!({"query": {"dry": 1}}), "POST /pets/?dry=1", ("a", "b"), "{}", true),
        (json!({"query": {"dry": "1"}}), "POST /pets/?dry=2", ("a", "b"), "{}", false),
        (json!({"headers": {"X-Stub-World": "one"}}), "POST /pets/", ("x-stub-world", "one"), "{}", true),
        (json!({"headers": {"X-Stub-World": "one"}}), "POST /pets/", ("x-stub-world", "two"), "{}", false),
        (json!({"body": {"a": {"b": 1}}}), "POST /pets/", ("a", "b"), r#"{"a": {"b": 1.0, "c": 2}}"#, true),
        (json!({"body": {"a": [1]}}), "POST /pets/", ("a", "b"), r#"{"a": [1, 2]}"#, false),
        (json!({"body": {"a": 1}}), "POST /pets/", ("a", "b"), "{", false),
        (json!({"body": null}), "POST /pets/", ("a", "b"), "{}", false),
    ] {
        server.control().answers().clear();
        server.control().answers().add([answer(when.clone())]).unwrap();
        let headers = [headers, ("x-key", "k"), ("content-type", "application/json")];
        let status = server.send(line, &headers, body).await.status().as_u16();
        assert_eq!(status == 418, is_met, "{when} {line} {body}: {status}");
    }
}

#[tokio::test]
async fn answers_that_the_document_does_not_describe_are_refused_with_reasons() {
    let server = Server::start();
    for (answer, expected) in [
        (
            json!({"operation": "findPet", "status": 404}),
            "`findPet` is answered with 200, not with 404; with `\"unchecked\": true`",
        ),
        (
            json!({"method": "GET", "path": "/pets/rex/", "body": {"age": "old"}}),
            "`findPet` answers otherwise at name: This property is required.; `findPet` answers otherwise at age: Expected an \
             integer, got",
        ),
        (json!({"operation": "findPet"}), "`findPet` is answered with 200 and a body of application/json"),
        (
            json!({"operation": "findPet", "body": "rex"}),
            "`findPet` is answered with application/json, not with text/plain",
        ),
        (
            json!({"operation": "removePet", "status": 204, "body": {}}),
            "an answer with the status 204 has no body",
        ),
        (
            json!({"operation": "findPets", "body": {}}),
            "there is no operation `findPets`; the nearest is `findPet`",
        ),
        (json!({"status": 200}), "the answer is for every request"),
        (json!({"path": "/-/health"}), "the path `/-/health` is the control API's"),
        (json!({"path": "/x", "times": 0}), "`times` is 0"),
        (json!({"path": "/x", "requires": "a"}), "`requires` is a state of a `scenario`"),
        (json!({"path": "/x", "scenario": "a/b"}), "`scenario` has from 1 to 100 characters"),
        (json!({"path": "/x", "status": 99}), "`status` is 99"),
        (json!({"path": "/x", "headers": {"a b": "c"}}), "the header `a b` cannot be sent"),
        (json!({"path": "/x", "method": "G T"}), "method: `G T` is no method"),
        (json!({"path": "/x", "when": {"query": {"a": {}}}}), "when.query.a: a parameter is a text"),
        (json!({"path": "/x", "body": "x".repeat(MAX_BODY)}), "the body has more than"),
        (json!({"path": "/x", "stauts": 1}), "answer 1, at stauts: unknown field `stauts`"),
    ] {
        let (status, told) = server.ask("POST /-/answers", &answer).await;
        let detail = told["detail"].as_str().unwrap_or_default();
        assert!(status == 400 && detail.starts_with(expected), "{answer}: {status} {detail}");
    }
    let odd = json!({"operation": "findPet", "status": 404, "body": "nobody", "unchecked": true});
    assert_eq!(server.ask("POST /-/answers", &odd).await.0, 201);
    let as_json =
        Answer::new(200).on("findPet").header("Content-Type", "application/json").body("{\"name\": \"rex\"}");
    assert!(server.control().answers().add([as_json]).is_ok());
}

#[tokio::test]
async fn a_scenario_goes_from_state_to_state() {
    let server = Server::start();
    let step = |requires: &str, becomes: &str, name: &str| {
        Answer::new(200).on("findPet").body(json!({"name": name})).scenario("walk", requires).becomes(becomes)
    };
    let ids =
        server.control().answers().add([step("Started", "out", "here"), step("out", "Started", "away")]);
    assert_eq!(ids, Ok(vec![1, 2]));
    let name = async || server.get("/pets/rex/").await.1["name"].clone();
    assert_eq!([name().await, name().await, name().await], ["here", "away", "here"]);
    let walk = |state: &str| json!({"walk": {"state": state, "states": ["Started", "out"]}});
    assert_eq!(server.get("/-/scenarios").await, (200, walk("out")));
    assert_eq!(server.ask("PUT /-/scenarios/walk", &json!({"state": "Started"})).await.0, 204);
    assert_eq!(name().await, "here");
    assert_eq!(server.ask("DELETE /-/scenarios", &Value::Null).await.0, 204);
    assert_eq!(server.get("/-/scenarios").await.1, walk("Started"));
    let unknown = json!({"detail": "at state: `walk` has no state `up`; it has Started, out"});
    assert_eq!(server.ask("PUT /-/scenarios/walk", &json!({"state": "up"})).await, (400, unknown));
    assert_eq!(server.ask("PUT /-/scenarios/run", &json!({"state": "up"})).await.0, 404);
    name().await;
    assert_eq!(server.ask("POST /-/reset", &Value::Null).await.0, 204);
    assert_eq!(server.get("/-/scenarios").await.1, json!({}));
    assert_ne!(name().await, "here");
}

#[tokio::test]
async fn a_scenario_goes_with_the_last_answer_that_names_it() {
    let server = Server::start();
    let answers = server.control().answers();
    let step = || Answer::new(204).at("/x").scenario("walk", "Started").becomes("out");
    let ids = answers.add([step(), step()]).unwrap();
    assert_eq!(server.get("/x").await.0, 204);
    answers.remove(ids[0]);
    assert_eq!(answers.scenarios()["walk"].state, "out", "another answer names it");
    answers.remove(ids[1]);
    answers.add([step()]).unwrap();
    assert_eq!(answers.scenarios()["walk"].state, "Started");
}

#[tokio::test]
async fn answers_have_limits() {
    let server = Server::start();
    let answers = server.control().answers();
    let many = || std::iter::repeat_n(Answer::new(204).at("/x"), MAX_ANSWERS);
    answers.add(many()).unwrap();
    assert_eq!(answers.add([Answer::new(204).at("/x")]), Err(AnswerError::TooMany));
    answers.clear();
    let query =
        |text: &str| When { query: Map::from_iter([("a".to_owned(), text.into())]), ..When::default() };
    let headers =
        |text: &str| When { headers: [("a".to_owned(), text.to_owned())].into(), ..When::default() };
    let text = "x".repeat(MAX_BODY - 2);
    let answer = || Answer::new(200).at("/x");
    // Whatever it is that is large.
    for large in [answer().body(text.clone()), answer().when(query(&text)), answer().when(headers(&text))] {
        let fitting = MAX_BYTES_OF_A_KIND / serde_json::to_vec(&large).unwrap().len();
        answers.add(std::iter::repeat_n(large.clone(), fitting)).unwrap();
        assert_eq!(answers.add([large]), Err(AnswerError::TooLarge(MAX_BYTES_OF_A_KIND)));
        assert_eq!(answers.list().len(), fitting);
        answers.clear();
    }
    let long = Answer::new(200).at(format!("/{}", "x".repeat(MAX_PATH)));
    assert_eq!(answers.add([long]), Err(AnswerError::Match(MatchError::Path)));
}
