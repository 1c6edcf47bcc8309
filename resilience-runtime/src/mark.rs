//! Whether a rejection that an inner call gave still exists: the rejection and its clones carry a mark, and this
//! thread counts the marks of its most recent groups.
//!
//! The error types of users are opaque, so nothing can be asked of the error that comes out of a body. What can be seen
//! is whether the rejection has been dropped on the way. Counted per thread and without atomics: a body is polled, and its
//! error judged, on one thread. A mark that goes to another thread counts as still there.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many groups a thread follows: as many levels of calls as hold a rejection of their own at the same time. Of an
/// older one, nothing is left as far as anybody can tell.
const FOLLOWED: usize = 8;

/// How many names a thread takes at once, so that threads do not meet at the counter.
const BLOCK: u32 = 1024;

/// Names of groups are of no use to two threads: a mark that has moved must not be counted off in a group of its new
/// thread.
static BLOCKS: AtomicU32 = AtomicU32::new(0);

/// The rejections that an attempt hears of in one poll of its body; 0 is no group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group(u32);

/// A group, and how many of its marks exist.
#[derive(Clone, Copy)]
struct Count {
    group: u32,
    marks: u32,
}

struct Counts {
    /// A ring, with the youngest at `youngest`.
    groups: [Cell<Count>; FOLLOWED],
    youngest: Cell<usize>,
    last_name: Cell<u32>,
}

thread_local! {
    static COUNTS: Counts = const {
        Counts {
            groups: [const { Cell::new(Count { group: 0, marks: 0 }) }; FOLLOWED],
            youngest: Cell::new(0),
            last_name: Cell::new(0),
        }
    };
}

/// What a rejection carries, and each of its clones.
pub(crate) struct Mark(u32);

impl Mark {
    /// Of a rejection that no call has given, or that nobody asks about.
    pub(crate) const NONE: Self = Self(0);

    /// Of a rejection that is given now: in the youngest group, or in one of its own.
    #[cold]
    pub(crate) fn new(joins_youngest: bool) -> Self {
        COUNTS.with(|counts| {
            if !joins_youngest {
                counts.open();
            }
            let place = &counts.groups[counts.youngest.get()];
            let Count { group, marks } = place.get();
            place.set(Count { group, marks: marks.saturating_add(1) });
            Self(group)
        })
    }

    /// Its group.
    pub(crate) fn group(&self) -> Group {
        Group(self.0)
    }
}

impl Group {
    /// Bits of the name that tell the groups of a thread apart: so few are followed that these do.
    pub(crate) const BITS: u32 = 13;

    /// The name in so many bits.
    pub(crate) fn short(self) -> u16 {
        short(self.0)
    }

    /// How many rejections of the group this thread knows to exist.
    pub(crate) fn marks(self) -> u32 {
        COUNTS.with(|counts| counts.find(self.0).map_or(0, |place| place.get().marks))
    }
}

/// Whether a rejection exists of the group with this short name, or of one that was opened after it.
///
/// Bodies are polled within each other, so what was opened later is within the same poll.
#[cold]
pub(crate) fn is_any_left_since(name: u16) -> bool {
    COUNTS.with(|counts| {
        for place in counts.youngest_first() {
            let Count { group, marks } = place.get();
            if marks > 0 {
                return true;
            }
            if short(group) == name {
                return false;
            }
        }
        false
    })
}

fn short(name: u32) -> u16 {
    // Cut on purpose.
    u16::try_from(name & ((1 << Group::BITS) - 1)).unwrap_or(0)
}

impl Counts {
    fn open(&self) {
        let mut name = self.last_name.get().wrapping_add(1);
        if name % BLOCK <= 1 {
            // From 1 on in each block, as 0 is no group.
            name = BLOCKS.fetch_add(1, Ordering::Relaxed).wrapping_mul(BLOCK).wrapping_add(1);
        }
        self.last_name.set(name);
        let next = (self.youngest.get() + 1) % FOLLOWED;
        self.youngest.set(next);
        self.groups[next].set(Count { group: name, marks: 0 });
    }

