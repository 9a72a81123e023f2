//! Any bytes as a document, and everything that can be done with it.
//!
//! `cargo +nightly fuzz run document` from `crates/openapi-bindings`; what it finds goes, minimised by `cargo fuzz tmin`, into
//! `corpus/document`, which the ordinary tests replay.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/exercise/mod.rs"]
mod exercise;

fuzz_target!(
    init: {
        // The generators catch the panics of those they build on, which is no fault; what is not caught still ends
        // the run, since the caller of this target aborts on it.
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            exercise::exercise(text);
        }
    }
);
