//! The model of one document that has a little of everything.

use super::*;

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
servers: [{url: 'https://{host}/api/v3/', variables: {host: {default: a.example}}}]
security: [{House: [read], session: []}, {}]
paths:
  /pets/{id}/toys:
    parameters:
    - {$ref: '#/components/parameters/Id'}
    - {in: query, name: id, schema: {type: array, items: {$ref: '#/components/schemas/Kind'}}}
    - {in: header, name: Accept, schema: {type: string}}
    put:
      operationId: toys update
      tags: [toys]
      parameters: [{in: query, name: id, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}]
      requestBody: {$ref: '#/components/requestBodies/Toy'}
      responses:
        '200': {description: all, content: {application/vnd.t+json: {}, application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '204': {description: none, headers: {X-Left: {$ref: '#/components/headers/Left'}}}
        '404': {$ref: '#/components/responses/Lost'}
        default: {description: else}
    get:
      operationId: toys
      security: []
      responses: {default: {description: '', content: {text/csv: {}}}}
components:
  parameters:
    Id: {in: path, name: id, required: true, schema: {type: integer, minimum: 1, exclusiveMinimum: true}}
  headers:
    Left: {required: true, schema: {type: integer}}
  requestBodies:
    Toy: {$ref: '#/components/requestBodies/AnyToy'}
    AnyToy: {required: true, content: {text/plain: {}, multipart/form-data: {schema: {$ref: '#/components/schemas/Toy'}, encoding: {icon: {contentType: image/png}}}}}
  responses:
    Lost: {description: lost, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
  securitySchemes:
    House: {type: http, scheme: Bearer}
    session: {type: apiKey, in: cookie, name: sid}
    odd: {type: http, scheme: digest}
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Toy: {type: object, additionalProperties: false, required: [icon, b], properties: {icon: {type: string, format: binary}, a: {nullable: true, type: string, maxLength: 3}}}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {meows: Cat, purrs: '#/components/schemas/Cat'}}
    Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, required: [kind], properties: {lives: {type: integer}}}]}
    Animal: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}, parents: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    Dog: {type: object, additionalProperties: {type: string}}
    Fault: {type: object, properties: {of: {$ref: '#/components/schemas/Toy/properties/a'}}}
    Alias: {$ref: '#/components/schemas/Kind'}
    Unused: {allOf: [{$ref: '#/components/schemas/Animal'}, {$ref: '#/components/schemas/Cat'}]}
";

