//! Durations as texts: `hours=3;minutes=1`.

use std::time::Duration;

use chrono::TimeDelta;

/// Reads a duration; `None` if it is none.
pub(super) fn read(text: &str) -> Option<TimeDelta> {
    let mut whole = TimeDelta::zero();
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let (unit, number) = part.split_once('=')?;
        let number: f64 = number.trim().parse().ok()?;
        let seconds = match unit.trim().to_lowercase().as_str() {
            "microseconds" => 1e-6,
            "milliseconds" => 1e-3,
            "seconds" => 1.0,
            "minutes" => 60.0,
            "hours" => 3_600.0,
            "days" => 86_400.0,
            "weeks" => 604_800.0,
            _ => return None,
        };
        let seconds: f64 = number * seconds;
        let part = TimeDelta::from_std(Duration::try_from_secs_f64(seconds.abs()).ok()?).ok()?;
        let part = if seconds < 0.0 { -part } else { part };
        whole = whole.checked_add(&part)?;
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_sums_of_parts() {
        assert_eq!(read("hours=3;minutes=1"), Some(TimeDelta::minutes(181)));
        assert_eq!(read("days=-1"), Some(TimeDelta::days(-1)));
        assert_eq!(read("x"), None);
        assert_eq!(read("days=inf"), None);
        assert_eq!(read("years=1"), None);
    }
}
