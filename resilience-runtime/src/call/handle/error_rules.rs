//! Adds a rule to a call by a handle: `retry_if`, `never_retry_if`, `record_if`, `retry_if_ok`. In: a call and a closure that
//! decides on an error or an `Ok`, as a key of an attribute does. Out: a call that follows it.

#![expect(
    clippy::type_complexity,
    reason = "a call says by its type what was said at it; users never write it"
)]

use std::fmt;
use std::future::Future;

use super::classifier::Classifier;
use super::resilient_call::ResilientCall;
use crate::call::last_outcome::{KeepErrors, RetryIfOk};
use crate::classify::Facts;

/// Errors are classified by another classifier, and by one rule more.
#[derive(Clone, Copy)]
pub struct WithRule<C, R> {
    classify: C,
    rule: R,
    about: RuleSubject,
}

/// What a rule decides.
#[derive(Clone, Copy, Debug)]
enum RuleSubject {
    Never,
    Listed,
    Failure,
}

impl<E, C: Classifier<E>, R: FnMut(&E) -> bool> Classifier<E> for WithRule<C, R> {
    fn classify(&mut self, error: &E) -> Facts {
        let facts = self.classify.classify(error);
        let says = (self.rule)(error);
        match self.about {
            RuleSubject::Never => facts.never_if(facts.is_never() || says),
            RuleSubject::Listed => facts.only_if(facts.listed == Some(true) || says),
            RuleSubject::Failure => facts.failure(says),
        }
    }
}

impl<C: fmt::Debug, R> fmt::Debug for WithRule<C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithRule")
            .field("classify", &self.classify)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

impl<H, F, Fut, C, E, R, P, A, K, Kept> ResilientCall<H, F, Fut, C, E, R, P, A, K, Kept> {
    /// Retries the errors for which this returns `true`, and no others: `retry_if` of an attribute. It decides neither
    /// the vote in the breaker nor whether a rejection is retried. If there are two such rules, either is enough.
    ///
    /// ```
    /// use resilience_runtime::Resilient;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let search = Resilient::service("search").max_attempts(3).build();
    /// let mut asked = 0;
    /// let body = || {
    ///     asked += 1;
    ///     async { Err::<u32, _>("no such index".to_owned()) }
    /// };
    /// assert!(search.call(body).retry_if(|error| error.contains("busy")).await.is_err());
    /// assert_eq!(asked, 1);
    /// # }
    /// ```
    pub fn retry_if<W>(self, rule: W) -> ResilientCall<H, F, Fut, WithRule<C, W>, E, R, P, A, K, Kept>
    where
        W: FnMut(&E) -> bool,
    {
        self.with_rule(rule, RuleSubject::Listed)
    }

    /// Never retries an error for which this returns `true`, whatever other rules say: `never_retry_on` of an attribute.
    /// If there are two such rules, either is enough.
    ///
    /// ```
    /// use resilience_runtime::Resilient;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let search = Resilient::service("search").max_attempts(3).build();
    /// let mut asked = 0;
    /// let body = || {
    ///     asked += 1;
    ///     async { Err::<u32, _>("no such index".to_owned()) }
    /// };
    /// assert!(search.call(body).never_retry_if(|error| error.starts_with("no such")).await.is_err());
    /// assert_eq!(asked, 1);
    /// # }
    /// ```
    pub fn never_retry_if<W>(self, rule: W) -> ResilientCall<H, F, Fut, WithRule<C, W>, E, R, P, A, K, Kept>
    where
        W: FnMut(&E) -> bool,
    {
        self.with_rule(rule, RuleSubject::Never)
    }

    /// Decides which errors vote failure in the breaker; all others vote success: `breaker(record_if)` of an attribute.
    /// It decides nothing but the vote. Of two such rules, the last one holds.
    ///
    /// ```
    /// use resilience_runtime::{Resilient, registry};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let search = Resilient::service("search").max_attempts(1).breaker_consecutive_failures(2).build();
    /// for _ in 0..5 {
    ///     let body = || async { Err::<u32, _>("no such index".to_owned()) };
    ///     let found = search.call(body).record_if(|error| !error.starts_with("no such")).await;
    ///     assert_eq!(found.unwrap_err(), "no such index", "the breaker is closed");
    /// }
    /// # }
    /// ```
    pub fn record_if<W>(self, rule: W) -> ResilientCall<H, F, Fut, WithRule<C, W>, E, R, P, A, K, Kept>
    where
        W: FnMut(&E) -> bool,
    {
        self.with_rule(rule, RuleSubject::Failure)
    }

    fn with_rule<W>(
        self,
        rule: W,
        about: RuleSubject,
    ) -> ResilientCall<H, F, Fut, WithRule<C, W>, E, R, P, A, K, Kept> {
        self.classified_by(|classify| WithRule { classify, rule, about })
    }
}

impl<H, F, Fut, C, E, R, P, A> ResilientCall<H, F, Fut, C, E, R, P, A> {
    /// Retries an `Ok` for which this returns `true`: `retry_if_ok` of an attribute. When the attempts are used up, the
    /// last `Ok` is returned. Such an `Ok` votes failure in the breaker.
    ///
    /// ```
    /// use resilience_runtime::Resilient;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let jobs = Resilient::service("jobs").max_attempts(3).build();
    /// let mut asked = 0;
    /// let body = || {
    ///     asked += 1;
    ///     let done = asked == 2;
    ///     async move { Ok::<_, std::io::Error>(done) }
    /// };
    /// assert!(jobs.call(body).retry_if_ok(|done| !done).await.unwrap());
    /// assert_eq!(asked, 2);
    /// # }
    /// ```
    pub fn retry_if_ok<W, T>(
        self,
        rule: W,
    ) -> ResilientCall<H, F, Fut, C, E, R, P, A, RetryIfOk<W>, Result<T, E>>
    where
        Fut: Future<Output = Result<T, E>>,
        W: FnMut(&T) -> bool,
    {
        self.keeping(|KeepErrors| RetryIfOk(rule))
    }
}