fn with_model(check: impl FnOnce(&Model<'_>)) {
    let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
    check(&Model::of(&document));
}

fn component<'m, 'a>(model: &'m Model<'a>, name: &str) -> &'m Schema<'a> {
    model.schemas.component(name).unwrap()
}

#[test]
fn schemas_stand_in_the_order_of_the_document_and_each_is_there_once() {
    with_model(|model| {
        let pointers: Vec<&str> = model.schemas.iter().map(|schema| schema.pointer.as_str()).collect();
        let expected = ["Kind", "Toy", "Toy/properties/icon", "Toy/properties/a", "Pet", "Pet/oneOf/0"];
        let expected = expected.map(|name| format!("/components/schemas/{name}"));
        assert_eq!(pointers[..6], expected);
        let distinct: std::collections::BTreeSet<&&str> = pointers.iter().collect();
        assert_eq!(distinct.len(), pointers.len());
        for (index, schema) in model.schemas.iter().enumerate() {
            assert_eq!(schema.id.index(), index);
            assert_eq!(model.schemas.at(&schema.pointer).unwrap().id, schema.id);
            assert_eq!(model.document.value().pointer(&schema.pointer), Some(schema.value));
        }
    });
}

#[test]
fn a_schema_says_what_its_json_says() {
    with_model(|model| {
        let toy = component(model, "Toy");
        assert_eq!((toy.kind, toy.additional), (Some(Kind::Object), Additional::Nothing));
        assert_eq!(toy.required, ["icon", "b"]);
        let [icon, a] = toy.properties[..] else { panic!("{:?}", toy.properties) };
        assert!(icon.required && model.schema(icon.schema).is_binary());
        let a = (a.required, model.resolved(a.schema));
        assert!(!a.0 && a.1.nullable && a.1.bounds.max_length == Some(3));
        assert_eq!(component(model, "Kind").words(), Some(vec!["cat", "dog"]));
        assert!(matches!(component(model, "Dog").additional, Additional::Schema(_)));
        assert!(component(model, "Dog").is_collection() && !toy.is_collection());
    });
}

#[test]
fn references_lead_to_components_and_into_them() {
    with_model(|model| {
        let kind = component(model, "Kind").id;
        let alias = component(model, "Alias");
        assert_eq!((alias.reference, model.resolved(alias.id).id), (Some(kind), kind));
        let of = component(model, "Fault").properties[0].schema;
        assert_eq!(model.resolved(of).pointer, "/components/schemas/Toy_a");
        assert_eq!(component(model, "Kind").component(), Some("Kind"));
        assert_eq!(model.resolved(of).component(), Some("Toy_a"));
    });
}

#[test]
fn an_object_has_the_properties_of_its_parts_each_part_once() {
    with_model(|model| {
        let names = |name: &str| -> Vec<&str> {
            let all = model.schemas.properties(component(model, name).id);
            all.iter().map(|property| property.name).collect()
        };
        assert_eq!(names("Cat"), ["kind", "parents", "lives"]);
        assert_eq!(names("Unused"), ["kind", "parents", "lives"], "what is met twice is there once");
    });
}

#[test]
fn the_members_of_a_union_are_known_by_what_is_mapped_to_them_or_their_names() {
    with_model(|model| {
        let union = model.schemas.union(component(model, "Pet").id).unwrap();
        assert_eq!(union.property, "kind");
        let [cat, dog] = &union.members[..] else { panic!("{union:?}") };
        assert_eq!(cat.values, ["meows", "purrs"]);
        assert!(cat.property.is_some());
        assert_eq!(dog.values, ["Dog"]);
        assert!(dog.property.is_none());
        assert!(model.schemas.union(component(model, "Cat").id).is_none());
    });
}

#[test]
fn an_operation_has_the_parameters_of_its_path_besides_its_own() {
    with_model(|model| {
        let [put, get] = &model.operations[..] else { panic!("{:?}", model.operations) };
        assert_eq!(
            (put.id, put.rust.as_str(), put.builder.as_str()),
            ("toys update", "toys_update", "ToysUpdate")
        );
        assert_eq!((put.method, put.pointer.as_str()), ("put", "/paths/~1pets~1{id}~1toys/put"));
        assert_eq!(put.template, [Segment::Text("/pets/"), Segment::Variable("id"), Segment::Text("/toys")]);
        let [id, accept, own] = &put.parameters[..] else { panic!("{:?}", put.parameters) };
        assert_eq!((id.setter.as_str(), id.location, id.required), ("id", Location::Path, true));
        assert_eq!(id.pointer, "/components/parameters/Id");
        assert_eq!(id.listed, "/paths/~1pets~1{id}~1toys/parameters/0");
        let bounds = model.schema(id.schema().unwrap()).bounds;
        assert!(bounds.above && bounds.minimum.and_then(serde_json::Number::as_u64) == Some(1));
        assert!(accept.is_ignored() && put.parameters_in(Location::Header).next().is_none());
        assert_eq!((own.setter.as_str(), own.style, own.explode), ("id_2", Style::PipeDelimited, false));
        let shared = &get.parameters[1];
        assert_eq!((shared.style, shared.explode), (Style::Form, true));
    });
}

#[test]
fn a_body_is_sent_in_one_of_its_content_types() {
    with_model(|model| {
        let body = model.operations[0].body.as_ref().unwrap();
        assert!(body.required);
        assert_eq!(body.pointer, "/components/requestBodies/AnyToy");
        let sent = body.sent().unwrap();
        assert_eq!((sent.content_type, sent.form), ("multipart/form-data", Form::Multipart));
        assert_eq!(sent.encoding[0].1.content_type, Some("image/png"));
        assert!(model.operations[1].body.is_none());
    });
}

#[test]
fn a_content_type_tells_how_a_value_travels() {
    for (content_type, expected) in [
        ("application/json", Form::Json),
        ("Application/JSON; charset=utf-8", Form::Json),
        ("application/vnd.oai.openapi+json", Form::Json),
        ("multipart/mixed", Form::Multipart),
        ("application/x-www-form-urlencoded", Form::UrlEncoded),
        ("text/csv", Form::Text),
        ("application/xml", Form::Bytes),
        ("*/*", Form::Bytes),
    ] {
        assert_eq!(Form::of(content_type), expected, "{content_type}");
    }
}

#[test]
fn any_media_type_is_json_where_values_are_neither_texts_nor_bytes() {
    for (content_type, schema, expected) in [
        ("*/*", "{$ref: '#/components/schemas/A'}", Form::Json),
        ("application/*", "{type: array, items: {}}", Form::Json),
        ("*/*", "{type: string}", Form::Bytes),
        ("*/*", "{}", Form::Bytes),
        ("image/*", "{type: integer}", Form::Bytes),
    ] {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{/a: {{post: {{operationId: a, requestBody: {{content: \
             {{'{content_type}': {{schema: {schema}}}}}}}, responses: {{}}}}}}}}, components: {{schemas: {{A: {{type: object}}}}}}}}"
        );
        let document = Document::parse("spec.yaml", &text).unwrap();
        let model = Model::of(&document);
        assert_eq!(model.operations[0].body.as_ref().unwrap().media[0].form, expected, "{text}");
    }
}

