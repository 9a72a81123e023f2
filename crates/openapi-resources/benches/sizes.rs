//! Prints what operations cost at 100 rows and at 100,000, and the ratio of the two.
#![allow(missing_docs, clippy::print_stdout, clippy::expect_used)]

use std::hint::black_box;
use std::time::Duration;

use openapi_resources::answer::Request;
use openapi_resources::definition::Definition;
use openapi_resources::functions::Functions;
use openapi_resources::plan::Plan;
use openapi_resources::store::{Store, WriteError};
use serde_json::{Value, json};

fn definition() -> Value {
    json!({
        "models": {
            "team": {"key": "id", "fields": {"id": {"kind": "number", "fill": "sequence"}, "slug": {"kind": "text", "unique": true}}},
            "user": {
                "key": "id",
                "fields": {
                    "id": {"kind": "number", "fill": "sequence"},
                    "slug": {"kind": "text", "unique": true},
                    "name": {"kind": "text"},
                    "email": {"kind": "text"},
                    "active": {"kind": "boolean", "fill": {"value": true}},
                    "attributes": {"fill": {"value": {}}},
                    "made": {"kind": "dateTime", "fill": "created"},
                    "team": {"nullable": true, "reference": {"model": "team"}}
                }
            }
        },
        "views": {
            "Team": {"model": "team", "properties": {"id": {"access": "readOnly"}, "slug": {}}},
            "User": {"model": "user", "properties": {
                "id": {"access": "readOnly"}, "slug": {}, "name": {}, "email": {}, "active": {}, "attributes": {},
                "made": {"access": "readOnly"}, "team": {},
                "team_obj": {"source": {"object": {"path": "team", "view": "Team"}}, "access": "readOnly"}
            }}
        },
        "collections": {"users": {
            "path": "/users", "model": "user", "lookup": {"name": "slug", "path": "slug"}, "order": ["name"],
            "filters": {
                "slug": {"path": "slug"}, "team": {"path": "team"}, "team_slug": {"path": "team.slug"}, "active": {"path": "active"}
            },
            "ordering": {"parameter": "ordering", "fields": {"email": "email"}},
            "search": {"parameter": "search", "fields": [{"path": "slug"}, {"path": "name"}, {"path": "email"}]},
            "paging": {"page": {"page": "page", "size": "size", "defaultSize": 20}},
            "envelope": {"items": "results", "facts": {"count": "count", "next": "nextPage"}},
            "operations": {
                "list": {"action": "list", "answer": "User", "status": 200},
                "create": {"action": "create", "request": "User", "answer": "User", "status": 201},
                "retrieve": {"action": "retrieve", "answer": "User", "status": 200},
                "patch": {"action": "patch", "request": "User", "answer": "User", "status": 200}
            }
        }}
    })
}

/// Returns a store with that many users. A team has ten.
fn store(rows: usize) -> Store {
    let definition: Definition = serde_json::from_value(definition()).expect("a definition");
    let store = Store::new(Plan::new(definition, Functions::new()).expect("a plan"));
    let (team, user) =
        (store.plan().model("team").expect("a model"), store.plan().model("user").expect("a model"));
    let made = store.write(|transaction| {
        for number in 0..rows / 10 {
            transaction.insert(team, object(json!({"slug": format!("team-{number}")})));
        }
        for number in 0..rows {
            // The order of names is not that of creation.
            let name = number.wrapping_mul(7919) % rows;
            transaction.insert(
                user,
                object(json!({
                    "slug": format!("user-{number}"),
                    "name": format!("Name {name:06}"),
                    "email": format!("person.{name}@example.com"),
                    "team": number / 10 + 1,
                })),
            );
        }
        Ok::<_, WriteError>(())
    });
    made.expect("rows");
    store
}

fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => serde_json::Map::new(),
    }
}

/// Returns the processor time of this thread so far, which other programs do not add to.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Returns what one call takes: the least average of several rounds, since nothing makes work faster than it is.
fn time(rounds: usize, calls: usize, mut call: impl FnMut(usize)) -> Duration {
    let mut best = Duration::MAX;
    for round in 0..rounds {
        let begun = processor_time();
        for number in 0..calls {
            call(round * calls + number);
        }
        best = best.min(processor_time().saturating_sub(begun) / u32::try_from(calls).unwrap_or(1));
    }
    best
}

