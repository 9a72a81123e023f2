//! Pictures of users.

use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest as _, Md5};
use openapi_resources::functions::Functions;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::viewsets::Viewsets;
use super::row::{Shown, text};

/// Adds the functions.
pub(super) fn add(functions: Functions, viewsets: &Viewsets) -> Functions {
    let installation = viewsets.install_id.clone();
    functions
        .with_own_unless("avatar", made_of_initials, from_service)
        .with_own("user.uid", move |reader, row| {
            json!(hex(&Sha256::digest(format!("{}-{installation}", reader.key(row)))))
        })
}

/// Returns the address of the picture that the service for pictures has of a user. It is out of reach: the first user it is asked
/// for is shown its address, and from then on it is not asked any more.
fn from_service(reader: Reader<'_>, row: &Row) -> Option<Value> {
    let shown = reader.context::<Shown>()?;
    if shown.has_no_pictures.swap(true, Ordering::Relaxed) {
        return None;
    }
    let digest = hex(&Sha256::digest(text(reader, row, "email").to_lowercase()));
    let url = "https://www.gravatar.com/avatar";
    Some(json!(format!("{url}/{digest}?size=158&rating=g&default=404")))
}

/// Returns a picture made of the initials of a user.
fn made_of_initials(reader: Reader<'_>, row: &Row) -> Value {
    let name = text(reader, row, "name").trim();
    let picture = picture(if name.is_empty() { "a k" } else { name });
    let mut url = "data:image/svg+xml;base64,".to_owned();
    BASE64_STANDARD.encode_string(picture, &mut url);
    Value::from(url)
}

/// Returns the picture of a name.
fn picture(name: &str) -> String {
    let (background, letters) = colors(name);
    let initials = escaped(&initials(name).to_uppercase());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64px\" height=\"64px\" viewBox=\"0 0 64 64\" \
         version=\"1.1\"><rect fill=\"#{background}\" cx=\"32\" cy=\"32\" width=\"64\" height=\"64\" r=\"32\"/>\
         <text x=\"50%\" y=\"50%\" style=\"color: #{letters}; line-height: 1; font-family: \
         'RedHatText','Overpass',overpass,helvetica,arial,sans-serif; \" fill=\"#{letters}\" \
         alignment-baseline=\"middle\" dominant-baseline=\"middle\" text-anchor=\"middle\" font-size=\"28\" \
         font-weight=\"400\" dy=\".1em\">{initials}</text></svg>"
    )
}

/// Returns the first letters of the first and the last name, or two of the only one.
fn initials(name: &str) -> String {
    let parts: Vec<&str> = name.split_whitespace().collect();
    match parts.as_slice() {
        [] => String::new(),
        [only] => only.chars().take(2).collect(),
        [first, .., last] => first.chars().take(1).chain(last.chars()).take(2).collect(),
    }
}

/// Returns the colours of the background and the letters.
fn colors(name: &str) -> (String, &'static str) {
    let digest = Md5::digest(name.to_lowercase());
    let number = digest.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte)) % 0xFF_FFFF;
    let part = |shift: u32| u8::try_from((number >> shift & 0xFF).clamp(55, 200)).unwrap_or(200);
    let (red, green, blue) = (part(16), part(8), part(0));
    let light = f64::from(red) * 0.299 + f64::from(green) * 0.587 + f64::from(blue) * 0.114;
    (hex(&[red, green, blue]), if light > 186.0 { "000" } else { "fff" })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_color_and_the_initials_of_a_name() {
        assert_eq!(colors("Plain User"), ("7937a9".to_owned(), "fff"));
        for (name, expected) in [("Plain User", "PU"), ("a k", "ak"), ("Jo", "Jo"), ("A B C", "AC"), ("", "")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
        assert!(picture("<&> x").contains(">&lt;X</text>"));
    }
}
