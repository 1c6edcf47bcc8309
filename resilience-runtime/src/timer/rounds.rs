//! Visits the entries of timers, at each look of the sweep. In: all entries, those that were roused, and the time. Out: visits, and
//! the earliest deadline found.
//!
//! The sweep visits every entry in use, and every free one until it has been found free twice. The rest is asleep and
//! costs nothing until it is armed: otherwise the sweep would go through all entries of a past spike for ever, and fire
//! timers late because of that.

use super::entry::Visited;
use super::pool::{BATCH, Block, Place, Pool};
use crate::clock::Tick;

/// How many entries the lists keep room for, after a spike.
const SPARE: usize = 1024;

/// The entries that are visited, by block, so that a look goes through memory in order.
#[derive(Default)]
pub(super) struct Rounds {
    /// All blocks that were made.
    blocks: Vec<&'static Block>,
    /// Which entries of each block are visited, one bit each.
    awake: Vec<u32>,
    /// The blocks with at least one entry to visit.
    busy: Vec<usize>,
    count: usize,
    roused: Vec<&'static Place>,
}

/// All entries of a block, one bit each.
const ALL: u32 = u32::MAX >> (u32::BITS as usize - BATCH);

impl Rounds {
    /// How many entries are visited.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Adds the blocks that were made and the entries that were roused since the last call.
    pub(super) fn learn(&mut self, pool: &Pool) {
        let mut roused = std::mem::take(&mut self.roused);
        pool.learn(&mut self.blocks, &mut roused);
        for block in self.awake.len()..self.blocks.len() {
            self.awake.push(ALL);
            self.busy.push(block);
            self.count += BATCH;
        }
        for place in roused.drain(..) {
            let (block, bit) = (place.number / BATCH, 1 << (place.number % BATCH));
            if self.awake[block] == 0 {
                self.busy.push(block);
            }
            // The bit may be set already: the entry was put to sleep and roused again between two looks.
            self.count += usize::from(self.awake[block] & bit == 0);
            self.awake[block] |= bit;
        }
        roused.shrink_to(SPARE);
        self.roused = roused;
    }

    /// Visits each entry; returns the earliest deadline of those that are armed.
    pub(super) fn visit(&mut self, now: Tick) -> Option<Tick> {
        let mut earliest: Option<Tick> = None;
        let Self { blocks, awake, busy, count, .. } = self;
        busy.retain(|&block| {
            let bits = &mut awake[block];
            for (nth, place) in blocks[block].iter().enumerate() {
                let bit = 1 << nth;
                if *bits & bit == 0 {
                    continue;
                }
                match place.entry.visit(now) {
                    Visited::Armed(until) => earliest = Some(earliest.map_or(until, |at| at.min(until))),
                    Visited::Idle => {}
                    Visited::Asleep => {
                        *bits &= !bit;
                        *count -= 1;
                    }
                }
            }
            *bits != 0
        });
        if busy.len() < busy.capacity() / 4 {
            busy.shrink_to(SPARE / BATCH);
        }
        earliest
    }
}
