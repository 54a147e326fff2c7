//! How an auditor reads the record: which entries, page by page over all chains, as JSON or as CSV.

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::client::chains;
use super::entry::Task;
use super::korean_clock;
use super::protocol::{Filter, Page, Period};
use crate::api::{AccessRecord, RecordTask};

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::worker) struct Reading {
    pub(in crate::worker) filter: Filter,
    /// SHA-256 of the subject in hexadecimal digits.
    pub(in crate::worker) subject: Option<String>,
    /// Where each chain goes on; empty at the beginning.
    pub(in crate::worker) cursor: Vec<(String, Option<u64>)>,
    pub(in crate::worker) limit: u32,
}

impl Reading {
    /// Reads the parameters of an address. The error names the parameter, and repeats no value.
    pub(in crate::worker) fn parse<'a>(
        parameters: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, String> {
        let mut reading = Self { limit: USUAL_LIMIT, ..Self::default() };
        let mut seen = [false; PARAMETERS.len()];
        for (name, value) in parameters {
            match seen.get_mut(place(name)?) {
                Some(seen @ false) => *seen = true,
                _ => return Err(TWICE.to_owned()),
            }
            // An empty field of a form.
            if !value.is_empty() {
                reading.take(name, value)?;
            }
        }
        let Filter { from_ms, until_ms, .. } = reading.filter;
        match from_ms.zip(until_ms) {
            Some((from_ms, until_ms)) if from_ms >= until_ms => Err(NO_TIME.to_owned()),
            _ => Ok(reading),
        }
    }

    /// The same from the fields of a body, an [`AccessRecordsQuestion`] where the subject is in
    /// full.
    ///
    /// [`AccessRecordsQuestion`]: crate::api::AccessRecordsQuestion
    pub(in crate::worker) fn of(fields: Vec<(String, Value)>) -> Result<Self, String> {
        let mut parameters = Vec::new();
        for (name, value) in fields {
            place(&name)?;
            let text = match (name.as_str(), value) {
                (_, Value::Null) => String::new(),
                ("limit", Value::Number(number)) => number.to_string(),
                ("limit", _) => return Err("limit must be a number".to_owned()),
                ("subject", Value::String(key)) => match key.trim() {
                    "" => String::new(),
                    key => hex::encode(Sha256::digest(key)),
                },
                (_, Value::String(text)) => text,
                _ => return Err("the body must hold texts".to_owned()),
            };
            parameters.push((name, text));
        }
        Self::parse(parameters.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        let moment = |text| korean_clock::parse(text).ok_or_else(|| format!("{name} {A_MOMENT}"));
        match name {
            "from" => self.filter.from_ms = Some(moment(value)?),
            "to" => {
                self.filter.until_ms =
                    Some(korean_clock::parse_end(value).ok_or_else(|| format!("to {A_MOMENT}"))?);
            }
            "who" => {
                if value.chars().count() > MAX_WHO_CHARS {
                    return Err("who is too long".to_owned());
                }
                self.filter.who = Some(value.to_owned());
            }
            "task" => {
                let task = RecordTask::ALL.iter().copied().find(|task: &Task| task.name() == value);
                self.filter.task = Some(task.ok_or("task is none that is recorded")?);
            }
            "subject" => {
                let is_hash = value.len() == HASH_CHARS
                    && value.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if !is_hash {
                    return Err("subject must be the SHA-256 of a key in hexadecimal digits: keys do not travel in an address".to_owned());
                }
                self.subject = Some(value.to_owned());
            }
            "cursor" => self.cursor = parse_cursor(value).ok_or("cursor is none of ours")?,
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                self.limit = limit.ok_or_else(|| format!("limit must be 1 to {MAX_LIMIT}"))?;
            }
            _ => return Err(NO_SUCH.to_owned()),
        }
        Ok(())
    }

    /// Where a chain goes on.
    pub(in crate::worker) fn before(&self, chain: &str) -> Option<u64> {
        self.cursor.iter().find(|(known, _)| known == chain).and_then(|(_, before)| *before)
    }
}

/// Where a parameter is among those that there are.
fn place(name: &str) -> Result<usize, String> {
    PARAMETERS.iter().position(|known| *known == name).ok_or_else(|| NO_SUCH.to_owned())
}

