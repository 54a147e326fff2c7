//! Payple's timestamps: `YYYY-MM-DD HH:mm:ss` without a zone, taken as Korea Standard Time (KST,
//! +09:00).

use std::ops::Range;
use std::str::FromStr;

use ::time::{Date, Month, Time};
use derive_more::{Debug, Display};
use serde_with::{DeserializeFromStr, SerializeDisplay};

/// A second in Korea, which has had no summer time since 1988.
///
/// Stored as it is written, `2021-10-26T10:55:03+09:00`: it is read and shown more often than
/// reckoned with, and in this form the earlier second is the lesser text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Display)]
#[debug("KoreanTime({self})")]
#[display("{}", self.as_str())]
#[derive(SerializeDisplay, DeserializeFromStr)]
pub struct KoreanTime([u8; 25]);

impl KoreanTime {
    /// Reads `YYYY-MM-DD HH:mm:ss`; a `T` between the two is taken as well.
    /// `None` for any other form and for a day or hour that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let mut written: [u8; 19] = text.as_bytes().try_into().ok()?;
        let is_of_form = written.iter().zip(FORM).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b' '),
            separator => byte == separator,
        });
        if !is_of_form {
            return None;
        }
        let month = Month::try_from(number::<u8>(text, 5..7)?).ok()?;
        Date::from_calendar_date(number(text, 0..4)?, month, number(text, 8..10)?).ok()?;
        let [hour, minute, second] = [11..13, 14..16, 17..19].map(|place| number(text, place));
        Time::from_hms(hour?, minute?, second?).ok()?;

        *written.get_mut(10)? = b'T';
        let mut iso = *b"0000-00-00T00:00:00+09:00";
        *iso.first_chunk_mut()? = written;
        Some(Self(iso))
    }

    /// ISO 8601, `2021-10-26T10:55:03+09:00`.
    pub(crate) fn as_str(&self) -> &str {
        // Digits and separators.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Reads what `Display` writes.
impl FromStr for KoreanTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let written = text.strip_suffix("+09:00").and_then(Self::parse);
        written.ok_or("is not a time of the form 2021-10-26T10:55:03+09:00")
    }
}

/// The number that these digits of a text are.
fn number<T: FromStr>(text: &str, place: Range<usize>) -> Option<T> {
    text.get(place)?.parse().ok()
}

const FORM: &[u8; 19] = b"0000-00-00T00:00:00";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_form_of_the_spec_as_korean_time() {
        let read = KoreanTime::parse("2021-10-26 10:55:03").map(|t| t.to_string());

        assert_eq!(read.as_deref(), Some("2021-10-26T10:55:03+09:00"));
        assert_eq!(
            format!("{:?}", KoreanTime::parse("2021-10-26 10:55:03").unwrap()),
            "KoreanTime(2021-10-26T10:55:03+09:00)"
        );
    }

    #[test]
    fn a_leap_day_exists_only_in_leap_years() {
        assert!(KoreanTime::parse("2024-02-29 00:00:00").is_some());
        assert!(KoreanTime::parse("2023-02-29 00:00:00").is_none());
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
            "2021-10-26t10:55:03",
            "2021-10-26  10:55:3",
            "2021-10-26 10:55:0é",
        ] {
            assert_eq!(KoreanTime::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_compare_in_order() {
        assert!(
            KoreanTime::parse("2021-10-26 10:55:03") < KoreanTime::parse("2021-10-26 10:55:04")
        );
    }
}
