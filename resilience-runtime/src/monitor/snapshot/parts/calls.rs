//! Plain data: what a snapshot shows of the calls of a service, by outcome as their callers see it.

/// Calls by outcome. The outcomes exclude one another: a call that ended is counted under one of them.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CallCounts {
    /// Calls that are under way. A gauge, not a counter.
    pub in_flight: u64,
    /// Ended with the `Ok` of the body, or with an answer of a `ReadThrough` cache.
    pub success: u64,
    /// Failed or were rejected, and something else answered: a cache, a redirect, a fallback, a static response.
    pub degraded: u64,
    /// Ended with an error that does not speak against the dependency: it answered (`Never`, such as a 404 or a declined
    /// card), or the error arose before anything was sent (`Local`).
    pub declined: u64,
    /// Ended with another error of the body, or with an unwanted `Ok`. The rejection of a call inside the body is one of them:
    /// whoever made the outer call got no answer, so that neither `declined` would be true, which counts as good, nor
    /// `rejected`, which is what the guards of this service turned away. It does not speak against this service all the same:
    /// the attempt is `local`, and no vote in the breaker.
    pub failure: u64,
    /// Ended with a rejection by this library.
    pub rejected: u64,
    /// Were dropped before they ended.
    pub cancelled: u64,
    /// The body panicked.
    pub panicked: u64,
}

impl CallCounts {
    /// Calls that ended, however.
    pub fn ended(&self) -> u64 {
        let Self { in_flight: _, success, degraded, declined, failure, rejected, cancelled, panicked } = self;
        [success, degraded, declined, failure, rejected, cancelled, panicked]
            .into_iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Calls that left their caller without a good answer: failures, rejections, panics.
    pub fn without_answer(&self) -> u64 {
        self.failure.saturating_add(self.rejected).saturating_add(self.panicked)
    }

    /// The share of calls that got a good answer, (success + degraded + declined) ÷ (all − cancelled): the *effective*
    /// success rate. `None` when nothing ended.
    pub fn success_rate(&self) -> Option<f64> {
        let good = self.success.saturating_add(self.degraded).saturating_add(self.declined);
        let all = good.saturating_add(self.without_answer());
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        (all > 0).then(|| good as f64 / all as f64)
    }

    /// Each outcome with its count, in the order of the fields.
    pub fn outcomes(&self) -> [(&'static str, u64); 7] {
        [
            ("success", self.success),
            ("degraded", self.degraded),
            ("declined", self.declined),
            ("failure", self.failure),
            ("rejected", self.rejected),
            ("cancelled", self.cancelled),
            ("panicked", self.panicked),
        ]
    }
}
