//! Keeps the spans of calls that are under way: beside them, since most programs have none, and a future should not be larger for
//! what few ask for. In: a slot. Out: what is kept there.

use std::sync::{Mutex, MutexGuard};

use super::spans::{ErrorType, OpenSpan};
use crate::sync::lock;

/// Where the spans of a call are kept; 0 is nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpanSlot(u32);

/// The spans of one call.
#[derive(Debug)]
pub(crate) struct CallSpans {
    pub(crate) call: OpenSpan,
    /// That of the attempt under way. Copies of an attempt have their own.
    pub(crate) attempt: Option<OpenSpan>,
    /// How many attempts have begun, copies included.
    pub(crate) begun: u32,
    /// What the last failed attempt failed with.
    pub(crate) last_error: Option<ErrorType>,
}

/// All spans of the calls of a registry.
#[derive(Debug, Default)]
pub(crate) struct SpanTable(Mutex<Slots>);

#[derive(Debug, Default)]
struct Slots {
    kept: Vec<Option<CallSpans>>,
    free: Vec<u32>,
}

impl SpanSlot {
    fn index(self) -> Option<usize> {
        Some(self.0.checked_sub(1)? as usize)
    }
}

impl SpanTable {
    /// Keeps the spans of a call that begins. Where there are too many, it has none.
    pub(crate) fn add(&self, spans: CallSpans) -> SpanSlot {
        let mut slots = self.lock();
        if let Some(slot) = slots.free.pop() {
            slots.kept[slot as usize] = Some(spans);
            return SpanSlot(slot + 1);
        }
        match u32::try_from(slots.kept.len() + 1) {
            Ok(slot) => {
                slots.kept.push(Some(spans));
                SpanSlot(slot)
            }
            Err(_) => SpanSlot::default(),
        }
    }

    /// Lends the spans out. Their subscriber is foreign code, so they are not in the table meanwhile, nor is that locked.
    pub(crate) fn with(&self, slot: SpanSlot, run: impl FnOnce(&mut CallSpans)) {
        let Some(index) = slot.index() else { return };
        let spans = self.lock().kept.get_mut(index).and_then(Option::take);
        if let Some(mut spans) = spans {
            run(&mut spans);
            self.lock().kept[index] = Some(spans);
        }
    }

    /// Takes the spans of a call that ends.
    pub(crate) fn take(&self, slot: SpanSlot) -> Option<CallSpans> {
        let mut slots = self.lock();
        let spans = slots.kept.get_mut(slot.index()?)?.take();
        slots.free.push(slot.0 - 1);
        spans
    }

    fn lock(&self) -> MutexGuard<'_, Slots> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(begun: u32) -> CallSpans {
        let call = OpenSpan::of_call("svc", "f");
        CallSpans { call, attempt: None, begun, last_error: None }
    }

    #[test]
    fn a_slot_is_used_again_once_its_call_has_ended() {
        let table = SpanTable::default();
        let (first, second) = (table.add(spans(1)), table.add(spans(2)));
        table.with(first, |spans| spans.begun += 10);
        table.with(SpanSlot::default(), |_| unreachable!("it is nowhere"));
        assert_eq!(table.take(first).map(|spans| spans.begun), Some(11));
        let third = table.add(spans(3));
        assert_eq!(third, first);
        assert_eq!(table.take(second).map(|spans| spans.begun), Some(2));
        assert_eq!(table.take(third).map(|spans| spans.begun), Some(3));
        assert!(table.take(SpanSlot::default()).is_none());
    }
}
