//! Notes what an attribute knows of its function, so that settings without effect are found. Out: a call site that knows it too.

use resilience_settings::layers::offers::Offers;

use super::site::Site;

impl Site {
    /// Leaves out what is not written: time limits, and the breaker unless the site writes a clause for it.
    #[must_use]
    pub const fn degradation_only(mut self) -> Self {
        self.facts.degradation_only = true;
        self
    }

    /// Tells where its code stands: the compiler's name of an item in the body, from which the type of a method shows.
    #[must_use]
    pub const fn within(mut self, place: fn() -> &'static str) -> Self {
        self.facts.place = place;
        self
    }

    /// Its calls belong to partitions.
    #[must_use]
    pub const fn partitioned(self) -> Self {
        self.offering(Offers::PARTITION)
    }

    /// Another function may answer.
    #[must_use]
    pub const fn redirected(self) -> Self {
        self.offering(Offers::REDIRECT)
    }

    /// A fallback may answer.
    #[must_use]
    pub const fn with_fallback(self) -> Self {
        self.offering(Offers::FALLBACK)
    }

    /// A fixed value may answer.
    #[must_use]
    pub const fn with_static_response(self) -> Self {
        self.offering(Offers::STATIC)
    }

    /// Its idempotency keys are kept in a store of the program's.
    #[must_use]
    pub const fn stored(self) -> Self {
        self.offering(Offers::STORE)
    }

    /// The scope of its idempotency keys.
    #[must_use]
    pub const fn scoped(mut self, scope: &'static str) -> Self {
        self.facts.scope = Some(scope);
        self
    }

    const fn offering(mut self, offers: Offers) -> Self {
        self.facts.offers = self.facts.offers.and(offers);
        self
    }
}
