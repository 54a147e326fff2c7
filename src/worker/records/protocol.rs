//! What isolates ask of the record's object, and what it answers: JSON in a request that never
//! leaves Cloudflare.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::chain::Link;
use super::entry::{Act, Entry, Task};

/// One request to the object.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// Writes acts down. Those of a session that has ended are written as such.
    Append { chain: String, acts: Vec<Act>, session: Option<String> },
    /// Whether a session has ended, where there is nothing to write down.
    HasEnded { chain: String, session: String },
    /// Writes a sign-out down and ends the session, both or neither.
    EndSession { chain: String, act: Act, session: String, ends_at_ms: u64 },
    /// Entries that were written before `before`, the newest first.
    Read { chain: String, filter: Filter, before: Option<u64>, limit: u32 },
    /// How often who did what.
    Summarise { chain: String, period: Period },
}

/// The object has done as it was told; whatever else it answers, it has not.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    /// The session had ended before.
    pub(super) session_ended: bool,
}

/// Which entries are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::worker) struct Filter {
    pub(in crate::worker) from_ms: Option<u64>,
    /// The first moment that is not wanted any more.
    pub(in crate::worker) until_ms: Option<u64>,
    /// As entries have it, or without what somebody is before it.
    pub(in crate::worker) who: Option<String>,
    pub(in crate::worker) task: Option<Task>,
    /// One of them.
    pub(in crate::worker) subject_hashes: Vec<String>,
}

/// What a summary is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::worker) struct Period {
    pub(in crate::worker) from_ms: u64,
    /// The first moment that is not wanted any more.
    pub(in crate::worker) until_ms: u64,
    /// When work begins and ends on a day from Monday to Friday, in minutes after midnight in
    /// Korea.
    pub(in crate::worker) opens: u16,
    pub(in crate::worker) closes: u16,
}

/// The summary of one chain.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) struct Summary {
    pub(in crate::worker) lines: Vec<Box<RawValue>>,
    pub(in crate::worker) anchor: Link,
    pub(in crate::worker) head: Link,
}

/// A part of one chain.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) struct Page {
    /// The newest first.
    pub(in crate::worker) entries: Vec<Entry>,
    /// The last entry that is not kept any more.
    pub(in crate::worker) anchor: Link,
    /// The last entry of all.
    pub(in crate::worker) head: Link,
}

impl Order {
    pub(super) fn chain(&self) -> &str {
        match self {
            Self::Append { chain, .. }
            | Self::HasEnded { chain, .. }
            | Self::EndSession { chain, .. }
            | Self::Read { chain, .. }
            | Self::Summarise { chain, .. } => chain,
        }
    }
}

/// No address at all: a request to an object goes nowhere else.
pub(super) const ADDRESS: &str = "https://records/";
