//! The formats of strings that can be checked by their text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDate, NaiveTime};

/// Returns what `text` should be if it is not of this format. A format that is not known forbids nothing.
pub(super) fn mismatch(format: &str, text: &str) -> Option<&'static str> {
    let (fits, expected) = match format {
        "date" => (is_date(text), "a date such as 2024-08-01"),
        "time" => (is_time(text), "a time such as 12:00:00Z"),
        "date-time" => {
            (DateTime::parse_from_rfc3339(text).is_ok(), "a date-time such as 2024-08-01T12:00:00Z")
        }
        "email" => (is_email(text), "an e-mail address"),
        "ipv4" => (text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        "ipv6" => (text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        "ip" => (text.parse::<IpAddr>().is_ok(), "an IP address"),
        "uri" | "url" => (is_uri(text), "a URL with a scheme"),
        "hostname" => (is_hostname(text), "a host name"),
        "byte" => (BASE64_STANDARD.decode(text).is_ok(), "Base64"),
        _ => return None,
    };
    (!fits).then_some(expected)
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

fn is_time(text: &str) -> bool {
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    NaiveTime::parse_from_str(&text[..zone], "%H:%M:%S%.f").is_ok()
        && (zone == text.len() || DateTime::parse_from_rfc3339(&format!("2024-08-01T{text}")).is_ok())
}

fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_from_the_text() {
        let cases = [
            ("date", "2024-02-29", "2024-02-30"),
            ("time", "12:00:00.5+02:00", "25:00:00"),
            ("date-time", "2024-08-01T12:00:00.1+02:00", "2024-08-01 12:00"),
            ("email", "me@example.com", "@example.com"),
            ("ipv4", "127.0.0.1", "127.1"),
            ("ipv6", "::1", "127.0.0.1"),
            ("ip", "::1", "localhost"),
            ("uri", "urn:a:b", "/a/b"),
            ("hostname", "a.example", "-a.example"),
            ("byte", "YQ==", "YQ"),
        ];
        for (format, good, bad) in cases {
            assert_eq!(mismatch(format, good), None, "{format} {good}");
            assert!(mismatch(format, bad).is_some(), "{format} {bad}");
        }
        assert_eq!(mismatch("password", "anything"), None);
    }
}
