//! What services, call sites and partitions keep in memory, and how large the futures of annotated functions are.
//! Heap bytes are those that were asked for; what an allocator adds to them is its own affair.

mod futures;
mod partitions;
mod services;

fn main() {
    services::measure();
    partitions::measure();
    futures::measure();
}
