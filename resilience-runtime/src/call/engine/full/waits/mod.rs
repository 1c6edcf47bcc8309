//! Waits of a full call between two polls, a file each: for the delay of a retry, a bulkhead permit, a slot.

mod delay;
mod permit;
mod slot;
