//! Reads a response as its type and watches, while that happens, whether it is as its shape says.
//!
//! Drift that needs no repair is reported right away: properties, values and texts that the document does not have. Other drift
//! is looked at again by `compare`, which knows what to repair. Watching allocates nothing until something is found, so that
//! reading costs about as much as it does without.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::place::{Step, pointer};
use super::report::{Drift, DriftKind};
use super::shape::{Object, Scalar, Shape};
use crate::dialect::Dialect;

/// The most properties of an object whose presence is watched; one with more is always looked at again.
const MAX_PROPERTIES: usize = u128::BITS as usize;

/// A value that is not looked into.
const OPAQUE: Expected<'static> = Expected { shape: &Shape::Opaque, nullable: true };

/// Reads `body` as a `T`, and returns how it drifts from `shape`; `None` if it may have to be repaired for that.
///
/// # Errors
/// If it is not a `T`.
pub(crate) fn read<T: DeserializeOwned>(
    dialect: &dyn Dialect,
    shape: &Shape,
    body: &[u8],
) -> (Result<T, serde_json::Error>, Option<Vec<Drift>>) {
    let watch = Watch::new(dialect, None);
    let read = watch.read(Expected::item(shape), body);
    let is_told = read.is_ok() && !watch.drifts.get();
    let mut found = watch.found.into_inner();
    // The order of the document is that of the numbers on the way to a place, whose last one comes first.
    found.sort_by(|one, other| {
        let numbers =
            |found: &'_ Found| found.steps.iter().rev().map(|(number, _)| *number).collect::<Vec<_>>();
        numbers(one).cmp(&numbers(other))
    });
    (read, is_told.then(|| found.into_iter().map(Found::drift).collect()))
}

/// Reads `body` as a `T`. An error is returned with its place as a JSON pointer.
///
/// # Errors
/// If it is not a `T`.
pub(crate) fn read_traced<T: DeserializeOwned>(
    dialect: &dyn Dialect,
    body: &[u8],
) -> Result<T, (String, serde_json::Error)> {
    let watch = Watch::new(dialect, Some(RefCell::default()));
    watch.read(OPAQUE, body).map_err(|fault| {
        let steps = watch.steps.map(RefCell::into_inner).unwrap_or_default();
        (pointer(steps.iter().rev()).0, fault)
    })
}

/// The drift that is noticed while a body is read.
struct Watch<'w> {
    dialect: &'w dyn Dialect,
    /// `true` if the body may differ from its shape in a way that has to be repaired.
    drifts: Cell<bool>,
    /// The differences that need no repair.
    found: RefCell<Vec<Found>>,
    /// The steps to the place where reading failed, the last one first, if somebody asks for them.
    steps: Option<RefCell<Vec<Step>>>,
}

/// A difference while the way to it is not known to its beginning.
struct Found {
    kind: DriftKind,
    value: Option<Value>,
    /// The steps to its place, the last one first, each with its number in the order of the document.
    steps: Vec<(usize, Step)>,
}

impl Found {
    fn drift(self) -> Drift {
        let (pointer, place) = pointer(self.steps.iter().rev().map(|(_, step)| step));
        Drift { pointer, place, kind: self.kind, value: self.value }
    }
}

impl<'w> Watch<'w> {
    fn new(dialect: &'w dyn Dialect, steps: Option<RefCell<Vec<Step>>>) -> Self {
        Watch { dialect, drifts: Cell::new(false), found: RefCell::default(), steps }
    }

    fn find(&self, kind: DriftKind, value: Option<Value>) {
        self.found.borrow_mut().push(Found { kind, value, steps: Vec::new() });
    }

    /// Returns how much was found so far.
    #[inline]
    fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// Adds a step to what was found beyond the first `before`.
    #[inline]
    fn found_at(&self, before: usize, step: impl Fn() -> (usize, Step)) {
        if self.count() > before {
            for found in &mut self.found.borrow_mut()[before..] {
                found.steps.push(step());
            }
        }
    }

