//! The record's clock: milliseconds since 1970, shown as Korea Standard Time, and the days of that
//! zone.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// ISO 8601 with milliseconds, `2026-11-28T16:20:11.123+09:00`.
pub(super) fn iso(at_ms: u64) -> String {
    let at = in_korea(at_ms);
    format!(
        "{}T{:02}:{:02}:{:02}.{:03}+09:00",
        at.date(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    )
}

/// When the day of a moment began.
pub(super) fn day_start_ms(at_ms: u64) -> u64 {
    let into_day = at_ms.saturating_add(KST_MS).checked_rem(DAY_MS).unwrap_or(0);
    at_ms.saturating_sub(into_day)
}

/// Reads `2026-11-28`, the beginning of that day in Korea, or a moment as [`iso`] writes it, with
/// or without fraction.
pub(super) fn parse(text: &str) -> Option<u64> {
    let moment = match text.len() {
        DATE_CHARS => format!("{text}T00:00:00+09:00"),
        _ => text.to_owned(),
    };
    let at_ms = ms_of(OffsetDateTime::parse(&moment, &Rfc3339).ok()?)?;
    // RFC 3339 has other spellings as well, and finer fractions.
    let (second, fraction) = moment.strip_suffix("+09:00")?.split_at_checked(SECOND_CHARS)?;
    let is_as_written = iso(at_ms).get(..SECOND_CHARS) == Some(second);
    (is_as_written && fraction.len() <= ".123".len()).then_some(at_ms)
}

/// The same where it is an end: a day is included.
pub(super) fn parse_end(text: &str) -> Option<u64> {
    let is_day = text.len() == DATE_CHARS;
    parse(text)?.checked_add(if is_day { DAY_MS } else { 0 })
}

/// Reads a time of day, `09:00` to `24:00`, as minutes after midnight.
pub(super) fn parse_minutes(text: &str) -> Option<u64> {
    let (hours, minutes) = text.split_once(':').filter(|_| text.len() == "09:00".len())?;
    let at = number(hours)?.checked_mul(60)?.checked_add(number(minutes).filter(|n| *n < 60)?)?;
    Some(u64::from(at)).filter(|at| *at <= DAY_MS / 60_000)
}

fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn ms_of(at: OffsetDateTime) -> Option<u64> {
    u64::try_from(at.unix_timestamp_nanos().checked_div(NANOS_IN_MS)?).ok()
}

/// Past the calendar's end it is 1970: no entry is from there.
fn in_korea(at_ms: u64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms).saturating_mul(NANOS_IN_MS))
        .ok()
        .and_then(|at| at.checked_to_offset(KST))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

pub(super) const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const KST_MS: u64 = 9 * 60 * 60 * 1_000;
const KST: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};
const NANOS_IN_MS: i128 = 1_000_000;
pub(super) const DATE_CHARS: usize = 10;
const SECOND_CHARS: usize = "2026-11-28T16:20:11".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_korea_and_read_again() {
        let at_ms = 1_764_314_411_123;
        assert_eq!(iso(at_ms), "2025-11-28T16:20:11.123+09:00");
        assert_eq!(parse(&iso(at_ms)), Some(at_ms));
        assert_eq!(parse("2025-11-28T16:20:11+09:00"), Some(at_ms - 123));
        assert_eq!(parse("2025-11-28T16:20:11.1+09:00"), Some(at_ms - 23));
    }

    #[test]
    fn a_day_begins_at_midnight_in_korea() {
        let midnight = parse("2025-11-28").unwrap();
        assert_eq!(iso(midnight), "2025-11-28T00:00:00.000+09:00");
        for at_ms in [midnight, midnight + 1, midnight + DAY_MS - 1] {
            assert_eq!(day_start_ms(at_ms), midnight);
        }
        assert_eq!(day_start_ms(midnight - 1), midnight - DAY_MS);
    }

    #[test]
    fn years_end_in_korea_and_leap_days_are_days() {
        let last = parse("2027-12-31T23:59:59.999+09:00").unwrap();
        assert_eq!(iso(last + 1), "2028-01-01T00:00:00.000+09:00");
        assert_eq!(day_start_ms(last + 1), last + 1);
        assert_eq!(parse_end("2027-12-31"), Some(last + 1));
        for (day, next) in [("2028-02-28", "2028-02-29"), ("2028-02-29", "2028-03-01")] {
            assert_eq!(parse_end(day), parse(next));
            assert_eq!(parse(day).map(day_start_ms), parse(day));
        }
        for no_day in ["2027-02-29", "2100-02-29"] {
            assert_eq!(parse(no_day), None, "{no_day}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2025",
            "2025-13-01",
            "2025-02-30",
            "2025-11-28T",
            "2025-11-28T16:20:11Z",
            "2025-11-28T24:00:00+09:00",
            "2025-11-28T16:60:11+09:00",
            "2025-11-28T16:20+09:00",
            "2025-11-28T16:20:11.1234+09:00",
            "2025-11-28T16:20:11:00+09:00",
            "+025-11-28",
            "2025-1-001",
            "2025-1-1-1",
            "2025-11-28T1:2:3+09:00",
            "2025-11-28T016:20:1+09:00",
            "2025-11-28T16:20:11.+09:00",
            "2025-11-28T25:20:11+09:00",
            "2025-11-28T16:20:60+09:00",
            "2025-11-28T16:20:000+09:00",
            "2025-11-2가",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
