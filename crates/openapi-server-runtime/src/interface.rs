//! The agreement between generated code and this crate.

/// The interface that generated code is written against. It changes whenever code generated before would not work.
pub const INTERFACE: u32 = 7;

/// Stops the compilation of code that was generated for another interface.
///
/// Generated code calls it in a constant, so that a mismatch is a compile error with this message.
///
/// # Panics
/// Only while compiling, if `interface` is not [`INTERFACE`].
pub const fn generated_for(interface: u32) {
    assert!(
        interface == INTERFACE,
        "this code was generated for another version of openapi-server-runtime: generate it again, or depend on the version that it names"
    );
}
