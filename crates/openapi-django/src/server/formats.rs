//! The formats of texts that the framework has validators for.

use std::net::IpAddr;

use crate::server::python;

/// Returns the message for a text that is not of a format; `None` if it is, or if nothing is known of the format.
pub(crate) fn refused(format: &str, text: &str) -> Option<String> {
    let url = || "Enter a valid URL.".to_owned();
    // The schemes stand behind a format, if they are not the usual ones.
    let (format, schemes) = match format.strip_suffix(')').and_then(|format| format.split_once('(')) {
        Some((format, schemes)) => (format, schemes.split(',').collect()),
        None => (format, SCHEMES.to_vec()),
    };
    let is_url = |text: &str, host: Host| is_url(text, host, &schemes);
    match format {
        "email" if !is_email(text) => Some("Enter a valid email address.".to_owned()),
        "uri" if !is_url(text, Host::Registered) => Some(url()),
        "url-domainless" if !is_url(text, Host::Any) => Some(url()),
        "url-several" if !text.split(',').all(|part| is_url(part, Host::Any)) => Some(url()),
        "url-template" if !is_url(text, Host::Template) => Some(url()),
        "ip" if text.parse::<IpAddr>().is_err() => Some("Enter a valid IPv4 or IPv6 address.".to_owned()),
        "timedelta" if !is_timedelta(text) => {
            Some(format!("{text} is not in the correct format of 'hours=3;minutes=1'."))
        }
        _ => None,
    }
}

/// Returns a text of a format as the framework keeps it: an address in its shortest form.
pub(crate) fn written(format: &str, text: String) -> String {
    match text.parse::<IpAddr>() {
        Ok(address) if format == "ip" => address.to_string(),
        _ => text,
    }
}

/// The hosts that a URL may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    /// An address, `localhost`, or a name with a domain.
    Registered,
    /// A name without a domain too.
    Any,
    /// One in which a placeholder stands too.
    Template,
}

const SCHEMES: [&str; 4] = ["http", "https", "ftp", "ftps"];

fn is_url(text: &str, allowed: Host, schemes: &[&str]) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_known = schemes.contains(&scheme.to_ascii_lowercase().as_str())
        || allowed != Host::Registered && scheme == "blank";
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if !is_known || text.contains(python::is_space) || text.len() > 2048 || path.contains(char::is_whitespace)
    {
        return false;
    }
    let host = match authority.rsplit_once('@') {
        Some((user, host)) if !user.is_empty() && !user.contains('/') => host,
        Some(_) => return false,
        None => authority,
    };
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, after)) => {
                return address.parse::<std::net::Ipv6Addr>().is_ok()
                    && (after.is_empty() || after.strip_prefix(':').is_some_and(is_port));
            }
            None => return false,
        },
        None => host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port))),
    };
    port.is_none_or(is_port) && (host.parse::<std::net::Ipv4Addr>().is_ok() || is_host(host, allowed))
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_host(host: &str, allowed: Host) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let host = match allowed {
        Host::Template => host.trim_start_matches(|letter: char| {
            matches!(letter, '%' | '(' | ')') || letter.is_ascii_alphabetic()
        }),
        _ => host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.is_empty() {
        return allowed == Host::Template;
    }
    let labels: Vec<&str> = host.trim_start_matches('.').split('.').collect();
    let is_label = |label: &&str| {
        let inner = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter >= '\u{a1}';
        !label.is_empty()
            && label.chars().count() <= 63
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_top = |label: &&str| {
        label.chars().count() >= 2
            && !label.chars().all(|letter| letter.is_ascii_digit())
            && label.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-' || letter >= '\u{a1}')
            || label.starts_with("xn--")
    };
    let has_domain = labels.len() > 1 && labels.last().is_some_and(is_top);
    labels.iter().all(is_label) && (allowed != Host::Registered || has_domain)
}

fn is_email(text: &str) -> bool {
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    let is_atom = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{}|~-".contains(letter))
    };
    let is_quoted = user.len() > 1 && user.starts_with('"') && user.ends_with('"');
    text.len() <= 320
        && (is_quoted || user.split('.').all(is_atom))
        && (domain.eq_ignore_ascii_case("localhost") || is_host(domain, Host::Registered))
}

/// Returns `true` if a text names amounts of time as Python's `timedelta` takes them: `hours=3;minutes=1`.
fn is_timedelta(text: &str) -> bool {
    const UNITS: [&str; 7] = ["microseconds", "milliseconds", "seconds", "minutes", "hours", "days", "weeks"];
    let mut known = 0;
    for pair in text.split(';') {
        let Some((unit, amount)) = pair.split_once('=') else { return false };
        if amount.contains('=') {
            return false;
        }
        if UNITS.contains(&unit.to_lowercase().as_str()) {
            if python::strip(amount).parse::<f64>().is_err() {
                return false;
            }
            known += 1;
        }
    }
    known > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_their_shortest_form() {
        for (text, kept) in
            [("FE80::0001", "fe80::1"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"), ("1.2.3.4", "1.2.3.4")]
        {
            assert_eq!(written("ip", text.to_owned()), kept);
            assert_eq!(written("slug", text.to_owned()), text);
        }
    }

    #[test]
    fn formats_are_those_of_the_validators() {
        for (format, right, wrong) in [
            (
                "email",
                &["a@b.example", "a.b+c@localhost"][..],
                &["a", "a@b", "a@", "@b.example", "a b@c.de"][..],
            ),
            (
                "uri",
                &[
                    "http://a.de",
                    "https://u:p@a.de:80/x?y#z",
                    "http://localhost",
                    "http://[::1]:80/",
                    "ftp://1.2.3.4",
                ],
                &[
                    "a.de",
                    "http://a",
                    "gopher://a.de",
                    "http://",
                    "http://a.de:x",
                    "http://-a.de",
                    "http://a b.de",
                ],
            ),
            ("url-domainless", &["http://a", "http://a/b"], &["a", "//a"]),
            ("url-several(ldap,ldaps)", &["ldap://a,ldaps://b"], &["http://a"]),
            ("url-several", &["http://a,http://b"], &["http://a,b"]),
            ("ip", &["1.2.3.4", "::1"], &["1.2.3", "x"]),
            ("timedelta", &["hours=3;minutes=1.5", "Days=1"], &["", "3", "hours=x", "years=1", "hours=1;"]),
        ] {
            for text in right {
                assert_eq!(refused(format, text), None, "{format} {text}");
            }
            for text in wrong {
                assert!(refused(format, text).is_some(), "{format} {text}");
            }
        }
    }
}
