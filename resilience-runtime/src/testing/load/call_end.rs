//! Decides what one call of a load test counts as. In: its result, and what the engine rejected in the poll that gave it. Out: what
//! it counts as.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use crate::rejection::RejectionKind;
use crate::rejection::given::take_given;

/// What a call counts as.
#[derive(Debug)]
pub(in crate::testing) enum CallEnd {
    Ok,
    /// An error, and the class that it is counted under.
    Failed(Option<Cow<'static, str>>),
    /// This library ended the call, without an error of the dependency.
    Rejected(RejectionKind),
    Panicked,
}

/// Gives an error its class in the report.
pub(in crate::testing) type Classes<E> = dyn Fn(&E) -> Cow<'static, str> + Send + Sync;

/// Makes a body and runs it to its end.
///
/// Error types of users are opaque, so a rejection is noted where the engine gives it: an `Err` that comes out in the same
/// poll is that rejection.
pub(in crate::testing) async fn ended<Fut, T, E>(
    make: impl FnOnce() -> Fut,
    classes: Option<&Classes<E>>,
) -> CallEnd
where
    Fut: Future<Output = Result<T, E>>,
{
    let Ok(body) = catch_unwind(AssertUnwindSafe(make)) else { return CallEnd::Panicked };
    let mut body = pin!(body);
    std::future::poll_fn(move |task| {
        let polled = catch_unwind(AssertUnwindSafe(|| poll(body.as_mut(), task, classes)));
        polled.unwrap_or(Poll::Ready(CallEnd::Panicked))
    })
    .await
}

fn poll<T, E>(
    body: Pin<&mut impl Future<Output = Result<T, E>>>,
    task: &mut Context<'_>,
    classes: Option<&Classes<E>>,
) -> Poll<CallEnd> {
    // Whatever was given before this poll is not ours.
    take_given();
    body.poll(task).map(|result| match (result, take_given()) {
        (Ok(_), _) => CallEnd::Ok,
        (Err(_), Some(kind)) => CallEnd::Rejected(kind),
        (Err(error), None) => CallEnd::Failed(classes.map(|class| class(&error))),
    })
}
