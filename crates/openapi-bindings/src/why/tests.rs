use super::*;
use crate::api;
use openapi_document::Document;
use openapi_document::model::Model;

const PETS: &str = include_str!("../../../openapi-document/tests/users.yaml");

fn pets() -> (Document, Vec<Item>) {
    let document = Document::parse("pets.yaml", PETS).unwrap();
    let config = api::Config { directory: "src".to_owned(), types: "pets".to_owned() };
    let model = Model::of(&document);
    let files = api::generate(&model, &config).unwrap();
    let items = items(&model, &files);
    for item in &items {
        let file = files.iter().find(|file| file.path == item.file).unwrap();
        let line = file.text.lines().nth(item.line - 1).unwrap();
        let name = item.path.rsplit([':', '[', ' ']).next().unwrap().trim_end_matches(']');
        assert!(line.contains(name), "{item:?} is not on {line:?}");
    }
    (document, items)
}

#[test]
fn a_question_is_about_a_pointer_a_name_or_an_item() {
    let (document, items) = pets();
    let page = "/paths/~1pets~1/get/parameters/0";
    let kind = "/components/schemas/Pet/properties/petKind";
    for (question, expected) in [
        ("#/components/schemas/Pet", "/components/schemas/Pet"),
        ("/components/schemas/Pet", "/components/schemas/Pet"),
        ("#/paths/~1pets~1/get", "/paths/~1pets~1/get"),
        ("/pets/", "/paths/~1pets~1"),
        ("GET /pets/", "/paths/~1pets~1/get"),
        ("pets_list", "/paths/~1pets~1/get"),
        ("pets_list.page", page),
        ("PetsListQuery::page", page),
        ("my_api::PetsListQuery::page", page),
        ("Pet.petKind", kind),
        ("Pet.petKind.dog", "/components/schemas/Kind/enum/1"),
        ("Pet.owner.name", "/components/schemas/Pet/properties/owner/properties/name"),
        ("pets_create.409", "/paths/~1pets~1/post/x-observed-responses/409"),
        ("Page", "/components/parameters/Page"),
        ("Pets::pets_create", "/paths/~1pets~1/post"),
    ] {
        assert_eq!(resolve(&document, &items, question).as_deref(), Ok(expected), "{question}");
    }
}

#[test]
fn a_path_is_found_without_its_last_slash_and_after_the_base_path_of_a_server() {
    for base in ["/api/v3", "/api/v3/", "https://example.com/api/v3"] {
        let text = PETS.replace("paths:\n", &format!("servers: [{{url: {base}}}]\npaths:\n"));
        let document = Document::parse("pets.yaml", &text).unwrap();
        for question in ["/pets/", "/pets", "/api/v3/pets/", "/api/v3/pets"] {
            assert_eq!(resolve(&document, &[], question).as_deref(), Ok("/paths/~1pets~1"), "{question}");
            let of_method = resolve(&document, &[], &format!("GET {question}"));
            assert_eq!(of_method.as_deref(), Ok("/paths/~1pets~1/get"), "{question}");
        }
        for question in ["/api/v3pets/", "/api/pets/", "/", "GET /toys"] {
            assert!(resolve(&document, &[], question).is_err(), "{question}");
        }
    }
}

#[test]
fn a_bare_name_may_be_a_value_of_an_enumeration() {
    let (document, items) = pets();
    let [place] = places(&document, &items, "cat").try_into().unwrap();
    assert_eq!(
        (place.pointer.as_str(), place.question.as_str()),
        ("/components/schemas/Kind/enum/0", "Kind.cat")
    );
}

#[test]
fn a_bare_name_may_mean_several_places_each_with_a_question_of_its_own() {
    let (document, items) = pets();
    let asked = |name: &str| -> Vec<String> {
        places(&document, &items, name).into_iter().map(|place| place.question).collect()
    };
    assert_eq!(asked("name"), ["Pet.name", "Pet.owner.name"]);
    assert_eq!(asked("petKind"), ["pets_list.petKind", "Pet.petKind"]);
    assert_eq!(asked("page"), ["Page"]);
    assert!(asked("nam").is_empty());
    let suggested = resolve(&document, &items, "nmae").unwrap_err().nearest;
    assert_eq!(suggested, ["name"]);
    let inner = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {A: {not: {properties: {b: {}}}}}}}";
    let inner = Document::parse("t.yaml", inner).unwrap();
    assert_eq!(places(&inner, &[], "b")[0].question, "#/components/schemas/A/not/properties/b");
}

#[test]
fn a_row_of_a_table_is_never_suggested() {
    let (document, items) = pets();
    assert!(items.iter().any(|item| item.path == "PET[name]"));
    let suggested = resolve(&document, &items, "PET[nam]").unwrap_err().nearest;
    assert!(suggested.iter().all(|name| !name.contains('[')), "{suggested:?}");
}

#[test]
fn what_there_is_not_is_answered_with_the_nearest_names() {
    let (document, items) = pets();
    for (question, near) in [
        ("Pet.naem", "Pet.name"),
        ("pet_list", "pets_list"),
        ("#/components/schemas/Pets", "#/components/schemas/Pet"),
        ("PetsListQuery::pages", "PetsListQuery::page"),
    ] {
        let unknown = resolve(&document, &items, question).unwrap_err();
        assert_eq!(unknown.nearest.first().map(String::as_str), Some(near), "{question}: {unknown:?}");
    }
    assert_eq!(resolve(&document, &items, "").unwrap_err().nearest, [""; 0]);
}

#[test]
fn an_item_belongs_to_the_place_of_its_stamp_and_a_member_to_that_of_its_name() {
    let (document, items) = pets();
    let of = |at: &str| -> Vec<String> {
        items_of(&document, &items, at).map(|item| format!("{} {}", item.kind, item.path)).collect()
    };
    assert!(of("/paths/~1pets~1/get").contains(&"trait method Pets::pets_list".to_owned()));
    assert!(of("/paths/~1pets~1/get/parameters/1").contains(&"field PetsListQuery::pet_kind".to_owned()));
    assert!(of("/components/parameters/Page").contains(&"field PetsListQuery::page".to_owned()));
    assert!(of("/components/schemas/Pet/properties/name").contains(&"row PET[name]".to_owned()));
}
