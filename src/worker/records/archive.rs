//! The record outside the object that keeps it: in `RECORD_ARCHIVE`, an R2 bucket, a file for each
//! day and chain that can be checked by itself (docs/access-record.md). Whoever may lock that
//! bucket should not be the one who may change the Worker.

use serde::Serialize;
use worker::{Bucket, Error, Result};

use super::chain::Link;
use super::entry::Entry;
use super::korean_clock;
use super::store::Store;
use crate::worker::crypto::{Refused, md5};

/// Archives the next day that is over, or a part of it. `false` where all of them are.
pub(super) async fn archive_next(
    store: &Store,
    bucket: &Bucket,
    chain: &str,
    today_ms: u64,
) -> Result<bool> {
    let last = archived(store)?;
    let mut entries = store.entries_after(chain, last.sequence, today_ms, MAX_ENTRIES)?;
    let Some(first) = entries.first() else { return Ok(false) };
    let day = day_of(first).to_owned();
    entries.retain(|entry| day_of(entry) == day);
    let Some(head) = entries.last().map(Link::from) else { return Ok(false) };
    let from = entries.first().map_or(0, |entry| entry.sequence);

    let name = format!("access-records/{chain}/{day}-{from:012}.jsonl");
    let file = file(&last, &entries, &head)?;
    match bucket.head(&name).await? {
        None => {
            bucket.put(name, file).execute().await?;
        }
        // It is there where the answer was lost last time. Whatever else is there is another
        // record's, such as that of another Worker with the same bucket: it is not written over,
        // and ours is kept until it has a place.
        Some(known) if known.etag() != etag(&file).await? => return Err(IS_TAKEN.into()),
        Some(_) => {}
    }
    store.set_note(ARCHIVED, &serde_json::to_string(&head).map_err(Error::from)?)?;
    Ok(true)
}

/// The last entry that is archived, or was deleted while there was no bucket.
pub(super) fn archived(store: &Store) -> Result<Link> {
    let anchor = store.anchor()?;
    let archived = match store.note(ARCHIVED)? {
        Some(note) => serde_json::from_str(&note).map_err(Error::from)?,
        None => Link::origin(),
    };
    Ok(if archived.sequence < anchor.sequence { anchor } else { archived })
}

/// JSON Lines: what comes before, the entries, and where the chain is after them.
fn file(anchor: &Link, entries: &[Entry], head: &Link) -> Result<Vec<u8>> {
    #[derive(Serialize)]
    struct Anchor<'a> {
        anchor: &'a Link,
    }
    #[derive(Serialize)]
    struct Head<'a> {
        head: &'a Link,
    }
    let mut lines = Vec::new();
    let mut line = |json: serde_json::Result<Vec<u8>>| -> Result<()> {
        lines.extend(json.map_err(Error::from)?);
        lines.push(b'\n');
        Ok(())
    };
    line(serde_json::to_vec(&Anchor { anchor }))?;
    for entry in entries {
        line(serde_json::to_vec(entry))?;
    }
    line(serde_json::to_vec(&Head { head }))?;
    Ok(lines)
}

/// As R2 has it of what is put in one piece.
async fn etag(file: &[u8]) -> Result<String> {
    md5(file).await.map(hex::encode).map_err(|Refused| Error::from(NO_ETAG))
}

fn day_of(entry: &Entry) -> &str {
    entry.at.get(..korean_clock::DATE_CHARS).unwrap_or_default()
}

/// The note that says how far.
const ARCHIVED: &str = "archived";
/// Of up to 4 kB each, and several copies of all of them: an object has 128 MB.
const MAX_ENTRIES: u32 = 2_000;
const NO_ETAG: &str = "the file cannot be compared with the one that is there";
const IS_TAKEN: &str = "another file has this name";
