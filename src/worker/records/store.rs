//! The object's tables. Entries are only ever added at the end, and deleted from the beginning.
//!
//! Everything here is synchronous: what one turn of the event loop writes is kept as a whole or not
//! at all, and the platform sends no answer before it is kept.

use serde::Deserialize;
use serde_json::value::RawValue;
use worker::{SqlStorage, SqlStorageValue as Value};

use super::chain::Link;
use super::entry::Entry;
use super::korean_clock;
use super::protocol::{Filter, Period};

/// The tables of one chain.
pub(super) struct Store(SqlStorage);

/// The last entry so far, and when it was written.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) link: Link,
    pub(super) at_ms: u64,
}

impl Store {
    pub(super) fn open(sql: SqlStorage) -> worker::Result<Self> {
        for statement in SCHEMA {
            sql.exec(statement, None)?;
        }
        Ok(Self(sql))
    }

    /// Where the next entry goes.
    pub(super) fn head(&self) -> worker::Result<Head> {
        let last: Option<LinkRow> = self.first(
            "SELECT sequence, hash, at_ms FROM entries ORDER BY sequence DESC LIMIT 1",
            [],
        )?;
        match last {
            Some(row) => Ok(Head { at_ms: row.at_ms, link: row.into() }),
            None => Ok(Head { link: self.anchor()?, at_ms: 0 }),
        }
    }

    /// The last entry that was deleted.
    pub(super) fn anchor(&self) -> worker::Result<Link> {
        let anchor: Option<LinkRow> =
            self.first("SELECT sequence, hash, at_ms FROM anchor LIMIT 1", [])?;
        Ok(anchor.map_or_else(Link::origin, Link::from))
    }

    pub(super) fn append(&self, entry: &Entry, at_ms: u64) -> worker::Result<()> {
        let values = vec![
            integer(entry.sequence)?,
            integer(at_ms)?,
            entry.who.as_str().into(),
            entry.method.name().into(),
            entry.address.as_str().into(),
            entry.task.name().into(),
            entry.subject.as_deref().into(),
            entry.subject_hash.as_deref().into(),
            entry.key.as_deref().into(),
            entry.outcome.as_str().into(),
            entry.rows.map_or(Ok(Value::Null), integer)?,
            entry.reason.as_deref().into(),
            entry.request_id.as_str().into(),
            entry.previous.as_str().into(),
            entry.hash.as_str().into(),
        ];
        self.0.exec(INSERT, values)?;
        Ok(())
    }

