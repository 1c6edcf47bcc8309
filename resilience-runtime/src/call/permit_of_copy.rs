//! A permit together with whom it is for, which closes it when dropped: for the copies of an attempt, and while those who
//! listen are told.

use super::desk::Desk;
use super::permit::Permit;

/// A permit that a copy of an attempt holds by itself.
#[derive(Debug)]
#[must_use]
pub(super) struct OfCopy {
    pub(super) permit: Permit,
    desk: Desk,
}

impl OfCopy {
    pub(super) fn new(permit: Permit, desk: Desk) -> Self {
        Self { permit, desk }
    }

    /// Makes the body. That is user code, and the attempt panics with it.
    pub(super) fn make<F>(&mut self, make: impl FnOnce() -> F) -> F {
        self.permit.set_in_body(true);
        let body = make();
        self.permit.set_in_body(false);
        body
    }

    /// Hands the permit on to another holder.
    pub(super) fn into_permit(mut self) -> Permit {
        std::mem::replace(&mut self.permit, Permit::settled())
    }
}

impl Drop for OfCopy {
    fn drop(&mut self) {
        self.permit.close(self.desk);
    }
}

impl Permit {
    /// Tells those who listen what the breaker has done when it was asked. Should they panic, all that the permit has
    /// goes back.
    #[inline]
    pub(super) fn tell(self, desk: Desk) -> Self {
        if self.news.is_some() { self.tell_in_full(desk) } else { self }
    }

    #[cold]
    fn tell_in_full(mut self, desk: Desk) -> Self {
        let news = self.news.take();
        let held = OfCopy::new(self, desk);
        desk.target.announce(news);
        held.into_permit()
    }
}
