//! The arguments of a program that makes round trips.

/// The arguments of the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arguments {
    /// Prints the document that the server describes itself with, and makes no call.
    pub document: bool,
    /// Prints each call that fails.
    pub calls: bool,
    /// The least share of operations that have to pass, in percent.
    pub at_least: f64,
}

impl Arguments {
    /// Reads the arguments, the name of the program aside.
    ///
    /// # Errors
    /// Fails if an argument is unknown, or the share is no percentage.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Arguments { document: false, calls: false, at_least: 100.0 };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--document" => parsed.document = true,
                "--calls" => parsed.calls = true,
                "--at-least" => {
                    let share = arguments.next().and_then(|text| text.parse::<f64>().ok());
                    parsed.at_least = share
                        .filter(|share| (0.0..=100.0).contains(share))
                        .ok_or("`--at-least` takes a percentage, such as 95")?;
                }
                other => {
                    return Err(format!(
                        "nothing is known of `{other}`; try `--at-least PERCENT`, `--calls` or `--document`"
                    ));
                }
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage() {
        let parse = |text: &str| Arguments::parse(text.split_whitespace().map(str::to_owned));
        assert_eq!(parse(""), Ok(Arguments { document: false, calls: false, at_least: 100.0 }));
        assert_eq!(parse("--at-least 97.5"), Ok(Arguments { document: false, calls: false, at_least: 97.5 }));
        assert_eq!(parse("--document"), Ok(Arguments { document: true, calls: false, at_least: 100.0 }));
        for wrong in ["--at-least", "--at-least 101", "--at-least NaN", "--at-least all", "pets"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