    /// The newest first.
    pub(super) fn entries(
        &self,
        chain: &str,
        filter: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> worker::Result<Vec<Entry>> {
        let Filter { from_ms, until_ms, who, task, subject_hashes } = filter;
        let mut conditions = vec!["TRUE".to_owned()];
        let mut values = Vec::new();
        for (condition, bound) in [
            ("sequence < ?", before.as_ref()),
            ("at_ms >= ?", from_ms.as_ref()),
            ("at_ms < ?", until_ms.as_ref()),
        ] {
            if let Some(bound) = bound {
                conditions.push(condition.to_owned());
                values.push(integer(*bound)?);
            }
        }
        if let Some(who) = who {
            conditions.push("who COLLATE NOCASE IN (?, ?, ?)".to_owned());
            values.extend(
                [who.clone(), format!("person {who}"), format!("program {who}")].map(Value::from),
            );
        }
        if let Some(task) = task {
            conditions.push("task = ?".to_owned());
            values.push(task.name().into());
        }
        if !subject_hashes.is_empty() {
            conditions
                .push(format!("subject_hash IN ({})", vec!["?"; subject_hashes.len()].join(", ")));
            values.extend(subject_hashes.iter().map(|hash| Value::from(hash.as_str())));
        }
        values.push(integer(limit.into())?);
        let query =
            format!("{SELECT} WHERE {} ORDER BY sequence DESC LIMIT ?", conditions.join(" AND "));
        self.select(chain, &query, values)
    }

    /// How often who did what, with what outcome: an object of JSON for each, an
    /// [`AccessSummaryLine`].
    ///
    /// [`AccessSummaryLine`]: crate::api::AccessSummaryLine
    pub(super) fn summary(&self, period: &Period) -> worker::Result<Vec<Box<RawValue>>> {
        let Period { from_ms, until_ms, opens, closes } = period;
        let values = [(*opens).into(), (*closes).into(), *from_ms, *until_ms];
        let values = values.into_iter().map(integer).collect::<worker::Result<Vec<_>>>()?;
        let lines: Vec<Line> = self.0.exec(SUMMARY, values)?.to_array()?;
        let lines = lines.into_iter().map(|Line { line }| RawValue::from_string(line));
        lines.collect::<Result<_, _>>().map_err(worker::Error::from)
    }

    /// Those that follow an entry and were written before a moment, the oldest first.
    pub(super) fn entries_after(
        &self,
        chain: &str,
        after: u64,
        before_ms: u64,
        limit: u32,
    ) -> worker::Result<Vec<Entry>> {
        let query = format!("{SELECT} WHERE sequence > ? AND at_ms < ? ORDER BY sequence LIMIT ?");
        let values = vec![integer(after)?, integer(before_ms)?, integer(limit.into())?];
        self.select(chain, &query, values)
    }

    /// What [`SELECT`] finds.
    fn select(&self, chain: &str, query: &str, values: Vec<Value>) -> worker::Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = self.0.exec(query, values)?.to_array()?;
        for entry in &mut entries {
            chain.clone_into(&mut entry.chain);
            entry.at = korean_clock::iso(entry.at.parse().unwrap_or_default());
        }
        Ok(entries)
    }

    /// Deletes the oldest entries, at most so many, that were written before then and are not
    /// after an entry that is still needed. The last one's hash stays.
    pub(super) fn delete_expired(
        &self,
        before_ms: u64,
        up_to: Option<u64>,
        limit: u64,
    ) -> worker::Result<u64> {
        let last: Option<LinkRow> = self.first(
            "SELECT sequence, hash, at_ms FROM \
             (SELECT sequence, hash, at_ms FROM entries WHERE at_ms < ? AND sequence <= ? \
             ORDER BY sequence LIMIT ?) ORDER BY sequence DESC LIMIT 1",
            [integer(before_ms)?, integer(up_to.unwrap_or(MAX_SEQUENCE))?, integer(limit)?],
        )?;
        let Some(last) = last else { return Ok(0) };
        let count = last.sequence.saturating_sub(self.anchor()?.sequence);
        self.0.exec("DELETE FROM anchor", None)?;
        self.0.exec(
            "INSERT INTO anchor (sequence, hash, at_ms) VALUES (?, ?, ?)",
            vec![integer(last.sequence)?, last.hash.into(), integer(last.at_ms)?],
        )?;
        self.0.exec("DELETE FROM entries WHERE sequence <= ?", vec![integer(last.sequence)?])?;
        Ok(count)
    }

    /// Remembers that a session has ended, until it would have ended by itself.
    pub(super) fn end_session(&self, session: &str, ends_at_ms: u64) -> worker::Result<()> {
        self.0.exec(
            "INSERT OR REPLACE INTO ended_sessions (session, ends_at_ms) VALUES (?, ?)",
            vec![session.into(), integer(ends_at_ms)?],
        )?;
        Ok(())
    }

    pub(super) fn has_ended(&self, session: &str) -> worker::Result<bool> {
        let found: Option<Count> = self.first(
            "SELECT COUNT(*) AS count FROM ended_sessions WHERE session = ?",
            [session.into()],
        )?;
        Ok(found.is_some_and(|found| found.count > 0))
    }

