//! Explains redirections, and how to avoid them.
//!
//! No redirection is followed. Most of them mean that the URL of the deployment is not quite right, and name the right
//! one.

use std::fmt;

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{StatusCode, Url};

use crate::api::Api;
use crate::base_url::segments;

/// The most characters that are shown of the place that a server names; one that is longer is no deployment.
const MAX_ADDRESS: usize = 300;

/// A response that names another place to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redirection {
    /// The place, without secrets in its URL; `None` if it is not a URL of the web.
    to: Option<String>,
    remedy: Remedy,
}

/// The change that avoids the redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Remedy {
    /// The same operation is there in a deployment at this URL.
    Deployment(String),
    /// The same operation of the same deployment is there, with another number of slashes.
    Slashes,
    /// Something else is there, such as a page to log in.
    Unknown,
}

impl Redirection {
    /// Returns the redirection of a request for `sent`, whose path is `path` in the document; `None` if there is none.
    pub(crate) fn of(
        api: &Api,
        path: &str,
        sent: &Url,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Self> {
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let location = headers.get(LOCATION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        let to = location.and_then(|location| sent.join(location).ok());
        let Some(to) = to.filter(|to| matches!(to.scheme(), "http" | "https")) else {
            return Some(Redirection { to: None, remedy: Remedy::Unknown });
        };
        let mut shown = to.origin().ascii_serialization() + to.path();
        let remedy = if shown.len() > MAX_ADDRESS { Remedy::Unknown } else { remedy(api, path, sent, &to) };
        // The URL is ASCII, so that it can be cut anywhere.
        shown.truncate(MAX_ADDRESS);
        Some(Redirection { to: Some(shown), remedy })
    }
}

/// Compares where a request was sent with where it is redirected to.
fn remedy(api: &Api, path: &str, sent: &Url, to: &Url) -> Remedy {
    let asked: Vec<&str> = segments(sent.path()).collect();
    let named: Vec<&str> = segments(to.path()).collect();
    if to.origin() == sent.origin() && named == asked && to.path() != sent.path() {
        return Remedy::Slashes;
    }
    // What is left without the operation's own path is the path of the API, and without that the deployment's.
    let operation = &asked[asked.len().saturating_sub(segments(path).count())..];
    let base = api.base_path();
    let api: Vec<&str> = segments(&base).collect();
    let deployment = named.strip_suffix(operation).and_then(|rest| rest.strip_suffix(api.as_slice()));
    match deployment {
        Some(deployment) if to.origin() != sent.origin() || named != asked => {
            let mut url = to.origin().ascii_serialization();
            for segment in deployment {
                url.push('/');
                url.push_str(segment);
            }
            Remedy::Deployment(url)
        }
        _ => Remedy::Unknown,
    }
}

/// Shows the text after "answered 302: ".
impl fmt::Display for Redirection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(to) = &self.to else {
            return f.write_str("redirects, and names no URL to go to; is the URL of the deployment right?");
        };
        // Whoever answers chooses the address, and may not be the server.
        write!(f, "redirects, and names {to:?} as the place; ")?;
        match &self.remedy {
            Remedy::Deployment(url) => {
                write!(f, "if that is the right deployment, give {url:?} to Client::builder")
            }
            Remedy::Slashes => {
                f.write_str("have the proxy in front of the server leave the slashes of paths as they are")
            }
            Remedy::Unknown => f.write_str(
                "that is not followed; does a proxy in front of the server want a login, or is the URL of the deployment \
                 another one?",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::SAMPLE;

    /// Returns the text for a response that redirects the retrieval of `rex` to `location`.
    fn said(sent: &str, location: &str) -> String {
        let sent = Url::parse(sent).unwrap();
        let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
        Redirection::of(&SAMPLE, "/shop/pets/{slug}/", &sent, StatusCode::FOUND, &headers)
            .unwrap()
            .to_string()
    }

    #[test]
    fn the_same_operation_elsewhere_names_the_deployment_that_is_there() {
        let sent = "http://a.example/api/v3/shop/pets/rex/?page=1";
        let cases = [
            ("https://a.example/api/v3/shop/pets/rex/?page=1", "https://a.example"),
            ("//b.example:8443/api/v3/shop/pets/rex/", "http://b.example:8443"),
            ("/sso/api/v3/shop/pets/rex/", "http://a.example/sso"),
            ("https://a.example/api/v3/shop/pets/rex", "https://a.example"),
            ("https://[::1]/api/v3/shop/pets/rex/", "https://[::1]"),
        ];
        for (location, deployment) in cases {
            let said = said(sent, location);
            assert!(
                said.ends_with(&format!(
                    "if that is the right deployment, give {deployment:?} to Client::builder"
                )),
                "{location}: {said}"
            );
        }
        let moved = said("https://a.example/sso/api/v3/shop/pets/a/", "/api/v3/shop/pets/a/");
        assert_eq!(
            moved,
            "redirects, and names \"https://a.example/api/v3/shop/pets/a/\" as the place; if that is the right deployment, \
             give \"https://a.example\" to Client::builder"
        );
    }

    #[test]
    fn a_slash_more_or_less_is_for_the_proxy_to_leave_alone() {
        let said = said("https://a.example/api/v3/shop/pets/rex/", "/api/v3/shop/pets/rex");
        assert!(
            said.starts_with(
                "redirects, and names \"https://a.example/api/v3/shop/pets/rex\" as the place; have"
            ),
            "{said}"
        );
    }

    #[test]
    fn any_other_place_is_named_without_what_may_be_secret() {
        let sent = "https://a.example/api/v3/shop/pets/rex/";
        for location in [
            "https://me:s3cret@sso.example/login?state=s3cret#s3cret",
            "//sso.example/login",
            "https://sso.example/login",
        ] {
            let said = said(sent, location);
            assert!(
                said.starts_with(
                    "redirects, and names \"https://sso.example/login\" as the place; that is not followed"
                ),
                "{said}"
            );
        }
        // Nor is there a remedy in going where the call has been, or to another operation or version of the API.
        for location in ["", "?again", "/api/v3/shop/pets/other/", "/api/v4/shop/pets/rex/"] {
            assert!(said(sent, location).contains("that is not followed"), "{location}");
        }
        for location in ["javascript:s3cret", "https://", "mailto:s3cret@a.example"] {
            assert!(said(sent, location).starts_with("redirects, and names no URL"), "{location}");
        }
    }

    #[test]
    fn only_an_answer_that_sends_elsewhere_is_a_redirection() {
        let sent = Url::parse("https://a.example/api/v3/shop/pets/").unwrap();
        for status in [200, 300, 304, 404] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(Redirection::of(&SAMPLE, "/shop/pets/", &sent, status, &HeaderMap::new()), None);
        }
    }
}
