//! Payple's timestamps: `YYYY-MM-DD HH:mm:ss` without a zone, taken as Korea Standard Time (KST,
//! +09:00).

use std::fmt;

use ::time::{Date, Month, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A second in Korea, which has had no summer time since 1988.
///
/// Kept as it is written, `2021-10-26T10:55:03`: it is read and shown more often than reckoned
/// with, and in this form the earlier second is the lesser text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KoreanTime([u8; 19]);

impl KoreanTime {
    /// Reads `YYYY-MM-DD HH:mm:ss`; a `T` between the two is taken as well.
    /// `None` for any other form and for a day or hour that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let mut written: [u8; 19] = text.as_bytes().try_into().ok()?;
        let [
            y1,
            y2,
            y3,
            y4,
            b'-',
            m1,
            m2,
            b'-',
            d1,
            d2,
            between @ (b' ' | b'T'),
            h1,
            h2,
            b':',
            n1,
            n2,
            b':',
            s1,
            s2,
        ] = &mut written
        else {
            return None;
        };
        *between = b'T';
        let year = number([*y1, *y2, *y3, *y4])?;
        let [month, day, hour, minute, second] =
            [[*m1, *m2], [*d1, *d2], [*h1, *h2], [*n1, *n2], [*s1, *s2]].map(number);
        Date::from_calendar_date(
            i32::from(year),
            Month::try_from(short(month)?).ok()?,
            short(day)?,
        )
        .ok()?;
        Time::from_hms(short(hour)?, short(minute)?, short(second)?).ok()?;
        Some(Self(written))
    }

    /// ISO 8601, `2021-10-26T10:55:03+09:00`.
    pub(crate) fn to_iso(self) -> IsoText {
        let mut iso = *b"0000-00-00T00:00:00+09:00";
        if let Some(second) = iso.first_chunk_mut() {
            *second = self.0;
        }
        IsoText(iso)
    }
}

/// A second in ISO 8601.
pub(crate) struct IsoText([u8; 25]);

impl IsoText {
    pub(crate) fn as_str(&self) -> &str {
        // Digits and separators.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// ISO 8601, `2021-10-26T10:55:03+09:00`.
impl fmt::Display for KoreanTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_iso().as_str())
    }
}

impl fmt::Debug for KoreanTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KoreanTime({self})")
    }
}

impl Serialize for KoreanTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.to_iso().as_str())
    }
}

/// Reads what it writes.
impl<'de> Deserialize<'de> for KoreanTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_suffix("+09:00").and_then(Self::parse).ok_or_else(|| {
            serde::de::Error::custom("a time must be of the form 2021-10-26T10:55:03+09:00")
        })
    }
}

/// So many ASCII digits.
fn number<const N: usize>(digits: [u8; N]) -> Option<u16> {
    let mut number = 0_u16;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        // Four digits at most.
        number = number.wrapping_mul(10).wrapping_add(u16::from(digit & 0xf));
    }
    Some(number)
}

fn short(number: Option<u16>) -> Option<u8> {
    u8::try_from(number?).ok()
}

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
