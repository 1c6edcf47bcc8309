//! Sets the priority, the deadline or the context of all calls that a future makes. In: a future, and a priority, a deadline, or
//! the context of the call that spawns it. Out: the future, whose annotated calls see that context instead of the one it is polled
//! in.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use resilience_settings::Priority;

use pin_project_lite::pin_project;

use super::context::{Context, Entered, pass_on};
use super::deadline::Deadline;
use super::idempotency::Under;
use crate::clock::Tick;
use crate::priority::Importance;
use crate::registry::registry;

/// Runs a future in which annotated calls have this priority, whatever is written at them.
///
/// `priority = …` in an attribute or a file says how important such calls usually are. This says how important the
/// current request is, and takes precedence for all calls inside and for the calls that those make. The innermost
/// `with_priority` counts.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{Priority, current_priority, with_priority};
///
/// with_priority(Priority::Low, async {
///     // Everything called here goes first when the process is short of something.
///     assert_eq!(current_priority(), Priority::Low);
/// })
/// .await;
/// assert_eq!(current_priority(), Priority::Normal);
/// # }
/// ```
pub fn with_priority<F: Future>(priority: Priority, future: F) -> impl Future<Output = F::Output> {
    Scoped { future, scope: Scope::Priority(Importance::requested(priority)) }
}

/// Runs a future whose annotated calls end at that time at the latest, whatever their own deadlines: they do not wait,
/// retry or sleep beyond it. `when` is a `Duration` from now, or an `Instant`. An inner deadline can only be earlier than
/// those around it.
///
/// It ends calls, not the future: what that does besides goes on.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use std::time::Duration;
/// use resilience_runtime::{RejectionKind, Rejection, comprehensive_retry, with_deadline};
///
/// #[comprehensive_retry("search", deadline = "30s", attempt_timeout = off)]
/// async fn search() -> Result<u32, Rejection> {
///     std::future::pending().await
/// }
///
/// let late = with_deadline(Duration::from_millis(20), search()).await.unwrap_err();
/// assert_eq!(late.kind(), RejectionKind::DeadlineExceeded);
/// # }
/// ```
pub fn with_deadline<F: Future>(when: impl Into<Deadline>, future: F) -> impl Future<Output = F::Output> {
    Scoped { future, scope: Scope::Deadline(when.into()) }
}

/// The priority that a call made here inherits; `Normal` outside of all calls and scopes.
///
/// ```
/// use resilience_runtime::{Priority, current_priority};
/// assert_eq!(current_priority(), Priority::Normal);
/// ```
pub fn current_priority() -> Priority {
    Context::current().importance.priority()
}

/// Gives a future the deadline, the priority and the enclosing services of the current call.
///
/// A spawned task starts outside of every call. Wrapped in this, its calls are nested calls all the same:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{Priority, carry_context, current_priority, with_priority};
///
/// with_priority(Priority::High, async {
///     let alone = tokio::spawn(async { current_priority() });
///     let carried = tokio::spawn(carry_context(async { current_priority() }));
///     assert_eq!(alone.await.unwrap(), Priority::Normal);
///     assert_eq!(carried.await.unwrap(), Priority::High);
/// })
/// .await;
/// # }
/// ```
///
/// Use it for tasks that the call waits for. A task that outlives the call should not have its deadline, and its calls of
/// the same service should have permits of their own.
///
/// With feature `testing` it also does what [`testing::inherit`](https://docs.rs/resilience-runtime) does.
pub fn carry_context<F: Future>(future: F) -> impl Future<Output = F::Output> {
    Scoped { future: Under::here(future), scope: Scope::Carried(Carried::here()) }
}

/// What [`carry_context`] takes along.
#[derive(Clone, Copy)]
struct Carried {
    context: Context,
    /// The registry that the call path belongs to.
    #[cfg(feature = "testing")]
    registry: Option<&'static crate::registry::Registry>,
}

impl Carried {
    fn here() -> Self {
        Self {
            context: Context::current(),
            #[cfg(feature = "testing")]
            registry: crate::registry::isolated::isolated_registry(),
        }
    }

    fn poll<R>(self, poll: impl FnOnce() -> R) -> R {
        #[cfg(feature = "testing")]
        if let Some(registry) = self.registry {
            return crate::registry::isolated::in_registry(registry, || within(self.context, poll));
        }
        within(self.context, poll)
    }
}

#[derive(Clone, Copy)]
enum Scope {
    Priority(Importance),
    /// Until the first poll, when its clock is known.
    Deadline(Deadline),
    Until(Tick),
    Carried(Carried),
}

pin_project! {
    struct Scoped<F> {
        #[pin]
        future: F,
        scope: Scope,
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Scope::Deadline(deadline) = *this.scope {
            *this.scope = Scope::Until(deadline.on(registry().clock()));
        }
        match *this.scope {
            Scope::Priority(importance) => {
                let context = Context { importance, depth: 1, ..Context::current() };
                within(context, || this.future.poll(cx))
            }
            Scope::Until(until) => {
                let outer = Context::current();
                let context = Context { deadline: outer.deadline.min(until), depth: 1, ..outer };
                within(context, || this.future.poll(cx))
            }
            Scope::Deadline(_) => unreachable!("it has just become a moment"),
            Scope::Carried(carried) => carried.poll(|| this.future.poll(cx)),
        }
    }
}

/// Polls within a context. What the calls inside report still reaches the attempt around them, if there is one.
fn within<R>(context: Context, poll: impl FnOnce() -> R) -> R {
    let inner_outcome = Context::current().inner_outcome;
    let entered = Entered::new(Context { inner_outcome, ..context });
    let polled = poll();
    let inner_outcome = entered.leave();
    pass_on(inner_outcome);
    polled
}
