//! Points in time as Django reads them (`django.utils.dateparse.parse_datetime`): what Python's `datetime.fromisoformat` reads,
//! and besides numbers of one digit and blanks before the zone.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Weekday};

/// Reads a point in time, and returns it as REST framework shows it: in UTC, with a fraction only if there is one. A time
/// without a zone is one of UTC.
pub(crate) fn parse(text: &str) -> Option<String> {
    let moment =
        of_iso_format(text).or_else(|| of_pattern(text)).filter(|it| (1..=9999).contains(&it.year()))?;
    let format = if moment.nanosecond() == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.6fZ" };
    Some(moment.format(format).to_string())
}

/// Reads what `datetime.fromisoformat` reads.
fn of_iso_format(text: &str) -> Option<NaiveDateTime> {
    let (date, rest) = text.split_at_checked(length_of_date(text.as_bytes())?)?;
    let date = iso_date(date)?;
    let mut rest = rest.chars();
    // Any character may separate the date from the time.
    let (Some(_), time) = (rest.next(), rest.as_str()) else { return Some(date.into()) };
    let (time, zone) = before_zone(time);
    // Python looks no further than the digits where a zone follows.
    let (clock, rest) = Clock::of_iso_format(time)?;
    let clock = Some(clock).filter(|_| rest.is_empty() || !zone.is_empty())?;
    date.and_time(clock.time()?).checked_sub_signed(offset(zone)?)
}

/// Splits a time from its zone, which may be empty.
fn before_zone(time: &str) -> (&str, &str) {
    time.split_at(time.find(['-', '+', 'Z']).unwrap_or(time.len()))
}

/// Returns the distance of a zone from UTC, which is less than a day.
fn offset(zone: &str) -> Option<TimeDelta> {
    match zone.split_at_checked(1) {
        None | Some(("Z", "")) => Some(TimeDelta::zero()),
        Some(("Z", _)) => None,
        Some((sign, clock)) => {
            let (clock, rest) = Clock::of_iso_format(clock)?;
            let offset = clock.since_midnight();
            let offset = Some(offset).filter(|offset| rest.is_empty() && *offset < TimeDelta::days(1))?;
            Some(if sign == "-" { -offset } else { offset })
        }
    }
}

/// Returns the number of bytes of the date before a time.
fn length_of_date(text: &[u8]) -> Option<usize> {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    Some(match (text.get(4)?, text.get(5)?) {
        (b'-', b'W') if text.get(8) != Some(&b'-') => 8,
        // A hyphen before two digits separates rather than that a digit does.
        (b'-', b'W') => {
            if text.len() == 9 {
                return None;
            } else if is_digit(10) {
                8
            } else {
                10
            }
        }
        (b'-', _) => 10,
        (b'W', _) => match (7..text.len()).find(|at| !is_digit(*at)).unwrap_or(text.len()) {
            end @ ..9 => end,
            end => {
                if end % 2 == 0 {
                    7
                } else {
                    8
                }
            }
        },
        _ => 8,
    })
}

/// Reads `YYYY-MM-DD` or `YYYY-Www-D`, with or without the hyphens and the day of a week.
fn iso_date(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = i32::try_from(number(year, 4..=4)?).ok().filter(|year| *year > 0)?;
    let is_separated = rest.starts_with('-');
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (is_week, rest) = match rest.strip_prefix('W') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (number_of, day) = rest.split_at_checked(2)?;
    let number_of = number(number_of, 2..=2)?;
    let day = if is_separated && !day.is_empty() { day.strip_prefix('-')? } else { day };
    if !is_week {
        return NaiveDate::from_ymd_opt(year, number_of, number(day, 2..=2)?);
    }
    let day = if day.is_empty() { 1 } else { number(day, 1..=1)? };
    let day = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    NaiveDate::from_isoywd_opt(year, number_of, day)
}

/// Reads what the pattern of Django matches and `datetime.fromisoformat` does not read.
fn of_pattern(text: &str) -> Option<NaiveDateTime> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let (date, rest) = text.split_once(['T', ' '])?;
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(month, 1..=2)?, number(day, 1..=2)?)
        .filter(|_| date.next().is_none())?;
    let (time, zone) = before_zone(rest);
    if zone.len() > "+HH:MM".len() || zone.contains(['.', ',']) {
        return None;
    }
    let time = time.trim_end_matches(super::python::is_space);
    let (time, fraction) =
        time.split_once(['.', ',']).map_or((time, None), |(time, fraction)| (time, Some(fraction)));
    let mut parts = time.split(':').map(|part| number(part, 1..=2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next());
    let microsecond = match (second, fraction) {
        (_, None) => 0,
        (Some(_), Some(fraction)) if fraction.len() <= 12 => microseconds(fraction)?,
        _ => return None,
    };
    let clock = Clock { hour, minute, second: second.unwrap_or(Some(0))?, microsecond };
    Some(date.and_time(clock.time().filter(|_| parts.next().is_none())?))
        .and_then(|it| it.checked_sub_signed(offset(zone)?))
}

