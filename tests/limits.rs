//! Limits: each that `docs/limits.md` lists is the constant of that name, and has a test of that name.

use std::fs;

use syn::{BinOp, Expr, ExprLit, Lit};

use crate::repository;
use crate::sources::found;

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

#[test]
fn each_limit_is_a_constant_and_has_a_test() {
    let (limits, crates) = (limits(), repository().join("crates"));
    assert!(limits.len() > 15, "{}", limits.len());
    for Limit { value, constant: (file, name), test } in limits {
        let limit = number(&value).unwrap_or_else(|| panic!("{value} is no number of a limit"));
        let constants = found(&crates.join(&file)).constants;
        let constant = constants.iter().find(|(known, _)| *known == name);
        let constant = constant.and_then(|(_, expr)| self::value(expr));
        assert_eq!(constant, Some(limit), "{file} {name}");
        let (file, name) = test;
        assert!(found(&crates.join(&file)).tests.contains(&name), "{file} has no test {name}");
    }
}
