//! What a caller would rather have, by the header `Accept` (RFC 9110, section 12.5.1).

/// Whether CSV is wanted more than JSON, which is the usual answer. Of two that weigh the same the
/// one that is named more exactly counts.
pub(crate) fn prefers_csv(accept: &str) -> bool {
    wish(accept, ["*/*", "text/*", "text/csv"])
        > wish(accept, ["*/*", "application/*", "application/json"])
}

/// What the most exact of these ranges weighs, and how exact it is; what weighs nothing is not
/// wanted, however exactly.
fn wish(accept: &str, ranges: [&str; 3]) -> (u16, usize) {
    let wishes = accept.split(',').filter_map(|wish| {
        let mut parts = wish.split(';').map(str::trim);
        let range = parts.next()?;
        let exactness = ranges.iter().position(|known| range.eq_ignore_ascii_case(known))?;
        let weight = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(Some(WHOLE), thousandths);
        // As does what is no weight.
        Some((weight.unwrap_or(0), exactness))
    });
    let most_exact = wishes.max_by_key(|(_, exactness)| *exactness);
    most_exact.filter(|(weight, _)| *weight > 0).unwrap_or_default()
}

/// A weight such as `1`, `0.5` or `0.125`. Whole numbers: floats would be read by five kilobytes.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let fraction = format!("{fraction:0<3}");
    let sum = whole.parse::<u16>().ok()?.checked_mul(WHOLE)?.checked_add(fraction.parse().ok()?)?;
    (fraction.len() == 3 && sum <= WHOLE).then_some(sum)
}

const WHOLE: u16 = 1_000;

#[cfg(test)]
mod tests {
    use super::prefers_csv;

    #[test]
    fn csv_is_for_who_wants_it_more_than_json() {
        for accept in [
            "text/csv",
            "TEXT/CSV; charset=utf-8",
            "text/*",
            "text/csv, */*",
            "text/csv;q=0.1",
            "text/csv; header=present; q=0.9, application/json;q=0.8",
            "application/json;Q=0, text/csv;q=0.001",
            "*/*;q=0.1,text/csv",
        ] {
            assert!(prefers_csv(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/json",
            "text/csv;q=0",
            "text/csv;q=0, */*",
            "application/json;q=1, text/csv;q=0.1",
            "text/csv;q=0.5, */*;q=0.8",
            "application/json, text/csv",
            "text/csv;q=often",
            "text/csv;q=NaN",
            "text/csv;q=2",
            "text/csvx",
            "text/html, application/xhtml+xml, */*;q=0.8",
        ] {
            assert!(!prefers_csv(accept), "{accept}");
        }
    }
}
