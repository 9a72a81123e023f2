//! The lives of objects in documents of several styles: each is created, found, listed, filtered, changed and deleted.

use serde_json::{Value, json};

use super::{Ready, arguments_of, ask};

/// A document, and an object of it.
struct Life {
    document: &'static str,
    /// The path of its collection.
    collection: &'static str,
    /// Holds what is created before it.
    before: &'static [(&'static str, &'static str)],
    made: &'static str,
    /// The pointer to its key in what is answered.
    key: &'static str,
    /// The pointer to the rows of a list.
    rows: &'static str,
    /// Queries that list it and that do not.
    fits: &'static [&'static str],
    misses: &'static [&'static str],
    /// The method of a change, its body, and what the object has then.
    change: (&'static str, &'static str, &'static str),
}

const LIVES: [Life; 3] = [
    // A list that is a list, keys that are numbers, merge patches.
    Life {
        document: "books.yaml",
        collection: "/books",
        before: &[("/authors", r#"{"name": "Proust"}"#), ("/books", r#"{"title": "Other", "author": 1}"#)],
        made: r#"{"title": "Swann", "author": 1, "tags": {"a": "x", "b": "y"}}"#,
        key: "/id",
        rows: "",
        fits: &["author=1", "title__icontains=WAN"],
        misses: &["author=2", "title__icontains=wax"],
        change: ("PATCH", r#"{"tags": {"a": null}}"#, r#"{"title": "Swann", "tags": {"b": "y"}}"#),
    },
    // An envelope, pages, keys that are UUIDs, replacement.
    Life {
        document: "projects.yaml",
        collection: "/projects",
        before: &[("/projects", r#"{"name": "other", "state": "done"}"#)],
        made: r#"{"name": "roof", "state": "open", "budget": 7.5}"#,
        key: "/id",
        rows: "/data",
        fits: &["state=open", "budget_gte=7", "q=ROO", "page=1&per_page=1&sort=-name"],
        misses: &["state=done", "budget_gte=8", "q=xyz", "page=2&per_page=1&sort=-name"],
        change: ("PUT", r#"{"name": "roof", "state": "done"}"#, r#"{"state": "done"}"#),
    },
    // Keys that clients choose, rows below a row that its answers wrap.
    Life {
        document: "projects.yaml",
        collection: "/teams/red/members",
        before: &[("/teams", r#"{"team": {"slug": "red", "title": "Red"}}"#)],
        made: r#"{"login": "jo", "role": "admin"}"#,
        key: "/login",
        rows: "",
        fits: &["role=admin", "offset=0&limit=1"],
        misses: &["role=guest", "offset=1&limit=1"],
        change: ("PATCH", r#"{"role": "guest"}"#, r#"{"login": "jo", "role": "guest"}"#),
    },
];

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[tokio::test]
async fn what_is_created_is_found_listed_filtered_changed_and_deleted() {
    for life in LIVES {
        let Life { document, collection, .. } = life;
        let ready = Ready::new(&arguments_of(document, &["--strict"]), false).unwrap();
        for (path, body) in life.before {
            let (status, answer) = ask(&ready, &format!("POST {path}"), &read(body)).await;
            assert_eq!(status, 201, "{document}: {answer}");
        }
        let (status, made) = ask(&ready, &format!("POST {collection}"), &read(life.made)).await;
        assert_eq!(status, 201, "{document}: {made}");
        let key = &made.pointer(life.key).unwrap();
        let object = format!("{collection}/{}", key.as_str().map_or_else(|| key.to_string(), str::to_owned));
        let found = ask(&ready, &format!("GET {object}"), &Value::Null).await;
        assert_eq!((found.0, &found.1), (200, &made), "{document}");
        let lists = async |query: &str| {
            let (status, list) = ask(&ready, &format!("GET {collection}?{query}"), &Value::Null).await;
            let rows = list.pointer(life.rows).and_then(Value::as_array);
            assert!(status == 200 && rows.is_some(), "{document} {query}: {list}");
            rows.unwrap().contains(&made)
        };
        assert!(lists("").await, "{document}");
        for query in life.fits {
            assert!(lists(query).await, "{document}: {query}");
        }
        for query in life.misses {
            assert!(!lists(query).await, "{document}: {query}");
        }
        let (method, change, expected) = life.change;
        let (status, changed) = ask(&ready, &format!("{method} {object}"), &read(change)).await;
        assert_eq!(status, 200, "{document}: {changed}");
        let now = ask(&ready, &format!("GET {object}"), &Value::Null).await.1;
        assert_eq!(now, changed, "{document}");
        for (name, value) in read(expected).as_object().unwrap() {
            assert_eq!(&now[name], value, "{document}: {now}");
        }
        if method == "PUT" {
            assert_eq!(now.get("budget"), None, "{document}: it was replaced");
        }
        let (_, state) = ask(&ready, "GET /-/state", &Value::Null).await;
        assert_eq!(ask(&ready, &format!("DELETE {object}"), &Value::Null).await.0, 204, "{document}");
        assert_eq!(ask(&ready, &format!("GET {object}"), &Value::Null).await.0, 404, "{document}");
        assert_eq!(ask(&ready, &format!("DELETE {object}"), &Value::Null).await.0, 404, "{document}");
        assert!(!lists("").await, "{document}");
        // What was exported makes the same again.
        assert_eq!(ask(&ready, "PUT /-/state", &state).await.0, 204, "{document}");
        assert_eq!(ask(&ready, &format!("GET {object}"), &Value::Null).await.1, now, "{document}");
        assert_eq!(ask(&ready, "GET /-/state", &Value::Null).await.1.to_string(), state.to_string());
    }
}

#[test]
fn example_overlays_are_short_and_can_be_read() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/overlays");
    let files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.lines().count() < 60, "{}", file.display());
        let overlay = openapi_document::overlay::Overlay::parse(&file.display().to_string(), &text);
        assert!(overlay.is_ok(), "{}", overlay.err().map(|error| error.render(false)).unwrap_or_default());
    }
    let unknown =
        json!({"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": [{"target": 7}]});
    assert!(openapi_document::overlay::Overlay::parse("x", &unknown.to_string()).is_err());
}