/// Reads the parameters of a summary. The error repeats no value.
pub(in crate::worker) fn period<'a>(
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Period, String> {
    let mut seen = [None; 4];
    for (name, value) in parameters {
        let (place, read) = match name {
            "from" => (0, korean_clock::parse(value)),
            "to" => (1, korean_clock::parse_end(value)),
            "opens" => (2, korean_clock::parse_minutes(value)),
            "closes" => (3, korean_clock::parse_minutes(value)),
            _ => {
                return Err(
                    "there is no such parameter: there are from, to, opens and closes".to_owned()
                );
            }
        };
        let kind = if place < 2 { A_MOMENT } else { A_CLOCK };
        let read = read.ok_or_else(|| format!("{name} {kind}"))?;
        match seen.get_mut(place) {
            Some(known @ None) => *known = Some(read),
            _ => return Err(TWICE.to_owned()),
        }
    }
    let [from, until, opens, closes] = seen;
    let minutes = |read: Option<u64>, usual| read.and_then(|n| n.try_into().ok()).unwrap_or(usual);
    let (Some(from_ms), Some(until_ms)) = (from, until) else {
        return Err("from and to must be given".to_owned());
    };
    let period =
        Period { from_ms, until_ms, opens: minutes(opens, OPENS), closes: minutes(closes, CLOSES) };
    if period.opens >= period.closes || from_ms >= until_ms {
        return Err(NO_TIME.to_owned());
    }
    Ok(period)
}

/// The newest entries of all pages, each with the chain it came from, and the cursor for what is
/// left. A chain of which nothing was among them goes on at its head as it was: what is written
/// while somebody turns pages is newer than what they have read already.
pub(in crate::worker) fn merge(
    reading: &Reading,
    pages: Vec<(String, Page)>,
) -> (Vec<AccessRecord>, Option<String>) {
    let limit = usize::try_from(reading.limit).unwrap_or(usize::MAX);
    let begins = pages.iter().map(|(chain, page)| {
        let before = reading.before(chain).unwrap_or(page.head.sequence.saturating_add(1));
        (chain.clone(), before)
    });
    let begins: Vec<_> = begins.collect();
    let is_over = |page: &Page| page.entries.len() < limit;
    let all_over = pages.iter().all(|(_, page)| is_over(page));
    let mut entries: Vec<_> = pages.into_iter().flat_map(|(_, page)| page.entries).collect();
    // Stable: entries of one chain stay in their order.
    entries.sort_by(|a, b| b.at.cmp(&a.at));
    let is_cut = entries.len() > limit;
    entries.truncate(limit);
    if all_over && !is_cut {
        return (entries, None);
    }
    let places = begins.into_iter().map(|(chain, before)| {
        let last = entries.iter().rev().find(|entry| entry.chain == chain);
        format!("{chain}.{}", last.map_or(before, |entry| entry.sequence))
    });
    let cursor = places.collect::<Vec<_>>().join("~");
    (entries, Some(cursor))
}

/// `None` where a chain is unknown, or there more than once.
fn parse_cursor(text: &str) -> Option<Vec<(String, Option<u64>)>> {
    let mut places: Vec<(String, Option<u64>)> = Vec::new();
    for place in text.split('~') {
        let (chain, before) = place.split_once('.')?;
        let chain = chains().find(|known| known == chain)?;
        if places.iter().any(|(seen, _)| *seen == chain) {
            return None;
        }
        let before =
            if before.is_empty() { None } else { Some(before.parse::<u32>().ok()?.into()) };
        places.push((chain, before));
    }
    Some(places)
}

/// As a file for a spreadsheet: UTF-8 with its mark, for Excel in Korean.
pub(in crate::worker) fn csv(records: &[AccessRecord]) -> String {
    let mut csv = format!("\u{feff}{CSV_HEAD}\r\n");
    for record in records {
        let (sequence, rows) =
            (record.sequence.to_string(), record.rows.map(|rows| rows.to_string()));
        let subject = record.subject_text.as_deref().map(harmless);
        let reason = record.reason_text.as_deref().map(harmless);
        let cells: [Option<&str>; 18] = [
            Some(&record.chain),
            Some(&sequence),
            Some(&record.at),
            Some(&record.who),
            Some(record.method.name()),
            Some(&record.address),
            Some(record.task.name()),
            subject.as_deref(),
            Some(&record.outcome),
            rows.as_deref(),
            reason.as_deref(),
            Some(&record.request_id),
            record.subject.as_deref(),
            record.subject_hash.as_deref(),
            record.key.as_deref(),
            record.reason.as_deref(),
            Some(&record.previous),
            Some(&record.hash),
        ];
        for (n, cell) in cells.into_iter().enumerate() {
            let separator = if n == 0 { "" } else { "," };
            // Writing to a String does not fail.
            let _ = write!(csv, "{separator}\"{}\"", cell.unwrap_or_default().replace('"', "\"\""));
        }
        csv.push_str("\r\n");
    }
    csv
}

