//! What the facade promises beyond loom: sequential consistency.

use std::sync::Arc;

use super::atomic::{AtomicU32, Ordering};

/// Each of two threads writes its own word and then reads the other's.
fn both_may_read_nothing(order: Ordering) -> bool {
    let seen = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let both = Arc::clone(&seen);
    loom::model(move || {
        let words = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
        let other = Arc::clone(&words);
        let thread = loom::thread::spawn(move || {
            other[0].store(1, write(order));
            other[1].load(read(order))
        });
        words[1].store(1, write(order));
        let mine = words[0].load(read(order));
        if (mine, thread.join().expect("it ends well")) == (0, 0) {
            both.store(true, Ordering::Relaxed);
        }
    });
    seen.load(Ordering::Relaxed)
}

fn write(order: Ordering) -> Ordering {
    if order == Ordering::AcqRel { Ordering::Release } else { order }
}

fn read(order: Ordering) -> Ordering {
    if order == Ordering::AcqRel { Ordering::Acquire } else { order }
}

#[test]
fn loom_of_two_sequentially_consistent_writes_one_is_seen_by_the_other_side() {
    assert!(!both_may_read_nothing(Ordering::SeqCst));
}

#[test]
fn loom_with_acquire_and_release_both_may_be_missed() {
    assert!(both_may_read_nothing(Ordering::AcqRel));
}
