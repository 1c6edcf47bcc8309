//! Decides in which order the fallbacks of a handle answer: as they were added, a fixed value last. In: a failed call. Out: the
//! answer of a closure, or a fixed value. A chain of types, each of which holds those that were added before it. Whether any may
//! answer, `degradation/degraded` decides.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready as or_pending};

use pin_project_lite::pin_project;

use crate::call::degradation::degraded::Degraded;
use crate::call::degradation::source_future::Within;
use crate::source::Source;

/// The fallbacks of a call.
pub trait FallbackChain<T, E> {
    /// Whether they answer for this error of the body.
    #[doc(hidden)]
    fn are_for(self: Pin<&mut Self>, error: &E) -> bool;

    /// Asks those that may have no answer, in the order in which they were added.
    #[doc(hidden)]
    fn poll(self: Pin<&mut Self>, failed: &Degraded<E>, cx: &mut TaskContext<'_>) -> Poll<Option<T>>;

    /// The fixed value; of two, the one that was added last.
    #[doc(hidden)]
    fn fixed(self: Pin<&mut Self>) -> Option<T>;
}

/// No fallback: each outcome stands.
#[derive(Clone, Copy, Debug)]
pub struct NoFallback;

/// What a fallback may return. `Marker` is left to inference.
#[diagnostic::on_unimplemented(
    message = "a fallback returns a `Result` of the types of the body, or a future of one",
    label = "`{Self}` is neither `Result<{T}, {E}>` nor a future of it",
    note = "write `|error| Ok(value)`, or `|error| async {{ Ok(value) }}`; a value that is known beforehand is `static_response(value)`"
)]
pub trait Answer<T, E, Marker> {
    /// The future of it.
    #[doc(hidden)]
    type Future: Future<Output = Result<T, E>>;

    #[doc(hidden)]
    fn begin(self) -> Self::Future;
}

/// Marks an answer that is there.
#[derive(Debug)]
pub struct Now;

/// Marks an answer that has to be waited for.
#[derive(Debug)]
pub struct Later;

#[diagnostic::do_not_recommend]
impl<T, E> Answer<T, E, Now> for Result<T, E> {
    type Future = Ready<Self>;

    fn begin(self) -> Ready<Self> {
        ready(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, E, Fut: Future<Output = Result<T, E>>> Answer<T, E, Later> for Fut {
    type Future = Self;

    fn begin(self) -> Self {
        self
    }
}

pin_project! {
    /// The fallbacks so far, but only for errors that a rule accepts.
    pub struct OnlyIf<S, W> {
        #[pin]
        others: S,
        rule: W,
    }
}

pin_project! {
    /// The fallbacks so far, then a closure.
    pub struct OrElse<S, W, A, Fut, T, E> {
        #[pin]
        others: S,
        // Until it is asked.
        closure: Option<W>,
        // Function pointers and no bounds: what does not hold of the closure, the compiler would report a second time for
        // the future.
        begin: fn(&Degraded<E>, A) -> Within<Fut>,
        poll: fn(Pin<&mut Within<Fut>>, &mut TaskContext<'_>) -> Poll<Option<Result<T, E>>>,
        #[pin]
        asked: Option<Within<Fut>>,
    }
}

pin_project! {
    /// The fallbacks so far, then a value.
    pub struct OrValue<S, V> {
        #[pin]
        others: S,
        value: Option<V>,
    }
}

impl<S, W> OnlyIf<S, W> {
    pub(super) fn new(others: S, rule: W) -> Self {
        Self { others, rule }
    }
}

impl<S, W, A, Fut, T, E> OrElse<S, W, A, Fut, T, E> {
    pub(super) fn new<Marker>(others: S, closure: W) -> Self
    where
        A: Answer<T, E, Marker, Future = Fut>,
        Fut: Future<Output = Result<T, E>>,
    {
        Self {
            others,
            closure: Some(closure),
            begin: |failed, answer| failed.within(answer.begin()),
            poll: Within::poll,
            asked: None,
        }
    }
}

impl<S, V> OrValue<S, V> {
    pub(super) fn new(others: S, value: V) -> Self {
        Self { others, value: Some(value) }
    }
}

impl<T, E> FallbackChain<T, E> for NoFallback {
    fn are_for(self: Pin<&mut Self>, _: &E) -> bool {
        true
    }

    fn poll(self: Pin<&mut Self>, _: &Degraded<E>, _: &mut TaskContext<'_>) -> Poll<Option<T>> {
        Poll::Ready(None)
    }

    fn fixed(self: Pin<&mut Self>) -> Option<T> {
        None
    }
}

impl<T, E, S: FallbackChain<T, E>, W: FnMut(&E) -> bool> FallbackChain<T, E> for OnlyIf<S, W> {
    fn are_for(self: Pin<&mut Self>, error: &E) -> bool {
        let this = self.project();
        (this.rule)(error) && this.others.are_for(error)
    }

    fn poll(self: Pin<&mut Self>, failed: &Degraded<E>, cx: &mut TaskContext<'_>) -> Poll<Option<T>> {
        self.project().others.poll(failed, cx)
    }

    fn fixed(self: Pin<&mut Self>) -> Option<T> {
        self.project().others.fixed()
    }
}

impl<T, E, S, W, A, Fut> FallbackChain<T, E> for OrElse<S, W, A, Fut, T, E>
where
    S: FallbackChain<T, E>,
    W: FnOnce(&E) -> A,
{
    fn are_for(self: Pin<&mut Self>, error: &E) -> bool {
        self.project().others.are_for(error)
    }

    fn poll(self: Pin<&mut Self>, failed: &Degraded<E>, cx: &mut TaskContext<'_>) -> Poll<Option<T>> {
        let mut this = self.project();
        if this.closure.is_some()
            && let Some(value) = or_pending!(this.others.poll(failed, cx))
        {
            return Poll::Ready(Some(value));
        }
        if let Some(closure) = this.closure.take() {
            this.asked.set(Some((this.begin)(failed, closure(failed.error()))));
        }
        let Some(asked) = this.asked.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let answer = or_pending!((this.poll)(asked, cx));
        this.asked.set(None);
        Poll::Ready(failed.offer(Source::Fallback, answer))
    }

    fn fixed(self: Pin<&mut Self>) -> Option<T> {
        self.project().others.fixed()
    }
}

impl<T, E, S: FallbackChain<T, E>> FallbackChain<T, E> for OrValue<S, T> {
    fn are_for(self: Pin<&mut Self>, error: &E) -> bool {
        self.project().others.are_for(error)
    }

    fn poll(self: Pin<&mut Self>, failed: &Degraded<E>, cx: &mut TaskContext<'_>) -> Poll<Option<T>> {
        self.project().others.poll(failed, cx)
    }

    fn fixed(self: Pin<&mut Self>) -> Option<T> {
        self.project().value.take()
    }
}

macro_rules! shown {
    ($($name:ident<$($parameter:ident),+>),+) => {$(
        impl<$($parameter),+> fmt::Debug for $name<$($parameter),+> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}

// Not with what they hold, which may be a secret.
shown! { OnlyIf<S, W>, OrElse<S, W, A, Fut, T, E>, OrValue<S, V> }