/// A text that a spreadsheet takes for no formula. What the hash covers begins with no such
/// character.
fn harmless(text: &str) -> String {
    let is_unseen = |c: char| c.is_whitespace() || c.is_control() || UNSEEN.contains(&c);
    let first = text.trim_start_matches(is_unseen).chars().next();
    let is_formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
        || text.starts_with(['\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

const PARAMETERS: [&str; 7] = ["from", "to", "who", "task", "subject", "cursor", "limit"];
const NO_SUCH: &str =
    "there is no such parameter: there are from, to, who, task, subject, cursor and limit";
const A_MOMENT: &str = "must be a day such as 2026-11-28, or a moment such as 2026-11-28T16:20:11+09:00 (in an address, + is %2B)";
const A_CLOCK: &str = "must be a time of day such as 09:00";
const NO_TIME: &str = "what ends must end after it begins";
const TWICE: &str = "a parameter must be given once";
/// The usual hours of work, in minutes after midnight: 09:00 to 18:00.
const OPENS: u16 = 540;
const CLOSES: u16 = 1_080;
const CSV_HEAD: &str = "chain,sequence,at,who,method,address,task,subjectText,outcome,rows,reasonText,requestId,\
                        subject,subjectHash,key,reason,previous,hash";
const UNSEEN: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
const HASH_CHARS: usize = 64;
const MAX_WHO_CHARS: usize = 300;
const USUAL_LIMIT: u32 = 500;
/// Each subject is opened, and what one request computes is bounded by it.
const MAX_LIMIT: u32 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::records::chain::Link;
    use crate::worker::records::entry::{Act, Method, Subject};
    use crate::worker::records::korean_clock::DAY_MS;

    fn parse(parameters: &[(&str, &str)]) -> Result<Reading, String> {
        Reading::parse(parameters.iter().copied())
    }

    #[test]
    fn parameters_say_which_entries() {
        let hash = "ab".repeat(32);
        let reading = parse(&[
            ("from", "2026-11-01"),
            ("to", "2026-11-30"),
            ("who", "clerk@shop.example"),
            ("task", "export"),
            ("subject", &hash),
            ("cursor", "people.7~refused."),
            ("limit", "1000"),
        ])
        .unwrap();
        let Filter { from_ms, until_ms, who, task, subject_hashes } = &reading.filter;
        assert_eq!(until_ms.unwrap() - from_ms.unwrap(), 30 * DAY_MS);
        assert_eq!((who.as_deref(), *task), (Some("clerk@shop.example"), Some(Task::Export)));
        assert!(subject_hashes.is_empty(), "they are made with the key");
        assert_eq!(reading.subject, Some(hash));
        assert_eq!((reading.before("people"), reading.before("refused")), (Some(7), None));

        let exact = parse(&[("to", "2026-11-30T00:00:00+09:00"), ("who", "")]).unwrap();
        assert_eq!(exact.filter.until_ms.unwrap() + DAY_MS, until_ms.unwrap());
        assert_eq!((exact.filter.who, exact.limit), (None, USUAL_LIMIT));
    }

    #[test]
    fn a_parameter_that_is_not_understood_is_an_error_that_repeats_nothing() {
        for parameters in [
            &[("from", "canary")][..],
            &[("to", "2026-13-01")],
            &[("task", "canary")],
            &[("subject", "canary")],
            &[("subject", "AB")],
            &[("cursor", "canary")],
            &[("cursor", "people.-1")],
            &[("cursor", "canary.5~people.")],
            &[("cursor", "people.5~people.")],
            &[("cursor", "people.5~")],
            &[("limit", "0")],
            &[("limit", "1001")],
            &[("canary", "1")],
            &[("canary", "")],
            &[("from", "2026-11-02"), ("to", "2026-11-01")],
            &[("who", "a"), ("who", "b")],
            &[("who", ""), ("who", "b")],
        ] {
            let told = parse(parameters).unwrap_err();
            assert!(!told.contains("canary"), "{told}");
        }
    }

    #[test]
    fn a_moment_whose_plus_became_a_space_is_told_how_it_is_written() {
        let told = parse(&[("from", "2026-11-28T16:20:11 09:00")]).unwrap_err();
        assert!(told.starts_with("from must be a day") && told.contains("%2B"), "{told}");
    }

    #[test]
    fn a_body_may_hold_the_subject_in_full() {
        let of = |fields: &[(&str, Value)]| {
            Reading::of(
                fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            )
        };
        let reading = of(&[
            ("from", "2026-11-01".into()),
            ("who", Value::Null),
            ("subject", " 키 ".into()),
            ("task", "show".into()),
            ("cursor", Value::Null),
            ("limit", 7.into()),
        ])
        .unwrap();
        assert_eq!(reading.subject, Some(hex::encode(Sha256::digest("키"))));
        assert_eq!((reading.filter.task, reading.limit), (Some(Task::Show), 7));
        assert_eq!(reading.filter.from_ms, korean_clock::parse("2026-11-01"));
        assert_eq!(of(&[]), parse(&[]));
        assert_eq!(of(&[("limit", Value::Null)]), parse(&[]));
        for wrong in [
            &[("limit", Value::from(1_001))][..],
            &[("limit", "7".into())],
            &[("who", 7.into())],
            &[("subject", "a".into()), ("subject", "a".into())],
            &[("who", Value::Null), ("who", Value::Null)],
            &[("canary", "a".into())],
            &[("canary", Value::Null)],
        ] {
            let told = of(wrong).unwrap_err();
            assert!(!told.contains("canary"), "{told}");
        }
    }

    #[test]
    fn a_summary_is_of_a_time_and_of_hours_of_work() {
        let parse = |parameters: &[(&str, &str)]| period(parameters.iter().copied());
        let days = [("from", "2026-11-01"), ("to", "2026-11-30")];
        let month = parse(&days).unwrap();
        assert_eq!(month.until_ms - month.from_ms, 30 * DAY_MS);
        assert_eq!((month.opens, month.closes), (540, 1_080));
        let late =
            parse(&[&days[..], &[("opens", "10:30"), ("closes", "24:00")]].concat()).unwrap();
        assert_eq!((late.opens, late.closes), (630, 1_440));
        for more in [
            &[("opens", "9:00")][..],
            &[("opens", "18:00")],
            &[("closes", "24:01")],
            &[("closes", "canary")],
            &[("from", "2026-11-01")],
            &[("canary", "1")],
        ] {
            let told = parse(&[&days[..], more].concat()).unwrap_err();
            assert!(!told.contains("canary"), "{told}");
        }
        assert!(parse(&days[..1]).is_err() && parse(&[("from", "2026-12-01"), days[1]]).is_err());
    }

    fn page(chain: &str, ats: &[(u64, &str)]) -> (String, Page) {
        let act = Act {
            who: "admin".to_owned(),
            method: Method::Token,
            address: "unknown".to_owned(),
            task: Task::BillingKey,
            subject: Subject::default(),
            outcome: "ok".to_owned(),
            rows: None,
            reason: None,
            request_id: String::new(),
        };
        let entries = ats.iter().map(|(sequence, at)| {
            let last = Link { sequence: sequence - 1, hash: String::new() };
            last.next(chain, (*at).to_owned(), act.clone())
        });
        let page =
            Page { entries: entries.collect(), anchor: Link::origin(), head: Link::origin() };
        (chain.to_owned(), page)
    }

    #[test]
    fn chains_are_merged_by_time_and_each_goes_on_where_it_stopped() {
        let reading = Reading { limit: 3, ..Reading::default() };
        let pages = vec![
            page("people", &[(9, "t8"), (8, "t6"), (7, "t1")]),
            page("refused", &[(4, "t7"), (3, "t5")]),
            page("programs-0", &[]),
        ];
        let (entries, next) = merge(&reading, pages);
        let order: Vec<_> = entries.iter().map(|entry| entry.at.as_str()).collect();
        assert_eq!(order, ["t8", "t7", "t6"]);
        assert_eq!(next.as_deref(), Some("people.8~refused.4~programs-0.1"));

        let reading = Reading { cursor: parse_cursor(&next.unwrap()).unwrap(), ..reading };
        let pages = vec![page("people", &[(7, "t1")]), page("refused", &[(3, "t5")])];
        let (entries, next) = merge(&reading, pages);
        assert_eq!((entries.len(), next), (2, None));
    }

    #[test]
    fn a_spreadsheet_takes_no_text_for_a_formula() {
        for text in ["=1+1", " =1", "\u{200b}@x", "\t1", "-1", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("11월 정산 = 확인"), "11월 정산 = 확인");
    }
}
