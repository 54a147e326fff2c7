//! The object's tables. Entries are only ever added at the end, and let go of from the beginning.
//!
//! Everything here is synchronous: what one turn of the event loop writes is kept as a whole or not at all, and the
//! platform sends no answer before it is kept.

use serde::Deserialize;
use worker::{SqlStorage, SqlStorageValue as Value};

use super::chain::Link;
use super::entry::{Act, Entry, Method, Subject, Task};
use super::korean_clock;
use super::protocol::Filter;

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

    /// The last entry that was let go of.
    pub(super) fn anchor(&self) -> worker::Result<Link> {
        let anchor: Option<LinkRow> =
            self.first("SELECT sequence, hash, at_ms FROM anchor LIMIT 1", [])?;
        Ok(anchor.map_or_else(Link::origin, Link::from))
    }

    pub(super) fn append(&self, entry: &Entry, at_ms: u64) -> worker::Result<()> {
        let Entry { sequence, act, previous, hash, .. } = entry;
        let Act { who, method, address, task, subject, outcome, rows, reason, request_id } = act;
        let values = vec![
            integer(*sequence)?,
            integer(at_ms)?,
            who.as_str().into(),
            method.name().into(),
            address.as_str().into(),
            task.name().into(),
            subject.sealed.as_deref().into(),
            subject.hash.as_deref().into(),
            subject.key_id.as_deref().into(),
            outcome.as_str().into(),
            rows.map_or(Ok(Value::Null), integer)?,
            reason.as_deref().into(),
            request_id.as_str().into(),
            previous.as_str().into(),
            hash.as_str().into(),
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
            conditions.push("who IN (?, ?, ?)".to_owned());
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
        let rows: Vec<EntryRow> = self.0.exec(&query, values)?.to_array()?;
        Ok(rows.into_iter().map(|row| row.into_entry(chain)).collect())
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
        let rows: Vec<EntryRow> = self.0.exec(&query, values)?.to_array()?;
        Ok(rows.into_iter().map(|row| row.into_entry(chain)).collect())
    }

    /// Lets go of the oldest entries, at most so many, that were written before then and are not after an entry that is
    /// still needed. The last one's hash stays.
    pub(super) fn let_go(
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
struct Note {
    value: String,
}

#[derive(Deserialize)]
struct EntryRow {
    sequence: u64,
    at_ms: u64,
    who: String,
    method: Method,
    address: String,
    task: Task,
    subject: Option<String>,
    subject_hash: Option<String>,
    key_id: Option<String>,
    outcome: String,
    row_count: Option<u64>,
    reason: Option<String>,
    request_id: String,
    previous: String,
    hash: String,
}

impl EntryRow {
    fn into_entry(self, chain: &str) -> Entry {
        Entry {
            chain: chain.to_owned(),
            sequence: self.sequence,
            at: korean_clock::iso(self.at_ms),
            act: Act {
                who: self.who,
                method: self.method,
                address: self.address,
                task: self.task,
                subject: Subject {
                    sealed: self.subject,
                    hash: self.subject_hash,
                    key_id: self.key_id,
                },
                outcome: self.outcome,
                rows: self.row_count,
                reason: self.reason,
                request_id: self.request_id,
            },
            previous: self.previous,
            hash: self.hash,
        }
    }
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
    "CREATE INDEX IF NOT EXISTS entries_who ON entries (who)",
    "CREATE INDEX IF NOT EXISTS entries_subject ON entries (subject_hash) WHERE subject_hash IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS anchor (sequence INTEGER NOT NULL, hash TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS ended_sessions (session TEXT PRIMARY KEY, ends_at_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
];
const INSERT: &str = "INSERT INTO entries (sequence, at_ms, who, method, address, task, subject, subject_hash, key_id, \
     outcome, row_count, reason, request_id, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const SELECT: &str = "SELECT sequence, at_ms, who, method, address, task, subject, subject_hash, key_id, outcome, \
     row_count, reason, request_id, previous, hash FROM entries";
