//! Finds out who is calling.

use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::host::Host;

/// Returns whose credentials a request presents: asks the host for one alternative after the other, until it does not
/// refuse one. Nobody is asked about a request that presents nothing, which is anonymous.
///
/// # Errors
/// Fails as the host refuses the first alternative if it refuses all of them. A failure of the server itself (5xx) refuses
/// nothing, and is returned at once.
pub(crate) async fn authenticate<H: Host>(
    host: &H,
    alternatives: &[Credentials],
) -> Result<Option<H::User>, Failure> {
    let mut first = None;
    for credentials in alternatives {
        match host.authenticate(credentials).await {
            Err(refused) if !refused.status().is_server_error() => first = first.or(Some(refused)),
            outcome => return outcome,
        }
    }
    first.map_or(Ok(None), Err)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use http::StatusCode;

    use super::*;
    use crate::credentials::{Requirement, SchemeKind, Secret, SecurityScheme, presented};
    use crate::operation::{Location, Operation};
    use crate::request::QueryString;
    use crate::sample::{get, request};

    const fn scheme(name: &'static str, kind: SchemeKind) -> SecurityScheme {
        SecurityScheme { name, kind }
    }

    static SCHEMES: &[SecurityScheme] = &[
        scheme("cookie", SchemeKind::ApiKey { location: Location::Cookie, name: "sid" }),
        scheme("header", SchemeKind::ApiKey { location: Location::Header, name: "X-Key" }),
        scheme("query", SchemeKind::ApiKey { location: Location::Query, name: "key" }),
        scheme("basic", SchemeKind::Basic),
        scheme("digest", SchemeKind::Http("digest")),
        scheme("bearer", SchemeKind::Bearer),
        scheme("oauth", SchemeKind::OAuth2),
        scheme("openid", SchemeKind::OpenIdConnect),
    ];

    const fn one(scheme: &'static str) -> Requirement {
        Requirement { scheme, scopes: &[] }
    }

    static ANY: Operation = get(
        "/any",
        &[
            &[],
            &[one("cookie")],
            &[one("header"), one("query")],
            &[one("basic")],
            &[one("digest")],
            &[one("bearer")],
            &[Requirement { scheme: "oauth", scopes: &["read"] }],
            &[one("openid"), one("missing")],
            &[one("openid")],
        ],
    );

    /// Remembers what it was asked about. Refuses secrets that are `stale`, knows nobody's that are `nobodys`, and breaks
    /// down at those that are `fatal`.
    #[derive(Default)]
    struct Guard(Mutex<Vec<String>>);

    impl Host for Guard {
        type User = String;

        async fn authenticate(&self, credentials: &Credentials) -> Result<Option<String>, Failure> {
            let texts: Vec<&str> = credentials.presented.iter().map(|shown| text(&shown.secret)).collect();
            let names = credentials
                .presented
                .iter()
                .map(|shown| [&[shown.scheme.name], shown.scopes].concat().join(":"));
            let name = names.collect::<Vec<_>>().join("+");
            self.0.lock().expect("a list").push(name.clone());
            if texts.contains(&"fatal") {
                Err(Failure::detail(StatusCode::SERVICE_UNAVAILABLE, "No users can be looked up."))
            } else if texts.contains(&"stale") {
                Err(Failure::authentication_failed(format!("{name} is stale")))
            } else {
                Ok((texts != ["nobodys"]).then_some(name))
            }
        }
    }

    fn text(secret: &Secret) -> &str {
        match secret {
            Secret::Token(text) | Secret::Key(text) | Secret::Other(text) => text,
            Secret::Basic { password, .. } => password,
            Secret::Certificate => "",
        }
    }

    #[tokio::test]
    async fn every_alternative_that_is_presented_is_asked_about_until_one_is_not_refused() {
        type Outcome = Result<Option<&'static str>, &'static str>;
        let cookie = |text| ("cookie", text);
        let sent = |text| ("authorization", text);
        // Basic is `me:stale` and `me:right`.
        let (stale, right) = (sent("Basic bWU6c3RhbGU="), sent("Basic bWU6cmlnaHQ="));
        let cases: [(&[_], &str, &[&str], Outcome); 16] = [
            (&[], "", &[], Ok(None)),
            (&[cookie("sid=right")], "", &["cookie"], Ok(Some("cookie"))),
            (&[cookie("sid=right"), right], "", &["cookie"], Ok(Some("cookie"))),
            (&[cookie("sid=stale"), right], "", &["cookie", "basic"], Ok(Some("basic"))),
            (&[cookie("sid=stale"), sent("Digest d")], "", &["cookie", "digest"], Ok(Some("digest"))),
            (&[cookie("sid=stale"), sent("Bearer t")], "", &["cookie", "bearer"], Ok(Some("bearer"))),
            (&[cookie("sid=stale"), stale], "", &["cookie", "basic"], Err("cookie is stale")),
            (&[stale], "", &["basic"], Err("basic is stale")),
            (&[sent("Bearer stale")], "", &["bearer", "oauth:read", "openid"], Err("bearer is stale")),
            // All schemes of an alternative are presented, or it is none.
            (&[("x-key", "k")], "", &[], Ok(None)),
            (&[("x-key", "k")], "key=q", &["header+query"], Ok(Some("header+query"))),
            (&[("x-key", "k"), cookie("sid=stale")], "", &["cookie"], Err("cookie is stale")),
            (
                &[("x-key", "stale"), cookie("sid=stale"), right],
                "key=q",
                &["cookie", "header+query", "basic"],
                Ok(Some("basic")),
            ),
            // Nobody's is not refused.
            (&[cookie("sid=nobodys"), right], "", &["cookie"], Ok(None)),
            // What breaks down refuses nothing.
            (&[cookie("sid=fatal"), right], "", &["cookie"], Err("No users can be looked up.")),
            (
                &[cookie("sid=stale"), sent("Bearer fatal")],
                "",
                &["cookie", "bearer"],
                Err("No users can be looked up."),
            ),
        ];
        for (headers, query, asked, expected) in cases {
            let request = request("GET", "/any", headers, "");
            let presented = presented(SCHEMES, &ANY, request.headers(), &QueryString::parse(query));
            let guard = Guard::default();
            let outcome = authenticate(&guard, &presented).await;
            assert_eq!(*guard.0.lock().expect("a list"), asked, "{headers:?}");
            let outcome = outcome.map_err(|failure| failure.to_string());
            match expected {
                Ok(user) => assert_eq!(outcome.as_ref().map(Option::as_deref), Ok(user), "{headers:?}"),
                Err(detail) => assert!(outcome.is_err_and(|text| text.ends_with(detail)), "{headers:?}"),
            }
        }
    }
}