    fn read<T: DeserializeOwned>(&self, expected: Expected<'_>, body: &[u8]) -> Result<T, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_slice(body);
        let value = T::deserialize(Watched { inner: &mut json, watch: self, role: Role::Value(expected) })?;
        json.end()?;
        Ok(value)
    }

    #[inline]
    fn drifts_unless(&self, fits: bool) {
        if !fits {
            self.drifts.set(true);
        }
    }

    /// Keeps a step to the place where reading failed, on the way out of it.
    #[inline]
    fn failed_at(&self, step: impl FnOnce() -> Step) {
        if let Some(steps) = &self.steps {
            steps.borrow_mut().push(step());
        }
    }
}

/// The value that the document has in a place.
#[derive(Clone, Copy)]
struct Expected<'w> {
    shape: &'w Shape,
    nullable: bool,
}

impl<'w> Expected<'w> {
    /// Returns what is expected of a value that is no property.
    #[inline]
    fn item(shape: &'w Shape) -> Self {
        match shape {
            Shape::Nullable(shape) => Expected { nullable: true, ..Expected::item(shape) },
            Shape::Opaque => OPAQUE,
            shape => Expected { shape, nullable: false },
        }
    }

    #[inline]
    fn admits(self, scalar: &Scalar<'_>) -> Admits {
        let fits = match (self.shape, scalar) {
            (Shape::Opaque, _) => true,
            (Shape::Nullable(shape), _) => return Expected { shape, ..self }.admits(scalar),
            (Shape::Scalar { reads, .. }, scalar) => reads(scalar),
            (Shape::Choice([only]), Scalar::Text(text)) => only == text,
            (Shape::Choice(known), Scalar::Text(text)) if known.contains(text) => true,
            (Shape::Choice(_), Scalar::Text(_)) => return Admits::As(DriftKind::UnknownValue),
            (Shape::Text { longest, pattern }, Scalar::Text(text)) => {
                let fits = longest
                    .is_none_or(|longest| text.len() <= longest || text.chars().count() <= longest)
                    && pattern.is_none_or(|pattern| pattern().is_found_in(text) != Some(false));
                return if fits { Admits::Yes } else { Admits::As(DriftKind::OffLimits) };
            }
            _ => false,
        };
        if fits { Admits::Yes } else { Admits::No }
    }

    /// Returns what is expected of the items of a list; `None` if there should be no list.
    #[inline]
    fn items(self) -> Option<Expected<'w>> {
        match self.shape {
            Shape::Opaque => Some(OPAQUE),
            Shape::Nullable(shape) => Expected { shape, ..self }.items(),
            Shape::List(items) => Some(Expected::item(items)),
            _ => None,
        }
    }

    /// Returns what is expected of the members of an object; `None` if there should be no object.
    #[inline]
    fn members(self) -> Option<Members<'w>> {
        match self.shape {
            Shape::Opaque => Some(Members { named: None, others: Some(OPAQUE) }),
            Shape::Nullable(shape) => Expected { shape, ..self }.members(),
            Shape::Map(items) => Some(Members { named: None, others: Some(Expected::item(items)) }),
            Shape::Object(object) => Some(Members { named: Some(object), others: None }),
            Shape::Open(object, others) => {
                Some(Members { named: Some(object), others: Some(Expected::item(others)) })
            }
            _ => None,
        }
    }
}

/// The answer to the question if a value can be what is expected.
enum Admits {
    Yes,
    /// It can, and is reported.
    As(DriftKind),
    No,
}

/// The members that the document has in an object.
#[derive(Clone, Copy)]
struct Members<'w> {
    named: Option<&'w Object>,
    others: Option<Expected<'w>>,
}

/// An object while its members are read.
struct Open<'w> {
    watch: &'w Watch<'w>,
    members: Members<'w>,
    /// A bit for each property that was read.
    seen: Cell<u128>,
    /// The number of the property that comes next if they are in the order of the document.
    next: Cell<usize>,
    /// The number of the property whose value comes next, if it is one that the document names.
    property: Cell<Option<usize>>,
    /// `true` if that value is of a property that the document does not have.
    unknown: Cell<bool>,
    /// The number of values without a property so far.
    others: Cell<usize>,
    /// The name of the value that comes next, if its property does not have it.
    name: RefCell<String>,
}

