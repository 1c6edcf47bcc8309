//! The way of nearly every call: it is in no other, nothing stands in the way of its first attempt, and the body is
//! ready at once. Such a call has no [`Course`]; what it holds is on the stack, and gone when its poll is.

use super::context::{Context, Report};
use super::course::Course;
use super::desk::OwnParts;
use super::end::tell_of_end;
use super::held::Held;
use crate::breaker::Leave;
use crate::bulkhead::Seat;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::monitor::{AttemptOutcome, CallOutcome, Counters};
use crate::policy::{Pace, Terms};
use crate::registry::{Bound, Target};
use crate::rejection::RejectionKind;
use crate::shard::{Own, Slot};

/// A first attempt that has walked in.
///
/// The breaker has given its leave if the terms say that it is asked, and a seat is taken if they say so. It holds a
/// part of the thread, and so must not outlive the poll.
#[derive(Clone, Copy, Debug)]
pub(super) struct Straight {
    bound: &'static Bound,
    terms: &'static Terms,
    parts: OwnParts,
    leave: Leave,
    /// Counts where the terms say that anything goes by it.
    started: Tick,
}

/// Why an attempt does not walk in.
pub(super) enum Obstacle {
    /// The thread has no seat aside for it. There may be free ones.
    NoSeatAside,
    /// Something for the gate to find out.
    Other,
}

/// The breaker's leave for a first attempt, if it is closed or not asked.
#[inline]
pub(super) fn leave(bound: &'static Bound, terms: &Terms) -> Option<Leave> {
    if terms.asks_breaker { bound.service().target().leave_while_closed() } else { Some(Leave::default()) }
}

/// When an attempt succeeds: now, as far as anything goes by it.
#[inline]
pub(super) fn time_of_success(bound: &'static Bound, terms: &Terms) -> Tick {
    time(bound, terms, terms.is_about_success)
}

/// The same for one that fails.
#[inline]
pub(super) fn time_of_failure(bound: &'static Bound, terms: &Terms) -> Tick {
    time(bound, terms, terms.is_about_failure)
}

#[inline]
fn time(bound: &'static Bound, terms: &Terms, is_about: bool) -> Tick {
    if !is_about {
        bound.now()
    } else if terms.is_bare {
        Tick(0)
    } else {
        bound.about_now()
    }
}

impl Straight {
    /// Lets the first attempt of a call in. Nothing is changed unless all goes well: whoever does not walk in asks
    /// again at the [gate](super::gate), and is told why. `ASIDE` says that it takes a seat only if the thread has one
    /// aside.
    #[expect(clippy::inline_always, reason = "it would be copied from where it is made to where it is kept")]
    #[inline(always)]
    pub(super) fn walk_in<const ASIDE: bool>(
        bound: &'static Bound,
        terms: &'static Terms,
        leave: Leave,
    ) -> Result<Self, Obstacle> {
        // First of all: the processor reads its counter while the atomic step of the call before is still under way, and
        // there is little to remember beyond it.
        let started = if terms.is_timed { bound.now() } else { Tick(0) };
        let target = bound.service().target();
        let parts = OwnParts::of(target, terms).ok_or(Obstacle::Other)?;
        if terms.takes_seat {
            if ASIDE {
                if !target.takes_seat_aside(terms.aside, parts.part) {
                    return Err(Obstacle::NoSeatAside);
                }
            } else if !target.takes_free_seat(terms.service, parts.part) {
                return Err(Obstacle::Other);
            }
        }
        if let Some(counters) = parts.counters {
            counters.call_started(parts.own);
        }
        Ok(Self { bound, terms, parts, leave, started })
    }

    /// The same under a rate limit, where a turn is due. Apart, so that the others need not ask for one.
    #[inline]
    pub(super) fn walk_in_by_turn(
        bound: &'static Bound,
        terms: &'static Terms,
        pace: Pace,
        leave: Leave,
    ) -> Option<Self> {
        let started = bound.now();
        let target = bound.service().target();
        let parts = OwnParts::of(target, terms)?;
        let turn = target.free_turn(pace, started)?;
        if let Some(counters) = parts.counters {
            counters.call_started(parts.own);
        }
        turn.use_up();
        Some(Self { bound, terms, parts, leave, started })
    }

    /// The context of its body.
    #[inline]
    pub(super) fn inside(&self) -> Context {
        Course::context(self.bound, self.terms, self.started)
    }

    #[inline]
    pub(super) fn now(&self) -> Tick {
        time_of_success(self.bound, self.terms)
    }

    /// Its success now.
    #[inline]
    pub(super) fn success(&self, now: Tick) -> Success {
        let &Self { bound, terms, parts, leave, started } = self;
        let nanos = now.nanos_since(started);
        Success {
            terms,
            target: bound.service().target(),
            parts,
            leave: terms.asks_breaker.then_some(leave),
            has_seat: terms.takes_seat,
            has_retry_slot: false,
            pays: terms.pays_for_success,
            attempt_nanos: nanos,
            call_nanos: nanos,
        }
    }

