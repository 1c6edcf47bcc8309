//! Scenes of a few accesses each, which are correct, and fail with any of the faults that the tests plant.

use std::sync::Arc;

use loom::thread;

use super::super::atomic::{AtomicU32, Ordering, fence};

/// Each of two threads writes its own word and then reads the other's.
pub(super) fn one_of_two_is_seen() {
    let words = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let other = {
        let words = Arc::clone(&words);
        thread::spawn(move || {
            words[0].store(1, Ordering::SeqCst);
            words[1].load(Ordering::SeqCst) // the other's word
        })
    };
    words[1].store(1, Ordering::SeqCst);
    let mine = words[0].load(Ordering::SeqCst); // my word
    assert_ne!((mine, other.join().expect("it ends well")), (0, 0));
}

/// The same with relaxed accesses and fences.
pub(super) fn one_of_two_is_seen_across_fences() {
    let words = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let other = {
        let words = Arc::clone(&words);
        thread::spawn(move || {
            words[0].store(1, Ordering::Relaxed);
            fence(Ordering::SeqCst); // of the other
            words[1].load(Ordering::Relaxed)
        })
    };
    words[1].store(1, Ordering::Relaxed);
    fence(Ordering::SeqCst);
    let mine = words[0].load(Ordering::Relaxed);
    assert_ne!((mine, other.join().expect("it ends well")), (0, 0));
}

/// Two threads add, and one of them also subtracts once.
pub(super) fn no_change_is_lost() {
    let word = Arc::new(AtomicU32::new(0));
    let other = {
        let word = Arc::clone(&word);
        thread::spawn(move || {
            word.fetch_add(2, Ordering::Relaxed);
        })
    };
    word.fetch_add(1, Ordering::Relaxed); // mine
    let found = word.load(Ordering::Relaxed);
    let taken = word.compare_exchange(found, found - 1, Ordering::Relaxed, Ordering::Relaxed); // back
    other.join().expect("it ends well");
    assert_eq!(word.load(Ordering::Relaxed) + u32::from(taken.is_ok()), 3);
}

/// One thread reads a word and then writes it; the other may read it before or after.
pub(super) fn what_is_read_was_not_written_yet() {
    let word = Arc::new(AtomicU32::new(0));
    let other = {
        let word = Arc::clone(&word);
        thread::spawn(move || {
            word.load(Ordering::Relaxed);
            word.store(1, Ordering::Relaxed);
        })
    };
    assert_eq!(word.load(Ordering::Relaxed), 0);
    other.join().expect("it ends well");
}

/// One thread replaces a word's value if it is still the first; the other stores last.
pub(super) fn a_later_store_is_not_overwritten_by_a_change_of_the_first_value() {
    let word = Arc::new(AtomicU32::new(0));
    let other = {
        let word = Arc::clone(&word);
        thread::spawn(move || {
            let _ = word.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
        })
    };
    word.store(2, Ordering::Relaxed);
    other.join().expect("it ends well");
    assert_eq!(word.load(Ordering::Relaxed), 2);
}
