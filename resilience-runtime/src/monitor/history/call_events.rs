//! Keeps the last events of single calls, while there are subscribers: apart from the history of rare events, which it must not
//! wash away.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use crate::clock::micros;
use crate::events::{Function, OfCall};
use crate::monitor::snapshot::{CallEvent, CallEventBatch};
use crate::monitor::unix::unix_millis;
use crate::sync::lock;

/// So many are kept: five seconds of two services that fail all the time.
const KEPT: usize = 1024;

/// The last events of single calls.
#[derive(Debug, Default)]
pub(crate) struct CallEvents {
    readers: AtomicUsize,
    events: Mutex<Events>,
}

#[derive(Debug, Default)]
struct Events {
    /// How many there were.
    count: u64,
    kept: VecDeque<CallEvent>,
}

impl CallEvents {
    /// Whether anybody reads them.
    #[inline]
    pub(crate) fn is_heard(&self) -> bool {
        self.readers.load(Ordering::Relaxed) > 0
    }

    /// Somebody reads them from now on; gives back where.
    pub(crate) fn join(&self) -> u64 {
        self.readers.fetch_add(1, Ordering::Relaxed);
        self.lock().count
    }

    /// One of those that joined reads no more.
    pub(crate) fn leave(&self) {
        if self.readers.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.lock().kept = VecDeque::new();
        }
    }

    /// Keeps one, if somebody reads and it is of a kind for them; so many of its service were left out before it.
    pub(in crate::monitor) fn hear(&self, function: &Function<'_>, what: &OfCall, left_out: u64) {
        if !self.is_heard() {
            return;
        }
        let Some(event) = event(function, what, left_out) else { return };
        let mut events = self.lock();
        events.count += 1;
        if events.kept.len() == KEPT {
            events.kept.pop_front();
        }
        events.kept.push_back(event);
    }

    /// What came after so many, and how many are left after it.
    pub(crate) fn after(&self, seen: &mut u64) -> CallEventBatch {
        let events = self.lock();
        let forgotten = events.count - events.kept.len() as u64;
        let missed = forgotten.saturating_sub(*seen);
        let new = usize::try_from(seen.saturating_sub(forgotten)).unwrap_or(usize::MAX);
        *seen = events.count;
        CallEventBatch { missed, events: events.kept.iter().skip(new).copied().collect() }
    }

    fn lock(&self) -> MutexGuard<'_, Events> {
        lock(&self.events)
    }
}

fn event(function: &Function<'_>, what: &OfCall, left_out: u64) -> Option<CallEvent> {
    let event = CallEvent {
        at_ms: unix_millis(SystemTime::now()),
        service: function.service,
        function: function.function,
        left_out,
        ..CallEvent::default()
    };
    Some(match *what {
        OfCall::Retrying { attempt, delay, outcome, why, .. } => CallEvent {
            kind: "retry",
            attempts: attempt,
            reason: outcome,
            what: why.class,
            status: why.status,
            delay_us: Some(micros(delay)),
            ..event
        },
        OfCall::Failed { attempts, reason, why, .. } => {
            CallEvent { kind: "call_failed", attempts, reason, what: why.class, status: why.status, ..event }
        }
        OfCall::Answered { source, .. } => CallEvent { kind: "fallback_used", reason: source, ..event },
        OfCall::Would { decision, reason, delay } => CallEvent {
            kind: "would_act",
            reason: decision,
            what: reason,
            delay_us: delay.map(micros),
            ..event
        },
        #[cfg(feature = "testing")]
        OfCall::Injected { rule, fault } => {
            CallEvent { kind: "fault_injected", reason: fault, what: Some(rule), ..event }
        }
        OfCall::LeftAlone | OfCall::NoAnswer { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Tick;
    use crate::events::Pace;

    #[test]
    fn readers_lose_the_oldest_and_nothing_is_kept_for_nobody() {
        let (events, pace) = (CallEvents::default(), Pace::default());
        let function = Function { service: "svc", function: "f", pace: &pace, now: Tick(0) };
        let used = OfCall::Answered { source: "cache", stale: false };
        events.hear(&function, &used, 0);
        let mut seen = events.join();
        assert_eq!((seen, events.after(&mut seen)), (0, CallEventBatch::default()));
        events.hear(&function, &OfCall::LeftAlone, 0);
        for left_out in 0..1_100 {
            events.hear(&function, &used, left_out);
        }
        let batch = events.after(&mut seen);
        assert_eq!((batch.missed, batch.events.len(), batch.events[0].left_out), (76, 1_024, 76));
        assert_eq!(events.after(&mut seen), CallEventBatch::default());
        events.hear(&function, &used, 7);
        let last = events.after(&mut seen);
        assert_eq!((last.missed, last.events.len(), last.events[0].left_out), (0, 1, 7));
        events.leave();
        assert!(!events.is_heard() && events.lock().kept.is_empty());
        events.join();
        assert_eq!(events.after(&mut seen), CallEventBatch::default());
    }
}
