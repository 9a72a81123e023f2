//! The common parts of benchmarks that go in rounds: how many there are, and how costs are shown.

use std::error::Error;

/// Returns the numbers of rounds and of requests that the command line has; `usual` if it has none.
pub fn numbers(usual: (usize, usize)) -> Result<(usize, usize), Box<dyn Error + Send + Sync>> {
    // Cargo passes `--bench` to every benchmark.
    let numbers: Result<Vec<usize>, _> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").map(|text| text.parse()).collect();
    match numbers.as_deref() {
        Ok([]) => Ok(usual),
        Ok([rounds, requests]) if *rounds > 0 && *requests > 0 => Ok((*rounds, *requests)),
        _ => Err("give two numbers above 0, of rounds and of requests, or none".into()),
    }
}

/// Returns the line of a table: for each server the median of its costs, and the median and quartiles of the ratios to the costs
/// of the first server in the same rounds.
pub fn line(name: &str, costs: &[Vec<f64>], digits: usize) -> String {
    let first = costs.first().map(Vec::as_slice).unwrap_or_default();
    let cells = costs.iter().map(|cost| {
        let ratios = cost.iter().zip(first).map(|(cost, first)| cost / first);
        let [low, middle, high] = quartiles(ratios.collect());
        let [_, microseconds, _] = quartiles(cost.clone());
        format!(" {microseconds:.digits$}, {middle:.2} × [{low:.2}–{high:.2}] |")
    });
    format!("| {name} |{}", cells.collect::<String>())
}

/// Returns the quartiles of values.
pub fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    [1, 2, 3].map(|quarter| values.get(last * quarter / 4).copied().unwrap_or_default())
}
