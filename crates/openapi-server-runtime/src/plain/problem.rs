//! Problem details (RFC 9457), and the headers that go with them.

use http::header::{ACCEPT, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::dialect::Answered;
use crate::failure::{FieldErrors, Segment, Target};
use crate::response::Body;

/// Returns a problem that a status and a sentence describe.
pub(super) fn of(status: StatusCode, detail: Option<&str>) -> Response<Body> {
    framed(status, members(status, detail))
}

/// Returns the problem of a request that breaks the document's rules.
pub(super) fn invalid(errors: &FieldErrors) -> Response<Body> {
    let status = StatusCode::BAD_REQUEST;
    let mut problem = members(status, Some("The request is not as the document describes it."));
    let errors = errors.iter().map(|error| match &error.target {
        Target::Body(path) => json!({"pointer": pointer(path), "detail": error.detail}),
        Target::Parameter(location, name) => {
            json!({"parameter": name, "in": location.to_string(), "detail": error.detail})
        }
    });
    problem.insert("errors".to_owned(), errors.collect());
    framed(status, problem)
}

fn members(status: StatusCode, detail: Option<&str>) -> Map<String, Value> {
    let mut problem = Map::new();
    problem.insert("title".to_owned(), status.canonical_reason().unwrap_or("Error").into());
    problem.insert("status".to_owned(), status.as_u16().into());
    if let Some(detail) = detail {
        problem.insert("detail".to_owned(), detail.into());
    }
    problem
}

fn framed(status: StatusCode, problem: Map<String, Value>) -> Response<Body> {
    let mut response = Response::new(Body::from(Value::Object(problem).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Returns a JSON pointer as the fragment of a URL.
fn pointer(path: &[Segment]) -> String {
    path.iter().fold("#".to_owned(), |pointer, segment| {
        pointer + "/" + &segment.to_string().replace('~', "~0").replace('/', "~1")
    })
}

/// Asks for the credentials that the operation takes, or for any of the document's.
pub(super) fn challenge(answered: &Answered<'_>, headers: &mut HeaderMap) {
    let required = answered.operation.map_or(&[][..], |operation| operation.security);
    let required: Vec<&str> = required.iter().copied().flatten().map(|required| required.scheme).collect();
    let asked =
        answered.schemes.iter().filter(|scheme| required.is_empty() || required.contains(&scheme.name));
    let mut challenges: Vec<String> = Vec::new();
    for challenge in asked.map(crate::credentials::SecurityScheme::challenge) {
        if !challenges.contains(&challenge) {
            challenges.push(challenge);
        }
    }
    for challenge in challenges {
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            headers.append(WWW_AUTHENTICATE, challenge);
        }
    }
}

/// Sets the header with the media types that a body may have.
pub(super) fn accepted(content_types: &[&str], headers: &mut HeaderMap) {
    if let Ok(accepted) = HeaderValue::try_from(content_types.join(", ")) {
        headers.insert(ACCEPT, accepted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_what_separates_its_segments() {
        let path = [Segment::from("a/b"), Segment::from("~"), Segment::Position(0)];
        assert_eq!((pointer(&path).as_str(), pointer(&[]).as_str()), ("#/a~1b/~0/0", "#"));
    }
}
