//! The facts that all values of one alternative have in common: their kinds, and the constraints on each kind.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::numbers::{Bounds, Count};
use super::schema::{All, Schema, never};
use super::texts::{Texts, Work};
use super::values::Values;
use openapi_document::pointer::resolve;
use openapi_document::samples::{self, Direction};
use openapi_wire::Pattern;

/// A kind of value in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

pub(super) const KINDS: [Kind; 6] =
    [Kind::Null, Kind::Boolean, Kind::Number, Kind::String, Kind::Array, Kind::Object];

impl Kind {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Boolean,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        }
    }

    pub(super) fn is_scalar(self) -> bool {
        !matches!(self, Kind::Array | Kind::Object)
    }

    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A keyword that is compared as a whole.
#[derive(Clone, Debug)]
pub(super) enum Opaque<'a> {
    /// Values must not match the schema.
    Not(Schema<'a>),
    /// Values must match the chosen part and none of the others.
    OneOf { parts: Rc<[Schema<'a>]>, chosen: usize },
    /// Any other keyword.
    Keyword { key: &'static str, schema: Schema<'a> },
}

/// Keywords of lists that count the items of which one has to be of a kind.
pub(super) const CONTAINS: &str = "contains";
pub(super) const MIN_CONTAINS: &str = "minContains";
pub(super) const MAX_CONTAINS: &str = "maxContains";

/// Keywords that are compared as a whole, with the kind of value that they concern.
pub(super) const KEYWORDS: [(&str, Kind); 8] = [
    (CONTAINS, Kind::Array),
    (MIN_CONTAINS, Kind::Array),
    (MAX_CONTAINS, Kind::Array),
    ("unevaluatedItems", Kind::Array),
    ("propertyNames", Kind::Object),
    ("contentEncoding", Kind::String),
    ("contentMediaType", Kind::String),
    ("contentSchema", Kind::String),
];

impl Opaque<'_> {
    pub(super) fn concerns(&self, kind: Kind) -> bool {
        match self {
            Opaque::Keyword { key, .. } => KEYWORDS.contains(&(key, kind)),
            _ => true,
        }
    }
}

/// The properties that one schema describes.
#[derive(Clone, Debug)]
pub(super) struct Layer<'a> {
    pub(super) root: &'a Value,
    pub(super) properties: Option<&'a Map<String, Value>>,
    pub(super) patterns: Option<&'a Map<String, Value>>,
    /// Further names that are not among the rest, and patterns of such.
    pub(super) known: Vec<&'a str>,
    pub(super) known_patterns: Vec<&'a str>,
    /// Names that are spoken of without being declared, so that senders may use them.
    pub(super) mentioned: BTreeSet<&'a str>,
    /// Properties that do not go this way.
    pub(super) hidden: Rc<BTreeSet<&'a str>>,
    /// A property that objects do not have, or only with values that match the schema; this declares none.
    pub(super) undeclared: Option<(&'a str, Schema<'a>)>,
    pub(super) rest: Rest<'a>,
    /// `true` if something is said of the rest, were it only that it may be anything.
    pub(super) speaks_of_rest: bool,
}

/// The properties that a schema does not name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rest<'a> {
    /// Nothing, or that they may be anything.
    Any,
    /// That they match a schema.
    Typed(Schema<'a>),
    /// That there are none.
    None,
}