#[test]
fn answers_are_what_an_operation_says_when_all_is_well() {
    with_model(|model| {
        let [put, get] = &model.operations[..] else { panic!("{:?}", model.operations) };
        let answers = put.answers(&model.schemas);
        assert_eq!(answers.statuses, [Status::Code(200), Status::Code(204)]);
        assert_eq!((answers.form, answers.optional), (AnswerForm::Json, true));
        assert_eq!(answers.schemas.len(), 1);
        assert!(!answers.anything && !answers.upgrades);
        let answers = get.answers(&model.schemas);
        assert_eq!(answers.statuses, [Status::Class(2)]);
        assert_eq!((answers.form, answers.optional), (AnswerForm::Text, false));
        let lost = &put.responses[2];
        assert_eq!((lost.status, lost.description), (Status::Code(404), "lost"));
        assert_eq!(lost.pointer, "/components/responses/Lost");
        let left = &put.responses[1].headers[0];
        assert!(left.required && left.name == "X-Left");
    });
}

#[test]
fn usage_follows_references_and_goes_into_schemas() {
    with_model(|model| {
        let (usage, id) = (&model.usage, |name: &str| component(model, name).id);
        assert!(usage.in_requests(id("Toy")) && !usage.only_in_responses(id("Toy")));
        assert!(usage.only_in_responses(id("Animal")) && !usage.only_in_errors(id("Animal")));
        assert!(usage.only_in_errors(id("Fault")));
        assert!(usage.is_in(id("Kind"), Way::Parameter) && !usage.in_requests(id("Kind")));
        let icon = component(model, "Toy").properties[0].schema;
        assert!(usage.in_requests(icon));
        assert!(!usage.only_in_responses(id("Unused")) && !usage.in_requests(id("Unused")));
    });
}

