//! Compares a request with what is expected, and says in words what is different.

use serde_json::Value;

use crate::entry::{Entry, Kept, fields};
use crate::expectation::Criteria;
use crate::secrets::Secrets;
use crate::show::target;

/// Everything in which a request is not what is expected.
#[derive(Debug, Default)]
pub(crate) struct Misses {
    /// The differences, each of which follows the name of the request, such as `whose status is 404 instead of 200`.
    pub(crate) words: Vec<String>,
    /// `true` if it is another operation, method or path that was asked for.
    pub(crate) is_elsewhere: bool,
}

/// Returns the differences. Bodies and queries are compared only where the request is for what is expected.
pub(crate) fn misses(criteria: &Criteria, entry: &Entry, secrets: &Secrets) -> Misses {
    let mut words = Vec::new();
    let operation = entry.operation();
    if criteria.operation.as_deref().is_some_and(|wanted| operation != Some(wanted)) {
        words.push(match operation {
            Some(operation) => format!("which is `{operation}`"),
            None => "which is no operation".to_owned(),
        });
    }
    if let Some(method) = criteria.method.as_ref().filter(|method| **method != entry.method) {
        words.push(format!("whose method is not {method}"));
    }
    if let Some(path) = criteria.path.as_ref().filter(|path| !path.fits(&entry.path)) {
        words.push(format!("whose path is not `{path}`"));
    }
    if let Some(world) = criteria.world.as_ref().filter(|world| entry.world() != Some(world)) {
        words.push(format!("which is not in the world `{world}`"));
    }
    if !words.is_empty() {
        return Misses { words, is_elsewhere: true };
    }
    if let Some(wanted) = criteria.status.as_ref()
        && !entry.status.is_some_and(|status| wanted.contains(&status))
    {
        let found = entry.status.map_or_else(|| "missing".to_owned(), |status| status.to_string());
        let (first, last) = (wanted.start(), wanted.end());
        let wanted = if first == last { first.to_string() } else { format!("{first}-{last}") };
        words.push(format!("whose status is {found} instead of {wanted}"));
    }
    if !criteria.query.is_empty() {
        let found = fields(entry.query.as_deref().unwrap_or_default().as_bytes());
        for (name, wanted) in &criteria.query {
            words.extend(parameter(name, wanted, found.get(name), secrets));
        }
    }
    if let Some(wanted) = &criteria.body {
        match (&entry.request.body, entry.json()) {
            (Kept::Length(length), _) => words.push(format!("whose body of {length} bytes was not kept")),
            (_, Some(found)) => {
                let mut differences = Vec::new();
                differ("", wanted, &found, secrets, &mut differences);
                words.extend(differences.into_iter().map(|difference| format!("whose body {difference}")));
            }
            (Kept::All(bytes), None) if !bytes.is_empty() => {
                words.push("whose body is neither JSON nor a form".to_owned());
            }
            _ => words.push("which has no body".to_owned()),
        }
    }
    Misses { words, is_elsewhere: false }
}

/// Returns `true` if a value has all that is wanted: objects may have more members, everything else is the same.
pub(crate) fn has(wanted: &Value, found: &Value) -> bool {
    let mut differences = Vec::new();
    differ("", wanted, found, &Secrets::default(), &mut differences);
    differences.is_empty()
}

/// Returns `true` if a parameter has the values that are wanted.
pub(crate) fn has_parameter(wanted: &Value, found: Option<&Value>) -> bool {
    parameter("", wanted, found, &Secrets::default()).is_none()
}

/// Returns what a request is called: its method, path and query.
pub(crate) fn name(entry: &Entry, secrets: &Secrets) -> String {
    format!("{} {}", entry.method, target(entry, secrets))
}

/// Compares a parameter of the query. One that is there repeatedly has each of its values.
fn parameter(name: &str, wanted: &Value, found: Option<&Value>, secrets: &Secrets) -> Option<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let texts = |value: &Value| match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => vec![text(value)],
    };
    let Some(found) = found else { return Some(format!("whose query lacks `{name}`")) };
    let (all, each) = (texts(found), texts(wanted));
    if if wanted.is_array() { all == each } else { each.iter().all(|wanted| all.contains(wanted)) } {
        return None;
    }
    if secrets.is_parameter(name) {
        return Some(format!("whose query has another `{name}`"));
    }
    Some(format!("whose query has `{name}` {found} instead of {wanted}"))
}

/// Adds the differences of a value from what is expected: objects may have more members, everything else is the same.
fn differ(place: &str, wanted: &Value, found: &Value, secrets: &Secrets, differences: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, wanted) in wanted {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                match found.get(name) {
                    None => differences.push(format!("lacks `{place}`")),
                    Some(found) if secrets.is_property(name) => {
                        let mut hidden = Vec::new();
                        differ(&place, wanted, found, secrets, &mut hidden);
                        if !hidden.is_empty() {
                            differences.push(format!("has another `{place}`"));
                        }
                    }
                    Some(found) => differ(&place, wanted, found, secrets, differences),
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (number, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                differ(&format!("{place}[{number}]"), wanted, found, secrets, differences);
            }
        }
        (wanted, found) if is_same(wanted, found) => {}
        (wanted, found) => {
            let shown = |value: &Value| {
                let mut value = value.clone();
                secrets.hide(&mut value);
                shortened(&value.to_string())
            };
            let (found, wanted) = (shown(found), shown(wanted));
            differences.push(match place {
                "" => format!("is {found} instead of {wanted}"),
                place => format!("has `{place}` {found} instead of {wanted}"),
            });
        }
    }
}

/// Returns `true` if two values are the same; numbers are, however they are written.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other
        || matches!((one.as_f64(), other.as_f64()), (Some(one), Some(other)) if one.total_cmp(&other).is_eq())
}

/// The number of characters of a value that are shown.
const MAX_SHOWN: usize = 200;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
