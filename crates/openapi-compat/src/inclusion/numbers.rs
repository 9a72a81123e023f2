//! Ranges of numbers, and counts.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The number of characters, items or members that there may be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

impl Count {
    pub(super) fn of(least: Option<&Value>, most: Option<&Value>) -> Self {
        let number = |value: Option<&Value>| value.and_then(Value::as_u64);
        Count { least: number(least).unwrap_or(0), most: number(most) }
    }

    pub(super) fn and(self, other: Self) -> Self {
        let most = match (self.most, other.most) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Count { least: self.least.max(other.least), most }
    }

    pub(super) fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }

    /// Returns the counts that are less, and those that are more.
    pub(super) fn opposites(self) -> impl Iterator<Item = Self> {
        let fewer = self.least.checked_sub(1).map(|most| Count { least: 0, most: Some(most) });
        let more = self.most.and_then(|most| most.checked_add(1)).map(|least| Count { least, most: None });
        fewer.into_iter().chain(more)
    }

    pub(super) fn is_within(self, other: Self) -> bool {
        self.least >= other.least && other.most.is_none_or(|most| self.most.is_some_and(|own| own <= most))
    }
}

/// A number, exact if it is whole.
#[derive(Clone, Copy, Debug)]
struct Point {
    exact: Option<i128>,
    float: f64,
}

impl Point {
    fn of(number: &Number) -> Option<Self> {
        let float = number.as_f64()?;
        Some(Point { exact: number.as_i128().or_else(|| whole(float)), float })
    }

    #[allow(clippy::cast_precision_loss, reason = "whole numbers are compared exactly")]
    fn whole(exact: i128) -> Self {
        Point { exact: Some(exact), float: exact as f64 }
    }

    fn compare(self, other: Self) -> Ordering {
        match (self.exact, other.exact) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => self.float.total_cmp(&other.float),
        }
    }
}

/// Returns a float as the whole number that it is.
#[allow(clippy::cast_possible_truncation, reason = "larger numbers are left out")]
fn whole(float: f64) -> Option<i128> {
    const LARGEST: f64 = 1e30;
    (float.fract() == 0.0 && float.abs() < LARGEST).then_some(float as i128)
}

/// A bound, which may itself be excluded.
#[derive(Clone, Copy, Debug)]
struct Limit {
    point: Point,
    excluded: bool,
}

/// The numbers that there may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    pub(super) whole: bool,
    /// `true` if the numbers are of the type `integer`.
    pub(super) integer: bool,
    low: Option<Limit>,
    high: Option<Limit>,
    parts: Vec<Point>,
}

impl Bounds {
    pub(super) fn of(schema: &serde_json::Map<String, Value>) -> Self {
        let number = |key: &str| schema.get(key).and_then(Value::as_number);
        let limit = |key: &str, excluded| Some(Limit { point: Point::of(number(key)?)?, excluded });
        let low = tighter(limit("minimum", false), limit("exclusiveMinimum", true), Ordering::Greater);
        let high = tighter(limit("maximum", false), limit("exclusiveMaximum", true), Ordering::Less);
        let parts: Vec<Point> = number("multipleOf").and_then(Point::of).into_iter().collect();
        let is_whole = schema.get("type").is_some_and(|kind| kind == "integer");
        let format = schema.get("format").and_then(Value::as_str);
        let mut bounds = Bounds { whole: is_whole, integer: is_whole, low, high, parts }.rounded();
        if is_whole && let Some((least, most)) = range(format.unwrap_or_default()) {
            let limit = |exact| Some(Limit { point: Point::whole(exact), excluded: false });
            let of_format = Bounds {
                whole: true,
                integer: true,
                low: limit(least),
                high: limit(most),
                parts: Vec::new(),
            };
            bounds = bounds.and(&of_format);
        }
        bounds
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let low = tighter(self.low, other.low, Ordering::Greater);
        let high = tighter(self.high, other.high, Ordering::Less);
        let parts = self.parts.iter().chain(&other.parts).copied().collect();
        let (whole, integer) = (self.whole || other.whole, self.integer || other.integer);
        Bounds { whole, integer, low, high, parts }.rounded()
    }

    /// Returns the conditions that these are made of.
    pub(super) fn parts(&self) -> Vec<Self> {
        let single = |low, high, parts| Bounds { low, high, parts, ..Bounds::default() };
        let mut all = vec![
            Bounds { whole: self.whole, integer: self.integer, ..Bounds::default() },
            single(self.low, None, Vec::new()),
            single(None, self.high, Vec::new()),
        ];
        all.extend(self.parts.iter().map(|part| single(None, None, vec![*part])));
        all.retain(|part| !Bounds::default().is_within(part));
        all
    }

