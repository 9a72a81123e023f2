//! Where the files come from that a document refers to.

use std::io;

/// Gives the files that a document refers to.
pub trait Loader {
    /// Returns the text of the file `name`, which is relative to the document and has no `..` left that leads out of its
    /// directory.
    ///
    /// # Errors
    /// If there is no such file, or it may not be read.
    fn load(&self, name: &str) -> io::Result<String>;
}

/// Gives no file at all.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Loader for Nothing {
    fn load(&self, _: &str) -> io::Result<String> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "files beside the document are not read here"))
    }
}
