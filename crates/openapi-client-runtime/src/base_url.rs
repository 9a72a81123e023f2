//! Finds the base URL of the API from any URL of a deployment.

use std::net::IpAddr;

use reqwest::Url;

/// Returns the base URL of the API in the deployment at `url`, without a slash at its end.
///
/// Of the path of the API, `url` may have nothing, the beginning, or all.
pub(crate) fn find(url: &str, base_path: &str) -> Result<String, String> {
    let url = url.trim();
    let begins =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if !begins("https://") && !begins("http://") {
        return Err(
            "the URL of the deployment must begin with https:// or http://, as in https://api.example.com"
                .to_owned(),
        );
    }
    let parsed = Url::parse(url).map_err(|fault| {
        format!("the URL of the deployment is not one: {fault}; it looks like https://api.example.com")
    })?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(
            "the URL of the deployment must not hold a user or a password; give credentials to the builder instead".to_owned()
        );
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err("the URL of the deployment must not have a query or a fragment".to_owned());
    }
    let base: Vec<&str> = segments(base_path).collect();
    let given: Vec<&str> = segments(parsed.path()).collect();
    // An API at the root of its host has no path to be found, and no window is that narrow.
    let mut windows = given.windows(base.len().max(1));
    if windows.position(|part| part == base).is_some_and(|at| at + base.len() < given.len()) {
        return Err(format!("the URL of the deployment must not go on after {base_path}"));
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

/// Returns the host of `url` if what is sent to it can be read on the way: it is another machine, and nothing is encrypted.
pub(crate) fn in_the_clear(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "http")?;
    let host = url.host_str()?;
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_here = match address {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    };
    (!is_here).then(|| host.to_owned())
}

/// Returns the parts of `path` between its slashes.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    fn find(url: &str) -> Result<String, String> {
        super::find(url, "/api/v3")
    }

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
    fn only_another_machine_without_encryption_is_in_the_clear() {
        for url in
            ["http://a.example", "http://10.0.0.1:9000", "http://[2001:db8::1]/x", "http://localhost.example"]
        {
            assert!(super::in_the_clear(url).is_some(), "{url}");
        }
        for url in [
            "https://a.example",
            "http://localhost:9000",
            "http://auth.localhost",
            "http://127.8.9.1",
            "http://[::1]:9000",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert_eq!(super::in_the_clear(url), None, "{url}");
        }
    }

    #[test]
    fn a_host_alone_is_told_what_it_lacks_with_a_port_and_without() {
        for url in ["api.example.com", "localhost:9000", "127.0.0.1:9000", "https:/a.example"] {
            assert!(find(url).unwrap_err().contains("must begin with https:// or http://"), "{url}");
        }
        assert_eq!(find("HTTPS://A.example").as_deref(), Ok("https://a.example/api/v3"));
    }

    #[test]
    fn a_url_that_is_none_of_a_deployment_is_refused_without_its_password() {
        let urls = [
            "api.example.com",
            "api.example.com:9443",
            "https://",
            "ftp://a.example",
            "https://user:hunter2@a.example",
            "https://a.example/?next=/",
            "https://a.example/#top",
            "https://a.example/api/v3/shop/pets/",
            "",
        ];
        for url in urls {
            let error = find(url).unwrap_err();
            assert!(error.contains("deployment") && !error.contains("hunter2"), "{url}: {error}");
        }
    }
}
