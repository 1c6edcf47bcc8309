//! What a full call waits for between two polls, a file each: the delay of its retry, a bulkhead permit, a slot.

mod delay;
mod permit;
mod slot;