impl<'a> Layer<'a> {
    pub(super) fn of(root: &'a Value) -> Self {
        Layer {
            root,
            properties: None,
            patterns: None,
            known: Vec::new(),
            known_patterns: Vec::new(),
            mentioned: BTreeSet::new(),
            hidden: Rc::default(),
            undeclared: None,
            rest: Rest::Any,
            speaks_of_rest: false,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let properties = self.properties.into_iter().flat_map(Map::keys).map(String::as_str);
        properties.chain(self.known.clone())
    }

    /// Returns the same with the properties that do not go this way.
    pub(super) fn in_direction(self, direction: Direction) -> Self {
        let flag = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let is_set = |schema: &Value| schema.get(flag) == Some(&Value::Bool(true));
        let is_hidden = |property: &Value| {
            let schema = resolve(self.root, property);
            let mut parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            is_set(property) || is_set(schema) || parts.any(|part| is_set(resolve(self.root, part)))
        };
        let properties = self.properties.into_iter().flatten();
        let hidden = properties.filter(|(_, property)| is_hidden(property)).map(|(name, _)| name.as_str());
        Layer { hidden: Rc::new(hidden.collect()), ..self }
    }

    /// Adds the schemas that a property of this name must match.
    fn at(&self, name: &str, all: &mut All<'a>) {
        all.extend(self.undeclared.filter(|(known, _)| *known == name).map(|(_, schema)| schema));
        let schema = |value| Schema::new(self.root, value);
        let declared = self.properties.and_then(|properties| properties.get(name));
        let is_among = |pattern: &&str| matches(pattern, name);
        let mut is_known =
            declared.is_some() || self.known.contains(&name) || self.known_patterns.iter().any(is_among);
        if !self.hidden.contains(name) {
            all.extend(declared.map(schema));
        }
        for (pattern, value) in self.patterns.into_iter().flatten() {
            if matches(pattern, name) {
                is_known = true;
                all.push(schema(value));
            }
        }
        if !is_known {
            self.rest(all);
        }
    }

    /// Adds the schemas that a property without a name here must match.
    fn rest(&self, all: &mut All<'a>) {
        match self.rest {
            Rest::Any => {}
            Rest::Typed(schema) => all.push(schema),
            Rest::None => all.push(never()),
        }
    }

    /// Adds the schemas that properties must match whose names match `pattern` and nothing else that is known.
    fn schemas_under(&self, pattern: &str, work: &Work, all: &mut All<'a>) {
        let count = all.len();
        all.extend(self.schemas_of_wider(pattern, work));
        if all.len() == count && !self.known_patterns.iter().any(|known| lies_within(pattern, known, work)) {
            self.rest(all);
        }
    }

    /// Returns the schemas under patterns that match whatever `pattern` matches.
    fn schemas_of_wider(&self, pattern: &str, work: &Work) -> impl Iterator<Item = Schema<'a>> {
        let patterns = self.patterns.into_iter().flatten();
        let wider = patterns.filter(move |(known, _)| lies_within(pattern, known, work));
        wider.map(|(_, value)| Schema::new(self.root, value))
    }
}

/// Returns `true` if something may match both patterns, and not all that matches one of them matches the other.
pub(super) fn may_cross(one: &str, other: &str, work: &Work) -> bool {
    let both = Texts { patterns: vec![one, other], ..Texts::matching(one) };
    both.are_within(&Texts::none(), work) != Some(true)
        && !lies_within(one, other, work)
        && !lies_within(other, one, work)
}

/// Returns `true` if whatever matches one pattern certainly matches the other.
fn lies_within(one: &str, other: &str, work: &Work) -> bool {
    one == other || Texts::matching(one).are_within(&Texts::matching(other), work) == Some(true)
}

/// Returns `true` if a name matches a pattern, or the pattern cannot be read.
fn matches(pattern: &str, name: &str) -> bool {
    Pattern::compile(pattern).and_then(|pattern| pattern.is_found_in(name)).unwrap_or(true)
}

/// The items of lists that one schema describes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items<'a> {
    pub(super) root: &'a Value,
    pub(super) first: &'a [Value],
    pub(super) rest: Option<&'a Value>,
}

impl<'a> Items<'a> {
    fn at(&self, index: usize) -> Option<Schema<'a>> {
        self.first.get(index).or(self.rest).map(|value| Schema::new(self.root, value))
    }
}

/// The facts that all values of one alternative have in common. Each constraint bears only on values of its kind.
#[derive(Clone, Debug)]
pub(super) struct Facts<'a> {
    kinds: u8,
    pub(super) values: Option<Values<'a>>,
    pub(super) excluded: Values<'a>,
    pub(super) numbers: Bounds,
    pub(super) length: Count,
    pub(super) patterns: BTreeSet<&'a str>,
    /// Patterns that texts do not match.
    pub(super) unlike: BTreeSet<&'a str>,
    pub(super) formats: BTreeSet<&'a str>,
    pub(super) items_count: Count,
    pub(super) unique: bool,
    pub(super) items: Vec<Items<'a>>,
    pub(super) members_count: Count,
    pub(super) layers: Vec<Layer<'a>>,
    required: BTreeSet<&'a str>,
    pub(super) opaque: Vec<Opaque<'a>>,
    /// Values that properties are taken to have.
    assumed: Vec<(&'a str, &'a Value)>,
    pub(super) is_split: bool,
}

impl<'a> Facts<'a> {
    /// Returns the facts of values of any kind.
    pub(super) fn any() -> Self {
        Facts {
            kinds: 0b11_1111,
            values: None,
            excluded: Values::default(),
            numbers: Bounds::default(),
            length: Count::default(),
            patterns: BTreeSet::new(),
            unlike: BTreeSet::new(),
            formats: BTreeSet::new(),
            items_count: Count::default(),
            unique: false,
            items: Vec::new(),
            members_count: Count::default(),
            layers: Vec::new(),
            required: BTreeSet::new(),
            opaque: Vec::new(),
            assumed: Vec::new(),
            is_split: false,
        }
    }

