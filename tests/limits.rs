//! Limits: each that `docs/limits.md` lists is the constant of that name, and has a test of that name.

use std::fs;

use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprLit, ItemConst, ItemFn, Lit};

use crate::repository;

/// A line of the table.
struct Limit {
    value: String,
    constant: (String, String),
    test: (String, String),
}

/// Returns the file and the name in a cell.
fn place(cell: &str) -> (String, String) {
    let mut parts = cell.split('`').skip(1).step_by(2).map(str::to_owned);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

fn limits() -> Vec<Limit> {
    let page = fs::read_to_string(repository().join("docs/limits.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| limit "));
    let cells = rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let limits = cells.map(|cells| {
        let [_, value, _, constant, test] = cells[..] else { panic!("five cells: {cells:?}") };
        Limit { value: value.to_owned(), constant: place(constant), test: place(test) }
    });
    limits.collect()
}

/// Returns a number as the table writes it, such as `2.5 MiB` or `10,000`.
fn number(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let unit = match unit {
        "" => 1.0,
        "KiB" => 1024.0,
        "MiB" => 1024.0 * 1024.0,
        _ => return None,
    };
    number.replace(',', "").parse::<f64>().ok().map(|number| number * unit)
}

/// Returns the value of a constant that is written as a product or a shift, or as a duration in seconds.
fn value(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Binary(binary) => {
            let (left, right) = (value(&binary.left)?, value(&binary.right)?);
            match binary.op {
                BinOp::Mul(_) => Some(left * right),
                BinOp::Shl(_) => Some(left * right.exp2()),
                _ => None,
            }
        }
        Expr::Call(call) => call.args.first().and_then(value),
        _ => None,
    }
}

/// The constants and the tests of a file.
#[derive(Default)]
struct Found {
    constants: Vec<(String, Option<f64>)>,
    tests: Vec<String>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        self.constants.push((item.ident.to_string(), value(&item.expr)));
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        let is_test = |path: &syn::Path| path.segments.last().is_some_and(|name| name.ident == "test");
        if item.attrs.iter().any(|attribute| is_test(attribute.path())) {
            self.tests.push(item.sig.ident.to_string());
        }
        visit::visit_item_fn(self, item);
    }
}

fn found(file: &str) -> Found {
    let path = repository().join("crates").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = Found::default();
    found.visit_file(&syn::parse_file(&text).unwrap());
    found
}

#[test]
fn each_limit_is_a_constant_and_has_a_test() {
    let limits = limits();
    assert!(limits.len() > 15, "{}", limits.len());
    for Limit { value, constant: (file, name), test } in limits {
        let constants = found(&file).constants;
        let constant = constants.iter().find(|(known, _)| *known == name);
        assert_eq!(constant, Some(&(name, number(&value))), "{file} {value}");
        let (file, name) = test;
        assert!(found(&file).tests.contains(&name), "{file} has no test {name}");
    }
}
