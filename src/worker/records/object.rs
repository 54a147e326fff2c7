//! The Durable Object that keeps one chain of the record: it appends, answers auditors, and knows
//! which sessions ended.
//!
//! The platform delivers the object's answer only when its writes are on disk, so an isolate that
//! has the answer can rely on the entry. Writes are synchronous and one request runs at a time
//! between two awaits, so that the chain has one end. If a write fails the platform starts the
//! object anew, with what it remembers here.

#![allow(unreachable_pub, reason = "the platform's macro exports it")]

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use worker::{Date, DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use super::archive;
use super::chain::Link;
use super::entry::{Act, Method, Subject, Task};
use super::korean_clock::{self, DAY_MS};
use super::protocol::{Done, Order, Page, Summary};
use super::store::{Head, Store};
use crate::worker::log::{self, RecordFailedLine, RetentionHeldLine};
use crate::worker::settings::RECORD_ARCHIVE;
use crate::worker::state::IsolateState;
use crate::worker::timeout::timeout;

/// The object: one for each chain.
#[durable_object(alarm)]
pub struct AccessRecords {
    state: State,
    env: Env,
    isolate: Rc<IsolateState>,
    store: Result<Store>,
    memory: RefCell<Memory>,
}

/// What need not be asked of the tables again.
#[derive(Default)]
struct Memory {
    head: Option<Head>,
    /// The alarm is set.
    is_awake: bool,
}

impl DurableObject for AccessRecords {
    fn new(state: State, env: Env) -> Self {
        let store = Store::open(state.storage().sql());
        let isolate = IsolateState::of(&env);
        Self { state, env, isolate, store, memory: RefCell::default() }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let order: Order = serde_json::from_slice(&request.bytes().await?)?;
        let store = self.store()?;
        if matches!(order, Order::Append { .. } | Order::EndSession { .. }) {
            self.wake(order.chain()).await?;
        }
        match order {
            Order::Append { chain, mut acts, session } => {
                let session_ended = match session {
                    Some(session) => store.has_ended(&session)?,
                    None => false,
                };
                if session_ended {
                    // The cookie is a copy, or a request was under way when its session ended:
                    // nothing was handed out.
                    for act in &mut acts {
                        SESSION_ENDED.clone_into(&mut act.outcome);
                        act.rows = None;
                    }
                }
                self.append(store, &chain, acts)?;
                Response::from_json(&Done { session_ended })
            }
            Order::HasEnded { session, .. } => {
                Response::from_json(&Done { session_ended: store.has_ended(&session)? })
            }
            Order::EndSession { chain, act, session, ends_at_ms } => {
                let session_ended = store.has_ended(&session)?;
                if !session_ended {
                    store.end_session(&session, ends_at_ms)?;
                    self.append(store, &chain, vec![act])?;
                }
                Response::from_json(&Done { session_ended })
            }
            Order::Read { chain, filter, before, limit } => {
                let entries = store.entries(&chain, &filter, before, limit.min(MAX_LIMIT))?;
                let (anchor, head) = (store.anchor()?, store.head()?.link);
                Response::from_json(&Page { entries, anchor, head })
            }
            Order::Summarise { period, .. } => {
                let lines = store.summary(&period)?;
                let (anchor, head) = (store.anchor()?, store.head()?.link);
                Response::from_json(&Summary { lines, anchor, head })
            }
        }
    }

    /// The upkeep of the record, once a day.
    ///
    /// What fails is tried again in an hour. An alarm that ended with an error a few times would be
    /// given up by the platform.
    async fn alarm(&self) -> Result<Response> {
        let now_ms = Date::now().as_millis();
        let wait_ms = self.upkeep(now_ms).await.unwrap_or_else(|_| {
            let chain = self.store().and_then(|store| store.note(CHAIN));
            let chain = chain.ok().flatten().unwrap_or_default();
            log::write(&RecordFailedLine { event: "upkeep_failed", chain: &chain });
            RETRY_MS
        });
        self.state.storage().set_alarm(Duration::from_millis(wait_ms)).await?;
        Response::empty()
    }
}

impl AccessRecords {
    fn store(&self) -> Result<&Store> {
        self.store.as_ref().map_err(|error| Error::RustError(error.to_string()))
    }

    /// No await in between: nothing else runs until all of them are written.
    fn append(&self, store: &Store, chain: &str, acts: Vec<Act>) -> Result<()> {
        let mut head = match self.memory.borrow_mut().head.take() {
            Some(head) => head,
            None => store.head()?,
        };
        // Clocks may be set back; the record's does not go back.
        let at_ms = Date::now().as_millis().max(head.at_ms);
        for act in acts {
            let entry = head.link.next(chain, korean_clock::iso(at_ms), act);
            store.append(&entry, at_ms)?;
            head = Head { link: Link::from(&entry), at_ms };
        }
        self.memory.borrow_mut().head = Some(head);
        Ok(())
    }

    /// Archives the days that are over, and deletes entries whose retention is over. Returns how
    /// long to wait before the next time.
    async fn upkeep(&self, now_ms: u64) -> Result<u64> {
        let store = self.store()?;
        store.forget_sessions(now_ms)?;
        let chain = store.note(CHAIN)?.unwrap_or_default();
        let today_ms = korean_clock::day_start_ms(now_ms);
        let bucket = self.env.bucket(RECORD_ARCHIVE).ok();
        let is_archiving = match &bucket {
            // Tried again tomorrow; what is not archived is kept.
            Some(bucket) => {
                let archiving = archive::archive_next(store, bucket, &chain, today_ms);
                timeout(ARCHIVE_TIMEOUT_MS, archiving).await.and_then(Result::ok).unwrap_or_else(
                    || {
                        log::write(&RecordFailedLine { event: "archive_failed", chain: &chain });
                        false
                    },
                )
            }
            None => false,
        };
        // With an archive, no entry is deleted before it is archived.
        let archived = bucket.map(|_| archive::archived(store)).transpose()?;
        let count =
            self.delete_expired(store, &chain, archived.map(|link| link.sequence), now_ms)?;
        if is_archiving || count >= AT_ONCE {
            return Ok(SOON_MS);
        }
        let tomorrow_ms = today_ms.saturating_add(DAY_MS).saturating_add(AFTER_MIDNIGHT_MS);
        Ok(tomorrow_ms.saturating_sub(now_ms))
    }

    /// Deletes the entries whose retention is over, none after an entry that is still needed, and
    /// returns how many there were.
    fn delete_expired(
        &self,
        store: &Store,
        chain: &str,
        up_to: Option<u64>,
        now_ms: u64,
    ) -> Result<u64> {
        let settings = &self.isolate.settings;
        let Some(days) = settings.days_to_keep() else {
            let faults = settings.faults_told();
            log::write(&RetentionHeldLine { event: "retention_held", chain, faults: &faults });
            return Ok(0);
        };
        let kept_from_ms = now_ms.saturating_sub(u64::from(days).saturating_mul(DAY_MS));
        let count = store.delete_expired(kept_from_ms, up_to, AT_ONCE)?;
        if count > 0 {
            self.append(store, chain, vec![retention(count)])?;
        }
        Ok(count)
    }

    /// Sees to it that an alarm is set, and that the object knows its own chain then.
    async fn wake(&self, chain: &str) -> Result<()> {
        if self.memory.borrow().is_awake {
            return Ok(());
        }
        let store = self.store()?;
        if store.note(CHAIN)?.is_none() {
            store.set_note(CHAIN, chain)?;
        }
        if self.state.storage().get_alarm().await?.is_none() {
            self.state.storage().set_alarm(Duration::from_millis(SOON_MS)).await?;
        }
        self.memory.borrow_mut().is_awake = true;
        Ok(())
    }
}

/// The entry that records that so many entries were deleted.
fn retention(count: u64) -> Act {
    Act {
        who: "system".to_owned(),
        method: Method::None,
        address: "unknown".to_owned(),
        task: Task::Retention,
        subject: Subject::default(),
        outcome: "ok".to_owned(),
        rows: Some(count),
        reason: None,
        request_id: String::new(),
    }
}

pub(super) const SESSION_ENDED: &str = "session_ended";
/// The note that says which chain this is.
const CHAIN: &str = "chain";
/// The most that one page of a chain holds.
pub(super) const MAX_LIMIT: u32 = 5_000;
/// So that no alarm takes long.
const AT_ONCE: u64 = 5_000;
const SOON_MS: u64 = 1_000;
const RETRY_MS: u64 = 60 * 60 * 1_000;
/// A bucket that does not answer; an alarm has fifteen minutes.
const ARCHIVE_TIMEOUT_MS: u64 = 60_000;
/// Past midnight in Korea, when every clock agrees on the day.
const AFTER_MIDNIGHT_MS: u64 = 5 * 60 * 1_000;
