//! What a call site says of results, in one piece: how errors are classified, which outcome is kept between attempts, and
//! which error a rejection becomes. The user's code runs in all three.

/// What a call site says of results.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResultRules<C, P, R> {
    /// What an error means.
    pub(super) classify: C,
    /// Which outcome is kept, and whether an `Ok` is retried.
    pub(super) last_outcome: P,
    /// Which error a rejection becomes.
    pub(super) on_rejection: R,
}

/// The same, borrowed for one poll. Handed on by value: it stays in registers until a failure needs it, where a reference to
/// it would put it into memory in each poll.
pub(super) type PolledRules<'a, C, P, R> = ResultRules<&'a mut C, &'a mut P, &'a mut R>;

impl<C, P, R> ResultRules<C, P, R> {
    #[inline]
    pub(super) fn as_mut(&mut self) -> PolledRules<'_, C, P, R> {
        let Self { classify, last_outcome, on_rejection } = self;
        ResultRules { classify, last_outcome, on_rejection }
    }
}
