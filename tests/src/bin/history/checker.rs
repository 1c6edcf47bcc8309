//! Decides what in a history is against the promise of a store. In: the records of all workers, and when the store lost everything.
//! Out: what is against it.
//!
//! Each rule goes by what is certain. A lease lasts at least from its token, which is the time at which the server gave it, or in
//! memory from its answer, to a lease after its last renewal was *sent*; a result is there at least from when that was *answered* to a lifetime after it
//! was *sent*. All of this ends when the store forgets everything.

use crate::chaos::Loss;
use crate::clock::micros;
use crate::records::{Call, Key, Moment, Records};
use crate::worker::{LEASE, TTL};

/// The server cuts lifetimes to milliseconds, of a clock that it reads when it begins a script.
const SLACK: u64 = 3_000;

/// From one moment to before another.
#[derive(Clone, Copy)]
struct Span {
    from: u64,
    to: u64,
}

impl Span {
    /// That which was done between sending and answer was certainly done within it.
    fn has(self, done: Moment) -> bool {
        self.from <= done.sent && done.answered < self.to
    }

    fn covers(self, asked: Moment) -> bool {
        self.from < asked.sent && asked.answered < self.to
    }
}

pub(crate) fn check(records: &Records, losses: &[Loss]) -> Vec<String> {
    records
        .keys
        .iter()
        .flat_map(|(number, key)| Checker { number: *number, key, losses }.findings())
        .collect()
}

struct Checker<'a> {
    number: u64,
    key: &'a Key,
    losses: &'a [Loss],
}

impl Checker<'_> {
    fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let mut tell = |finding: String| findings.push(format!("key {}: {finding}", self.number));
        self.leases(&mut tell);
        self.results(&mut tell);
        self.replays(&mut tell);
        self.answers(&mut tell);
        findings
    }

    /// 1: leases of one key never overlap by the clock of the store, and none begins while a result is kept.
    fn leases(&self, tell: &mut impl FnMut(String)) {
        for (holder, call) in &self.key.calls {
            let (lease, result) = (self.lease(call), self.result(call));
            for (other, begun) in
                self.others(*holder).filter_map(|(other, call)| Some((other, call.granted?)))
            {
                let at = begun.answered;
                if lease.is_some_and(|lease| lease.has(begun)) {
                    tell(format!("call {other} was granted the lease at {at}, while call {holder} held it"));
                }
                if result.is_some_and(|result| result.has(begun)) {
                    tell(format!(
                        "call {other} was granted the lease at {at}, after call {holder} had stored a result"
                    ));
                }
            }
        }
        if self.key.longest_rest > micros(LEASE) {
            tell(format!("a lease was said to last {} µs more", self.key.longest_rest));
        }
        if self.key.mismatches > 0 {
            tell(format!("{} calls were told of another fingerprint", self.key.mismatches));
        }
    }

    /// 2: at most one result is stored within a lifetime, and none by a call while another holds the lease.
    fn results(&self, tell: &mut impl FnMut(String)) {
        for (first, call) in &self.key.calls {
            let (lease, result) = (self.lease(call), self.result(call));
            for (second, stored) in
                self.others(*first).filter_map(|(other, call)| Some((other, call.stored?)))
            {
                if lease.is_some_and(|lease| lease.covers(stored)) {
                    tell(format!("call {second} stored a result while call {first} held the lease"));
                }
                if result.is_some_and(|result| result.covers(stored)) {
                    tell(format!("call {second} stored a result after call {first} had stored one"));
                }
                if first < &second && call.stored.is_some_and(|first| self.are_close(first, stored)) {
                    tell(format!("call {first} and call {second} stored results at once"));
                }
            }
        }
    }

    /// 3: who is given a result is given one that was stored, all of it, and the one that is there.
    fn replays(&self, tell: &mut impl FnMut(String)) {
        let results: Vec<_> =
            self.key.calls.iter().filter_map(|(call, asked)| Some((*call, self.result(asked)?))).collect();
        for replay in &self.key.replays {
            let of = replay.of.and_then(|of| Some((of, self.key.calls.get(&of)?)));
            let Some((of, call)) = of else {
                tell("a result was replayed that nobody sent".to_owned());
                continue;
            };
            if call.is_refused || call.sent.is_none_or(|sent| sent > replay.asked.answered) {
                tell(format!("the result of call {of} was replayed, which was not stored"));
            }
            for (other, result) in &results {
                if *other != of && result.covers(replay.asked) {
                    tell(format!("the result of call {of} was replayed in place of that of call {other}"));
                }
            }
        }
    }

    /// 4: no caller whose body succeeded got an error.
    fn answers(&self, tell: &mut impl FnMut(String)) {
        for (number, call) in &self.key.calls {
            if call.is_error {
                tell(format!("call {number} got an error for a success"));
            }
        }
    }

    fn others(&self, but: u64) -> impl Iterator<Item = (u64, &Call)> {
        self.key.calls.iter().map(|(number, call)| (*number, call)).filter(move |(number, _)| *number != but)
    }

    /// When a call certainly held the lease.
    fn lease(&self, call: &Call) -> Option<Span> {
        let granted = call.granted?;
        let from = granted.answered;
        let last = call.extended.iter().copied().max()?.max(granted.sent);
        let until = (last + micros(LEASE)).saturating_sub(SLACK);
        let to = until.min(call.ended.unwrap_or(u64::MAX)).min(self.loss_after(from));
        Some(Span { from, to })
    }

    /// When the result of a call was certainly kept.
    fn result(&self, call: &Call) -> Option<Span> {
        let stored = call.stored?;
        let until = (stored.sent + micros(TTL)).saturating_sub(SLACK);
        Some(Span { from: stored.answered, to: until.min(self.loss_after(stored.sent)) })
    }

    /// Whether two results were stored within one lifetime, in whatever order.
    fn are_close(&self, one: Moment, other: Moment) -> bool {
        let (from, to) = (one.sent.min(other.sent), one.answered.max(other.answered));
        to + SLACK < from + micros(TTL) && self.loss_after(from) > to
    }

    /// When the store first lost everything after this moment, or while it was.
    fn loss_after(&self, moment: u64) -> u64 {
        let losses = self.losses.iter().filter(|loss| loss.until > moment);
        losses.map(|loss| loss.from).min().unwrap_or(u64::MAX)
    }
}
