//! Data: how many results, and bytes of them, a memory store may keep. Out: the share of each shard.

/// How much a [`MemoryStore`](super::MemoryStore) keeps of finished operations. Running ones are not limited: there are as
/// many as calls under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimits {
    results: u32,
    bytes: u64,
}

/// A record takes about 170 bytes beside its value, and one of a [`MemoryStore`](super::MemoryStore), whose values are bytes, some 40
/// more.
const DEFAULT: MemoryLimits = MemoryLimits { results: 1_000_000, bytes: 256 << 20 };

/// Enough that its share hardly differs between shards, which get names at random: by 3 % at most times.
const RESULTS_PER_SHARD: u32 = 1024;

/// More of them than processors that can contend for one.
const MOST_SHARDS: u32 = 64;

impl MemoryLimits {
    /// A million results with 256 MiB of values.
    pub const fn new() -> Self {
        DEFAULT
    }

    /// At most this many results; at least one.
    #[must_use]
    pub const fn results(self, results: u32) -> Self {
        Self { results: if results == 0 { 1 } else { results }, ..self }
    }

    /// At most this many bytes of values. One that is larger than its share, 1/64 of it by default, is kept as done without
    /// its value.
    #[must_use]
    pub const fn bytes(self, bytes: u64) -> Self {
        Self { bytes, ..self }
    }

    /// A power of two.
    pub(super) fn shards(self) -> usize {
        let shards = (self.results / RESULTS_PER_SHARD).clamp(1, MOST_SHARDS);
        // Downwards, so that each has its share of results.
        1 << shards.ilog2()
    }

    pub(super) fn per_shard(self) -> PerShard {
        let shards = self.shards();
        PerShard { results: self.results as usize / shards, bytes: self.bytes / shards as u64 }
    }
}

impl Default for MemoryLimits {
    fn default() -> Self {
        DEFAULT
    }
}

/// What one shard keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct PerShard {
    pub(super) results: usize,
    pub(super) bytes: u64,
}