fn ask<'a>(
    store: &Store,
    operation: &'a str,
    slug: Option<&'a str>,
    query: &[(&'a str, &str)],
    body: Option<&'a Value>,
) -> usize {
    let path = slug.map(|slug| ("slug", Value::from(slug))).into_iter().collect();
    let query = query.iter().map(|(name, value)| (*name, vec![Value::from(*value)])).collect();
    let answer = store.answer(&Request { operation, path, query, body, ..Request::default() });
    answer.expect("an answer").body.map_or(0, |body| body.len())
}

fn main() {
    // A test run only makes sure that all this works.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (small, large, rounds) = if is_bench { (100, 100_000, 15) } else { (10, 100, 1) };
    let stores = [small, large].map(|rows| (rows, store(rows)));
    let measure = |name: &str, call: &dyn Fn(&Store, usize, usize)| {
        let [few, many] = [&stores[0], &stores[1]].map(|(rows, store)| {
            let calls = if name.starts_with("unindexed") && *rows > 1000 { 1 } else { 200 };
            time(rounds, calls, |number| call(store, *rows, number))
        });
        println!("{name:32} {few:>12.2?} {many:>12.2?}   {:>8.2} x", many.as_secs_f64() / few.as_secs_f64());
    };
    println!("{:32} {small:>12} {large:>12}", "rows");
    measure("list, default order", &|store, _, _| {
        black_box(ask(store, "list", None, &[], None));
    });
    measure("list, page in the middle", &|store, rows, _| {
        let page = (rows / 40).max(1).to_string();
        black_box(ask(store, "list", None, &[("page", &page)], None));
    });
    measure("list, filter by unique field", &|store, rows, number| {
        let slug = format!("user-{}", number * 37 % rows);
        black_box(ask(store, "list", None, &[("slug", &slug)], None));
    });
    measure("list, filter by reference", &|store, rows, number| {
        let team = (number * 37 % (rows / 10) + 1).to_string();
        black_box(ask(store, "list", None, &[("team", &team)], None));
    });
    measure("list, filter over a relation", &|store, rows, number| {
        let team = format!("team-{}", number * 37 % (rows / 10));
        black_box(ask(store, "list", None, &[("team_slug", &team)], None));
    });
    measure("retrieve", &|store, rows, number| {
        let slug = format!("user-{}", number * 37 % rows);
        black_box(ask(store, "retrieve", Some(&slug), &[], None));
    });
    measure("patch", &|store, rows, number| {
        let slug = format!("user-{}", number * 37 % rows);
        black_box(ask(store, "patch", Some(&slug), &[], Some(&json!({"active": number % 2 == 0}))));
    });
    measure("patch of the ordered field", &|store, rows, number| {
        let slug = format!("user-{}", number * 37 % rows);
        black_box(ask(store, "patch", Some(&slug), &[], Some(&json!({"name": format!("Name {number}")}))));
    });
    measure("unindexed search, few found", &|store, _, _| {
        black_box(ask(store, "list", None, &[("search", "9@EXAMPLE")], None));
    });
    measure("unindexed search, none found", &|store, _, _| {
        black_box(ask(store, "list", None, &[("search", "nobody")], None));
    });
    measure("unindexed filter, all found", &|store, _, _| {
        black_box(ask(store, "list", None, &[("active", "true")], None));
    });
    measure("unindexed order", &|store, _, _| {
        black_box(ask(store, "list", None, &[("ordering", "-email")], None));
    });
    measure("snapshot and restore", &|store, _, _| {
        let snapshot = black_box(store.snapshot());
        let _ = store.restore(&snapshot);
    });
    // Last, as it adds rows: a tenth of the few.
    let [few, many] = [&stores[0], &stores[1]].map(|(_, store)| {
        let before = store.snapshot();
        let cost = time(rounds, 10, |number| {
            let body = json!({"slug": format!("new-{number}"), "name": format!("New {number}"), "email": "e", "team": 1});
            black_box(ask(store, "create", None, &[], Some(&body)));
        });
        let _ = store.restore(&before);
        cost
    });
    println!(
        "{:32} {few:>12.2?} {many:>12.2?}   {:>8.2} x",
        "create",
        many.as_secs_f64() / few.as_secs_f64()
    );
}
