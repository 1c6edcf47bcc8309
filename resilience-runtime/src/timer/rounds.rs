//! In: the entries that there are, and the time. Out: which of them the sweep visits, and what it finds there.
//!
//! All that is in use, and what is not for as long as two visits. The rest is asleep and costs nothing until it is armed: or
//! the sweep would go through all the entries of a spike for ever, and be late for that.

use super::entry::Visited;
use super::pool::{BATCH, Block, Place, Pool};
use crate::clock::Tick;

/// What this keeps for the next spike, in entries.
const SPARE: usize = 1024;

/// The entries that are visited. By blocks, so that a look goes through memory in order.
#[derive(Default)]
pub(super) struct Rounds {
    /// All that were made.
    blocks: Vec<&'static Block>,
    /// Which entries of each are visited, one bit for each.
    awake: Vec<u32>,
    /// The blocks with any.
    busy: Vec<usize>,
    count: usize,
    roused: Vec<&'static Place>,
}

/// All of a block, one bit for each.
const ALL: u32 = u32::MAX >> (u32::BITS as usize - BATCH);

impl Rounds {
    /// How many entries are visited.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Takes notice of what has been made or roused.
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
            // It may be there already: put to sleep and roused again in one look.
            self.count += usize::from(self.awake[block] & bit == 0);
            self.awake[block] |= bit;
        }
        roused.shrink_to(SPARE);
        self.roused = roused;
    }

    /// Visits each; the earliest deadline of those that are armed.
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
