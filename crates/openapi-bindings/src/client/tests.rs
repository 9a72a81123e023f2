//! Checks the text of generated clients: their builders, and the tables that the runtime reads.

use openapi_document::Document;

use super::*;

/// Returns the text of the file `name` of the client of a document with these paths, without blanks.
fn file(paths: &str, name: &str) -> String {
    let text = format!(
        "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{{paths}}}, components: {{schemas: {{\
         Pet: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}, \
         Page: {{type: object, required: [items], properties: {{items: {{type: array, items: {{$ref: \
         '#/components/schemas/Pet'}}}}, next_page: {{type: string, nullable: true}}}}}}}}}}}}"
    );
    let document = Document::parse("pets.yaml", &text).unwrap();
    let config =
        Config { directory: "src".to_owned(), types: "types".to_owned(), pages: None, dialect: None };
    let files = generate(&Model::of(&document), &config).unwrap();
    let found = files.into_iter().find(|file| file.path == format!("src/generated/{name}.rs")).unwrap();
    found.text.split_whitespace().collect()
}

/// Paths with one operation `act`, which has this besides.
fn act(method: &str, rest: &str) -> String {
    format!(
        "'/pets/{{id}}': {{parameters: [{{in: path, name: id, required: true, schema: {{type: integer}}}}], {method}: {{operationId: act, {rest}}}}}"
    )
}

const NOTHING: &str = "responses: {'204': {description: ''}}";

#[test]
fn a_builder_hands_its_values_to_the_runtime_in_the_order_of_the_table() {
    let parameters = "parameters: [{in: cookie, name: client, schema: {type: string}}, {in: query, name: filter, style: \
                      deepObject, explode: true, schema: {type: object, properties: {age: {type: integer}}}}, {in: \
                      header, name: X-Raw, content: {application/json: {schema: {type: boolean}}}}]";
    let paths = act("get", &format!("{parameters}, {NOTHING}"));
    let builder = file(&paths, "builder");
    for part in [
        "client_:&'asuper::Client,id:Result<i64,runtime::Refusal>,\
         client:Result<Option<::std::string::String>,runtime::Refusal>,\
         filter:Result<Option<types::ActFilter>,runtime::Refusal>,x_raw:Result<Option<bool>,runtime::Refusal>,",
        "id:Err(runtime::Refusal::missing(\"id\")),client:Ok(None),",
        "self.x_raw=value.into_field().map_err(|e|runtime::Refusal::of(\"X-Raw\",&e));",
        ".parameter(self.id).parameter(self.client).parameter(self.filter).parameter(self.x_raw)",
        "runtime::empty(request).await",
    ] {
        assert!(builder.contains(part), "{part} in {builder}");
    }
    let table = "parameters:&[Parameter::path(\"id\"),Parameter::cookie(\"client\"),\
                 Parameter::query(\"filter\").style(Style::DeepObject,true),\
                 Parameter::header(\"X-Raw\").style(Style::Json,false),],body:None,accept:\"\",success:&[204..=204],";
    let operations = file(&paths, "operations");
    assert!(operations.contains(table), "{table} in {operations}");
}

#[test]
fn a_body_is_attached_as_what_it_is_sent_as_and_left_out_if_it_may_be() {
    let pet = "schema: {$ref: '#/components/schemas/Pet'}";
    let form =
        format!("application/x-www-form-urlencoded: {{{pet}, encoding: {{name: {{allowReserved: true}}}}}}");
    for (content, required, attached, table) in [
        (
            format!("application/merge-patch+json: {{{pet}}}"),
            true,
            ".json(runtime::made::<types::Pet,_>(self.body))",
            "Some(Content::of(\"application/merge-patch+json\"))",
        ),
        (
            form,
            false,
            ".form(runtime::made_if_set::<types::Pet,_>(self.body))",
            "encoding:&[Encoding{property:\"name\",content_type:None,parameter:Some(Parameter::query(\"name\").reserved()),},]",
        ),
        (
            format!("multipart/form-data: {{{pet}}}"),
            true,
            ".multipart(runtime::made::<types::Pet,_>(self.body))",
            "Some(Content::of(\"multipart/form-data\"))",
        ),
        ("image/*: {}".to_owned(), false, ".raw(self.body)", "Some(Content::of(\"image/octet-stream\"))"),
        ("text/csv: {}".to_owned(), true, ".raw(self.body.map(Some))", "Some(Content::of(\"text/csv\"))"),
    ] {
        let paths =
            act("put", &format!("requestBody: {{required: {required}, content: {{{content}}}}}, {NOTHING}"));
        let (builder, operations) = (file(&paths, "builder"), file(&paths, "operations"));
        assert!(builder.contains(attached), "{attached} in {builder}");
        assert!(operations.contains(table), "{table} in {operations}");
        let held_optionally = builder.contains("body:Result<Option<");
        assert_eq!(held_optionally, !required, "{builder}");
    }
}

#[test]
fn an_answer_is_read_as_what_the_document_says_it_is() {
    let pet = "{description: '', content: {application/vnd.pets+json: {schema: {$ref: '#/components/schemas/Pet'}}}}";
    for (responses, received, answer, table) in [
        (
            format!("{{'200': {pet}, '2XX': {{description: ''}}}}"),
            "runtime::optional(request)",
            "ResponseValue<::std::option::Option<types::Pet>>",
            "accept:\"application/vnd.pets+json\",success:&[200..=200,200..=299],",
        ),
        (
            format!("{{default: {pet}}}"),
            "runtime::json(request)",
            "ResponseValue<types::Pet>",
            "accept:\"application/vnd.pets+json\",success:&[200..=299],",
        ),
        (
            "{'200': {description: '', content: {text/csv: {}}}}".to_owned(),
            "runtime::text(request)",
            "ResponseValue<::std::string::String>",
            "accept:\"\",success:&[200..=200],",
        ),
        (
            "{'101': {description: ''}}".to_owned(),
            "runtime::upgrade(request)",
            "ResponseValue<runtime::reqwest::Upgraded>",
            "accept:\"\",success:&[101..=101],",
        ),
    ] {
        let paths = act("get", &format!("responses: {responses}"));
        let (builder, operations) = (file(&paths, "builder"), file(&paths, "operations"));
        assert!(builder.contains(received) && builder.contains(answer), "{received}, {answer} in {builder}");
        assert!(operations.contains(table), "{table} in {operations}");
    }
}

#[test]
fn a_list_that_is_paged_by_tokens_is_a_stream() {
    let page = "'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}";
    let paged = |extension: &str| {
        let query =
            |name: &str| format!("{{in: query, name: {name}, schema: {{type: string, nullable: true}}}}");
        let parameters = format!("{}, {}, {}", query("limit"), query("page_token"), query("sort"));
        file(
            &format!(
                "/pets: {{get: {{operationId: act, parameters: [{parameters}], responses: {{{page}}}{extension}}}}}"
            ),
            "builder",
        )
    };
    let stream = paged(", x-dropshot-pagination: {}");
    assert!(stream.contains("Self{page_token:Ok(Some(token)),sort:Ok(None),..self.clone()}"), "{stream}");
    assert!(stream.contains("BoxStream<'a,Result<types::Pet,runtime::Error>>"), "{stream}");
    assert!(!paged("").contains("stream"));
}