    /// Returns the facts of objects without the property `name`, and of all other values.
    pub(super) fn absent(name: &'a str) -> Self {
        let never = never();
        let layer = Layer { undeclared: Some((name, never)), ..Layer::of(never.root) };
        Facts { layers: vec![layer], ..Facts::any() }
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        let kinds = self.kinds;
        KINDS.into_iter().filter(move |kind| kinds & kind.bit() != 0)
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds & kind.bit() != 0
    }

    pub(super) fn only(&self, kind: Kind) -> Self {
        Facts { kinds: self.kinds & kind.bit(), ..self.clone() }
    }

    pub(super) fn keep(&mut self, kinds: impl IntoIterator<Item = Kind>) {
        self.kinds &= kinds.into_iter().fold(0, |bits, kind| bits | kind.bit());
    }

    pub(super) fn require(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.required.extend(names);
    }

    /// Returns the names that every object has in this direction.
    pub(super) fn required(&self) -> impl Iterator<Item = &'a str> {
        self.required.iter().copied().filter(move |name| !self.is_hidden(name))
    }

    pub(super) fn is_hidden(&self, name: &str) -> bool {
        self.layers.iter().any(|layer| layer.hidden.contains(name))
    }

    /// Returns the names of properties that are declared.
    pub(super) fn names(&self) -> BTreeSet<&'a str> {
        self.layers.iter().flat_map(Layer::names).collect()
    }

    /// Returns the names of properties that are declared or mentioned.
    pub(super) fn mentioned(&self) -> BTreeSet<&'a str> {
        self.layers.iter().flat_map(|layer| layer.names().chain(layer.mentioned.iter().copied())).collect()
    }

    /// Returns the schemas that the property `name` must match.
    pub(super) fn at(&self, name: &str) -> All<'a> {
        let mut all = Vec::new();
        self.layers.iter().for_each(|layer| layer.at(name, &mut all));
        all
    }

    /// Returns the schemas that properties must match which are not named.
    pub(super) fn rest(&self) -> All<'a> {
        let mut all = Vec::new();
        self.layers.iter().for_each(|layer| layer.rest(&mut all));
        all
    }

    /// Returns the schemas that properties must match whose names match `pattern`.
    pub(super) fn schemas_under(&self, pattern: &str, work: &Work) -> All<'a> {
        let mut all = Vec::new();
        self.layers.iter().for_each(|layer| layer.schemas_under(pattern, work, &mut all));
        all
    }

    /// Returns the schemas of patterns that match whatever `pattern` matches.
    pub(super) fn schemas_of_wider(&self, pattern: &str, work: &Work) -> All<'a> {
        self.layers.iter().flat_map(|layer| layer.schemas_of_wider(pattern, work)).collect()
    }

    pub(super) fn name_patterns(&self) -> BTreeSet<&'a str> {
        let patterns = self.layers.iter().filter_map(|layer| layer.patterns);
        patterns.flat_map(Map::keys).map(String::as_str).collect()
    }

    /// Returns `true` if objects may have a property that no schema declares by its name: one of a typed rest.
    pub(super) fn has_typed_rest(&self, name: &str) -> bool {
        self.layers.iter().any(|layer| {
            matches!(layer.rest, Rest::Typed(_))
                || layer.patterns.into_iter().flat_map(Map::keys).any(|pattern| matches(pattern, name))
        })
    }

    /// Returns the schemas of the item at `index`.
    pub(super) fn item(&self, index: usize) -> All<'a> {
        self.items.iter().filter_map(|items| items.at(index)).collect()
    }

    /// Returns the number of items that have schemas of their own.
    pub(super) fn first_items(&self) -> usize {
        self.items.iter().map(|items| items.first.len()).max().unwrap_or(0)
    }

    /// Returns the same with one value for a property that must be there.
    pub(super) fn with_property(&self, name: &'a str, value: &'a Value) -> Self {
        let mut facts = Facts { is_split: true, ..self.clone() };
        facts.assumed.push((name, value));
        facts
    }

    /// Returns the value that the property `name` is taken to have.
    pub(super) fn assumed(&self, name: &str) -> Option<&'a Value> {
        self.assumed.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// Returns `true` if the value that a property is taken to have is none that it may have.
    pub(super) fn contradicts(&self, name: &str) -> bool {
        self.assumed(name).is_some_and(|value| {
            let all = self.at(name);
            !all.iter().all(|schema| schema.fits(value, Direction::Request))
        })
    }

    /// Returns the values of this kind, if they are enumerated.
    pub(super) fn values_of(&self, kind: Kind) -> Option<Vec<&'a Value>> {
        static NULL: [Value; 1] = [Value::Null];
        static FLAGS: [Value; 2] = [Value::Bool(false), Value::Bool(true)];
        let is_left = |value: &&'a Value| Kind::of(value) == kind && !self.refuses(value);
        match (&self.values, kind) {
            (Some(values), _) => Some(values.iter().filter(is_left).collect()),
            (None, Kind::Null) => Some(NULL.iter().filter(is_left).collect()),
            (None, Kind::Boolean) => Some(FLAGS.iter().filter(is_left).collect()),
            _ => None,
        }
    }

    /// Returns `true` if values of this kind are among those that are enumerated.
    pub(super) fn enumerates(&self, kind: Kind) -> bool {
        let values = self.values.as_ref().filter(|_| self.has(kind));
        values.is_some_and(|values| values.iter().any(|value| Kind::of(value) == kind))
    }

    /// Returns `true` if a value is certainly not among these.
    pub(super) fn refuses(&self, value: &Value) -> bool {
        !self.has(Kind::of(value))
            || self.values.as_ref().is_some_and(|values| !values.contains(value))
            || self.excluded.contains(value)
            || self.refuses_scalar(value)
    }

    /// Returns `true` if a number or text is not among these.
    fn refuses_scalar(&self, value: &Value) -> bool {
        match value {
            Value::Number(number) => !self.numbers.admits(number),
            Value::String(text) => {
                let length = text.chars().count() as u64;
                let count = Count { least: length, most: Some(length) };
                let is_found = |pattern: &&str| Pattern::compile(pattern)?.is_found_in(text);
                let is_of_format = |format: &&str| {
                    let schema = serde_json::json!({"type": "string", "format": format});
                    samples::fits(&schema, &schema, value, Direction::Request)
                };
                !count.is_within(self.length)
                    || self.patterns.iter().any(|pattern| is_found(pattern) == Some(false))
                    || self.unlike.iter().any(|pattern| is_found(pattern) == Some(true))
                    || !self.formats.iter().all(is_of_format)
            }
            _ => false,
        }
    }

    /// Returns `true` if these require a property that the sender of `sent` does not have.
    pub(super) fn requires_more_than(&self, sent: &Facts<'a>) -> bool {
        let names = sent.mentioned();
        self.has(Kind::Object)
            && self.kinds & !Kind::Object.bit() & sent.kinds == 0
            && self.required().any(|name| {
                !names.contains(name) && !sent.required.contains(name) && !sent.has_typed_rest(name)
            })
    }

    /// Returns the facts of values that have both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.kinds &= other.kinds;
        both.values = match (&self.values, &other.values) {
            (Some(one), Some(other)) => Some(one.iter().filter(|value| other.contains(value)).collect()),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        both.excluded.extend(other.excluded.iter());
        both.numbers = self.numbers.and(&other.numbers);
        both.length = self.length.and(other.length);
        both.patterns.extend(&other.patterns);
        both.unlike.extend(&other.unlike);
        both.formats.extend(&other.formats);
        both.items_count = self.items_count.and(other.items_count);
        both.unique |= other.unique;
        both.items.extend(&other.items);
        both.members_count = self.members_count.and(other.members_count);
        both.layers.extend(other.layers.iter().cloned());
        both.required.extend(&other.required);
        both.opaque.extend(other.opaque.iter().cloned());
        both.assumed.extend(&other.assumed);
        both.is_split |= other.is_split;
        both.tidied()
    }

    /// Returns the same without kinds of which there are no values.
    pub(super) fn tidied(mut self) -> Self {
        if self.numbers.is_empty() {
            self.kinds &= !Kind::Number.bit();
        }
        for (kind, count) in
            [(Kind::String, self.length), (Kind::Array, self.items_count), (Kind::Object, self.members_count)]
        {
            if count.is_empty() {
                self.kinds &= !kind.bit();
            }
        }
        if self.values.is_some() || !self.excluded.is_empty() {
            let left: Vec<Kind> = self
                .kinds()
                .filter(|kind| self.values_of(*kind).is_none_or(|values| !values.is_empty()))
                .collect();
            self.keep(left);
        }
        self
    }
}
