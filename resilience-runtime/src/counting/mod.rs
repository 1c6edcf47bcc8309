//! Counting by many threads: each writes a shard of its own. In: events of many threads. Out: their sums, for few readers: each
//! thread writes a shard of its own.
//!
//! `shard` gives each thread counters of its own, `slices` divides time into slices, `tally` counts the events of one thread
//! by slice, and `slice_window` adds up the slices of all threads to a window of time; `window_key` says which of them.

pub(crate) mod shard;
pub(crate) mod slice_window;
pub(crate) mod slices;
pub(crate) mod tally;
pub(crate) mod window_key;
