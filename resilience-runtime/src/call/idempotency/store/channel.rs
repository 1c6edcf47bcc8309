//! Passes orders from a call to its keeper, and answers back. In: orders of the call. Out: one answer to each, and the news that
//! the other side is gone. Neither side waits for one that is gone: a call is told, and a keeper is given its last order.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use crate::call::idempotency::held_key::HeldKey;
use crate::idempotency::{Bodies, Conclusion};
use crate::store::{Claim, StoreError};
use crate::sync::lock;
use crate::wakers::{discard, wake};

/// What a call wants of its keeper.
#[derive(Debug)]
pub(super) enum Order {
    /// Claims the key, within that time.
    Claim(Duration),
    /// Stores the result, however long it takes.
    Complete(Option<Vec<u8>>),
    /// Gives up the key.
    Release,
    /// Lets the lease run out.
    RunOut,
}

/// What a keeper says.
#[derive(Debug)]
pub(super) enum Answer {
    Claimed(Result<Claim, StoreError>),
    /// The time of the order is over, and was too short to say anything about the store.
    Hurried,
    /// The first offer of the result has been answered, however.
    Offered,
    /// There is nobody to give one.
    Gone,
}

#[derive(Debug)]
struct State {
    order: Option<Order>,
    answer: Option<Answer>,
    call: Option<Waker>,
    keeper: Option<Waker>,
    is_keeper_gone: bool,
    /// The last order was given: the call may go.
    is_ordered: bool,
}

/// The side of the call. However the call ends, its keeper is given a last order: dropped without one, that is the one of a
/// call that was dropped with these bodies.
pub(super) struct CallSide {
    state: Arc<Mutex<State>>,
    /// None while no body can have started.
    held: Option<Arc<HeldKey>>,
}

/// The side of the keeper.
pub(super) struct KeeperSide(Arc<Mutex<State>>);

pub(super) fn channel() -> (CallSide, KeeperSide) {
    let state = State {
        order: None,
        answer: None,
        call: None,
        keeper: None,
        is_keeper_gone: false,
        is_ordered: false,
    };
    let shared = Arc::new(Mutex::new(state));
    (CallSide { state: Arc::clone(&shared), held: None }, KeeperSide(shared))
}

impl CallSide {
    /// From now on bodies may run.
    pub(super) fn holds(self, held: &Arc<HeldKey>) -> Self {
        let mut side = self;
        side.held = Some(Arc::clone(held));
        side
    }

    /// Gives an order; one that was not begun yet is replaced.
    pub(super) fn order(&self, order: Order) {
        let waker = {
            let mut state = lock(&self.state);
            state.is_ordered = !matches!(order, Order::Claim(_));
            state.order = Some(order);
            state.answer = None;
            state.keeper.take()
        };
        if let Some(waker) = waker {
            wake(waker);
        }
    }

    /// Whether nobody follows orders any more.
    pub(super) fn is_alone(&self) -> bool {
        lock(&self.state).is_keeper_gone
    }

    /// The answer to the last order.
    pub(super) fn poll(&self, waker: &Waker) -> Poll<Answer> {
        let waker = waker.clone();
        let (old, answer) = {
            let mut state = lock(&self.state);
            let old = state.call.replace(waker);
            let answer = match state.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None if state.is_keeper_gone => Poll::Ready(Answer::Gone),
                None => Poll::Pending,
            };
            (old, answer)
        };
        discard(old);
        answer
    }
}

impl Drop for CallSide {
    fn drop(&mut self) {
        if lock(&self.state).is_ordered {
            return;
        }
        let bodies = self.held.as_ref().map_or(Bodies::NotStarted, |held| held.bodies());
        self.order(Order::of(Conclusion::of_dropped(bodies)));
    }
}

impl Order {
    /// The last order of a call without a result.
    pub(super) const fn of(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::RunOut => Self::RunOut,
            Conclusion::Free | Conclusion::Store => Self::Release,
        }
    }
}

impl KeeperSide {
    /// The next order.
    pub(super) fn poll(&self, waker: &Waker) -> Poll<Order> {
        let waker = waker.clone();
        let (old, order) = {
            let mut state = lock(&self.0);
            (state.keeper.replace(waker), state.order.take())
        };
        discard(old);
        order.map_or(Poll::Pending, Poll::Ready)
    }

    /// Answers the last order.
    pub(super) fn answer(&self, answer: Answer) {
        let waker = {
            let mut state = lock(&self.0);
            // A newer order is not what this answers.
            if state.order.is_none() {
                state.answer = Some(answer);
            }
            state.call.take()
        };
        if let Some(waker) = waker {
            wake(waker);
        }
    }
}

impl Drop for KeeperSide {
    fn drop(&mut self) {
        let waker = {
            let mut state = lock(&self.0);
            state.is_keeper_gone = true;
            state.call.take()
        };
        if let Some(waker) = waker {
            wake(waker);
        }
    }
}

impl fmt::Debug for CallSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallSide").finish_non_exhaustive()
    }
}

impl fmt::Debug for KeeperSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeeperSide").finish_non_exhaustive()
    }
}
