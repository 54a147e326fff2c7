//! How an isolate asks the record's objects. Nothing that has to be on the record is answered
//! without their answer.

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use worker::worker_sys::Fetcher;
use worker::{Env, ObjectNamespace};

use super::entry::Act;
use super::protocol::{ADDRESS, Done, Filter, Order, Page, Period, Summary};
use crate::worker::auth::identity::{Identity, Kind};
use crate::worker::http::fetch::{self, Limits, Outgoing};

/// The objects of the record; `None` where what is bound is something else, which is as good as one
/// that fails.
pub(in crate::worker) struct Records(Option<ObjectNamespace>);

/// The record was not written, or nobody knows whether it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::worker) struct Unavailable;

/// Whether the session that was asked for with an act had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::worker) enum SessionState {
    Alive,
    Ended,
}

impl Records {
    pub(in crate::worker) fn new(env: &Env, binding: &str) -> Self {
        Self(env.durable_object(binding).ok())
    }

    /// Writes acts down, in one piece. With a session they are written as those of an ended one, if
    /// it has ended.
    pub(in crate::worker) async fn append(
        &self,
        chain: String,
        acts: Vec<Act>,
        session: Option<String>,
    ) -> Result<SessionState, Unavailable> {
        self.order(&Order::Append { chain, acts, session }, MAX_DONE_BYTES).await.map(state)
    }

    /// Where there is nothing to write down.
    pub(in crate::worker) async fn session_state(
        &self,
        session: String,
    ) -> Result<SessionState, Unavailable> {
        let order = Order::HasEnded { chain: PEOPLE.to_owned(), session };
        self.order(&order, MAX_DONE_BYTES).await.map(state)
    }

    /// Writes a sign-out down and ends the session, both or neither.
    pub(in crate::worker) async fn end_session(
        &self,
        act: Act,
        session: String,
        ends_at_ms: u64,
    ) -> Result<(), Unavailable> {
        let order = Order::EndSession { chain: PEOPLE.to_owned(), act, session, ends_at_ms };
        self.order::<Done>(&order, MAX_DONE_BYTES).await.map(|_| ())
    }

    /// A part of a chain, the newest first.
    pub(in crate::worker) async fn read(
        &self,
        chain: &str,
        filter: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Page, Unavailable> {
        let order = Order::Read { chain: chain.to_owned(), filter: filter.clone(), before, limit };
        self.order(&order, MAX_PAGE_BYTES).await
    }

    /// How often who did what, by one chain.
    pub(in crate::worker) async fn summarise(
        &self,
        chain: &str,
        period: &Period,
    ) -> Result<Summary, Unavailable> {
        let order = Order::Summarise { chain: chain.to_owned(), period: period.clone() };
        self.order(&order, MAX_PAGE_BYTES).await
    }

    async fn order<T: DeserializeOwned>(
        &self,
        order: &Order,
        max_bytes: usize,
    ) -> Result<T, Unavailable> {
        let namespace = self.0.as_ref().ok_or(Unavailable)?;
        let stub = namespace
            .get_by_name_with_location_hint(order.chain(), NEAR_KOREA)
            .map_err(|_| Unavailable)?;
        let body = serde_json::to_vec(order).map_err(|_| Unavailable)?;
        let request = Outgoing { url: ADDRESS.to_owned(), headers: Vec::new(), body: Some(body) };
        let limits = Limits { timeout_ms: TIMEOUT_MS, max_bytes };
        let reply = fetch::exchange(request, Some(&stub.into_rpc::<Fetcher>()), limits)
            .await
            .map_err(|_| Unavailable)?;
        if reply.status().as_u16() != 200 {
            return Err(Unavailable);
        }
        serde_json::from_slice(reply.body()).map_err(|_| Unavailable)
    }
}

fn state(done: Done) -> SessionState {
    if done.session_ended { SessionState::Ended } else { SessionState::Alive }
}

/// The chain in which somebody's acts are. A program's is always the same one.
pub(in crate::worker) fn chain_of(identity: &Identity) -> String {
    match identity.kind {
        Kind::Person | Kind::Admin => PEOPLE.to_owned(),
        Kind::Program => {
            let digest = Sha256::digest(&identity.name);
            let spread = digest.first().copied().unwrap_or_default();
            format!("{PROGRAMS}-{}", spread.checked_rem(PROGRAM_CHAINS).unwrap_or_default())
        }
    }
}

/// Every chain there may be.
pub(in crate::worker) fn chains() -> impl Iterator<Item = String> {
    let programs = (0..PROGRAM_CHAINS).map(|n| format!("{PROGRAMS}-{n}"));
    [PEOPLE, REFUSED].map(str::to_owned).into_iter().chain(programs)
}

/// The acts of people, and the ends of their sessions.
const PEOPLE: &str = "people";
/// Failed sign-ins, by whomever.
pub(in crate::worker) const REFUSED: &str = "refused";
const PROGRAMS: &str = "programs";
/// `LOOKUP_LIMIT` allows ten requests a second to one program, and one object writes hundreds of
/// entries; those of many billing keys are written in one piece.
const PROGRAM_CHAINS: u8 = 4;

/// Where an object is created the first time: the people whose acts it records work in Korea.
const NEAR_KOREA: &str = "apac";
/// Who waits for longer is told that there is no record, and gets no answer.
const TIMEOUT_MS: u64 = 5_000;
const MAX_DONE_BYTES: usize = 1_024;
/// Thousands of entries of less than 2 kB.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::auth::identity::Roles;

    #[test]
    fn everybodys_chain_is_among_those_that_are_read() {
        let identity =
            |kind, name: &str| Identity { kind, name: name.to_owned(), roles: Roles::all() };
        let all: Vec<_> = chains().collect();
        assert_eq!(chain_of(&identity(Kind::Person, "clerk@shop.example")), "people");
        assert_eq!(chain_of(&identity(Kind::Admin, "")), "people");
        for n in 0..100 {
            let program = identity(Kind::Program, &format!("batch-{n}"));
            assert!(all.contains(&chain_of(&program)));
            assert_eq!(chain_of(&program), chain_of(&program));
        }
        assert!(all.contains(&REFUSED.to_owned()));
    }
}
