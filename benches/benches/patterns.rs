//! The bare bodies and each pattern alone: ours beside the peers.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn patterns(criterion: &mut Criterion) {
    common::bench(criterion, &benches::cases::patterns());
}

criterion_group!(benches, patterns);
criterion_main!(benches);
