//! Bodies that fail, with delays of zero: ours beside the peers.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};

fn error_path(criterion: &mut Criterion) {
    common::bench(criterion, &benches::cases::error_path());
}

criterion_group!(benches, error_path);
criterion_main!(benches);
