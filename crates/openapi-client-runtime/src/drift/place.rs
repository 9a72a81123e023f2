//! Places in a response.

/// A step into a value.
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// Returns the place that `steps` lead to, as a JSON pointer, and the same without positions in lists.
pub(super) fn pointer<'s>(steps: impl Iterator<Item = &'s Step>) -> (String, String) {
    let (mut pointer, mut place) = (String::new(), String::new());
    for step in steps {
        match step {
            Step::Name(name) => {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointer.extend(["/", &name]);
                place.extend(["/", &name]);
            }
            Step::Index(index) => {
                pointer.extend(["/", &index.to_string()]);
                place.push_str("/*");
            }
        }
    }
    (pointer, place)
}