impl<'w> Open<'w> {
    fn new(watch: &'w Watch<'w>, members: Members<'w>) -> Self {
        Open {
            watch,
            members,
            seen: Cell::new(0),
            next: Cell::new(0),
            property: Cell::new(None),
            unknown: Cell::new(false),
            others: Cell::new(0),
            name: RefCell::default(),
        }
    }

    /// Notes the name of the next value.
    #[inline]
    fn begin(&self, name: &str) {
        let index = self.members.named.and_then(|object| self.place(object, name));
        self.property.set(index);
        if let Some(index) = index {
            self.next.set(index + 1);
            let bit = u32::try_from(index).ok().and_then(|index| 1_u128.checked_shl(index));
            self.seen.set(self.seen.get() | bit.unwrap_or_default());
        } else {
            name.clone_into(&mut self.name.borrow_mut());
            self.others.set(self.others.get() + 1);
            self.unknown.set(self.members.others.is_none());
            self.watch.drifts_unless(!self.is_moved(name));
        }
    }

    /// Returns the step to the value that comes next, and its number in the order of the document.
    fn step(&self) -> (usize, Step) {
        let named = self.members.named.map_or(&[][..], |object| object.properties);
        match self.property.get().and_then(|index| Some((index, named.get(index)?))) {
            Some((index, property)) => (index, Step::Name(property.name.to_owned())),
            None => (named.len() + self.others.get(), Step::Name(self.name.borrow().clone())),
        }
    }

    /// Returns what is expected of the value that comes next.
    #[inline]
    fn value(&self) -> Expected<'w> {
        let property = self.property.get().and_then(|index| self.members.named?.properties.get(index));
        match property {
            Some(property) => Expected { shape: &property.shape, nullable: property.nullable },
            None => self.members.others.unwrap_or(OPAQUE),
        }
    }

    /// Returns the number of a property, which most servers write in the order of the document.
    #[inline]
    fn place(&self, object: &Object, name: &str) -> Option<usize> {
        let next = self.next.get();
        if object.properties.get(next).is_some_and(|property| property.name == name) {
            return Some(next);
        }
        object.properties.iter().position(|property| property.name == name)
    }

    /// Returns `true` if a property without a name of its own may be where other releases answer a named one.
    fn is_moved(&self, name: &str) -> bool {
        self.members.named.is_some_and(|object| {
            let mut objects = object
                .properties
                .iter()
                .filter(|property| matches!(property.shape, Shape::Object(_) | Shape::Open(..)));
            objects.any(|property| self.watch.dialect.expanded(property.name).as_deref() == Some(name))
        })
    }

    /// Notes that there are no more members.
    #[inline]
    fn end(&self) {
        let Some(object) = self.members.named else { return };
        let seen = self.seen.get();
        if usize::try_from(seen.count_ones()) == Ok(object.properties.len()) {
            return;
        }
        let is_missing = |(index, expected): (usize, bool)| expected && seen >> index & 1 == 0;
        let expected = object.properties.iter().map(|property| property.expected).enumerate();
        let complete = object.properties.len() <= MAX_PROPERTIES && !expected.into_iter().any(is_missing);
        self.watch.drifts_unless(complete);
    }
}

/// The part that a value has in a body.
#[derive(Clone, Copy)]
enum Role<'w> {
    Value(Expected<'w>),
    /// The name of a member.
    Name(&'w Open<'w>),
}

/// A deserializer, visitor, seed or access to which nothing happens unnoticed.
struct Watched<'w, T> {
    inner: T,
    watch: &'w Watch<'w>,
    role: Role<'w>,
}

