//! Payple's timestamps: `YYYY-MM-DD HH:mm:ss` without a zone, taken as Korean time (+09:00).

use std::fmt;

use serde::{Serialize, Serializer};
use time::{Date, Month, Time};

/// A second in Korea, which has had no summer time since 1988.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kst {
    date: Date,
    time: Time,
}

impl Kst {
    /// Reads `YYYY-MM-DD HH:mm:ss`; a `T` between the two is taken as well.
    /// `None` for any other form and for a day or hour that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once([' ', 'T'])?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let [day, hour, minute, second] = [day, hour, minute, second].map(|n| u8::try_from(n).unwrap_or(u8::MAX));
        Some(Self { date: Date::from_calendar_date(i32::from(year), month, day).ok()?, time: Time::from_hms(hour, minute, second).ok()? })
    }
}

/// ISO 8601, `2021-10-26T10:55:03+09:00`.
impl fmt::Display for Kst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date.to_calendar_date();
        let (hour, minute, second) = self.time.as_hms();
        write!(f, "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+09:00", u8::from(month))
    }
}

impl Serialize for Kst {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Three runs of exactly so many ASCII digits, apart by `separator`.
fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[u16; 3]> {
    let mut parts = text.split(separator);
    let mut next = |width: usize| {
        let part = parts.next()?;
        (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let [first, second, third] = widths;
    let read = [next(first)?, next(second)?, next(third)?];
    parts.next().is_none().then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_form_of_the_spec_as_korean_time() {
        let read = Kst::parse("2021-10-26 10:55:03").map(|t| t.to_string());

        assert_eq!(read.as_deref(), Some("2021-10-26T10:55:03+09:00"));
    }

    #[test]
    fn a_leap_day_exists_only_in_leap_years() {
        assert!(Kst::parse("2024-02-29 00:00:00").is_some());
        assert!(Kst::parse("2023-02-29 00:00:00").is_none());
    }

    #[test]
    fn other_forms_are_not_guessed() {
        for text in [
            "",
            "2021-10-26",
            "20211026105503",
            "2021-10-26 25:00:00",
            "2021-1-26 10:55:03",
            "2021-10-26 10:55:03Z",
            "+021-10-26 10:55:03",
            "2021-13-01 00:00:00",
        ] {
            assert_eq!(Kst::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_compare_in_order() {
        assert!(Kst::parse("2021-10-26 10:55:03") < Kst::parse("2021-10-26 10:55:04"));
    }
}
