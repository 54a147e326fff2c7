//! A hash chain: each entry's hash covers all of it and the hash of the entry before. Whoever
//! changes, removes or moves an entry has to make all later ones anew, and then the last hash,
//! which others have seen, is another one.
//!
//! The form that is hashed is a JSON array, so that anybody can compute it (docs/access-record.md);
//! the test vectors in docs/access-record-vectors.json hold this file and the verifier for Node and
//! the page to the same.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::entry::{Act, Entry, Subject};

/// Where a chain ends, or where it was cut: the last entry so far, or the last one that is not kept
/// any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::worker) struct Link {
    pub(in crate::worker) sequence: u64,
    pub(in crate::worker) hash: String,
}

impl Link {
    /// Before the first entry.
    pub(in crate::worker) fn origin() -> Self {
        Self { sequence: 0, hash: "0".repeat(HASH_CHARS) }
    }

    /// The entry that comes next.
    pub(in crate::worker) fn next(&self, chain: &str, at: String, act: Act) -> Entry {
        let Act { who, method, address, task, subject, outcome, rows, reason, request_id } = act;
        let Subject { sealed: subject, hash: subject_hash, key_id: key } = subject;
        let mut entry = Entry {
            chain: chain.to_owned(),
            sequence: self.sequence.saturating_add(1),
            at,
            who,
            method,
            address,
            task,
            subject,
            subject_text: None,
            subject_hash,
            key,
            outcome,
            rows,
            reason,
            reason_text: None,
            request_id,
            previous: self.hash.clone(),
            hash: String::new(),
        };
        entry.hash = hash(&entry);
        entry
    }
}

impl From<&Entry> for Link {
    fn from(entry: &Entry) -> Self {
        Self { sequence: entry.sequence, hash: entry.hash.clone() }
    }
}

/// What is wrong with an entry.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::worker) enum Break {
    /// It is not what was hashed.
    Changed { sequence: u64 },
    /// It does not follow the one before: something between was removed, or it is not in its place.
    OutOfPlace { sequence: u64 },
}

/// Walks a part of a chain that begins after `anchor`; what it gives is the last entry's link.
#[cfg(test)]
pub(in crate::worker) fn verify<'a>(
    anchor: &Link,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<Link, Break> {
    entries.into_iter().try_fold(anchor.clone(), |last, entry| {
        let sequence = entry.sequence;
        if hash(entry) != entry.hash {
            return Err(Break::Changed { sequence });
        }
        let follows = sequence == last.sequence.saturating_add(1) && entry.previous == last.hash;
        if follows { Ok(entry.into()) } else { Err(Break::OutOfPlace { sequence }) }
    })
}

fn hash(entry: &Entry) -> String {
    // Texts and numbers always serialise.
    let canonical = serde_json::to_vec(&canonical(entry)).unwrap_or_default();
    hex::encode(Sha256::digest(canonical))
}

/// All of an entry but its own hash, in the order in which it is hashed.
fn canonical(entry: &Entry) -> impl Serialize {
    let Entry { chain, sequence, at, who, address, outcome, request_id, previous, .. } = entry;
    let Entry { subject, subject_hash, key, rows, reason, .. } = entry;
    let (method, task) = (entry.method.name(), entry.task.name());
    (
        FORM,
        chain,
        sequence,
        at,
        who,
        method,
        address,
        task,
        subject,
        subject_hash,
        key,
        outcome,
        rows,
        reason,
        request_id,
        previous,
    )
}

