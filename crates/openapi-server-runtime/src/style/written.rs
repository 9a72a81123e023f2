//! The texts that say one value, and the pieces that a style divides them into.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::cookies::cookies;
use crate::operation::{Location, Parameter, Style};
use crate::request::RequestContext;
use crate::schema::{Additional, Rule, Union};

use super::tree::{self, Node};

/// The texts that say one value.
#[derive(Debug)]
pub struct Written<'a> {
    name: &'a str,
    pub(super) style: Style,
    explode: bool,
    decoding: Decoding,
    /// The undecoded texts under the name.
    texts: Vec<Cow<'a, str>>,
    /// Names that stand for members of an object, decoded, and their undecoded texts.
    pub(super) members: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoding {
    /// None.
    Nothing,
    /// Percent-encoding.
    Percent,
    /// Percent-encoding, with a plus for a blank.
    Form,
}

impl Decoding {
    /// Decodes a text. Bytes that are no UTF-8 become U+FFFD.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::Nothing => text.to_owned(),
            Self::Percent => percent_decode_str(text).decode_utf8_lossy().into_owned(),
            Self::Form => percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned(),
        }
    }
}

impl<'a> Written<'a> {
    /// Returns the texts of a parameter in a request.
    #[must_use]
    pub fn of<U>(parameter: &'static Parameter, cx: &'a RequestContext<U>) -> Self {
        let Parameter { name, location, style, explode, .. } = *parameter;
        let written = Written {
            name,
            style,
            explode,
            decoding: Decoding::Percent,
            texts: Vec::new(),
            members: Vec::new(),
        };
        match location {
            Location::Path => {
                let (text, is_encoded) = cx.encoded_variable(name);
                let decoding = if is_encoded { Decoding::Percent } else { Decoding::Nothing };
                Written { decoding, texts: vec![text], ..written }
            }
            Location::Header => {
                Written { decoding: Decoding::Nothing, texts: cx.texts(location, name), ..written }
            }
            Location::Query | Location::Cookie => {
                let declared =
                    || cx.operation.into_iter().flat_map(|operation| operation.parameters_in(location));
                let others: Vec<&str> = declared()
                    .flat_map(|other| std::iter::once(other.name).chain(members(parameter, other)))
                    .collect();
                if location == Location::Query {
                    let is_own = |pair: &str| pair == name || tree::is_below(pair, name);
                    let is_others = |pair: &str| {
                        let mut deep = declared().filter(|other| other.style == Style::DeepObject);
                        deep.any(|other| tree::is_below(pair, other.name))
                    };
                    let pairs = cx.query.encoded().filter(|(pair, _)| is_own(pair) || !is_others(pair));
                    let written = Written { decoding: Decoding::Form, ..written };
                    written.among(&parameter.rule, pairs, &others)
                } else {
                    let cookies = cookies(&cx.headers).into_iter();
                    let cookies = cookies.map(|(name, text)| (Cow::from(name), Cow::from(text)));
                    written.among(&parameter.rule, cookies, &others)
                }
            }
        }
    }

    /// Returns the texts of a property in a URL-encoded form, whose pairs have decoded names and undecoded texts.
    pub(crate) fn in_form(
        name: &'a str,
        style: Style,
        explode: bool,
        rule: &'static Rule,
        pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
        others: &[&str],
    ) -> Self {
        let decoding = Decoding::Form;
        Written { name, style, explode, decoding, texts: Vec::new(), members: Vec::new() }
            .among(rule, pairs, others)
    }

    /// Takes what is this value's among the pairs of a request, in which there are values with `others` for names.
    fn among(
        mut self,
        rule: &'static Rule,
        pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
        others: &[&str],
    ) -> Self {
        let has_members = self.explode && self.style != Style::Json && may_have_members(rule);
        for (name, text) in pairs {
            let is_own = name == self.name;
            let is_member = match self.style {
                Style::DeepObject => tree::is_below(&name, self.name),
                _ if is_own => has_members && has_field(rule, &name),
                _ => has_members && !others.contains(&name.as_ref()),
            };
            if is_own {
                self.texts.push(text.clone());
            }
            if is_member {
                self.members.push((name, text));
            }
        }
        self
    }

