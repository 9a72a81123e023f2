//! Finds the base URL of the API from any URL of a deployment.

use std::net::IpAddr;

use reqwest::Url;

use crate::server::{Segment, Server, path_of};

/// The URLs at which a client reaches its API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    /// The base URL of the API, without a slash at its end.
    pub(crate) api: String,
    /// The URL of the deployment, which is the base URL without the path of the API.
    deployment: String,
    /// `true` if the hosts that the document names are asked, and `false` if another one stands for all of them.
    is_documented: bool,
    /// The values of the variables of the API's URL, which other servers have too.
    values: Vec<(&'static str, String)>,
}

impl BaseUrl {
    /// Returns the base URL of an operation that another server serves than the API. A host that the document names is
    /// asked only where the client asks such a host anyway: a test server stands for all of them.
    pub(crate) fn of(&self, server: &Server) -> String {
        let url = server.url_like(&self.values);
        if self.is_documented && url.contains("://") {
            return url.trim_end_matches('/').to_owned();
        }
        let path = path_of(&url).trim_end_matches('/');
        let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path}", self.deployment)
    }
}

/// Finds the base URL of the API in the deployment at `url`, where the document names these servers.
///
/// Of the path of the API, `url` may have nothing, the beginning, or all.
pub(crate) fn find(url: &str, servers: &[Server]) -> Result<BaseUrl, String> {
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
    let base = servers.first().map(Server::segments).unwrap_or_default();
    let given: Vec<&str> = segments(parsed.path()).collect();
    let is_base = |part: &[&str], fits: fn(&Segment, &str) -> bool| {
        part.iter().zip(&base).all(|(segment, expected)| fits(expected, segment))
    };
    // An API at the root of its host has no path to be found, and no window is that narrow.
    let mut windows = given.windows(base.len().max(1));
    if !base.is_empty()
        && windows.position(|part| is_base(part, Segment::is)).is_some_and(|at| at + base.len() < given.len())
    {
        let path = joined(base.iter().map(Segment::usual));
        return Err(format!("the URL of the deployment must not go on after {path}"));
    }
    let ends_with =
        |length: &usize| given.len() >= *length && is_base(&given[given.len() - length..], Segment::is);
    let is_whole = given.len() >= base.len() && is_base(&given[given.len() - base.len()..], Segment::fits);
    let overlap = (0..=base.len()).rev().find(ends_with).unwrap_or(0);
    let overlap = if is_whole { base.len() } else { overlap };
    let origin = parsed.origin().ascii_serialization();
    let deployment = origin + &joined(given[..given.len() - overlap].iter().copied());
    let path =
        given[given.len() - overlap..].iter().copied().chain(base[overlap..].iter().map(Segment::usual));
    let named: Vec<bool> = servers.iter().filter_map(|server| server.is_at(&parsed)).collect();
    let is_documented = if named.is_empty() { !is_here(&parsed) } else { named.contains(&true) };
    let api = deployment.clone() + &joined(path);
    let values = servers.iter().map(|server| server.values_in(&api)).find(|values| !values.is_empty());
    Ok(BaseUrl { api, deployment, is_documented, values: values.unwrap_or_default() })
}

/// Returns a path of these segments.
fn joined<'a>(segments: impl Iterator<Item = &'a str>) -> String {
    segments.fold(String::new(), |path, segment| path + "/" + segment)
}

/// Returns the host of `url` if what is sent to it can be read on the way: it is another machine, and nothing is encrypted.
pub(crate) fn in_the_clear(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "http")?;
    (!is_here(&url)).then(|| url.host_str().map(str::to_owned))?
}

/// Returns `true` if a URL is one of this machine.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Returns the parts of `path` between its slashes.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::server::Variable;

    use super::*;

    fn find(url: &str) -> Result<String, String> {
        found(url, "/api/v3", &[])
    }

    fn found(url: &str, server: &'static str, variables: &'static [Variable]) -> Result<String, String> {
        super::find(url, &[Server { url: server, variables }]).map(|base| base.api)
    }

    #[test]
    fn a_path_with_variables_is_found_with_other_values_than_the_defaults() {
        const VARIABLES: &[Variable] = &[
            Variable { name: "region", default: "us", values: &["us", "eu"] },
            Variable { name: "version", default: "v1", values: &[] },
        ];
        for (given, expected) in [
            ("https://a.example", "https://a.example/us/api/v1"),
            ("https://a.example/eu", "https://a.example/eu/api/v1"),
            ("https://a.example/eu/api/v2", "https://a.example/eu/api/v2"),
            ("https://a.example/sso/eu/api/v2/", "https://a.example/sso/eu/api/v2"),
            ("https://a.example/mars/api/v2", "https://a.example/mars/api/v2/us/api/v1"),
        ] {
            let base = found(given, "https://a.example/{region}/api/{version}", VARIABLES);
            assert_eq!(base.as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn a_variable_that_is_empty_unless_it_is_set_is_found_within_a_segment_alone() {
        const PREFIX: &[Variable] = &[Variable { name: "basePath", default: "", values: &[] }];
        const STAGE: &[Variable] = &[Variable { name: "stage", default: "", values: &["", "-beta"] }];
        for (server, variables, given, expected) in [
            ("https://a.example/{basePath}", PREFIX, "https://a.example", "https://a.example"),
            (
                "https://a.example/{basePath}",
                PREFIX,
                "https://a.example/catalog/",
                "https://a.example/catalog",
            ),
            ("https://a.example/v1{stage}", STAGE, "https://a.example", "https://a.example/v1"),
            ("https://a.example/v1{stage}", STAGE, "https://a.example/v1-beta", "https://a.example/v1-beta"),
        ] {
            assert_eq!(found(given, server, variables).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn another_server_of_an_operation_is_asked_unless_a_test_server_stands_for_all() {
        const TENANT: &[Variable] = &[Variable { name: "tenant", default: "demo", values: &[] }];
        const API: Server = Server { url: "https://api.example/v1", variables: &[] };
        const UPLOADS: Server = Server { url: "https://uploads.example/files/", variables: &[] };
        const ROOT: Server = Server { url: "/", variables: &[] };
        const BESIDE: Server = Server { url: "v2", variables: &[] };
        let at =
            |url: &str, servers: &[Server], server: &Server| super::find(url, servers).unwrap().of(server);
        for (url, uploads, root, beside) in [
            (
                "https://api.example",
                "https://uploads.example/files",
                "https://api.example",
                "https://api.example/v2",
            ),
            (
                "http://127.0.0.1:9/v1",
                "http://127.0.0.1:9/files",
                "http://127.0.0.1:9",
                "http://127.0.0.1:9/v2",
            ),
            (
                "https://stage.example/x",
                "https://stage.example/x/files",
                "https://stage.example/x",
                "https://stage.example/x/v2",
            ),
        ] {
            assert_eq!(at(url, &[API], &UPLOADS), uploads);
            assert_eq!(at(url, &[API], &ROOT), root);
            assert_eq!(at(url, &[API], &BESIDE), beside);
        }
        let of_tenant = [Server { url: "https://{tenant}.example/v1", variables: TENANT }];
        let files = Server { url: "https://files-{tenant}.example/", variables: TENANT };
        assert_eq!(at("https://acme.example/v1", &of_tenant, &files), "https://files-acme.example");
        // A document that names no host leaves open which one is a test server.
        assert_eq!(at("https://any.example", &[ROOT], &UPLOADS), "https://uploads.example/files");
        assert_eq!(at("http://localhost:9", &[ROOT], &UPLOADS), "http://localhost:9/files");
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