    /// Forgets sessions that would have ended by themselves.
    pub(super) fn forget_sessions(&self, now_ms: u64) -> worker::Result<()> {
        self.0.exec("DELETE FROM ended_sessions WHERE ends_at_ms < ?", vec![integer(now_ms)?])?;
        Ok(())
    }

    /// A text of the object's own, beside the record.
    pub(super) fn note(&self, name: &str) -> worker::Result<Option<String>> {
        let note: Option<Note> =
            self.first("SELECT value FROM notes WHERE name = ?", [name.into()])?;
        Ok(note.map(|note| note.value))
    }

    pub(super) fn set_note(&self, name: &str, value: &str) -> worker::Result<()> {
        self.0.exec(
            "INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)",
            vec![name.into(), value.into()],
        )?;
        Ok(())
    }

    fn first<T: for<'de> Deserialize<'de>, const N: usize>(
        &self,
        query: &str,
        values: [Value; N],
    ) -> worker::Result<Option<T>> {
        self.0.exec(query, values.to_vec())?.next().next().transpose()
    }
}

/// Within what a number of JavaScript holds.
fn integer(number: u64) -> worker::Result<Value> {
    let number = i64::try_from(number)
        .map_err(|_| worker::Error::RustError("a number is too large".to_owned()))?;
    Value::try_from_i64(number)
}

#[derive(Deserialize)]
struct LinkRow {
    sequence: u64,
    hash: String,
    at_ms: u64,
}

impl From<LinkRow> for Link {
    fn from(row: LinkRow) -> Self {
        Self { sequence: row.sequence, hash: row.hash }
    }
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Deserialize)]
struct Line {
    line: String,
}

#[derive(Deserialize)]
struct Note {
    value: String,
}

/// JavaScript's last whole number.
const MAX_SEQUENCE: u64 = 9_007_199_254_740_991;

const SCHEMA: [&str; 7] = [
    "CREATE TABLE IF NOT EXISTS entries (\
     sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, method TEXT NOT NULL, \
     address TEXT NOT NULL, task TEXT NOT NULL, subject TEXT, subject_hash TEXT, key_id TEXT, \
     outcome TEXT NOT NULL, row_count INTEGER, reason TEXT, request_id TEXT NOT NULL, \
     previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS entries_at ON entries (at_ms)",
    "CREATE INDEX IF NOT EXISTS entries_who ON entries (who COLLATE NOCASE)",
    "CREATE INDEX IF NOT EXISTS entries_subject ON entries (subject_hash) WHERE subject_hash IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS anchor (sequence INTEGER NOT NULL, hash TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS ended_sessions (session TEXT PRIMARY KEY, ends_at_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
];
const INSERT: &str = "INSERT INTO entries (sequence, at_ms, who, method, address, task, subject, subject_hash, key_id, \
     outcome, row_count, reason, request_id, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// `TOTAL`, because `SUM` fails where rows add up to more than an integer holds. A day in Korea
/// begins nine hours before one in Greenwich, and the first one was a Thursday.
const SUMMARY: &str = "WITH local AS (SELECT *, (at_ms + 32400000) / 60000 AS minute FROM entries) \
     SELECT json_object('who', who, 'method', method, 'task', task, 'outcome', outcome, \
     'count', COUNT(*), 'rows', CAST(TOTAL(row_count) AS INTEGER), 'subjects', COUNT(DISTINCT subject_hash), \
     'outsideHours', SUM((minute / 1440 + 4) % 7 IN (0, 6) OR minute % 1440 < ? OR minute % 1440 >= ?)) AS line \
     FROM local WHERE at_ms >= ? AND at_ms < ? GROUP BY who, method, task, outcome";
/// What an [`Entry`] is read from; its chain and its time are put right by [`Store::select`].
const SELECT: &str = "SELECT '' AS chain, sequence, CAST(at_ms AS TEXT) AS at, who, method, address, task, subject, \
     subject_hash AS subjectHash, key_id AS key, outcome, row_count AS rows, reason, request_id AS requestId, \
     previous, hash FROM entries";