/// Hours, minutes, seconds and microseconds: a time of day, or the distance of a zone from UTC.
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    microsecond: u32,
}

impl Clock {
    /// Reads `HH[:MM[:SS]][.f…]`, with or without the colons, and returns the text after it.
    fn of_iso_format(text: &str) -> Option<(Self, &str)> {
        let is_separated = text.get(2..3) == Some(":");
        let (mut parts, mut rest) = ([0; 3], text);
        let of = |[hour, minute, second]: [u32; 3], microsecond| Self { hour, minute, second, microsecond };
        for place in 0..parts.len() {
            let (digits, after) = rest.split_at_checked(2)?;
            parts[place] = number(digits, 2..=2)?;
            let mut following = after.chars();
            rest = match following.next() {
                _ if after.len() < 2 => return Some((of(parts, 0), after)),
                Some('.' | ',') => {
                    rest = following.as_str();
                    break;
                }
                Some(':') if is_separated => following.as_str(),
                _ if is_separated => return None,
                _ => after,
            };
        }
        let digits = rest.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(rest.len());
        let (fraction, rest) = rest.split_at(digits);
        let microsecond = microseconds(fraction).filter(|_| rest.is_empty() || fraction.len() >= 6)?;
        Some((of(parts, microsecond), rest))
    }

    fn time(&self) -> Option<NaiveTime> {
        let second = Some(self.second).filter(|second| *second < 60)?;
        NaiveTime::from_hms_micro_opt(self.hour, self.minute, second, self.microsecond)
    }

    fn since_midnight(&self) -> TimeDelta {
        let seconds = self.hour * 3600 + self.minute * 60 + self.second;
        TimeDelta::seconds(i64::from(seconds)) + TimeDelta::microseconds(i64::from(self.microsecond))
    }
}

/// Reads the digits of a fraction; those beyond microseconds are cut off.
fn microseconds(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<6}").get(..6)?.parse().ok()
}

/// Reads a number of so many digits.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_are_read_as_the_framework_reads_them() {
        let cases = [
            ("2024-01-02", Some("2024-01-02T00:00:00Z")),
            ("20240102", Some("2024-01-02T00:00:00Z")),
            ("2024-W05-3", Some("2024-01-31T00:00:00Z")),
            ("2024W05", Some("2024-01-29T00:00:00Z")),
            ("2024-01-02T05", Some("2024-01-02T05:00:00Z")),
            ("2024-01-02_05:06", Some("2024-01-02T05:06:00Z")),
            ("20240102T050607,5", Some("2024-01-02T05:06:07.500000Z")),
            ("2024-01-02 05:06:07.1234567", Some("2024-01-02T05:06:07.123456Z")),
            ("2024-01-02T05:06Z", Some("2024-01-02T05:06:00Z")),
            ("2024-01-02T05:06-0530", Some("2024-01-02T10:36:00Z")),
            ("2024-01-02T05:06+02:00:30.5", Some("2024-01-02T03:05:29.500000Z")),
            ("2024-1-2 5:6:7 +02:00", Some("2024-01-02T03:06:07Z")),
            ("2024-01-02T05:06 Z", Some("2024-01-02T05:06:00Z")),
            ("2024-1-2", None),
            ("2024-1-2 5:06+02:00:30", None),
            ("2024-0102", None),
            ("2024-02-30", None),
            ("2024-W53-8", None),
            ("2024-01-02T05:06Z05:30", None),
            ("2024-01-02T", None),
            ("0001-01-01T00:00+01:00", None),
            (" 2024-01-02", None),
            ("2024-01-02T24:00", None),
            ("2024-01-02T05:06:60", None),
            ("2024-01-02T05:06z", None),
            ("2024-01-02T05:06+2", None),
            ("2024-01-02T05:06+24:00", None),
            ("2024-01-02T05:06+02:00 ", None),
            ("2024-01-02T05:06ZZ", None),
            ("", None),
            ("é", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).as_deref(), expected, "{text:?}");
        }
    }
}
