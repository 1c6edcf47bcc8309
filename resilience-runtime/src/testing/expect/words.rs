//! The words for what happens most: each is short for an [`Expect`] of a [`Happening`].

use super::expect::Expect;
use super::happening::Happening;
use crate::rejection::RejectionKind;

impl Expect {
    /// Exactly so many calls begin, all in all.
    #[track_caller]
    pub fn calls(&mut self, times: usize) -> &mut Self {
        self.times(times, Happening::Call)
    }

    /// Exactly so many calls begin after what was expected last.
    #[track_caller]
    pub fn then_calls(&mut self, times: usize) -> &mut Self {
        self.then_times(times, Happening::Call)
    }

    /// Exactly so many attempts end, copies included, all in all.
    #[track_caller]
    pub fn attempts(&mut self, times: usize) -> &mut Self {
        self.times(times, Happening::Attempt)
    }

    /// Exactly so many attempts end, copies included after what was expected last.
    #[track_caller]
    pub fn then_attempts(&mut self, times: usize) -> &mut Self {
        self.then_times(times, Happening::Attempt)
    }

    /// Exactly so many retries begin, all in all.
    #[track_caller]
    pub fn retries(&mut self, times: usize) -> &mut Self {
        self.times(times, Happening::Retry)
    }

    /// Exactly so many retries begin after what was expected last.
    #[track_caller]
    pub fn then_retries(&mut self, times: usize) -> &mut Self {
        self.then_times(times, Happening::Retry)
    }

    /// The breaker opens, at any time.
    #[track_caller]
    pub fn opens(&mut self) -> &mut Self {
        self.once(Happening::Opens)
    }

    /// The breaker opens after what was expected last.
    #[track_caller]
    pub fn then_opens(&mut self) -> &mut Self {
        self.then(Happening::Opens)
    }

    /// The breaker lets trials pass, at any time.
    #[track_caller]
    pub fn half_opens(&mut self) -> &mut Self {
        self.once(Happening::HalfOpens)
    }

    /// The breaker lets trials pass after what was expected last.
    #[track_caller]
    pub fn then_half_opens(&mut self) -> &mut Self {
        self.then(Happening::HalfOpens)
    }

    /// The breaker closes, at any time.
    #[track_caller]
    pub fn closes(&mut self) -> &mut Self {
        self.once(Happening::Closes)
    }

    /// The breaker closes after what was expected last.
    #[track_caller]
    pub fn then_closes(&mut self) -> &mut Self {
        self.then(Happening::Closes)
    }

    /// Something else answers for a failed call, at any time.
    #[track_caller]
    pub fn falls_back(&mut self) -> &mut Self {
        self.once(Happening::FallsBack)
    }

    /// Something else answers for a failed call after what was expected last.
    #[track_caller]
    pub fn then_falls_back(&mut self) -> &mut Self {
        self.then(Happening::FallsBack)
    }

    /// A call gets the result of an earlier one with its key, at any time.
    #[track_caller]
    pub fn replays(&mut self) -> &mut Self {
        self.once(Happening::Replays)
    }

    /// A call gets the result of an earlier one with its key after what was expected last.
    #[track_caller]
    pub fn then_replays(&mut self) -> &mut Self {
        self.then(Happening::Replays)
    }

    /// A call is shed for its priority, at any time.
    #[track_caller]
    pub fn sheds(&mut self) -> &mut Self {
        self.once(Happening::Sheds)
    }

    /// A call is shed for its priority after what was expected last.
    #[track_caller]
    pub fn then_sheds(&mut self) -> &mut Self {
        self.then(Happening::Sheds)
    }

    /// A call ends well, at any time.
    #[track_caller]
    pub fn succeeds(&mut self) -> &mut Self {
        self.once(Happening::Succeeds)
    }

    /// A call ends well after what was expected last.
    #[track_caller]
    pub fn then_succeeds(&mut self) -> &mut Self {
        self.then(Happening::Succeeds)
    }

    /// A call ends with an error of its body, at any time.
    #[track_caller]
    pub fn fails(&mut self) -> &mut Self {
        self.once(Happening::Fails)
    }

    /// A call ends with an error of its body after what was expected last.
    #[track_caller]
    pub fn then_fails(&mut self) -> &mut Self {
        self.then(Happening::Fails)
    }

    /// A call ends with a rejection of that kind, at any time.
    #[track_caller]
    pub fn rejects(&mut self, kind: RejectionKind) -> &mut Self {
        self.once(Happening::Rejects(kind))
    }

    /// A call ends with a rejection of that kind after what was expected last.
    #[track_caller]
    pub fn then_rejects(&mut self, kind: RejectionKind) -> &mut Self {
        self.then(Happening::Rejects(kind))
    }
}
