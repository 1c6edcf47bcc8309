//! Knows whether the rejection of an inner call still exists. In: rejections and their clones, which each carry a mark. Out: how
//! many marks of a group exist, for the most recent groups of this thread.
//!
//! Users' error types are opaque, so the error that a body returns cannot be asked for a rejection. What can be
//! observed is whether the rejection has been dropped on the way. Marks are counted per thread and without atomics: a
//! body is polled, and its error classified, on one thread. A mark that moves to another thread counts as still
//! existing.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many groups a thread follows: as many nested calls as hold a rejection of their own at the same time. Nothing is
/// known to exist of older groups.
const FOLLOWED: usize = 8;

/// How many names a thread reserves at once, so that threads do not contend for the counter.
const BLOCK: u32 = 1024;

/// Names are unique across threads: a mark that has moved must not be subtracted from a group of its new thread.
static BLOCKS: AtomicU32 = AtomicU32::new(0);

/// The rejections that an attempt receives in one poll of its body; 0 is no group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group(u32);

/// A group, and how many of its marks exist.
#[derive(Clone, Copy)]
struct Count {
    group: u32,
    marks: u32,
}

struct Counts {
    /// A ring; `youngest` is the index of the newest group.
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

/// The mark that a rejection and each of its clones carry.
pub(crate) struct Mark(u32);

impl Mark {
    /// The mark of a rejection that no call has given, or that nobody asks about.
    pub(crate) const NONE: Self = Self(0);

    /// The mark of a rejection that is given now: in the youngest group, or in a new one.
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

    /// The group of the mark.
    pub(crate) fn group(&self) -> Group {
        Group(self.0)
    }
}

impl Group {
    /// The bits of a name that identify a group: enough, as a thread follows only a few.
    pub(crate) const BITS: u32 = 13;

    /// The name in [`BITS`](Self::BITS) bits.
    pub(crate) fn short(self) -> u16 {
        short(self.0)
    }

    /// How many rejections of the group exist, as far as this thread knows.
    pub(crate) fn marks(self) -> u32 {
        COUNTS.with(|counts| counts.find(self.0).map_or(0, |place| place.get().marks))
    }
}

/// Whether a rejection exists of the group with this short name, or of one that was opened after it.
///
/// Bodies are polled within each other, so a group that was opened later belongs to the same poll.
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
    // Truncated on purpose.
    u16::try_from(name & ((1 << Group::BITS) - 1)).unwrap_or(0)
}

impl Counts {
    fn open(&self) {
        let mut name = self.last_name.get().wrapping_add(1);
        if name % BLOCK <= 1 {
            // Each block starts at 1, as 0 is no group.
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
    // During teardown of the thread there may be no counts any more.
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

/// The mark is no part of what a rejection says.
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
