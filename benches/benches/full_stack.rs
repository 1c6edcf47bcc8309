//! All patterns at once around a body that succeeds: ours beside the peers.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn full_stack(criterion: &mut Criterion) {
    common::bench(criterion, &benches::cases::full_stack());
}

criterion_group!(benches, full_stack);
criterion_main!(benches);
