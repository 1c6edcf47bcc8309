//! Adds a fallback to a call by a handle: `fallback`, `fallback_if`, `static_response`. In: a call by a handle, and a closure or a
//! value that answers when it fails. Out: a call with that fallback.

#![expect(
    clippy::type_complexity,
    reason = "a call says by its type what was said at it; users never write it"
)]

use std::future::Future;

use super::failure_handling::{ExtendFallbacks, WithFallbacks};
use super::fallback_chain::{Answer, OnlyIf, OrElse, OrValue};
use super::resilient_call::ResilientCall;

/// A call with one more fallback.
type Answered<H, F, Fut, C, E, R, P, K, Kept, S> =
    ResilientCall<H, F, Fut, C, E, R, P, WithFallbacks<E, S>, K, Kept>;

impl<H, F, Fut, C, E, R, P, K, Kept, A: ExtendFallbacks> ResilientCall<H, F, Fut, C, E, R, P, A, K, Kept> {
    /// Has a closure answer for a failed call: `fallback` of an attribute. It is given the error, that of the body or a
    /// rejection, and returns a `Result` or a future of one. If that is an error, or takes too long (`degrade_timeout`),
    /// the call ends with its own error. A second fallback answers when the first has not.
    ///
    /// ```
    /// use resilience_runtime::{Answered, Resilient, answered_by};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (near, far) = (Resilient::service("near").max_attempts(1).build(), Resilient::service("far").build());
    /// let down = || async { Err::<u32, _>("down".to_owned()) };
    ///
    /// let at_once = near.call(down).fallback(|error| Ok(error.len() as u32));
    /// assert_eq!(at_once.await, Ok(4));
    ///
    /// let elsewhere = near.call(down).fallback(|_| far.call(|| async { Ok(7) }));
    /// assert_eq!(answered_by(elsewhere).await, (Ok(7), Answered::Fallback));
    /// # }
    /// ```
    ///
    /// The future cannot borrow the error, which the call may yet return: take out what it needs before, `|error| { let
    /// text = error.to_string(); async move { … } }`.
    pub fn fallback<T, W, G, Marker>(
        self,
        answer: W,
    ) -> Answered<H, F, Fut, C, E, R, P, K, Kept, OrElse<A::Chain, W, G, G::Future, T, E>>
    where
        Fut: Future<Output = Result<T, E>>,
        W: FnOnce(&E) -> G,
        G: Answer<T, E, Marker>,
    {
        self.answered_by(|others| OrElse::new(others, answer))
    }

    /// Uses fallbacks only for the errors for which this returns `true`, and for rejections: `fallback_if` of an
    /// attribute. The call returns all other errors. If there are two such rules, both have to agree.
    ///
    /// ```
    /// use resilience_runtime::Resilient;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let search = Resilient::service("search").max_attempts(1).build();
    /// let body = || async { Err::<u32, _>("no such index".to_owned()) };
    /// let found = search.call(body).static_response(0).fallback_if(|error| error.contains("busy")).await;
    /// assert_eq!(found, Err("no such index".to_owned()));
    /// # }
    /// ```
    pub fn fallback_if<W>(self, rule: W) -> Answered<H, F, Fut, C, E, R, P, K, Kept, OnlyIf<A::Chain, W>>
    where
        W: FnMut(&E) -> bool,
    {
        self.answered_by(|others| OnlyIf::new(others, rule))
    }

    /// Has a value answer for a failed call, after every [`fallback`](Self::fallback): `static_response` of an attribute.
    ///
    /// ```
    /// use resilience_runtime::Resilient;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let search = Resilient::service("search").max_attempts(1).build();
    /// let body = || async { Err::<u32, _>("down".to_owned()) };
    /// assert_eq!(search.call(body).static_response(0).await, Ok(0));
    /// # }
    /// ```
    ///
    /// The value is made before the call, whether that fails or not; `fallback(|_| Ok(value))` makes it when it is
    /// needed.
    pub fn static_response<T>(
        self,
        value: T,
    ) -> Answered<H, F, Fut, C, E, R, P, K, Kept, OrValue<A::Chain, T>>
    where
        Fut: Future<Output = Result<T, E>>,
    {
        self.answered_by(|others| OrValue::new(others, value))
    }
}