    /// Returns the numbers outside, or nothing if bounds cannot say which.
    pub(super) fn opposites(&self) -> Option<Vec<Self>> {
        let flipped = |limit: Limit| Some(Limit { excluded: !limit.excluded, ..limit });
        let below = self.low.map(|low| Bounds { high: flipped(low), ..Bounds::default() });
        let above = self.high.map(|high| Bounds { low: flipped(high), ..Bounds::default() });
        (!self.whole && self.parts.is_empty()).then(|| below.into_iter().chain(above).collect())
    }

    /// Moves the bounds of whole numbers to the nearest ones within.
    fn rounded(mut self) -> Self {
        self.whole |= self.parts.iter().any(|part| part.exact.is_some_and(|exact| exact != 0));
        if self.whole {
            self.low = self.low.map(|limit| inner(limit, 1, f64::ceil));
            self.high = self.high.map(|limit| inner(limit, -1, f64::floor));
        }
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        let (Some(low), Some(high)) = (self.low, self.high) else { return false };
        match low.point.compare(high.point) {
            Ordering::Greater => true,
            Ordering::Equal => low.excluded || high.excluded,
            Ordering::Less => false,
        }
    }

    pub(super) fn admits(&self, number: &Number) -> bool {
        let Some(point) = Point::of(number) else { return true };
        let within = |limit: Option<Limit>, side: Ordering| {
            limit.is_none_or(|limit| match point.compare(limit.point) {
                Ordering::Equal => !limit.excluded,
                other => other == side,
            })
        };
        (!self.whole || point.exact.is_some())
            && within(self.low, Ordering::Greater)
            && within(self.high, Ordering::Less)
            && self.parts.iter().all(|part| is_multiple(point, *part))
    }

    /// Returns the numbers that there may be, if they are few.
    pub(super) fn listed(&self) -> Option<Vec<Value>> {
        const MOST: i128 = 256;
        let end = |limit: Option<Limit>| limit.filter(|limit| !limit.excluded)?.point.exact;
        let (low, high) = (end(self.low)?, end(self.high)?);
        let is_whole_only = self.whole || low == high;
        if !is_whole_only || high.checked_sub(low)? > MOST {
            return None;
        }
        let numbers = (low..=high).filter_map(Number::from_i128).filter(|number| self.admits(number));
        Some(numbers.map(Value::Number).collect())
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        let bound = |own: Option<Limit>, other: Option<Limit>, side: Ordering| match (own, other) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => match own.point.compare(other.point) {
                Ordering::Equal => own.excluded || !other.excluded,
                order => order == side,
            },
        };
        // What is a multiple of several numbers is one of their least common multiple.
        let own = self.parts.iter().filter_map(|part| part.exact).try_fold(1, common_multiple);
        let common = own.map(Point::whole).filter(|_| self.whole);
        let divides = |part: &Point| self.parts.iter().chain(&common).any(|own| is_multiple(*own, *part));
        (self.whole || !other.whole)
            && bound(self.low, other.low, Ordering::Greater)
            && bound(self.high, other.high, Ordering::Less)
            && other.parts.iter().all(divides)
    }
}

fn tighter(one: Option<Limit>, other: Option<Limit>, side: Ordering) -> Option<Limit> {
    let (Some(first), Some(second)) = (one, other) else { return one.or(other) };
    Some(match second.point.compare(first.point) {
        Ordering::Equal => Limit { excluded: first.excluded || second.excluded, ..first },
        order if order == side => second,
        _ => first,
    })
}

/// Returns the nearest whole number that a bound admits, as a bound that is included.
fn inner(limit: Limit, step: i128, round: fn(f64) -> f64) -> Limit {
    let exact = match limit.point.exact {
        Some(exact) if limit.excluded => Some(exact + step),
        Some(exact) => Some(exact),
        None => whole(round(limit.point.float)),
    };
    exact.map_or(limit, |exact| Limit { point: Point::whole(exact), excluded: false })
}

fn is_multiple(number: Point, part: Point) -> bool {
    const TOLERANCE: f64 = 1e-9;
    if part.float == 0.0 {
        return true;
    }
    if let (Some(number), Some(part)) = (number.exact, part.exact) {
        return number % part == 0;
    }
    let quotient = number.float / part.float;
    (quotient - quotient.round()).abs() <= TOLERANCE * quotient.abs().max(1.0)
}

/// Returns the least common multiple of two numbers, unless it is too large.
fn common_multiple(one: i128, other: i128) -> Option<i128> {
    let (mut common, mut rest) = (one, other);
    while rest != 0 {
        (common, rest) = (rest, common.checked_rem(rest)?);
    }
    if common == 0 { Some(0) } else { one.checked_mul(other.checked_div(common)?).map(i128::abs) }
}

/// Returns the range of whole numbers of a format.
pub(super) fn range(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        _ => return None,
    })
}