    fn youngest_first(&self) -> impl Iterator<Item = &Cell<Count>> {
        let youngest = self.youngest.get();
        (0..FOLLOWED).map(move |back| &self.groups[(youngest + FOLLOWED - back) % FOLLOWED])
    }

    fn find(&self, group: u32) -> Option<&Cell<Count>> {
        self.youngest_first().find(|place| place.get().group == group)
    }

    fn change(&self, group: u32, change: impl FnOnce(u32) -> u32) {
        if let Some(place) = self.find(group) {
            let marks = change(place.get().marks);
            place.set(Count { group, marks });
        }
    }
}

#[cold]
#[inline(never)]
fn forget(group: u32) {
    // Not while the thread is being torn down, when there may be no counts any more.
    let _ = COUNTS.try_with(|counts| counts.change(group, |marks| marks.saturating_sub(1)));
}

impl Clone for Mark {
    fn clone(&self) -> Self {
        if self.0 != 0 {
            COUNTS.with(|counts| counts.change(self.0, |marks| marks.saturating_add(1)));
        }
        Self(self.0)
    }
}

impl Drop for Mark {
    #[inline]
    fn drop(&mut self) {
        if self.0 != 0 {
            forget(self.0);
        }
    }
}

/// No part of what a rejection says.
impl PartialEq for Mark {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Mark {}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mark")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_left(group: Group) -> bool {
        is_any_left_since(group.short())
    }

    #[test]
    fn a_group_is_left_while_one_of_its_marks_or_their_clones_is() {
        let first = Mark::new(false);
        let group = first.group();
        let second = Mark::new(true);
        assert_eq!((second.group(), group.marks()), (group, 2));
        let clone = first.clone();
        drop((first, second));
        assert!(is_left(group));
        drop(clone);
        assert!(!is_left(group));
    }

    #[test]
    fn an_inner_group_counts_for_the_outer_one_but_not_the_other_way_round() {
        let outer = Mark::new(false);
        let inner = Mark::new(false);
        let (outer_group, inner_group) = (outer.group(), inner.group());
        drop(inner);
        assert!(is_left(outer_group) && !is_left(inner_group));
        let inner = Mark::new(false);
        drop(outer);
        assert!(is_left(outer_group), "what is inside is within the same poll");
        drop(inner);
        assert!(!is_left(outer_group));
    }

    #[test]
    fn more_groups_than_are_followed_leave_the_younger_ones() {
        let first = Mark::new(false);
        let group = first.group();
        let others: Vec<_> = (0..3 * FOLLOWED).map(|_| Mark::new(false)).collect();
        assert_eq!(group.marks(), 0, "it is not followed any more");
        assert!(is_left(group), "but younger ones are");
        drop(others);
        drop(first.clone());
        assert!(!is_left(group));
    }

    #[test]
    fn a_mark_that_leaves_the_thread_is_still_there_and_counts_for_nothing_in_the_other() {
        let mark = Mark::new(false);
        let group = mark.group();
        std::thread::spawn(move || {
            let own = Mark::new(false);
            assert_ne!(own.group(), mark.group());
            drop(mark.clone());
            drop(mark);
            assert_eq!(own.group().marks(), 1);
        })
        .join()
        .expect("nothing panics there");
        assert!(is_left(group));
    }

    #[test]
    fn names_never_are_that_of_no_group() {
        for _ in 0..3 * BLOCK {
            assert_ne!(Mark::new(false).group(), Group::default());
        }
    }

    #[test]
    fn an_unmarked_rejection_is_counted_nowhere() {
        let mark = Mark::new(false);
        let none = Mark::NONE.clone();
        drop(none);
        assert_eq!(mark.group().marks(), 1);
        assert_eq!((Group::default().marks(), mark == Mark::NONE), (0, true));
    }
}
