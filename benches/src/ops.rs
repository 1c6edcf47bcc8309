//! The bodies that are protected, their error, and how a body that waits is polled again.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use resilience_runtime::{Classify, Rejection};

/// The error of the bodies. A word, as `std::io::Error` and boxed errors are: a `Result` with an error of one byte is
/// copied in pieces that straddle how it was written, and the processor waits for each of them.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Classify)]
pub enum OpError {
    /// Another try may help.
    #[retry]
    Transient,
    /// We ended the call.
    #[never]
    Rejected,
}

impl fmt::Display for OpError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Transient => "transient",
            Self::Rejected => "rejected",
        })
    }
}

impl Error for OpError {}

impl From<Rejection> for OpError {
    fn from(_: Rejection) -> Self {
        Self::Rejected
    }
}

/// The result of the bodies.
pub type Answer = Result<u64, OpError>;

/// A body, as peers are given one.
pub trait Body: Fn(u64) -> Self::Running + Clone + Send + Sync + 'static {
    /// What it returns.
    type Running: Future<Output = Answer> + Send + 'static;
}

impl<F, R> Body for F
where
    F: Fn(u64) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Answer> + Send + 'static,
{
    type Running = R;
}

/// Only the number goes through the black box: a whole `Result` would go through memory, and the stall of reading
/// it back depends on how the code around it happens to be laid out (4 to 8 ns).
#[inline]
fn unknown(value: u64) -> Answer {
    let value = black_box(value);
    if value == u64::MAX { Err(OpError::Transient) } else { Ok(value) }
}

/// Ready at its first poll.
///
/// # Errors
///
/// Never; the optimiser does not know.
#[inline]
pub async fn ready(value: u64) -> Answer {
    unknown(value)
}

/// Pending at its first poll: what any real input does to a timeout around it. Nobody wakes it; run it under
/// [`repolled`].
///
/// # Errors
///
/// Never; the optimiser does not know.
pub async fn pending_once(value: u64) -> Answer {
    PendingOnce(false).await;
    unknown(value)
}

/// Fails twice and then succeeds, for every value anew.
///
/// # Errors
///
/// The first two times.
pub async fn fails_twice(value: u64) -> Answer {
    thread_local! {
        static ATTEMPTS: Cell<(u64, u8)> = const { Cell::new((0, 0)) };
    }
    let (last, failures) = ATTEMPTS.get();
    let failures = if last == value { failures } else { 0 };
    let succeeds = black_box(failures) == 2;
    ATTEMPTS.set((value, if succeeds { 0 } else { failures + 1 }));
    if succeeds { Ok(value) } else { Err(OpError::Transient) }
}

/// Fails at once, always.
///
/// # Errors
///
/// Always; the optimiser does not know.
pub async fn always_fails(value: u64) -> Answer {
    let value = black_box(value);
    if value == u64::MAX { Ok(value) } else { Err(OpError::Transient) }
}

/// Never ends.
///
/// # Errors
///
/// It does not come to that.
pub async fn hangs(_value: u64) -> Answer {
    std::future::pending().await
}

struct PendingOnce(bool);

impl Future for PendingOnce {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        Poll::Pending
    }
}

/// Polls again at once whatever is pending, so that the scheduler is not measured, nor the wake-up of its driver.
pub async fn repolled<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(move |context| {
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(output);
            }
        }
    })
    .await
}