#[test]
fn an_operation_asks_for_what_it_says_or_the_document_says_for_all() {
    with_model(|model| {
        let [put, get] = &model.operations[..] else { panic!("{:?}", model.operations) };
        let alternatives = model.credentials(put);
        assert_eq!(alternatives.len(), 2);
        assert_eq!(alternatives[0][0], Requirement { scheme: "House", scopes: vec!["read"] });
        assert!(alternatives[1].is_empty());
        assert!(model.credentials(get).is_empty());
        let kinds: Vec<_> = model.security_schemes.iter().map(|scheme| scheme.credential.unwrap()).collect();
        let key = Credential::Key(KeyPlace::Cookie, "sid");
        assert_eq!(kinds, [Credential::Token, key, Credential::Http("digest")]);
        assert_eq!(model.security_schemes[0].setter, "house");
    });
}

#[test]
fn where_nothing_is_said_of_security_each_scheme_may_do() {
    let text = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/a: {get: {operationId: a, responses: \
                {'204': {description: ''}}}}}, components: {securitySchemes: {k: {type: http, scheme: bearer}}}}";
    let document = Document::parse("spec.yaml", text).unwrap();
    let model = Model::of(&document);
    let needed = model.credentials(&model.operations[0]);
    assert_eq!(needed, [[Requirement { scheme: "k", scopes: Vec::new() }]]);
}

#[test]
fn all_operations_are_below_the_path_of_the_first_server() {
    with_model(|model| assert_eq!(model.base_path(), "/api/v3"));
    for (url, path) in [
        ("", ""),
        ("/", ""),
        ("/api/", "/api"),
        ("api/v1", "/api/v1"),
        ("./api", "/api"),
        ("//host/api", "/api"),
        ("https://host", ""),
        ("https://host/api/", "/api"),
    ] {
        let server = Server { url, description: None, variables: Vec::new() };
        assert_eq!(server.path(), path, "{url}");
    }
    for (url, path) in [("/api/", "/api"), ("https://a.example", ""), ("https://a.example/", "")] {
        let server = Server { url, description: None, variables: Vec::new() };
        assert_eq!(server.path(), path);
    }
    let variables = [("server", "http://localhost:5055"), ("version", "v1")]
        .map(|(name, default)| Variable { name, default, values: Vec::new() });
    let server = Server { url: "{server}/api/{version}", description: None, variables: variables.to_vec() };
    assert_eq!(server.path(), "/api/v1");
}

#[test]
fn statuses_are_read_as_documents_write_them() {
    for (key, status) in [("200", Status::Code(200)), ("4XX", Status::Class(4)), ("default", Status::Default)]
    {
        assert_eq!(Status::of(key), Some(status));
        assert_eq!(status.to_string(), key);
    }
    assert_eq!(Status::of("x-note"), None);
}

#[test]
fn what_only_wraps_a_component_is_that() {
    let wrapper = |schema: &str| format!("{{title: W, description: w, x-w: 1, {schema}}}");
    let of_a = "[{$ref: '#/components/schemas/A'}]";
    for (schema, expected) in [
        (wrapper(&format!("allOf: {of_a}")), Some("A")),
        (wrapper(&format!("oneOf: [{}]", wrapper(&format!("allOf: {of_a}")))), Some("A")),
        ("{$ref: '#/components/schemas/B'}".to_owned(), Some("A")),
        (wrapper(&format!("required: [a], allOf: {of_a}")), None),
        (wrapper("anyOf: [{$ref: '#/components/schemas/A'}, {type: string}]"), None),
    ] {
        let text = format!(
            "{{openapi: 3.1.0, info: {{title: T, version: '1'}}, paths: {{/a: {{post: {{requestBody: {{content: \
             {{application/json: {{schema: {schema}}}}}}}, responses: {{}}}}}}}}, components: {{schemas: \
             {{A: {{type: object}}, B: {{$ref: '#/components/schemas/A'}}}}}}}}"
        );
        let document = Document::parse("spec.yaml", &text).unwrap();
        let model = Model::of(&document);
        let body = model.operations[0].body.as_ref().unwrap().media[0].schema.unwrap();
        assert_eq!(model.schemas.unwrapped(body).component(), expected, "{schema}");
    }
}
