//! Where the API is, from whatever URL of a deployment is at hand.

use reqwest::Url;

use crate::generated::BASE_PATH;

/// The base URL of the API in the deployment at `url`, without a slash at its end.
///
/// Of the path of the API, `url` may have nothing, the beginning, or all.
pub(crate) fn find(url: &str) -> Result<String, String> {
    let parsed = Url::parse(url.trim()).map_err(|fault| {
        format!("the URL of the deployment is not one: {fault}; it looks like https://api.example.com")
    })?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none_or(str::is_empty) {
        return Err(
            "the URL of the deployment must begin with https:// or http:// and name a host".to_owned()
        );
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(
            "the URL of the deployment must not hold a user or a password; give a token instead".to_owned()
        );
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err("the URL of the deployment must not have a query or a fragment".to_owned());
    }
    let base: Vec<&str> = segments(BASE_PATH).collect();
    let given: Vec<&str> = segments(parsed.path()).collect();
    // An API at the root of its host has no path to be found, and no window is that narrow.
    let mut windows = given.windows(base.len().max(1));
    if windows.position(|part| part == base).is_some_and(|at| at + base.len() < given.len()) {
        return Err(format!("the URL of the deployment must not go on after {BASE_PATH}"));
    }
    let overlap = (0..=base.len()).rev().find(|&length| given.ends_with(&base[..length])).unwrap_or(0);
    let path = given.iter().chain(&base[overlap..]);
    let mut found = parsed.origin().ascii_serialization();
    for segment in path {
        found.push('/');
        found.push_str(segment);
    }
    Ok(found)
}

/// The parts of `path` between its slashes.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_found_from_any_url_of_a_deployment() {
        let cases = [
            ("https://a.example", "https://a.example/api/v3"),
            ("https://a.example/", "https://a.example/api/v3"),
            (" http://127.0.0.1:9000 ", "http://127.0.0.1:9000/api/v3"),
            ("http://[::1]:9000/", "http://[::1]:9000/api/v3"),
            ("https://a.example/sso", "https://a.example/sso/api/v3"),
            ("https://a.example/sso/api/v3/", "https://a.example/sso/api/v3"),
            ("https://a.example/api/v3", "https://a.example/api/v3"),
            ("https://a.example/api/", "https://a.example/api/v3"),
            ("https://a.example/api", "https://a.example/api/v3"),
            ("https://a.example/apis", "https://a.example/apis/api/v3"),
        ];
        for (given, found) in cases {
            assert_eq!(find(given).as_deref(), Ok(found), "{given}");
        }
    }

    #[test]
    fn a_url_that_is_none_of_a_deployment_is_refused_without_its_password() {
        let urls = [
            "authentik.example.com",
            "ftp://a.example",
            "https://user:hunter2@a.example",
            "https://a.example/?next=/",
            "https://a.example/#top",
            "https://a.example/api/v3/sources/plex/",
            "",
        ];
        for url in urls {
            let error = find(url).unwrap_err();
            assert!(error.contains("deployment") && !error.contains("hunter2"), "{url}: {error}");
        }
    }
}
