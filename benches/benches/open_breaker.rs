//! Calls that an open breaker rejects: ours beside the peers.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn open_breaker(criterion: &mut Criterion) {
    common::bench(criterion, &benches::cases::open_breaker());
}

criterion_group!(benches, open_breaker);
criterion_main!(benches);
