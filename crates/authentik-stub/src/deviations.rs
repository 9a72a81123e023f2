//! Deliberate differences between the stub and authentik 2024.8. The table is complete: a replay of recorded responses
//! fails for any other difference, and for an entry that no longer applies.

/// One deliberate difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// The kind of request that is answered differently.
    pub request: &'static str,
    /// The response of authentik.
    pub authentik: &'static str,
    /// The response of the stub.
    pub stub: &'static str,
    /// The reason for the difference.
    pub reason: &'static str,
    /// `true` if dropshot causes it; with another carrier, the response is authentik's.
    pub by_dropshot: bool,
    /// The recorded cases that show it.
    pub cases: &'static [&'static str],
}

/// Every deliberate difference.
pub const DEVIATIONS: &[Deviation] = &[
    Deviation {
        request: "a path with a dot segment, such as `/sources/plex/../`",
        authentik: "404 with an HTML page",
        stub: "404 with a JSON body of dropshot's own",
        reason: "the router of dropshot refuses such paths before any handler can see them; HTTP clients resolve dot \
                 segments before they send them",
        by_dropshot: true,
        cases: &["plex.detail.nomatch.'..'"],
    },
    Deviation {
        request: "a path with bytes that are no UTF-8, such as `/sources/plex/%FF/`",
        authentik: "404 `Not found.`",
        stub: "404, for writes 405, with a JSON body of dropshot's own",
        reason: "dropshot refuses such paths too, and no slug and no id has such bytes",
        by_dropshot: true,
        cases: &[],
    },
    Deviation {
        request: "a method that HTTP or WebDAV knows and the API does not, such as `PROPFIND`",
        authentik: "405 `Method \"PROPFIND\" not allowed.`",
        stub: "405 with a JSON body of dropshot's own",
        reason: "dropshot has to know every method it hands on",
        by_dropshot: true,
        cases: &[],
    },
    Deviation {
        request: "a body of more than 2.5 MiB",
        authentik: "reads it",
        stub: "413 with a detail that names the limit",
        reason: "a stub on a developer's machine should not fill its memory",
        by_dropshot: false,
        cases: &[],
    },
    Deviation {
        request: "any change of an object",
        authentik: "leaves `model_created`, `model_updated` or `model_deleted` in `/events/events/`",
        stub: "leaves none of these but that of `set_key`; actions leave their own events, and the journal has every request",
        reason: "the log would grow with every request of a long test run",
        by_dropshot: false,
        cases: &[],
    },
];

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn the_readme_shows_the_table() {
        let mut table = String::from("| request | authentik | stub | why |\n|---|---|---|---|\n");
        for Deviation { request, authentik, stub, reason, .. } in DEVIATIONS {
            writeln!(table, "| {request} | {authentik} | {stub} | {reason} |")
                .expect("a string can be written to");
        }
        assert!(include_str!("../README.md").contains(&table), "put this into README.md:\n{table}");
    }

    #[test]
    fn deviations_are_few() {
        assert!(DEVIATIONS.len() < 10);
    }
}