    /// Returns the names that were taken for members of an object.
    pub fn member_names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_ref())
    }

    /// Returns the only text; `None` if there is none.
    pub(super) fn one(&self) -> Result<Option<String>, String> {
        match self.texts.as_slice() {
            [] => Ok(None),
            [text] => Ok(Some(self.decoding.text(self.bare(text)?))),
            _ => Err("This parameter is given more than once.".to_owned()),
        }
    }

    /// Returns `true` if the texts look like those of a list or an object.
    pub(super) fn is_several(&self) -> bool {
        let delimiter = match (self.style, self.explode) {
            (Style::DeepObject, _) => return !self.members.is_empty(),
            (Style::Form | Style::SpaceDelimited | Style::PipeDelimited, true) => {
                return self.texts.len() != 1;
            }
            (Style::SpaceDelimited, false) => ' ',
            (Style::PipeDelimited, false) => '|',
            (Style::Matrix, true) => return self.texts.iter().any(|text| text.matches(';').count() > 1),
            (Style::Label, true) => return self.texts.iter().any(|text| text.matches('.').count() > 1),
            _ => return self.texts.iter().any(|text| text.contains(',')),
        };
        self.texts.iter().any(|text| self.decoding.text(text).contains(delimiter))
    }

    /// Returns a text without what its style puts before it.
    fn bare<'t>(&self, text: &'t str) -> Result<&'t str, String> {
        let bare = match self.style {
            Style::Label => text.strip_prefix('.'),
            Style::Matrix => text.strip_prefix(';').and_then(|text| self.named(text)),
            _ => Some(text),
        };
        bare.ok_or_else(|| match self.style {
            Style::Matrix => format!("Expected `;{}=` before the value.", self.name),
            _ => "Expected a dot before the value.".to_owned(),
        })
    }

    /// Returns what a text says that begins with the name; the name alone says nothing.
    fn named<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (name, text) = text.split_once('=').unwrap_or((text, ""));
        (self.decoding.text(name) == self.name).then_some(text)
    }

    /// Returns the items of a list, decoded. An encoded comma is a part of an item that may `hold_commas`, and else separates
    /// two.
    pub(super) fn items(&self, hold_commas: bool) -> Result<Vec<String>, String> {
        let separated = |text: &str, separator: char, is_decoded: bool| -> Vec<String> {
            if is_decoded {
                self.decoding.text(text).split(separator).map(str::to_owned).collect()
            } else {
                text.split(separator).map(|text| self.decoding.text(text)).collect()
            }
        };
        let commas = |text: &str| separated(text, ',', !hold_commas);
        let mut items = Vec::new();
        for text in &self.texts {
            items.extend(match (self.style, self.explode) {
                (Style::SpaceDelimited, false) => separated(text, ' ', true),
                (Style::PipeDelimited, false) => separated(text, '|', true),
                (Style::Form, false) | (Style::Simple, _) => commas(text),
                (Style::Label, true) => separated(self.bare(text)?, '.', false),
                (Style::Label | Style::Matrix, false) => commas(self.bare(text)?),
                (Style::Matrix, true) => {
                    let texts = text.split(';').skip(1);
                    let bare = texts.map(|text| {
                        let text = self.named(text);
                        text.ok_or_else(|| format!("Expected `{}=` before each value.", self.name))
                    });
                    let bare: Vec<&str> = bare.collect::<Result<_, _>>()?;
                    bare.into_iter().map(|text| self.decoding.text(text)).collect()
                }
                _ => vec![self.decoding.text(text)],
            });
        }
        if self.decoding == Decoding::Nothing {
            // The lists of headers may have blanks around their commas.
            items = items.iter().map(|text| text.trim().to_owned()).collect();
        }
        Ok(items)
    }

    /// Returns the members of an object that follows a rule; `None` if there are none. A tag is one of them, whether the
    /// rule knows it or not.
    pub(super) fn entries(&self, rule: &Rule, tag: Option<&str>) -> Result<Option<Node>, String> {
        if self.style == Style::DeepObject {
            return match tree::below(self.name, &self.members, |text| self.decoding.text(text))? {
                None if !self.texts.is_empty() => {
                    Err(format!("Expected an object in brackets, such as `{}[name]=value`.", self.name))
                }
                found => Ok(found),
            };
        }
        let mut entries = tree::Members::new();
        match (self.style, self.explode) {
            (Style::Form | Style::SpaceDelimited | Style::PipeDelimited, true) => {
                let own = self.members.iter().filter(|(name, _)| takes(rule, name) || tag == Some(name));
                for (name, text) in own {
                    tree::add(&mut entries, name, self.decoding.text(text));
                }
            }
            (_, true) => {
                for text in &self.texts {
                    let (text, separator) = match self.style {
                        Style::Label => (self.bare(text)?, '.'),
                        Style::Matrix => (text.strip_prefix(';').unwrap_or(text), ';'),
                        _ => (text.as_ref(), ','),
                    };
                    for pair in text.split(separator) {
                        let (name, text) = pair
                            .split_once('=')
                            .ok_or("Expected a name and a value, such as `name=value`.")?;
                        tree::add(&mut entries, self.decoding.text(name).trim(), self.decoding.text(text));
                    }
                }
            }
            (_, false) => {
                // Without a comma that is not encoded, the encoded ones are all there is.
                let is_plain = self.texts.iter().any(|text| text.contains(','));
                let texts = self.items(is_plain)?;
                let (pairs, rest) = texts.as_chunks::<2>();
                if !rest.is_empty() {
                    return Err("Expected a value after each name.".to_owned());
                }
                for [name, text] in pairs {
                    tree::add(&mut entries, name, text.clone());
                }
            }
        }
        Ok((!entries.is_empty()).then_some(Node::Members(entries)))
    }
}