impl<'w, T> Watched<'w, T> {
    #[inline]
    fn with<U>(&self, inner: U) -> Watched<'w, U> {
        Watched { inner, watch: self.watch, role: self.role }
    }

    #[inline]
    fn scalar(&self, scalar: &Scalar<'_>) {
        match (self.role, scalar) {
            (Role::Value(expected), scalar) => match (expected.admits(scalar), scalar) {
                (Admits::Yes, _) => {}
                (Admits::As(DriftKind::UnknownValue), Scalar::Text(text)) => {
                    self.watch.find(DriftKind::UnknownValue, Some(Value::from(*text)));
                }
                (Admits::As(kind), _) => self.watch.find(kind, None),
                (Admits::No, _) => self.watch.drifts_unless(false),
            },
            (Role::Name(object), Scalar::Text(name)) => object.begin(name),
            (Role::Name(object), _) => self.watch.drifts_unless(object.members.named.is_none()),
        }
    }

    #[inline]
    fn null(&self) {
        self.watch.drifts_unless(matches!(self.role, Role::Value(expected) if expected.nullable));
    }

    /// Returns the part of what is found in this value; `None` of `found` is something that should not be there.
    #[inline]
    fn inside<U>(&self, found: impl FnOnce(Expected<'w>) -> Option<U>) -> Option<U> {
        let found = match self.role {
            Role::Value(expected) => found(expected),
            Role::Name(_) => None,
        };
        self.watch.drifts_unless(found.is_some());
        found
    }
}

