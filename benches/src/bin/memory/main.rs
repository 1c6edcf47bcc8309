//! What services, call sites, partitions and idempotency keys keep in memory, and how large the futures of annotated functions are.
//! Heap bytes are those that were asked for; what an allocator adds to them is its own affair.

mod futures;
mod partitions;
mod records;
mod services;

fn main() {
    services::measure();
    partitions::measure();
    records::measure();
    futures::measure();
}