    /// What is kept of it when it does not end in this poll, still in its body.
    #[inline]
    pub(super) fn hold(&self, report: Report) -> Held {
        Held::first(self.bound, self.terms, self.leave, self.started, report)
    }
}

/// An attempt that has succeeded, and what it holds.
pub(super) struct Success {
    pub(super) terms: &'static Terms,
    pub(super) target: Target,
    pub(super) parts: OwnParts,
    /// The breaker's, if it was asked.
    pub(super) leave: Option<Leave>,
    pub(super) has_seat: bool,
    /// Whether it has a place under the cap on retries.
    pub(super) has_retry_slot: bool,
    /// Whether the call makes a deposit now.
    pub(super) pays: bool,
    pub(super) attempt_nanos: u64,
    pub(super) call_nanos: u64,
}

/// What has come of booking a success.
#[derive(Clone, Copy, Debug)]
pub(super) enum Booked {
    /// All is done.
    Done,
    /// The vote is cast, the seat has yet to be given to somebody else, and the call to be counted.
    SeatLeft,
    /// Nothing is done: more has to hear of it.
    Not,
}

impl Success {
    /// Books it, if nobody but its counters, a window of time and the budget has to hear of it.
    #[expect(
        clippy::inline_always,
        reason = "the way of nearly every call: out of line it costs 20 instructions more"
    )]
    #[inline(always)]
    pub(super) fn book(&self, now: Tick) -> Booked {
        let &Self { terms, target, parts, leave, .. } = self;
        // Settings may have changed since its leave was asked.
        let is_plain = terms.is_plain && leave.is_some() == terms.asks_breaker;
        if !is_plain || self.attempt_nanos >= terms.slow_nanos {
            return Booked::Not;
        }
        if terms.votes && !target.count_success(leave, terms.slices, now, parts.part, parts.own) {
            return Booked::Not;
        }
        // Not at the end: the processor writes the counters while the atomic steps are under way, which the next call
        // would have to wait for.
        if self.has_retry_slot {
            target.release_retry();
        }
        if self.has_seat && !target.puts_seat_aside(terms.aside, parts.part) {
            return Booked::SeatLeft;
        }
        count(self.pays, parts, self.call_nanos);
        Booked::Done
    }

    /// When its body began, if anything goes by that.
    #[inline]
    pub(super) fn began(&self, now: Tick) -> Tick {
        Tick(now.nanos_since(Tick(self.attempt_nanos)))
    }

    /// What is left to do with a seat that has not been put aside, of a body that began then. Wakes others, so whoever has the attempt notes first
    /// that it has nothing any more.
    #[inline]
    pub(super) fn count_beside_seat(&self, started: Tick) {
        // Apart and by value: a reference would keep all of it in memory from the start.
        count_beside_seat(self.pays, self.target, self.parts, self.call_nanos, started);
    }
}

#[inline(never)]
fn count_beside_seat(pays: bool, target: Target, parts: OwnParts, nanos: u64, started: Tick) {
    // Last, as it wakes others, which is foreign code.
    count(pays, parts, nanos);
    target.give_back_seat(Seat::granted(), started);
}

#[expect(clippy::inline_always, reason = "a part of each way that it is on")]
#[inline(always)]
fn count(pays: bool, OwnParts { counters, part, own }: OwnParts, nanos: u64) {
    if pays {
        part.deposit(own);
    }
    if let Some(counters) = counters {
        counters.attempt(AttemptOutcome::Success, own);
        counters.call_ended(CallOutcome::Success, nanos, own);
    }
}

/// Ends a call whose breaker is open before it has begun; gives back after how many nanoseconds asking again makes
/// sense, the largest number when only an operator can tell. `None`, and nothing is done, if it may be let in after
/// all.
#[inline]
pub(super) fn turn_away(bound: &'static Bound, terms: &Terms) -> Option<u64> {
    let service = bound.service();
    let retry_after = service.target().rest_of_break(bound.now())?;
    let kind = RejectionKind::CircuitOpen;
    let mut ending = TurnedAway { counters: None, outcome: CallOutcome::Panicked };
    if terms.is_counted {
        let look_up = |slot, own| Some((service.made_counters(slot)?, own));
        let (counters, own) = Slot::of_owner(look_up)?;
        counters.call_started(own);
        ending.counters = Some((counters, own));
    }
    tell_of_end(bound, terms.call, 0, Ending::CircuitOpen, Some(kind));
    ending.outcome = CallOutcome::Rejected(kind);
    Some(retry_after)
}

/// A call that is being turned away; counted when dropped, which is after those who listen were told.
struct TurnedAway {
    counters: Option<(&'static Counters, Own)>,
    outcome: CallOutcome,
}

impl Drop for TurnedAway {
    #[inline]
    fn drop(&mut self) {
        let Some((counters, own)) = self.counters else { return };
        if matches!(self.outcome, CallOutcome::Rejected(_)) {
            counters.ending(Ending::CircuitOpen, own);
        }
        counters.call_ended_without_body(self.outcome, own);
    }
}