/// Hands the calls of a deserializer on, with a visitor that is watched.
macro_rules! deserialize {
    ($($method:ident($($argument:ident: $ty:ty),*)),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            let visitor = self.with(visitor);
            self.inner.$method($($argument,)* visitor)
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, D> {
    type Error = D::Error;

    deserialize! {
        deserialize_any(), deserialize_bool(),
        deserialize_i8(), deserialize_i16(), deserialize_i32(), deserialize_i64(), deserialize_i128(),
        deserialize_u8(), deserialize_u16(), deserialize_u32(), deserialize_u64(), deserialize_u128(),
        deserialize_f32(), deserialize_f64(),
        deserialize_char(), deserialize_str(), deserialize_string(), deserialize_bytes(), deserialize_byte_buf(),
        deserialize_option(), deserialize_unit(), deserialize_unit_struct(name: &'static str),
        deserialize_newtype_struct(name: &'static str), deserialize_seq(), deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize), deserialize_map(),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
        deserialize_identifier(), deserialize_ignored_any(),
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Notes a scalar and hands it on.
macro_rules! visit_scalar {
    ($($method:ident($ty:ty) $value:ident => $scalar:expr),+ $(,)?) => {$(
        fn $method<E: serde::de::Error>(self, $value: $ty) -> Result<V::Value, E> {
            self.scalar(&$scalar);
            self.inner.$method($value)
        }
    )+};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    visit_scalar! {
        visit_bool(bool) value => Scalar::Truth(value),
        visit_i64(i64) value => Scalar::Signed(value),
        visit_u64(u64) value => Scalar::Unsigned(value),
        visit_f64(f64) value => Scalar::Float(value),
        visit_str(&str) value => Scalar::Text(value),
        visit_borrowed_str(&'de str) value => Scalar::Text(value),
        visit_string(String) value => Scalar::Text(&value),
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.null();
        self.inner.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.null();
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.visit_some(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.visit_newtype_struct(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        let expected = self.inside(Expected::items).unwrap_or(OPAQUE);
        self.inner.visit_seq(Items { inner: items, watch: self.watch, expected, index: 0 })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let opaque = Members { named: None, others: Some(OPAQUE) };
        let expected = self.inside(Expected::members).unwrap_or(opaque);
        self.inner.visit_map(Named { inner: members, object: Open::new(self.watch, expected) })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        let variant = self.with(variant);
        self.inner.visit_enum(variant)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Watched<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.deserialize(deserializer)
    }
}

/// The name of the variant is the value; what an object of one member holds is looked at by nobody.
impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Watched<'_, A> {
    type Error = A::Error;
    type Variant = A::Variant;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, A::Variant), A::Error> {
        let seed = self.with(seed);
        self.inner.variant_seed(seed)
    }
}

/// The items of a list.
struct Items<'w, A> {
    inner: A,
    watch: &'w Watch<'w>,
    expected: Expected<'w>,
    index: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let seed = Watched { inner: seed, watch: self.watch, role: Role::Value(self.expected) };
        let before = self.watch.count();
        let item = self.inner.next_element_seed(seed);
        self.watch.found_at(before, || (self.index, Step::Index(self.index)));
        if item.is_err() {
            self.watch.failed_at(|| Step::Index(self.index));
        }
        self.index += 1;
        item
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The members of an object.
struct Named<'w, A> {
    inner: A,
    object: Open<'w>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Named<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let Named { inner, object } = self;
        object.property.set(None);
        object.unknown.set(false);
        let key =
            inner.next_key_seed(Watched { inner: seed, watch: object.watch, role: Role::Name(object) })?;
        if key.is_none() {
            object.end();
        }
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let Named { inner, object } = self;
        let watch = object.watch;
        let before = watch.count();
        let value = if object.unknown.get() {
            inner.next_value::<Value>().and_then(|value| {
                watch.find(DriftKind::UnknownProperty, Some(value.clone()));
                seed.deserialize(value).map_err(A::Error::custom)
            })
        } else {
            inner.next_value_seed(Watched { inner: seed, watch, role: Role::Value(object.value()) })
        };
        watch.found_at(before, || object.step());
        if value.is_err() {
            watch.failed_at(|| object.step().1);
        }
        value
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::super::compare;
    use super::super::sample::{LIST, VISITS};
    use super::super::shape::{Property, reads};
    use super::*;
    use crate::dialect::ErrorReport;

    /// The dialect of the pets.
    #[derive(Debug)]
    struct Pets;

    impl Dialect for Pets {
        fn read_error(&self, _: StatusCode, _: &HeaderMap, _: &[u8]) -> ErrorReport {
            ErrorReport::default()
        }

        fn is_essential(&self, property: &str) -> bool {
            property == "pk"
        }

        fn expanded(&self, property: &str) -> Option<String> {
            Some(format!("{property}_obj"))
        }
    }

    const ID: &str = "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d";

    /// An object with other properties, one of whose own may be answered under another name.
    const OPEN: Shape = Shape::Open(
        &Object {
            properties: &[Property {
                name: "home",
                essential: false,
                required: false,
                expected: false,
                nullable: false,
                shape: Shape::Object(&Object { properties: &[] }),
            }],
        },
        &Shape::Nullable(&Shape::Map(&Shape::List(&Shape::Scalar { reads: reads::<u8>, neutral: "0" }))),
    );

    fn bodies() -> Vec<(&'static Shape, Value)> {
        let pet = json!({"pk": ID, "name": "Rex", "slug": "rex", "tame": true, "friends": [ID], "keeper": null,
                         "picture": "/x.svg", "mood": "calm"});
        let pages = json!({"next": 0, "count": 1, "total_pages": 1});
        let visit =
            json!({"pk": 1, "room": ID, "pet": pet, "reason": "x", "created": "2024-08-01T12:00:00Z"});
        let list = json!({"pagination": pages, "results": [pet, pet]});
        let visits = json!({"pagination": pages, "results": [visit]});
        let shapes = [(LIST.answer.as_ref(), list), (VISITS.answer.as_ref(), visits)];
        let mut bodies: Vec<_> = shapes.into_iter().map(|(shape, body)| (shape.unwrap(), body)).collect();
        bodies.push((&OPEN, json!({"home": {}, "a": null, "b": {"c": [1, 2]}})));
        bodies
    }

    /// Returns all places in `value` as JSON pointers.
    fn places(value: &Value, at: &str, places: &mut Vec<String>) {
        places.push(at.to_owned());
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| self::places(value, &format!("{at}/{name}"), places));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(index, item)| self::places(item, &format!("{at}/{index}"), places));
            }
            _ => {}
        }
    }

    /// Returns what may stand in a place instead of what does; `None` if nothing does.
    fn values() -> impl Strategy<Value = Option<Value>> {
        let values = [
            json!(null),
            json!(true),
            json!(7),
            json!(-7),
            json!(300),
            json!(2.0),
            json!(2.5),
            json!(""),
            json!("no slug"),
            json!("wild"),
            json!(ID),
            json!("2024-08-01T12:00:00+02:00"),
            json!([]),
            json!([ID, "x"]),
            json!({}),
            json!({"x": [3]}),
        ];
        prop::sample::select(values.map(Some).into_iter().chain([None]).collect::<Vec<_>>())
    }

    fn changed(mut body: Value, place: &str, value: Option<Value>, added: Option<&str>) -> Value {
        let (parent, last) = place.rsplit_once('/').unwrap_or_default();
        if let (None, Some(Value::Object(members))) = (&value, body.pointer_mut(parent)) {
            members.shift_remove(last);
        }
        if let (Some(value), Some(old)) = (&value, body.pointer_mut(place)) {
            *old = value.clone();
        }
        if let (Some(name), Some(Value::Object(members))) = (added, body.pointer_mut(parent)) {
            members.insert(name.to_owned(), value.unwrap_or_default());
        }
        body
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_drift_passes_unnoticed(
            which in 0..3_usize,
            place in any::<prop::sample::Index>(),
            value in values(),
            added in prop::option::of(prop::sample::select(vec!["new", "pet_obj", "home_obj"])),
        ) {
            let (shape, body) = bodies().swap_remove(which);
            let mut all = Vec::new();
            places(&body, "", &mut all);
            let body = changed(body, &all[place.index(all.len())], value, added);
            let text = body.to_string();
            let (read, drifts) = read::<Value>(&Pets, shape, text.as_bytes());
            prop_assert_eq!(read.unwrap(), body.clone());
            let (found, changed) = compare::settle(&Pets, shape, &mut body.clone());
            prop_assert!(drifts.is_none_or(|drifts| drifts == found && !changed), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_as_described_is_not_looked_at_again() {
        for (shape, body) in bodies() {
            let (read, drifts) = read::<Value>(&Pets, shape, body.to_string().as_bytes());
            assert_eq!((read.unwrap(), drifts), (body, Some(Vec::new())));
        }
    }

    #[test]
    fn what_needs_no_repair_is_reported_in_the_order_of_the_document() {
        let (shape, mut body) = bodies().swap_remove(0);
        for (place, name) in
            [("/results/1", "new"), ("/pagination", "a/b"), ("", "more"), ("/results/0", "x")]
        {
            body.pointer_mut(place).unwrap()[name] = json!({"s": [1]});
        }
        body["results"][1]["slug"] = json!("no slug");
        body["results"][0]["mood"] = json!("odd");
        let results = body.as_object_mut().unwrap().shift_remove("results").unwrap();
        // The answer has another order.
        let mut turned = serde_json::Map::from_iter([("results".to_owned(), results)]);
        turned.extend(body.as_object().unwrap().clone());
        let body = Value::Object(turned);
        let (_, drifts) = read::<Value>(&Pets, shape, body.to_string().as_bytes());
        let (found, changed) = compare::settle(&Pets, shape, &mut body.clone());
        assert_eq!((drifts, changed), (Some(found.clone()), false));
        let places = [
            "/pagination/a~1b",
            "/results/0/mood",
            "/results/0/x",
            "/results/1/slug",
            "/results/1/new",
            "/more",
        ];
        assert_eq!(found.iter().map(Drift::pointer).collect::<Vec<_>>(), places);
    }

    #[test]
    fn an_object_of_more_properties_than_are_watched_is_looked_at_again() {
        const ONE: Property = Property {
            name: "a",
            essential: false,
            required: false,
            expected: false,
            nullable: false,
            shape: Shape::Opaque,
        };
        const MANY: Shape = Shape::Object(&Object { properties: &[ONE; MAX_PROPERTIES + 1] });
        assert_eq!(read::<Value>(&Pets, &MANY, b"{}").1, None);
    }

    #[test]
    fn an_error_has_its_place() {
        let at = |body: &str| {
            read_traced::<std::collections::BTreeMap<String, Vec<Option<u8>>>>(&Pets, body.as_bytes())
                .unwrap_err()
                .0
        };
        assert_eq!(at(r#"{"a": [1], "b/~": [1, null, 300]}"#), "/b~1~0/2");
        assert_eq!(at(r#"{"a": 1}"#), "/a");
        assert_eq!(at("{"), "");
        assert_eq!(at("{} x"), "");
    }
}
