//! The table of examples in the OpenAPI specification, version 3.1.1, section "Style Examples".

use serde_json::{Value, json};

use super::{cookie, header, path, query};
use crate::parameter::{Location, Parameter, Style};

fn written(parameter: &Parameter, value: Value) -> String {
    match parameter.location {
        Location::Path => path::expand(parameter, value, false).unwrap(),
        Location::Query => {
            let mut text = String::new();
            query::append(&mut text, parameter, value).unwrap();
            text
        }
        Location::Header => header::text(parameter, value).unwrap().unwrap_or_default(),
        Location::Cookie => cookie::cookies(parameter, value).join("; "),
    }
}

#[test]
fn every_style_is_written_as_the_specification_has_it() {
    const PATH: Parameter = Parameter::path("color");
    const QUERY: Parameter = Parameter::query("color");
    const HEADER: Parameter = Parameter::header("color");
    const COOKIE: Parameter = Parameter::cookie("color");
    // The parameter, exploded or not, with an empty text, a text, a list and an object; `-` where there is no example.
    let table = [
        (
            PATH,
            Style::Matrix,
            false,
            [";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
        ),
        (
            PATH,
            Style::Matrix,
            true,
            [";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
        ),
        (PATH, Style::Label, false, ["-", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"]),
        (PATH, Style::Label, true, ["-", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"]),
        (PATH, Style::Simple, false, ["-", "blue", "blue,black,brown", "R,100,G,200,B,150"]),
        (PATH, Style::Simple, true, ["-", "blue", "blue,black,brown", "R=100,G=200,B=150"]),
        (HEADER, Style::Simple, false, ["", "blue", "blue,black,brown", "R,100,G,200,B,150"]),
        (HEADER, Style::Simple, true, ["", "blue", "blue,black,brown", "R=100,G=200,B=150"]),
        (
            QUERY,
            Style::Form,
            false,
            ["color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"],
        ),
        (
            QUERY,
            Style::Form,
            true,
            ["color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"],
        ),
        (
            COOKIE,
            Style::Form,
            false,
            ["color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"],
        ),
        (
            COOKIE,
            Style::Form,
            true,
            ["color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"],
        ),
        (
            QUERY,
            Style::SpaceDelimited,
            false,
            ["-", "-", "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"],
        ),
        (
            QUERY,
            Style::PipeDelimited,
            false,
            ["-", "-", "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"],
        ),
        (
            QUERY,
            Style::DeepObject,
            true,
            ["-", "-", "-", "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
        ),
    ];
    let values =
        [json!(""), json!("blue"), json!(["blue", "black", "brown"]), json!({"R": 100, "G": 200, "B": 150})];
    for (parameter, style, explode, expected) in table {
        for (value, expected) in values.iter().zip(expected).filter(|(_, expected)| *expected != "-") {
            let parameter = parameter.style(style, explode);
            if parameter.location == Location::Path && *value == json!("") {
                // The specification writes it; a URL would lead elsewhere for most styles, so it is refused for all.
                assert!(path::expand(&parameter, value.clone(), false).is_err());
                continue;
            }
            assert_eq!(written(&parameter, value.clone()), expected, "{style:?}, {explode}, {value}");
        }
    }
}

#[test]
fn what_is_nothing_is_left_out() {
    for parameter in [Parameter::query("a"), Parameter::header("a"), Parameter::cookie("a")] {
        for style in [parameter.style, Style::Json] {
            let parameter = parameter.style(style, false);
            assert_eq!(written(&parameter, Value::Null), "");
        }
        assert_eq!(written(&parameter, json!([])), "", "an empty list is nothing");
        assert_eq!(written(&parameter, json!({"a": null})), "", "an object without values is nothing");
    }
}

#[test]
fn an_item_that_cannot_be_told_from_two_is_refused() {
    assert!(header::text(&Parameter::header("a"), json!(["b,c"])).is_err());
    let label = Parameter::path("a").style(Style::Label, true);
    assert!(path::expand(&label, json!([1.5]), false).is_err());
    assert_eq!(header::text(&Parameter::header("a"), json!("b,c")).unwrap().as_deref(), Some("b,c"));
    assert_eq!(
        written(&Parameter::cookie("a").style(Style::Form, false), json!(["b,c", "d e"])),
        "a=b%2Cc,d%20e"
    );
}
