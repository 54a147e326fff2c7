//! The access record under programs: how many entries come to the busiest of its objects, and how
//! long a look-up waits for it. Which object takes whose acts is decided as in the Worker
//! (src/worker/records/client.rs).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sha2::{Digest, Sha256};

use crate::clock::Us;
use crate::world::{Random, us};

/// So many programs, each as often as `LOOKUP_LIMIT` lets it.
#[derive(Clone, Copy)]
pub(crate) struct Programs {
    pub(crate) count: usize,
    pub(crate) look_ups_per_s: f64,
    pub(crate) objects: u8,
    /// What an object takes for one entry, which it writes one after the other.
    pub(crate) write_ms: f64,
    pub(crate) seconds: f64,
}

/// What the objects have to do.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) entries_per_s: f64,
    /// Of the object that has most of them.
    pub(crate) busiest_per_s: f64,
    /// The part of its time in which it writes.
    pub(crate) busiest_busy: f64,
    /// What a look-up waits for its entry, without the way to the object.
    pub(crate) wait_ms: [f64; 2],
}

/// Plays some minutes of look-ups that come at random.
pub(crate) fn play(plan: Programs) -> Load {
    let random = Random::new(11);
    let mut next: BinaryHeap<Reverse<(Us, usize)>> = BinaryHeap::new();
    let pause = |random: &Random| us(random.pause_s(plan.look_ups_per_s) * 1e3);
    for program in 0..plan.count {
        next.push(Reverse((pause(&random), program)));
    }
    let mut free_at_us = vec![0; usize::from(plan.objects)];
    let mut entries = vec![0_u64; usize::from(plan.objects)];
    let mut waits_us = Vec::new();
    while let Some(Reverse((at_us, program))) = next.pop() {
        if at_us > us(plan.seconds * 1e3) {
            break;
        }
        next.push(Reverse((at_us + pause(&random), program)));
        let object = object_of(program, plan.objects);
        let done_us = at_us.max(free_at_us[object]) + us(plan.write_ms);
        free_at_us[object] = done_us;
        entries[object] += 1;
        waits_us.push(done_us - at_us);
    }
    waits_us.sort_unstable();
    let at = |part: f64| waits_us[((waits_us.len() - 1) as f64 * part) as usize] as f64 / 1e3;
    let busiest = entries.iter().copied().max().unwrap_or_default() as f64 / plan.seconds;
    Load {
        entries_per_s: waits_us.len() as f64 / plan.seconds,
        busiest_per_s: busiest,
        busiest_busy: (busiest * plan.write_ms / 1e3).min(1.0),
        wait_ms: [at(0.5), at(0.99)],
    }
}

fn object_of(program: usize, objects: u8) -> usize {
    usize::from(Sha256::digest(format!("program-{program}"))[0] % objects)
}
