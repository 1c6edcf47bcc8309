//! Has a result stored, and decides how long a call waits at its end for the store's answer. In: how its call has ended. Out: the
//! last order to its keeper, and how long the call waits for the answer.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::channel::{Answer, CallSide, Order};
use super::keeper::{COMMAND_LIMIT, OPERATION_LIMIT, tell_not_stored};
use crate::call::engine::full::call::FullCall;
use crate::call::idempotency::codec::Kept;
use crate::call::idempotency::settled::Settled;
use crate::idempotency::Conclusion;
use crate::monitor::IdempotencyResult;
use crate::store::StoreError;
use crate::timer::Delay;

/// A key that is held in a store.
pub(in crate::call::idempotency) struct StoreHold {
    pub(super) side: CallSide,
    /// The name of the store.
    pub(super) store: &'static str,
    /// Nobody knows whether it is held: the store is away.
    pub(super) is_unknown: bool,
}

impl StoreHold {
    /// Has the result stored; waits for the first answer for as long as the call may.
    pub(in crate::call::idempotency) fn store(self, kept: Option<Kept>, full: &FullCall) -> Settled {
        let value = match kept {
            Some(Kept::Bytes(bytes)) => Some(bytes),
            _ => None,
        };
        // Asked before the order: with that one done, its keeper goes too.
        if self.side.is_alone() {
            full.count(IdempotencyResult::NotStored);
            let function = full.bound.facts().function;
            tell_not_stored(full.bound.shared(), full.service(), function, self.store);
            return Settled::now();
        }
        self.side.order(Order::Complete(value));
        if self.is_unknown {
            return Settled::now();
        }
        let limit = patience(full.context.deadline.since(full.service().now()));
        if limit.is_zero() {
            return Settled::now();
        }
        Settled::after(async move {
            let _ = answer(&self.side, limit).await;
        })
    }

    pub(in crate::call::idempotency) fn end(self, conclusion: Conclusion) {
        self.side.order(Order::of(conclusion));
    }
}

/// How long a call may wait for one answer of the store.
pub(super) fn patience(rest: Duration) -> Duration {
    (rest / 2).min(OPERATION_LIMIT)
}

/// The answer to the last order, within a time: the keeper ends in time too, unless its thread is kept by somebody.
pub(super) async fn answer(side: &CallSide, limit: Duration) -> Answer {
    let mut timer = pin!(Delay::after(limit.saturating_add(Duration::from_millis(1))));
    let no_answer = || {
        let is_hurried = limit < COMMAND_LIMIT;
        if is_hurried { Answer::Hurried } else { Answer::Claimed(Err(StoreError::away("no answer"))) }
    };
    poll_fn(|cx| match side.poll(cx.waker()) {
        Poll::Pending => timer.as_mut().poll(cx).map(|()| no_answer()),
        answer @ Poll::Ready(_) => answer,
    })
    .await
}
