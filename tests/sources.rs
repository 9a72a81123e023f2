//! Sources: the constants and the tests that a file of Rust has.

use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Expr, ItemConst, ItemFn};

/// The constants and the tests of a file.
#[derive(Default)]
pub struct Found {
    /// The constants by their names.
    pub constants: Vec<(String, Expr)>,
    /// The names of the functions that are tests.
    pub tests: Vec<String>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        self.constants.push((item.ident.to_string(), (*item.expr).clone()));
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        let is_test = |path: &syn::Path| path.segments.last().is_some_and(|name| name.ident == "test");
        if item.attrs.iter().any(|attribute| is_test(attribute.path())) {
            self.tests.push(item.sig.ident.to_string());
        }
        visit::visit_item_fn(self, item);
    }
}

/// Returns what a file has.
pub fn found(path: &Path) -> Found {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = Found::default();
    found.visit_file(&file);
    found
}
