//! Adds up the counters of all threads of a service, with those of its call sites, for readers. In: the counters of each thread
//! (`monitor/counters`). Out: their sums ([`Stats`]), with those of all of its breakers.

use super::service::Service;
use crate::monitor::Stats;

impl Service {
    /// What it has counted so far.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for shard in self.counters.iter() {
            shard.read_into(&mut stats);
        }
        for part in self.sites.iter().flat_map(|(_, site)| site.iter()) {
            part.read_into(&mut stats);
        }
        let now = self.now();
        stats.add_breaker(|totals| self.unpartitioned.state.breaker.add_totals(totals, now));
        for partition in self.partitions.all() {
            stats.add_breaker(|totals| partition.state.breaker.add_totals(totals, now));
        }
        stats
    }

    /// Calls that run now.
    pub fn calls_in_flight(&self) -> u64 {
        let mut balance = 0_u64;
        for shard in self.counters.iter() {
            balance = balance.wrapping_add(shard.in_flight());
        }
        for part in self.sites.iter().flat_map(|(_, site)| site.iter()) {
            balance = balance.wrapping_add(part.in_flight());
        }
        // The shards are read one after another; a call that moved between threads meanwhile may be missed.
        u64::try_from(balance.cast_signed()).unwrap_or(0)
    }
}
