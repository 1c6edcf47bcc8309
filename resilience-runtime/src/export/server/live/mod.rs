//! The live stream of changes. In: snapshots, taken once a second for all clients together. Out: to each client, what
//! it has not seen.

mod allowance;
mod client;
mod events;
mod fields;
mod live_stream;
mod row;
mod slots;
mod stream;
mod tick;

pub(super) use events::events;
pub(super) use live_stream::LiveStream;
