//! Addresses as HTTP reads them.

use std::fmt::Write as _;

/// Returns an address in the form in which addresses that lead to the same place are equal: scheme and host in lower
/// case, without the usual port and a slash at the end, and with a path that neither leads back nor escapes what needs it
/// not.
pub(super) fn normalised(written: &str) -> String {
    let bare = written.trim_end_matches('/');
    let Some((scheme, rest)) = bare.split_once("://") else {
        return if bare.is_empty() { "/".to_owned() } else { path(bare) };
    };
    let (authority, behind) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" | "wss" => ":443",
        "http" | "ws" => ":80",
        _ => "",
    };
    let authority = lowered_outside_braces(authority);
    let authority = authority.strip_suffix(port).filter(|_| !port.is_empty()).unwrap_or(&authority);
    format!("{scheme}://{authority}{}", path(behind))
}

/// Returns a host in lower case; the names of variables keep theirs.
fn lowered_outside_braces(host: &str) -> String {
    let mut is_inside = false;
    let lowered = host.chars().map(|letter| {
        is_inside = letter == '{' || is_inside && letter != '}';
        if is_inside { letter } else { letter.to_ascii_lowercase() }
    });
    lowered.collect()
}

/// Returns a path without steps to the same place or back, and with the letters that need no escape as they are.
fn path(written: &str) -> String {
    let mut steps: Vec<String> = Vec::new();
    for step in written.split('/') {
        match step {
            "." => {}
            ".." if steps.len() > 1 => drop(steps.pop()),
            step => steps.push(unescaped(step)),
        }
    }
    steps.join("/")
}

fn unescaped(step: &str) -> String {
    let mut parts = step.split('%');
    let mut found = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|code| Some((u8::from_str_radix(code, 16).ok()?, part.get(2..)?)));
        match code {
            Some((byte, rest)) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                found.push(char::from(byte));
                found.push_str(rest);
            }
            Some((byte, rest)) => {
                let _ = write!(found, "%{byte:02X}{rest}");
            }
            None => {
                found.push('%');
                found.push_str(part);
            }
        }
    }
    found
}
