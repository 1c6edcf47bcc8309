//! Between a call and its keeper. In: orders of the call. Out: one answer to each, and the news that the other side is gone.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use crate::store::{Claim, StoreError};
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
    /// The first offer of the result has been answered, however.
    Offered,
}

#[derive(Debug)]
struct State {
    order: Option<Order>,
    answer: Option<Answer>,
    call: Option<Waker>,
    keeper: Option<Waker>,
    is_keeper_gone: bool,
}

/// The side of the call.
pub(super) struct CallSide(Arc<Mutex<State>>);

/// The side of the keeper.
pub(super) struct KeeperSide(Arc<Mutex<State>>);

pub(super) fn channel() -> (CallSide, KeeperSide) {
    let state = State { order: None, answer: None, call: None, keeper: None, is_keeper_gone: false };
    let shared = Arc::new(Mutex::new(state));
    (CallSide(Arc::clone(&shared)), KeeperSide(shared))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CallSide {
    /// Gives an order; one that was not begun yet is replaced.
    pub(super) fn order(&self, order: Order) {
        let waker = {
            let mut state = lock(&self.0);
            state.order = Some(order);
            state.answer = None;
            state.keeper.take()
        };
        if let Some(waker) = waker {
            wake(waker);
        }
    }

    /// The answer to the last order; `None` if there is nobody to give it.
    pub(super) fn poll(&self, waker: &Waker) -> Poll<Option<Answer>> {
        let waker = waker.clone();
        let (old, answer) = {
            let mut state = lock(&self.0);
            let old = state.call.replace(waker);
            let answer = match state.answer.take() {
                Some(answer) => Poll::Ready(Some(answer)),
                None if state.is_keeper_gone => Poll::Ready(None),
                None => Poll::Pending,
            };
            (old, answer)
        };
        discard(old);
        answer
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