/// The number counts changes of the form.
const FORM: &str = "payple-edge record v1";
const HASH_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::worker::records::entry::{Method, Task};

    fn act(n: u64) -> Act {
        Act {
            who: "person clerk@shop.example".to_owned(),
            method: Method::Access,
            address: "2001:db8::6".to_owned(),
            task: Task::BillingKey,
            subject: Subject {
                sealed: Some(format!("5ea1ed{n:02}")),
                hash: Some("4a54".to_owned()),
                key_id: Some("01234567".to_owned()),
            },
            outcome: "ok".to_owned(),
            rows: Some(1),
            reason: None,
            request_id: format!("{n:032x}"),
        }
    }

    fn entries(count: u64) -> Vec<Entry> {
        let mut last = Link::origin();
        (1..=count)
            .map(|n| {
                let entry =
                    last.next("people", format!("2026-11-28T16:20:{n:02}.000+09:00"), act(n));
                last = Link::from(&entry);
                entry
            })
            .collect()
    }

    #[test]
    fn a_whole_chain_verifies_from_any_anchor() {
        let entries = entries(9);
        let end = Link::from(&entries[8]);
        assert_eq!(verify(&Link::origin(), &entries), Ok(end.clone()));
        assert_eq!(verify(&Link::from(&entries[3]), &entries[4..]), Ok(end));
        assert_eq!(verify(&Link::origin(), []), Ok(Link::origin()));
    }

    #[test]
    fn any_change_is_found() {
        let changes: [fn(&mut Entry); 15] = [
            |entry| entry.chain = "programs-0".to_owned(),
            |entry| entry.at = "2026-11-28T16:20:05.001+09:00".to_owned(),
            |entry| entry.who.push('x'),
            |entry| entry.method = Method::Session,
            |entry| entry.address = "2001:db8::7".to_owned(),
            |entry| entry.task = Task::Export,
            |entry| entry.subject = None,
            |entry| entry.subject_hash = Some("4a55".to_owned()),
            |entry| entry.key = None,
            |entry| entry.outcome = "rejected".to_owned(),
            |entry| entry.rows = None,
            |entry| entry.reason = Some("ab".to_owned()),
            |entry| entry.request_id.push('0'),
            |entry| entry.previous = "0".repeat(64),
            |entry| entry.sequence = 6,
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut entries = entries(9);
            change(&mut entries[4]);
            let sequence = entries[4].sequence;
            assert_eq!(verify(&Link::origin(), &entries), Err(Break::Changed { sequence }), "{n}");
        }
    }

    #[test]
    fn a_change_with_a_hash_made_anew_is_found_at_the_next_entry() {
        let mut entries = entries(9);
        entries[4].who = "person other@shop.example".to_owned();
        entries[4].hash = hash(&entries[4]);
        assert_eq!(verify(&Link::origin(), &entries), Err(Break::OutOfPlace { sequence: 6 }));
    }

    #[test]
    fn a_removed_entry_is_found() {
        for n in 0..8 {
            let mut entries = entries(9);
            entries.remove(n);
            let sequence = u64::try_from(n).unwrap() + 2;
            assert_eq!(verify(&Link::origin(), &entries), Err(Break::OutOfPlace { sequence }));
        }
        // The last one leaves no gap: the head that others have seen tells.
        let mut short = entries(9);
        let head = Link::from(&short.pop().unwrap());
        assert_ne!(verify(&Link::origin(), &short), Ok(head));
    }

    #[test]
    fn reordered_entries_are_found() {
        for n in 0..8 {
            let mut entries = entries(9);
            entries.swap(n, n + 1);
            let sequence = u64::try_from(n).unwrap() + 2;
            assert_eq!(verify(&Link::origin(), &entries), Err(Break::OutOfPlace { sequence }));

            // Numbered anew, too.
            let swapped = entries[n + 1].sequence;
            entries[n + 1].sequence = entries[n].sequence;
            entries[n].sequence = swapped;
            let sequence = u64::try_from(n).unwrap() + 1;
            assert_eq!(verify(&Link::origin(), &entries), Err(Break::Changed { sequence }));
        }
    }

    #[test]
    fn an_entry_of_another_chain_is_found() {
        let mut entries = entries(3);
        entries[2] = Link::from(&entries[1]).next("people", entries[2].at.clone(), act(7));
        assert!(verify(&Link::origin(), &entries).is_ok());
        entries.push(Link::from(&entries[1]).next("people", String::new(), act(8)));
        assert_eq!(verify(&Link::origin(), &entries), Err(Break::OutOfPlace { sequence: 3 }));
    }

    #[test]
    fn the_vectors_are_met() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../docs/access-record-vectors.json")).unwrap();
        let cases = vectors["entries"].as_array().unwrap();
        assert!(cases.len() >= 3);
        let entries: Vec<Entry> = cases
            .iter()
            .map(|case| serde_json::from_value(case["entry"].clone()).unwrap())
            .collect();
        for (case, entry) in cases.iter().zip(&entries) {
            let text = serde_json::to_string(&canonical(entry)).unwrap();
            assert_eq!(case["canonical"], text);
            let mut written = case["entry"].clone();
            written.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            assert_eq!(written, json!(entry));
        }
        assert_eq!(verify(&Link::origin(), &entries), Ok(Link::from(entries.last().unwrap())));
    }
}