/// Returns `true` if values that follow a rule may be objects.
fn may_have_members(rule: &'static Rule) -> bool {
    let (mut open, mut seen) = (vec![rule], Vec::<*const Union>::new());
    while let Some(rule) = open.pop() {
        match rule {
            Rule::Object(_) | Rule::Map(_) => return true,
            Rule::Nullable(rule) => open.push(rule),
            Rule::Union(union) => {
                let union = union.get();
                if !seen.iter().any(|known| std::ptr::eq(*known, union)) {
                    seen.push(union);
                    open.extend(union.members.iter().map(|member| &member.rule));
                }
            }
            _ => {}
        }
    }
    false
}

/// Returns the members of `other` that are written like parameters of their own, without those that `parameter` has as well.
fn members<'a>(parameter: &'a Parameter, other: &'a Parameter) -> impl Iterator<Item = &'static str> + 'a {
    let is_spread = other.explode && other.style == Style::Form;
    let fields = match &other.rule {
        Rule::Object(schema) if is_spread => schema.get().fields,
        _ => &[],
    };
    fields.iter().map(|field| field.name).filter(|name| !has_field(&parameter.rule, name))
}

/// Returns `true` if objects that follow a rule are known to have a member of this name.
fn has_field(rule: &Rule, name: &str) -> bool {
    matches!(rule, Rule::Object(schema) if schema.field(name).is_some())
}

/// Returns `true` if an object that follows a rule has a member of this name, or may have one.
fn takes(rule: &Rule, name: &str) -> bool {
    match rule {
        Rule::Object(schema) => has_field(rule, name) || schema.additional != Additional::None,
        _ => true,
    }
}

/// Returns `true` if a comma may be part of a text that follows a rule.
pub(super) fn may_hold_commas(rule: &Rule) -> bool {
    match rule {
        Rule::Boolean | Rule::Integer(_) | Rule::Number(_) | Rule::Uuid | Rule::DateTime => false,
        Rule::Reference { key, .. } => may_hold_commas(key.rule()),
        Rule::Choice(choices) => choices.iter().any(|choice| choice.value.contains(',')),
        Rule::Nullable(rule) => may_hold_commas(rule),
        _ => true,
    }
}
