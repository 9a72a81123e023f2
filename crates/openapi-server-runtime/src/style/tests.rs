use http::HeaderValue;
use http::header::COOKIE;
use serde_json::{Value, json};

use super::Written;
use super::written::Decoding;
use crate::operation::Role;
use crate::operation::{Location, Parameter, Style};
use crate::sample::{FIELD, context, parameter};
use crate::schema::{
    Additional, Choice, Field, Integer, Key, List, Map, Member, ObjectSchema, Rule, Size, Text, To, Union,
};

const TEXT: Rule = Rule::Text(Text::ANY);
const NUMBER: Rule = Rule::Integer(Integer::ANY);
static TEXTS: List = List::of(TEXT);
static NUMBERS: List = List::of(NUMBER);
static LISTS: List = List::of(Rule::List(To::Own(&NUMBERS)));
static COLOURS: List = List::of(Rule::Object(To::Own(&COLOUR)));
static COUNTS: Map = Map::of(NUMBER);
static COLOUR: ObjectSchema = ObjectSchema {
    name: "Colour",
    fields: &[
        Field { name: "R", rule: NUMBER, ..FIELD },
        Field { name: "G", rule: NUMBER, ..FIELD },
        Field { name: "B", rule: TEXT, ..FIELD },
        Field { name: "names", rule: Rule::List(To::Own(&TEXTS)), ..FIELD },
        Field { name: "all", rule: Rule::List(To::Own(&COLOURS)), ..FIELD },
        Field { name: "inner", rule: Rule::Object(To::Own(&INNER)), ..FIELD },
    ],
    additional: Additional::None,
    size: Size::ANY,
    since: None,
};
static INNER: ObjectSchema = ObjectSchema {
    name: "Inner",
    fields: &[Field { name: "G", rule: NUMBER, ..FIELD }],
    additional: Additional::Rule(&Rule::Boolean),
    size: Size::ANY,
    since: None,
};
const NUMBERED: Rule = Rule::List(To::Own(&NUMBERS));
const LIST: Rule = Rule::List(To::Own(&TEXTS));
const OBJECT: Rule = Rule::Object(To::Own(&COLOUR));

/// Returns what a parameter called `color` in this place and style is read as.
fn read(
    location: Location,
    style: Style,
    explode: bool,
    rule: &'static Rule,
    text: &str,
) -> Result<Option<Value>, String> {
    let mut cx = context(if location == Location::Query { text } else { "" });
    cx.operation = None;
    match location {
        Location::Path => {
            cx.route = "/a/{color}/b";
            cx.uri = format!("/base/a/{text}/b").parse().expect("a path");
            cx.path = vec![("color", Decoding::Percent.text(text))];
        }
        Location::Query => {}
        Location::Header => {
            cx.headers.insert("color", HeaderValue::from_str(text).expect("a header"));
        }
        Location::Cookie => {
            cx.headers.insert(COOKIE, HeaderValue::from_str(text).expect("a header"));
        }
    }
    let parameter =
        Parameter { location, style, explode, rule: *rule, ..parameter("color", Role::Plain, TEXT) };
    Written::of(Box::leak(Box::new(parameter)), &cx).read(rule)
}

fn query(style: Style, explode: bool, rule: &'static Rule, text: &str) -> Result<Option<Value>, String> {
    read(Location::Query, style, explode, rule, text)
}

#[test]
fn a_key_is_read_as_its_kind() {
    const fn key(key: Key) -> Rule {
        Rule::Reference { model: "person", by: None, key }
    }
    static KEYS: List = List::of(key(Key::Integer));
    static NAMES: List = List::of(key(Key::Text));
    static RULES: [Rule; 3] = [key(Key::Integer), key(Key::Text), Rule::List(To::Own(&KEYS))];
    static NAMED: Rule = Rule::List(To::Own(&NAMES));
    let found = RULES.each_ref().map(|rule| query(Style::Form, false, rule, "color=7"));
    assert_eq!(found, [json!(7), json!("7"), json!([7])].map(|value| Ok(Some(value))));
    // A comma may be a part of a text, but not of a number.
    let found = query(Style::Form, false, &NAMED, "color=a%2Cb,c");
    assert_eq!(found, Ok(Some(json!(["a,b", "c"]))));
    let form = crate::form::url_encoded(&OWNED_RULE, &[], b"owner=7");
    assert_eq!(form, json!({"owner": 7}));
}

static OWNED_RULE: Rule = Rule::Object(To::Own(&OWNED));
static OWNED: ObjectSchema = ObjectSchema {
    name: "Owned",
    fields: &[Field {
        name: "owner",
        rule: Rule::Reference { model: "person", by: None, key: Key::Integer },
        ..FIELD
    }],
    additional: Additional::Any,
    size: Size::ANY,
    since: None,
};

/// The table of examples in the OpenAPI specification, version 3.1.1, section "Style Examples".
#[test]
fn every_style_is_read_as_the_specification_has_it() {
    use Location::{Cookie, Header, Path, Query};
    let table = [
        (
            Path,
            Style::Matrix,
            false,
            ";color",
            ";color=blue",
            ";color=blue,black,brown",
            ";color=R,100,G,200,B,150",
        ),
        (
            Path,
            Style::Matrix,
            true,
            ";color",
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";R=100;G=200;B=150",
        ),
        (Path, Style::Label, false, ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
        (Path, Style::Label, true, ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
        (Path, Style::Simple, false, "", "blue", "blue,black,brown", "R,100,G,200,B,150"),
        (Path, Style::Simple, true, "", "blue", "blue,black,brown", "R=100,G=200,B=150"),
        (Header, Style::Simple, false, "", "blue", "blue, black, brown", "R,100, G,200, B,150"),
        (Header, Style::Simple, true, "", "blue", "blue,black,brown", "R=100, G=200, B=150"),
        (
            Query,
            Style::Form,
            false,
            "color=",
            "color=blue",
            "color=blue,black,brown",
            "color=R,100,G,200,B,150",
        ),
        (
            Query,
            Style::Form,
            true,
            "color=",
            "color=blue",
            "color=blue&color=black&color=brown",
            "R=100&G=200&B=150",
        ),
        (
            Cookie,
            Style::Form,
            false,
            "color=",
            "color=blue",
            "color=blue,black,brown",
            "color=R,100,G,200,B,150",
        ),
        (
            Cookie,
            Style::Form,
            true,
            "color=",
            "color=blue",
            "color=blue; color=black; color=brown",
            "R=100; G=200; B=150",
        ),
        (
            Query,
            Style::SpaceDelimited,
            false,
            "color=",
            "color=blue",
            "color=blue%20black+brown",
            "color=R%20100%20G%20200%20B%20150",
        ),
        (
            Query,
            Style::PipeDelimited,
            false,
            "color=",
            "color=blue",
            "color=blue%7Cblack|brown",
            "color=R%7C100%7CG%7C200%7CB%7C150",
        ),
        (
            Query,
            Style::DeepObject,
            true,
            "color=",
            "color=blue",
            "color[0]=blue&color[10]=brown&color[2]=black",
            "color%5BR%5D=100&color[G]=200&color%5BB%5D=150",
        ),
    ];
    for (location, style, explode, empty, text, list, object) in table {
        let read = |rule, text| read(location, style, explode, rule, text);
        let context = format!("{location} {style:?} {explode}");
        assert_eq!(read(&TEXT, empty), Ok(Some(json!(""))), "{context}");
        assert_eq!(read(&TEXT, text), Ok(Some(json!("blue"))), "{context}");
        let colours = ["blue", "black", "brown"];
        assert_eq!(read(&LIST, list), Ok(Some(json!(colours))), "{context}");
        let rgb = json!({"R": 100, "G": 200, "B": "150"});
        assert_eq!(read(&OBJECT, object), Ok(Some(rgb)), "{context}");
    }
}

#[test]
fn an_encoded_comma_is_part_of_a_text_and_separates_what_has_none() {
    let form = |rule, text| query(Style::Form, false, rule, text);
    assert_eq!(form(&LIST, "color=a%2Cb,c+d"), Ok(Some(json!(["a,b", "c d"]))));
    assert_eq!(form(&NUMBERED, "color=1%2C2,3"), Ok(Some(json!([1, 2, 3]))));
    assert_eq!(form(&OBJECT, "color=R%2C1%2CG%2C2"), Ok(Some(json!({"R": 1, "G": 2}))));
    assert_eq!(
        read(Location::Path, Style::Simple, false, &LIST, "a%2Cb,c%2Fd"),
        Ok(Some(json!(["a,b", "c/d"])))
    );
}

#[test]
fn values_inside_of_values_have_brackets_or_are_json() {
    const MANY: Rule = Rule::List(To::Own(&COLOURS));
    const NESTED: Rule = Rule::List(To::Own(&LISTS));
    let deep = "color[inner][G]=1&color[inner][new]=true&color[names]=x&color[names]=y&color[all][1][B]=b&color[all][0][R]=2";
    let expected = json!({
        "inner": {"G": 1, "new": true}, "names": ["x", "y"], "all": [{"R": 2}, {"B": "b"}],
    });
    assert_eq!(query(Style::DeepObject, true, &OBJECT, deep), Ok(Some(expected)));
    let brackets = "color[names][]=x&color[names][]=y";
    assert_eq!(query(Style::DeepObject, true, &OBJECT, brackets), Ok(Some(json!({"names": ["x", "y"]}))));
    let form = "color=%7B%22R%22%3A1%7D&color=%7B%7D";
    assert_eq!(query(Style::Form, true, &MANY, form), Ok(Some(json!([{"R": 1}, {}]))));
    assert_eq!(query(Style::Form, true, &NESTED, "color=[1,2]&color=3"), Ok(Some(json!([[1, 2], [3]]))));
    let json = "color=%7B%22R%22%3A%5B1%5D%7D";
    assert_eq!(query(Style::Json, false, &OBJECT, json), Ok(Some(json!({"R": [1]}))));
}

#[test]
fn an_object_takes_what_is_nobody_elses() {
    static OPERATION: std::sync::OnceLock<crate::operation::Operation> = std::sync::OnceLock::new();
    const COUNTED: Rule = Rule::Map(To::Own(&COUNTS));
    let parameters = [parameter("page", Role::Plain, NUMBER), parameter("counts", Role::Plain, COUNTED)];
    let operation = OPERATION.get_or_init(|| crate::operation::Operation {
        parameters: Vec::leak(Vec::from(parameters)),
        ..crate::sample::get("/", &[])
    });
    let mut cx = context("page=2&a=1&b=2");
    cx.operation = Some(operation);
    let read = Written::of(&operation.parameters[1], &cx).read(&COUNTED);
    assert_eq!(read, Ok(Some(json!({"a": 1, "b": 2}))));
    // A closed object takes what it knows.
    assert_eq!(query(Style::Form, true, &OBJECT, "R=1&S=2"), Ok(Some(json!({"R": 1}))));
    assert_eq!(query(Style::Form, true, &OBJECT, "S=2"), Ok(None));
}

#[test]
fn one_of_several_rules_is_taken_that_fits() {
    static WORDS: [Choice; 1] = [Choice { value: "all", label: "All" }];
    const fn member(rule: Rule) -> Member {
        Member { words: &[], rule }
    }
    static EITHER: Union = Union {
        tag: None,
        members: &[
            member(NUMBER),
            member(Rule::Choice(&WORDS)),
            member(Rule::List(To::Own(&NUMBERS))),
            member(OBJECT),
        ],
    };
    static TAGGED: Union = Union {
        tag: Some("kind"),
        members: &[
            Member { words: &["inner"], rule: Rule::Object(To::Own(&INNER)) },
            Member { words: &["colour"], rule: OBJECT },
        ],
    };
    const ANY: Rule = Rule::Union(To::Own(&EITHER));
    const NAMED: Rule = Rule::Union(To::Own(&TAGGED));
    let cases = [
        (Style::Form, true, "color=5", json!(5)),
        (Style::Form, true, "color=all", json!("all")),
        (Style::Form, true, "color=1&color=2", json!([1, 2])),
        (Style::Form, true, "R=1", json!({"R": 1})),
        (Style::Form, false, "color=1,2", json!([1, 2])),
        (Style::Form, false, "color=R,2", json!({"R": 2})),
        (Style::DeepObject, true, "color[R]=3", json!({"R": 3})),
        (Style::Json, true, "color=[4]", json!([4])),
    ];
    for (style, explode, text, expected) in cases {
        assert_eq!(query(style, explode, &ANY, text), Ok(Some(expected)), "{text}");
    }
    let tagged = query(Style::DeepObject, true, &NAMED, "color[kind]=colour&color[B]=1");
    assert_eq!(tagged, Ok(Some(json!({"kind": "colour", "B": "1"}))));
    assert_eq!(
        query(Style::Form, true, &NAMED, "kind=colour&B=1"),
        Ok(Some(json!({"kind": "colour", "B": "1"})))
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    const ONE: Rule = Rule::Object(To::Own(&INNER));
    let cases = [
        (Style::Form, true, &TEXT, "color=a&color=b", "This parameter is given more than once."),
        (Style::Form, false, &OBJECT, "color=R,1,G", "Expected a value after each name."),
        (
            Style::DeepObject,
            true,
            &OBJECT,
            "color=1",
            "Expected an object in brackets, such as `color[name]=value`.",
        ),
        (Style::DeepObject, true, &OBJECT, "color[R=1", "A bracket in the name is not closed."),
        (
            Style::DeepObject,
            true,
            &OBJECT,
            "color[R]=1&color[R][x]=2",
            "A name has a value of its own, and one in brackets.",
        ),
        (Style::DeepObject, true, &OBJECT, "color[R]=x", "R: Expected an integer, got \"x\"."),
        (
            Style::DeepObject,
            true,
            &ONE,
            "color[G]=1&color[G]=2",
            "G: Expected an integer, got several values.",
        ),
        (Style::DeepObject, true, &OBJECT, "color[names][x]=2", "names: Expected an array, got an object."),
        (
            Style::Json,
            false,
            &OBJECT,
            "color={",
            "This is not JSON: EOF while parsing an object at line 1 column 1.",
        ),
    ];
    for (style, explode, rule, text, expected) in cases {
        assert_eq!(query(style, explode, rule, text), Err(expected.to_owned()), "{text}");
    }
    let path = |style, rule, text| read(Location::Path, style, false, rule, text);
    assert_eq!(path(Style::Label, &TEXT, "blue"), Err("Expected a dot before the value.".to_owned()));
    assert_eq!(path(Style::Matrix, &LIST, ";c=1"), Err("Expected `;color=` before the value.".to_owned()));
    let pairs = read(Location::Header, Style::Simple, true, &OBJECT, "R");
    assert_eq!(pairs, Err("Expected a name and a value, such as `name=value`.".to_owned()));
}

#[test]
fn nesting_and_alternatives_are_bounded() {
    static CIRCLE: std::sync::OnceLock<Rule> = std::sync::OnceLock::new();
    let circle = CIRCLE.get_or_init(|| {
        // Whose members are all itself.
        let member = || Member { words: &[], rule: Rule::Union(To::later("circle")) };
        let union: &'static Union =
            Box::leak(Box::new(Union { tag: None, members: Vec::leak(vec![member(), member(), member()]) }));
        for member in union.members {
            let Rule::Union(To::Later(_, place)) = &member.rule else { continue };
            place.get_or_init(|| union);
        }
        Rule::Union(To::Own(union))
    });
    for style in [Style::Form, Style::DeepObject] {
        assert!(
            query(style, true, circle, "color=1&color[a]=1").is_ok_and(|value| value.is_none())
                || query(style, true, circle, "color=1").is_err()
        );
    }
    let deep = format!("color{}=1", "[a]".repeat(10_000));
    let refused = Err("There are too many brackets in the name.".to_owned());
    assert_eq!(query(Style::DeepObject, true, &OBJECT, &deep), refused);
    let long = "color[all][4294967295][R]=1&".repeat(1000);
    assert!(query(Style::DeepObject, true, &OBJECT, &long).is_err());
    let json = format!("color={}", "[".repeat(100_000));
    assert!(query(Style::Json, true, &OBJECT, &json).is_err());
}
